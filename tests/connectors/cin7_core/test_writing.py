"""Purchases as they are written: in two calls, once, and in a planner's words where the vendor says no."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from typing import Any, cast
from urllib.request import Request, urlopen

import pytest

from planster_sync.connectors.cin7_core.calls import Refusal
from planster_sync.connectors.cin7_core.refusals import refused
from planster_sync.errors import NotFound, SourceUnavailable, WriteRefused
from planster_sync.model.record import Money
from planster_sync.ports.source import Connector, SourceRecord
from planster_sync.ports.writing import (
    DraftLine,
    InboundShipmentChange,
    InboundShipmentDraft,
    InboundShipmentWriter,
)
from simulators.cin7_core.vendor import BASE
from tests.connectors.cin7_core.simulated import SIMULATED
from tests.contract.over_http.simulated import Meeting

REFERENCE = "PL-2026-0500"


@pytest.fixture
def meeting() -> Iterator[Meeting]:
    with ExitStack() as closing:
        yield Meeting("cin7_core", SIMULATED, closing)


class Desk:
    """A buyer's view: the connector that writes, and what the vendor then has."""

    def __init__(self, meeting: Meeting) -> None:
        self.meeting = meeting
        self.connector: Connector = meeting.connector()
        self.writer = cast(InboundShipmentWriter, self.connector)
        truth = meeting.truth()
        self.supplier = next(each for each in truth["suppliers"] if each["Status"] == "Active")
        self.warehouse = next(each for each in truth["locations"] if each["ParentID"] is None)
        goods = [each for each in truth["products"] if each["Type"] == "Stock" and each["Status"] == "Active"]
        self.goods = [each for each in goods if not each["BillOfMaterial"]]

    def draft(self, *lines: DraftLine, **changes: Any) -> InboundShipmentDraft:
        made = InboundShipmentDraft(
            REFERENCE,
            lines or (self.line(0, 10), self.line(1, 4)),
            warehouse_id=self.warehouse["ID"],
            supplier_id=self.supplier["ID"],
        )
        return replace(made, **changes)

    def line(self, place: int, quantity: int, **changes: Any) -> DraftLine:
        price = Money(amount="2.5", currency=self.supplier["Currency"])
        return replace(DraftLine(quantity, sku=self.goods[place]["SKU"], unit_cost=price), **changes)

    def held(self) -> list[dict[str, Any]]:
        """The vendor's purchases that carry our reference."""
        return [each for each in self.meeting.truth()["purchases"] if REFERENCE in (each.get("Note") or "")]

    def lose_answer(self, path: str) -> None:
        self.meeting.control("faults", [{"match": f"{BASE}/{path}", "kind": "reset"}])

    def ask(self, method: str, path: str, body: dict[str, Any]) -> None:
        """Somebody else at work in Cin7 Core."""
        headers = {
            "api-auth-accountid": SIMULATED.good["account_id"],
            "api-auth-applicationkey": SIMULATED.good["application_key"],
        }
        asked = Request(f"{self.meeting.url}{BASE}/{path}", json.dumps(body).encode(), headers, method=method)
        with urlopen(asked):
            pass


@pytest.fixture
def desk(meeting: Meeting) -> Desk:
    return Desk(meeting)


def lines(record: SourceRecord | dict[str, Any]) -> dict[str, Any]:
    whole = json.loads(record.raw) if isinstance(record, SourceRecord) else record
    return {line["SKU"]: line["Quantity"] for line in whole["Order"]["Lines"]}


def test_a_purchase_stays_a_draft_and_carries_our_reference_in_its_note(desk: Desk) -> None:
    made = desk.writer.create_inbound_shipment(desk.draft())

    (held,) = desk.held()
    assert made.id == held["ID"]
    assert (held["Order"]["Status"], held["Note"]) == ("DRAFT", f"Planster reference: {REFERENCE}")
    assert held["SupplierCurrency"] == desk.supplier["Currency"]
    assert lines(held) == {desk.goods[0]["SKU"]: 10, desk.goods[1]["SKU"]: 4}


def test_a_header_whose_lines_were_refused_or_lost_is_completed_and_not_made_twice(desk: Desk) -> None:
    desk.meeting.control("faults", [{"match": f"{BASE}/purchase/order", "kind": "status_500"}])
    with pytest.raises(SourceUnavailable):
        desk.writer.create_inbound_shipment(desk.draft())

    unfinished = desk.writer.find_inbound_shipment(REFERENCE)
    made = desk.writer.create_inbound_shipment(desk.draft())

    assert unfinished is None
    assert [each["ID"] for each in desk.held()] == [made.id]
    assert len(lines(made)) == 2


@pytest.mark.parametrize("path", ["advanced-purchase", "purchase/order"])
def test_whichever_answer_is_lost_there_is_one_purchase_with_its_lines(desk: Desk, path: str) -> None:
    draft = desk.draft()
    desk.lose_answer(path)
    with pytest.raises(SourceUnavailable):
        desk.writer.create_inbound_shipment(draft)

    found = desk.writer.find_inbound_shipment(REFERENCE)
    made = found or desk.writer.create_inbound_shipment(draft)

    assert (found is None) is (path == "advanced-purchase")
    assert [each["ID"] for each in desk.held()] == [made.id]
    assert len(lines(made)) == 2


