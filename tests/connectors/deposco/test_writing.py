"""Purchase orders written to the simulated vendor: what arrives, what is refused in which words, and lost answers."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, suppress
from typing import Any, cast

import pytest

from planster_sync.errors import Conflict, SourceUnavailable, WriteRefused
from planster_sync.http.messages import Answer
from planster_sync.model.record import Money
from planster_sync.ports.source import SourceRecord
from planster_sync.ports.writing import DraftLine, InboundShipmentChange, InboundShipmentDraft, InboundShipmentWriter
from tests.connectors.deposco.scripted import page, scripted
from tests.connectors.deposco.simulated import SIMULATED
from tests.contract.over_http.simulated import Meeting

ORDERS = "/latest/orders/purchaseOrders"


@pytest.fixture
def meeting() -> Iterator[Meeting]:
    with ExitStack() as closing:
        yield Meeting("deposco", SIMULATED, closing)


def writer(meeting: Meeting) -> InboundShipmentWriter:
    return cast(InboundShipmentWriter, meeting.connector())


def orders(meeting: Meeting) -> list[dict[str, Any]]:
    return meeting.truth()["purchaseOrders"]


def items(meeting: Meeting) -> list[str]:
    """Item numbers of the vendor, in the order of their ids."""
    return [each["number"] for each in meeting.truth()["items"]]


def draft(skus: Sequence[str], **more: Any) -> InboundShipmentDraft:
    lines = [DraftLine(quantity=10 + place, sku=sku) for place, sku in enumerate(skus)]
    return InboundShipmentDraft(**{"reference": "PLN-1", "lines": lines, **more})


def lines_of(record: SourceRecord) -> list[tuple[str, str, int]]:
    """Line number, item and packs of every line."""
    rows = json.loads(record.raw)["orderLines"]["data"]
    return [(row["lineNumber"], row["item"]["businessKey"]["number"], row["orderPackQuantity"]) for row in rows]


def test_a_draft_becomes_a_purchase_order_that_reads_like_any_other(meeting: Meeting) -> None:
    first, second, third = items(meeting)[:3]
    cost = Money(amount="4.25", currency="CAD")
    lines = [DraftLine(quantity=24, sku=first, unit_cost=cost), DraftLine(quantity=5, sku=second)]
    lines.append(DraftLine(quantity=7, inventory_item_id=third))
    connector = meeting.connector()

    made = writer(meeting).create_inbound_shipment(
        InboundShipmentDraft(
            reference="PLN-1",
            lines=lines,
            warehouse_id="DC1",
            supplier_id="V-0001",
            expected_at="2026-04-01T00:00:00Z",
        )
    )

    stored = connector.map("inbound_shipments", made.raw).owned[0].attributes()
    assert (stored["purchase_order_number"], stored["status"]["value"]) == ("PLN-1", "open")
    assert (stored["warehouse_id"], stored["supplier_id"]) == ("DC1", "V-0001")
    assert stored["expected_at"] == "2026-04-01T00:00:00Z"
    assert [(line["sku"], line["expected"]) for line in stored["lines"]] == [(first, 24), (second, 5), (third, 7)]
    assert stored["lines"][0]["unit_cost"] == {"amount": "4.25", "currency": "CAD"}
    assert writer(meeting).find_inbound_shipment("PLN-1") == made


def test_a_reference_that_nobody_used_is_not_found(meeting: Meeting) -> None:
    assert writer(meeting).find_inbound_shipment("PLN-404") is None


def test_a_number_that_is_taken_is_not_written_over(meeting: Meeting) -> None:
    taken = orders(meeting)[0]

    with pytest.raises(WriteRefused, match="already has a purchase order"):
        writer(meeting).create_inbound_shipment(draft(items(meeting)[:1], reference=taken["number"]))

    assert orders(meeting)[0] == taken


@pytest.mark.parametrize("kind", ["reset", "truncated_json"])
def test_a_lost_answer_leaves_one_order_that_is_found_by_its_number(meeting: Meeting, kind: str) -> None:
    connector, before = writer(meeting), len(orders(meeting))
    skus = items(meeting)[:2]
    meeting.control("faults", [{"match": ORDERS, "kind": kind, "after_requests": 1}])

    with suppress(SourceUnavailable):  # where nothing came back; half an answer is read back at once
        connector.create_inbound_shipment(draft(skus))

    found = connector.find_inbound_shipment("PLN-1")
    assert found is not None
    assert [(item, packs) for _, item, packs in lines_of(found)] == [(skus[0], 10), (skus[1], 11)]
    assert len(orders(meeting)) == before + 1


def test_a_change_gives_named_lines_their_quantity_adds_new_ones_and_leaves_the_rest(meeting: Meeting) -> None:
    first, second, third, fourth = items(meeting)[:4]
    made = writer(meeting).create_inbound_shipment(draft([first, second, third]))
    change = InboundShipmentChange(
        expected_at="2026-05-01T00:00:00Z",
        lines=[DraftLine(quantity=99, sku=second), DraftLine(quantity=3, sku=fourth)],
    )

    changed = writer(meeting).update_inbound_shipment(str(made.id), change)

    assert changed.id == made.id
    assert lines_of(changed) == [
        ("PLN-1--1", first, 10),
        ("PLN-1--2", second, 99),
        ("PLN-1--3", third, 12),
        ("PLN-1--4", fourth, 3),
    ]
    assert json.loads(changed.raw)["plannedArrivalDate"] == "2026-05-01T00:00:00Z"


def test_a_line_in_cases_takes_whole_cases_only(meeting: Meeting) -> None:
    (sku,) = items(meeting)[:1]
    made = writer(meeting).create_inbound_shipment(draft([sku]))
    record = next(each for each in orders(meeting) if each["number"] == "PLN-1")
    record["orderLines"]["data"][0]["pack"]["businessKey"]["quantity"] = 12
    meeting.control(
        "mutate",
        {
            "connection": "con-1",
            "collection": "purchaseOrders",
            "id": int(str(made.id)),
            "set": {"orderLines": record["orderLines"]},
        },
    )

    changed = writer(meeting).update_inbound_shipment(
        str(made.id), InboundShipmentChange(lines=[DraftLine(quantity=240, sku=sku)])
    )

    assert [packs for _, _, packs in lines_of(changed)] == [20]
    with pytest.raises(WriteRefused, match="multiple of 12"):
        writer(meeting).update_inbound_shipment(
            str(made.id), InboundShipmentChange(lines=[DraftLine(quantity=250, sku=sku)])
        )


def test_refusals_are_told_in_a_planners_words(meeting: Meeting) -> None:
    connector, known = writer(meeting), items(meeting)[:1]
    locked = orders(meeting)[0]["self"]["id"]
    where = {"connection": "con-1", "collection": "purchaseOrders", "id": locked}
    meeting.control("mutate", {**where, "set": {"orderStatus": "Partial Receipt"}})

    with pytest.raises(WriteRefused, match=r"does not know an item of the purchase order \(NO-SUCH\)"):
        connector.create_inbound_shipment(draft(["NO-SUCH"]))
    with pytest.raises(WriteRefused, match="does not know the warehouse"):
        connector.create_inbound_shipment(draft(known, warehouse_id="NOWHERE"))
    with pytest.raises(WriteRefused, match="does not know the supplier"):
        connector.create_inbound_shipment(draft(known, supplier_id="NOBODY"))
    with pytest.raises(WriteRefused, match=r"in the status Partial Receipt\."):
        connector.update_inbound_shipment(str(locked), InboundShipmentChange(expected_at="2026-05-01T00:00:00Z"))
    assert [each["number"] for each in orders(meeting) if each["number"].startswith("PLN")] == []


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ([DraftLine(quantity=0, sku="A")], "whole number of pieces"),
        ([DraftLine(quantity=1, sku=f"A-{place}") for place in range(101)], "at most 100 lines"),
        (
            [
                DraftLine(quantity=1, sku="A", unit_cost=Money(amount="1", currency="EUR")),
                DraftLine(quantity=1, sku="B", unit_cost=Money(amount="1", currency="USD")),
            ],
            "one currency",
        ),
    ],
    ids=["nothing", "too-many", "currencies"],
)
def test_what_the_vendor_cannot_take_is_refused_before_it_is_sent(lines: list[DraftLine], words: str) -> None:
    connector, client = scripted(page())

    with pytest.raises(WriteRefused, match=words):
        cast(InboundShipmentWriter, connector).create_inbound_shipment(InboundShipmentDraft("PLN-1", lines))

    assert [each.method for each in client.asked] == ["GET"]


def test_a_draft_is_sent_with_the_business_unit_in_every_key() -> None:
    written = {"data": [{"self": {"id": 5}, "number": "PLN-1"}], "links": [], "complete": True, "pages": 1}
    connector, client = scripted(page(), {"self": {"id": 5}}, written)

    made = cast(InboundShipmentWriter, connector).create_inbound_shipment(draft(["A"]))

    sent = client.sent(1)
    assert made.id == "5"
    assert sent["businessUnit"] == {"businessKey": {"code": "KNIT"}}
    assert (sent["number"], sent["orderStatus"], sent["otherReferenceNumber"]) == ("PLN-1", "New", "PLN-1")
    assert sent["orderLines"]["data"] == [
        {
            "lineNumber": "PLN-1--1",
            "item": {"businessKey": {"number": "A", "businessUnit.code": "KNIT"}},
            "pack": {"businessKey": {"item.number": "A", "quantity": 1, "item.businessUnit.code": "KNIT"}},
            "orderPackQuantity": 10,
        }
    ]


def test_a_change_at_the_same_moment_is_a_conflict() -> None:
    connector, _ = scripted(page(), Answer(409, {}, b"The resource was updated by a concurrent request"))

    with pytest.raises(Conflict):
        cast(InboundShipmentWriter, connector).create_inbound_shipment(draft(["A"]))


def test_an_unknown_refusal_quotes_nothing() -> None:
    secret = json.dumps({"errors": [{"errorMessage": "Ida Example, 1 Test Lane, must call first"}]}).encode()
    connector, _ = scripted(page(), Answer(400, {}, secret))

    with pytest.raises(WriteRefused) as caught:
        cast(InboundShipmentWriter, connector).create_inbound_shipment(draft(["A"]))

    assert "Ida" not in f"{caught.value.what} {caught.value.detail}"
