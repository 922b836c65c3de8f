"""Writing purchase orders at the simulated vendor over HTTP: what is sent, what is kept, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from decimal import Decimal
from typing import Any, cast

import pytest

from planster_sync.errors import AnswerBroken, NotFound, SourceUnavailable, WriteRefused
from planster_sync.http.messages import Answer
from planster_sync.model.inbound import InboundShipment
from planster_sync.ports.source import SourceRecord
from planster_sync.ports.writing import DraftLine, InboundShipmentChange, InboundShipmentDraft, InboundShipmentWriter
from tests.connectors.ongoing.scripted import scripted
from tests.connectors.ongoing.simulated import SIMULATED
from tests.contract.over_http.simulated import Meeting

SOAP, TEA = "SOAP-00000", "ČAJ-00002"


class Vendor:
    """The simulated vendor with a connector that writes to it."""

    def __init__(self, closing: ExitStack) -> None:
        self.meeting = Meeting("ongoing", SIMULATED, closing)
        self.writer = cast(InboundShipmentWriter, self.meeting.connector())

    def orders(self) -> dict[str, dict[str, Any]]:
        """Every purchase order at the vendor, by number."""
        rows = self.meeting.truth()["purchase_orders"]
        return {row["purchaseOrderInfo"]["purchaseOrderNumber"]: row for row in rows}

    def with_status(self, number: int) -> dict[str, Any]:
        """A purchase order of the business that has this status now."""
        row = next(iter(self.orders().values()))
        row["purchaseOrderInfo"]["purchaseOrderStatus"] = {"number": number, "text": "Text"}
        info = row["purchaseOrderInfo"]
        key = info["purchaseOrderId"]
        change = {"connection": "con-1", "collection": "purchase_orders", "id": key, "set": {"purchaseOrderInfo": info}}
        self.meeting.control("mutate", change)
        return row


@pytest.fixture
def vendor() -> Iterator[Vendor]:
    with ExitStack() as closing:
        yield Vendor(closing)


def draft(*lines: DraftLine, **more: Any) -> InboundShipmentDraft:
    return InboundShipmentDraft("PLN-1", lines or (DraftLine(12, sku=SOAP),), **more)


def mapped(vendor: Vendor, record: SourceRecord) -> InboundShipment:
    found = vendor.meeting.connector().map("purchase_orders", record.raw).owned[0]
    assert isinstance(found, InboundShipment)
    return found


def test_lines_of_the_same_article_become_one(vendor: Vendor) -> None:
    """The vendor takes an article once in an order, unless the warehouse has switched that off."""
    made = vendor.writer.create_inbound_shipment(
        draft(DraftLine(12, sku=SOAP), DraftLine(3, sku=TEA), DraftLine(8, sku=SOAP))
    )

    assert [(line.sku, line.expected) for line in mapped(vendor, made).lines] == [(SOAP, 20), (TEA, 3)]


def test_a_line_may_name_its_inventory_item_alone(vendor: Vendor) -> None:
    made = vendor.writer.create_inbound_shipment(draft(DraftLine(12, inventory_item_id="10004")))

    assert [(line.sku, line.inventory_item_id) for line in mapped(vendor, made).lines] == [(TEA, "10004")]


@pytest.mark.parametrize("item", ["999999", "none"])
def test_an_inventory_item_that_is_not_there_is_refused(vendor: Vendor, item: str) -> None:
    with pytest.raises(WriteRefused, match="articles"):
        vendor.writer.create_inbound_shipment(draft(DraftLine(12, inventory_item_id=item)))

    assert "PLN-1" not in vendor.orders()


def test_the_expected_day_is_the_warehouses_own(vendor: Vendor) -> None:
    """22:30 in UTC is half past midnight of the next day in Stockholm in summer."""
    made = vendor.writer.create_inbound_shipment(draft(expected_at="2026-07-14T22:30:00Z"))

    assert vendor.orders()["PLN-1"]["purchaseOrderInfo"]["inDate"] == "2026-07-15"
    assert mapped(vendor, made).expected_at == "2026-07-14T22:00:00Z"


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ({"supplier_id": "S-1"}, {"supplierNumber": "S-1", "supplierName": "Hütte & Co 1"}),
        ({"supplier_id": "name:ny ab"}, {"supplierNumber": "", "supplierName": "ny ab"}),
        ({"supplier_id": "name:ny ab", "supplier_name": "Ny AB"}, {"supplierNumber": "", "supplierName": "Ny AB"}),
        ({"supplier_name": "Ny AB"}, {"supplierNumber": "", "supplierName": "Ny AB"}),
    ],
)
def test_a_supplier_is_named_by_its_number_or_its_name(
    vendor: Vendor, given: dict[str, str], sent: dict[str, str]
) -> None:
    vendor.writer.create_inbound_shipment(draft(**given))

    assert vendor.orders()["PLN-1"]["supplierInfo"] == sent


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ({"warehouse_id": "99"}, "warehouse"),
        ({"warehouse_id": "wh-1"}, "warehouse"),
        ({"warehouse_customer_id": "78"}, "goods owner"),
    ],
)
def test_what_the_vendor_does_not_have_is_refused_in_words(vendor: Vendor, given: dict[str, str], word: str) -> None:
    with pytest.raises(WriteRefused, match=word):
        vendor.writer.create_inbound_shipment(draft(**given))

    assert "PLN-1" not in vendor.orders()


def test_a_second_creation_updates_the_first(vendor: Vendor) -> None:
    first = vendor.writer.create_inbound_shipment(draft())
    again = vendor.writer.create_inbound_shipment(draft(DraftLine(30, sku=SOAP)))

    assert first.id == again.id
    assert [line.expected for line in mapped(vendor, again).lines] == [30]


def test_a_new_day_leaves_everything_else_alone(vendor: Vendor) -> None:
    row = vendor.with_status(100)

    vendor.writer.update_inbound_shipment(
        str(row["purchaseOrderInfo"]["purchaseOrderId"]), InboundShipmentChange(expected_at="2026-07-01T10:00:00Z")
    )

    after = vendor.orders()[row["purchaseOrderInfo"]["purchaseOrderNumber"]]
    assert after["purchaseOrderInfo"].pop("inDate") == "2026-07-01"
    row["purchaseOrderInfo"].pop("inDate")
    assert {**after, "_changed": None} == {**row, "_changed": None}


def test_new_quantities_leave_the_head_and_the_other_lines_alone(vendor: Vendor) -> None:
    """The vendor clears what an update leaves out: remarks, references, the supplier's own number of the order."""
    made = vendor.writer.create_inbound_shipment(
        draft(DraftLine(12, sku=SOAP), DraftLine(3, sku=TEA), supplier_id="S-1", expected_at="2026-07-01T10:00:00Z")
    )
    info = vendor.orders()["PLN-1"]["purchaseOrderInfo"]
    kept = {
        "purchaseOrderRemark": "Ramp 3",
        "referenceNumber": "R-1",
        "supplierOrderNumber": "ZX-1",
        "advanced": {
            "arrivalDate": "2026-07-02",
            "orderDate": "2026-06-01",
            "container": "MSCU 1",
            "purchaseOrderIsReturnType": True,
        },
        "freeValues": {"freeText1": "blue", "freeBool1": True},
    }
    change = {"connection": "con-1", "collection": "purchase_orders", "set": {"purchaseOrderInfo": {**info, **kept}}}
    vendor.meeting.control("mutate", {**change, "id": made.id})

    vendor.writer.update_inbound_shipment(
        str(made.id), InboundShipmentChange(lines=(DraftLine(Decimal("7.5"), sku=TEA),))
    )

    after = vendor.orders()["PLN-1"]
    assert {name: after["purchaseOrderInfo"][name] for name in kept} == kept
    assert after["purchaseOrderInfo"]["inDate"] == "2026-07-01"
    assert [(each["rowNumber"], each["advisedNumberOfItems"]) for each in after["purchaseOrderLines"]] == [
        ("1", 12.0),
        ("2", 7.5),
    ]