def test_a_product_on_two_lines_is_ordered_on_one(desk: Desk) -> None:
    made = desk.writer.create_inbound_shipment(desk.draft(desk.line(0, 10), desk.line(0, 5)))

    assert lines(made) == {desk.goods[0]["SKU"]: 15}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"supplier_id": "none"}, "no such supplier"),
        ({"warehouse_id": "none"}, "no such location"),
        ({"lines": (DraftLine(1, sku="NONE", unit_cost=Money(amount="1")),)}, "no product NONE"),
        ({"lines": (DraftLine(1, inventory_item_id="x", unit_cost=Money(amount="1")),)}, "no product x"),
    ],
)
def test_what_is_not_there_is_named_before_anything_is_made(desk: Desk, changes: dict[str, Any], words: str) -> None:
    with pytest.raises(WriteRefused, match=words):
        desk.writer.create_inbound_shipment(desk.draft(**changes))

    assert desk.held() == []


def test_the_beginning_of_a_number_is_another_product(desk: Desk) -> None:
    begun = DraftLine(1, sku=desk.goods[0]["SKU"][:-1], unit_cost=Money(amount="1"))

    with pytest.raises(WriteRefused, match="no product"):
        desk.writer.create_inbound_shipment(desk.draft(begun))


def test_prices_in_another_currency_are_refused(desk: Desk) -> None:
    other = "JPY" if desk.supplier["Currency"] != "JPY" else "USD"
    priced = desk.line(0, 1, unit_cost=Money(amount="1", currency=other))

    with pytest.raises(WriteRefused, match=desk.supplier["Currency"]):
        desk.writer.create_inbound_shipment(desk.draft(priced))

    assert desk.held() == []


def test_one_product_at_two_prices_is_refused(desk: Desk) -> None:
    dearer = desk.line(0, 1, unit_cost=Money(amount="9"))

    with pytest.raises(WriteRefused, match="different prices"):
        desk.writer.create_inbound_shipment(desk.draft(desk.line(0, 1), dearer))


def test_a_change_keeps_what_it_does_not_name(desk: Desk) -> None:
    made = desk.writer.create_inbound_shipment(desk.draft())
    change = InboundShipmentChange(
        expected_at="2026-06-14T22:00:00Z", lines=(DraftLine(7, sku=desk.goods[0]["SKU"]), desk.line(2, 3))
    )

    changed = desk.writer.update_inbound_shipment(str(made.id), change)

    (held,) = desk.held()
    assert lines(changed) == {desk.goods[0]["SKU"]: 7, desk.goods[1]["SKU"]: 4, desk.goods[2]["SKU"]: 3}
    assert held["RequiredBy"] == "2026-06-15T00:00:00"
    assert [line["Price"] for line in held["Order"]["Lines"]] == [2.5, 2.5, 2.5]
    assert held["Note"].endswith(REFERENCE)


def test_a_quantity_of_nothing_takes_the_line_off(desk: Desk) -> None:
    made = desk.writer.create_inbound_shipment(desk.draft())
    first, second = (desk.goods[place]["SKU"] for place in (0, 1))

    changed = desk.writer.update_inbound_shipment(str(made.id), InboundShipmentChange(lines=(DraftLine(0, sku=first),)))

    assert lines(changed) == {second: 4}
    with pytest.raises(WriteRefused, match="without lines"):
        desk.writer.update_inbound_shipment(str(made.id), InboundShipmentChange(lines=(DraftLine(0, sku=second),)))


def test_a_new_line_needs_its_price(desk: Desk) -> None:
    made = desk.writer.create_inbound_shipment(desk.draft())

    with pytest.raises(WriteRefused, match="price"):
        desk.writer.update_inbound_shipment(
            str(made.id), InboundShipmentChange(lines=(desk.line(2, 3, unit_cost=None),))
        )


def test_what_somebody_has_authorised_is_not_changed(desk: Desk) -> None:
    made = desk.writer.create_inbound_shipment(desk.draft())
    order = {"TaskID": made.id, "Memo": "", "Status": "AUTHORISED", "Lines": desk.held()[0]["Order"]["Lines"]}
    desk.ask("POST", "purchase/order", order)

    with pytest.raises(WriteRefused, match="no longer a draft"):
        desk.writer.update_inbound_shipment(str(made.id), InboundShipmentChange(lines=(desk.line(0, 1),)))


def test_a_change_of_what_is_not_there_is_told_as_that(desk: Desk) -> None:
    with pytest.raises(NotFound):
        desk.writer.update_inbound_shipment("none", InboundShipmentChange(expected_at="2026-06-14T22:00:00Z"))


def test_a_voided_purchase_does_not_carry_our_reference_any_more(desk: Desk) -> None:
    made = desk.writer.create_inbound_shipment(desk.draft())
    desk.ask("DELETE", f"advanced-purchase?ID={made.id}&Void=true", {})

    assert desk.writer.find_inbound_shipment(REFERENCE) is None


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("Supplier not found.", "supplier"),
        ("Line attribute 'Total' doesn't match. Expected value is: 7.50", "another total"),
        ("Product X is duplicated in Lines", "two lines"),
        ("Quantity must be greater than or equal to 1", "quantities"),
        ("Tax Rule 'x' is not valid", "tax rule"),
        ("Purchase order can not be changed in status AUTHORISED", "no longer a draft"),
        ("Something that nobody has seen yet", "does not know"),
    ],
)
def test_refusals_come_in_our_words_and_quote_nothing(theirs: str, ours: str) -> None:
    told = refused(Refusal(400, f"{theirs} Ana Invented"))

    assert ours in told.what
    assert "Ana" not in told.what + told.remedy + told.detail
