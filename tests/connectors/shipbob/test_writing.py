"""Inbound shipments as receiving orders: what is sent, what is refused before and after, and what comes back."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from planster_sync.errors import NotFound, WriteRefused
from planster_sync.http.messages import Replay
from planster_sync.ports.writing import DraftLine, InboundShipmentChange, InboundShipmentDraft
from tests.connectors.shipbob.scripted import Said, numbered, scripted

ORDER = {"id": 77, "purchase_order_number": "PO-1", "inventory_quantities": [{"inventory_id": 700, "sku": "A"}]}
BOX = {
    "box_id": 1,
    "box_number": 1,
    "tracking_number": "T-1",
    "box_items": [{"inventory_id": 700, "quantity": 5, "received_quantity": 0, "lot_number": "L", "lot_date": None}],
}
EARLY = "2026-05-01T00:00:00Z"


def draft(**fields: Any) -> InboundShipmentDraft:
    known: dict[str, Any] = {
        "reference": "PO-1",
        "lines": (DraftLine(quantity=5, sku="A"), DraftLine(quantity=2, sku="B", inventory_item_id="701")),
        "warehouse_id": "10",
        "expected_at": EARLY,
    }
    return InboundShipmentDraft(**{**known, **fields})


def test_a_draft_is_one_box_with_every_line() -> None:
    connector, client = scripted(Said(ORDER, status=201), [BOX])

    made = connector.create_inbound_shipment(draft())

    assert client.sent(0) == {
        "fulfillment_center": {"id": 10},
        "package_type": "Package",
        "box_packaging_type": "EverythingInOneBox",
        "expected_arrival_date": EARLY,
        "purchase_order_number": "PO-1",
        "boxes": [
            {
                "tracking_number": "PO-1",
                "box_items": [{"sku": "A", "quantity": 5}, {"inventory_id": 701, "quantity": 2}],
            }
        ],
    }
    assert client.asked[0].replay is Replay.NEVER
    assert connector.map("inbound_shipments", made.raw).owned[0].id == made.id == "77"


def test_a_tracking_number_is_the_boxs() -> None:
    connector, client = scripted(Said(ORDER, status=201), [BOX])

    connector.create_inbound_shipment(draft(tracking_numbers=("1Z-9",)))

    assert client.sent(0)["boxes"][0]["tracking_number"] == "1Z-9"


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"reference": "PO-1,PO-2"}, "comma"),
        ({"tracking_numbers": ("1", "2")}, "box of its own"),
        ({"warehouse_id": "wh-a"}, "warehouse"),
        ({"lines": (DraftLine(quantity=Decimal("1.5"), sku="A"),)}, "whole number"),
        ({"lines": (DraftLine(quantity=0, sku="A"),)}, "whole number"),
        ({"lines": (DraftLine(quantity=1, inventory_item_id="item-7"),)}, "item"),
        ({"lines": (DraftLine(quantity=1),)}, "names no item"),
    ],
)
def test_what_the_vendor_cannot_take_is_not_sent(fields: dict[str, Any], word: str) -> None:
    connector, client = scripted()

    with pytest.raises(WriteRefused, match=word):
        connector.create_inbound_shipment(draft(**fields))

    assert client.asked == []


@pytest.mark.parametrize(
    ("status", "body", "word"),
    [
        (400, {"expected_arrival_date": ["Arrival date must be in the future."]}, "future"),
        (422, {"title": "Bad", "status": 422, "errors": {"Boxes[0].BoxItems[1].InventoryId": ["x"]}}, "item"),
        (422, {"status": 422, "detail": "too much", "reason": "WRO_UNIQUE_SKU_LIMIT_EXCEEDED"}, "10,000"),
        (422, {"errors": ["Fulfillment center 10 does not exist"]}, "warehouse"),
        (422, {"": ["Lot number is required for item of Nobody Example"]}, "lot"),
        (404, {"title": "Not Found", "status": 404}, "no reason"),
        (400, "Nobody Example, 1 Example Street", "no reason"),
    ],
)
def test_a_refusal_is_told_in_a_planners_words_without_quoting(status: int, body: Any, word: str) -> None:
    connector, _ = scripted(Said(body, status=status))

    with pytest.raises(WriteRefused, match=word) as caught:
        connector.create_inbound_shipment(draft())

    assert "Example" not in caught.value.what + caught.value.detail


def test_an_order_is_found_by_its_reference_and_the_first_of_split_ones_is_it() -> None:
    others = ({"id": 9, "purchase_order_number": "PO-10"}, {"id": 80, **{k: ORDER[k] for k in ORDER if k != "id"}})
    connector, client = scripted(numbered(1, 1, 3, *others, ORDER), [BOX])

    found = connector.find_inbound_shipment("PO-1")

    assert found is not None
    assert (found.id, client.params(0)["PurchaseOrderNumbers"]) == ("77", "PO-1")


def test_a_reference_that_no_order_carries_is_not_found() -> None:
    connector, _ = scripted(numbered(1, 1, 0))

    assert connector.find_inbound_shipment("PO-1") is None


def test_a_later_day_is_all_that_is_sent_of_it() -> None:
    connector, client = scripted(ORDER, [BOX])

    connector.update_inbound_shipment("77", InboundShipmentChange(expected_at="2026-06-01T00:00:00Z"))

    assert (client.asked[0].method, client.paths[0]) == ("PATCH", "/2026-07/receiving/77")
    assert client.sent(0) == {"expected_arrival_date": "2026-06-01T00:00:00Z"}


def test_changed_lines_go_where_they_lie_and_the_others_stay() -> None:
    other = {"box_id": 2, "tracking_number": "T-2", "box_items": [{"inventory_id": 702, "quantity": 1}]}
    connector, client = scripted(ORDER, [BOX, other], ORDER, [BOX])
    lines = (DraftLine(quantity=8, sku="A"), DraftLine(quantity=3, sku="NEW"))

    connector.update_inbound_shipment("77", InboundShipmentChange(lines=lines))

    assert client.sent(2) == {
        "boxes": [
            {
                "tracking_number": "T-1",
                "box_items": [
                    {"inventory_id": 700, "quantity": 8, "lot_number": "L"},
                    {"sku": "NEW", "quantity": 3},
                ],
            },
            {"tracking_number": "T-2", "box_items": [{"inventory_id": 702, "quantity": 1}]},
        ]
    }


def test_new_tracking_numbers_need_as_many_boxes() -> None:
    connector, client = scripted(ORDER, [BOX], ORDER, [BOX])
    refusing, _ = scripted(ORDER, [BOX])

    connector.update_inbound_shipment("77", InboundShipmentChange(tracking_numbers=("N-1",)))
    with pytest.raises(WriteRefused, match="1 box"):
        refusing.update_inbound_shipment("77", InboundShipmentChange(tracking_numbers=("N-1", "N-2")))

    assert client.sent(2)["boxes"][0]["tracking_number"] == "N-1"


def test_an_item_in_several_boxes_is_not_guessed() -> None:
    connector, client = scripted(ORDER, [BOX, BOX])

    with pytest.raises(WriteRefused, match="several boxes"):
        connector.update_inbound_shipment("77", InboundShipmentChange(lines=(DraftLine(quantity=1, sku="A"),)))

    assert all(request.method == "GET" for request in client.asked)


def test_an_order_that_is_on_its_way_in_can_no_longer_change() -> None:
    told = {"status": 422, "detail": "Fulfillment center can only change while the order is awaiting arrival."}
    connector, _ = scripted(Said(told, status=422))

    with pytest.raises(WriteRefused, match="no longer awaiting"):
        connector.update_inbound_shipment("77", InboundShipmentChange(expected_at=EARLY))


def test_an_order_that_does_not_exist_cannot_change() -> None:
    connector, _ = scripted(NotFound("gone"))

    with pytest.raises(NotFound):
        connector.update_inbound_shipment("78", InboundShipmentChange(expected_at=EARLY))