def test_an_article_on_several_lines_is_not_changed_from_here(vendor: Vendor) -> None:
    row = vendor.with_status(100)
    key, lines = row["purchaseOrderInfo"]["purchaseOrderId"], row["purchaseOrderLines"]
    doubled = {"purchaseOrderLines": [*lines, {**lines[0], "id": 1, "rowNumber": "99"}]}
    vendor.meeting.control(
        "mutate", {"connection": "con-1", "collection": "purchase_orders", "id": key, "set": doubled}
    )
    sku = lines[0]["article"]["articleNumber"]

    with pytest.raises(WriteRefused, match="several lines"):
        vendor.writer.update_inbound_shipment(str(key), InboundShipmentChange(lines=(DraftLine(5, sku=sku),)))


@pytest.mark.parametrize("number", [300, 400, 500, 900])
@pytest.mark.parametrize("change", [{"expected_at": "2026-07-01T10:00:00Z"}, {"lines": (DraftLine(5, sku=SOAP),)}])
def test_an_order_that_the_warehouse_works_on_is_not_changed(
    vendor: Vendor, number: int, change: dict[str, Any]
) -> None:
    row = vendor.with_status(number)
    before = vendor.orders()

    with pytest.raises(WriteRefused, match="begun"):
        vendor.writer.update_inbound_shipment(
            str(row["purchaseOrderInfo"]["purchaseOrderId"]), InboundShipmentChange(**change)
        )

    assert vendor.orders() == before


@pytest.mark.parametrize("key", ["999999", "none"])
def test_an_order_that_is_not_there_cannot_be_changed(vendor: Vendor, key: str) -> None:
    with pytest.raises(NotFound):
        vendor.writer.update_inbound_shipment(key, InboundShipmentChange(expected_at="2026-07-01T10:00:00Z"))


def test_a_lost_answer_is_not_repeated_and_the_order_is_found(vendor: Vendor) -> None:
    vendor.meeting.fault("purchase_orders", "reset")

    with pytest.raises(SourceUnavailable):
        vendor.writer.create_inbound_shipment(draft())

    found = vendor.writer.find_inbound_shipment("PLN-1")
    assert found is not None
    assert [line.sku for line in mapped(vendor, found).lines] == [SOAP]


def test_an_order_goes_by_its_whole_number(vendor: Vendor) -> None:
    vendor.writer.create_inbound_shipment(draft())

    assert vendor.writer.find_inbound_shipment("PLN") is None
    assert vendor.writer.find_inbound_shipment("PLN-11") is None


def test_a_search_that_is_not_obeyed_says_nothing() -> None:
    """A vendor that ignores the number would show every order: then nobody knows whether ours is among the others."""
    other = {"purchaseOrderInfo": {"purchaseOrderId": 1, "purchaseOrderNumber": "X"}}
    connector, _ = scripted({"/purchaseOrders": [[other]]})

    with pytest.raises(AnswerBroken):
        cast(InboundShipmentWriter, connector).find_inbound_shipment("PLN-1")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"message": "The article X does not exist. <br/>"}, "articles"),
        ({"message": "Same article on two rows"}, "only once"),
        ({"Message": "The inorder has been cancelled."}, "cancelled"),
        ({"message": "The warehouse has started receiving"}, "begun"),
        ({"message": "Warehouse 9 is unknown"}, "this warehouse"),
        ({"message": "The request is invalid", "ModelState": {"inDate": ["not a date"]}}, "date of arrival"),
        ({"message": "Kontakta Anna Andersson, 031-700 00 00"}, "not known here"),
        ([], "not known here"),
        (b"<html>", "not known here"),
    ],
)
def test_a_refusal_is_told_in_our_words_and_never_quoted(body: Any, words: str) -> None:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    connector, _ = scripted({"/purchaseOrders": [Answer(400, {}, raw)]})

    with pytest.raises(WriteRefused, match=words) as caught:
        cast(InboundShipmentWriter, connector).create_inbound_shipment(draft())

    assert "Anna" not in caught.value.what


def test_a_confirmation_without_an_id_is_a_refusal() -> None:
    connector, _ = scripted({"/purchaseOrders": [{"purchaseOrderId": None, "message": "The supplier is not allowed"}]})

    with pytest.raises(WriteRefused, match="supplier"):
        cast(InboundShipmentWriter, connector).create_inbound_shipment(draft())
