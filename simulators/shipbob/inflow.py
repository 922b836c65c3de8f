"""What comes in: receiving orders with their boxes, and returns."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from simulators.business.business import Business
from simulators.business.spec import Record
from simulators.business.view import TextStamp, View, by_id
from simulators.shipbob import words
from simulators.shipbob.places import centre_of
from simulators.shipbob.words import precise, spelled

LATELY = "%Y-%m-%dT%H:%M:%S.000000+00:00"
SOON = "%Y-%m-%dT%H:%M:%SZ"
BOXES = "_boxes"
"""A receiving order's boxes: told on a route of their own."""

LABELLED = "_labelled"
"""Whether shipping labels were bought, after which little can change."""


def _receiving(business: Business) -> Iterator[Record]:
    for record in business.records("inbound_shipments"):
        yield _order(business, record)


def _order(business: Business, record: Record) -> Record:
    number = record["number"]
    choices = words.RECEIVING_STATUS[record["status"]]
    status = choices[number % len(choices)]
    house = business.get("warehouses", record["warehouse_id"]) or business.records("warehouses")[0]
    boxes = _boxes(business, record, status)
    return {
        "id": words.RECEIVING + number,
        "status": status,
        "purchase_order_number": record["purchase_order_number"],
        "package_type": "Package",
        "box_packaging_type": "MultipleSkuPerBox",
        "expected_arrival_date": record["expected_arrival_date"]
        or spelled(record["created_at"], SOON, timedelta(days=30)),
        "insert_date": precise(record["created_at"], number),
        "last_updated_date": spelled(record["updated_at"], LATELY),
        "external_sync_timestamp": None,
        "box_labels_uri": f"/2026-07/receiving/{words.RECEIVING + number}/labels",
        "fulfillment_center": centre_of(house),
        "inventory_quantities": quantities(boxes, _skus(record, business), lagging=status.startswith("Processing")),
        "status_history": _history(record, status),
        BOXES: boxes,
        LABELLED: False,
    }


def _skus(record: Record, business: Business) -> dict[int, str | None]:
    return {
        words.ITEM + business.number("inventory", line["inventory_item_id"]): line["sku"]
        for line in record["line_items"]
    }


def _history(record: Record, status: str) -> list[Record]:
    begun = {"id": 1, "status": "Awaiting", "timestamp": record["created_at"]}
    if status == "Awaiting":
        return [begun]
    place = 1 + words.RECEIVING_STATUSES.index(status)
    return [begun, {"id": place, "status": status, "timestamp": record["updated_at"]}]


def _boxes(business: Business, record: Record, status: str) -> list[Record]:
    """As many boxes as tracking numbers, the lines dealt out in turn; a box without a line is not announced."""
    number = record["number"]
    numbers = record["tracking_numbers"] or [f"BOX-{number}"]
    dealt: list[list[Record]] = [[] for _ in numbers]
    for place, line in enumerate(record["line_items"]):
        dealt[place % len(numbers)].append(_box_item(business, line, status, place))
    opened = status not in {"Awaiting", "Cancelled", "ArrivedAtHub", "InternalTransfer"}
    return [
        {
            "box_id": words.BOX + number * 10 + place,
            "box_number": place + 1,
            "box_status": "Completed" if status == "Completed" else "Stowing" if opened else "Awaiting",
            "tracking_number": tracking,
            "arrived_date": record["updated_at"] if opened else None,
            "received_date": precise(record["updated_at"], number) if opened and place == 0 else None,
            "counting_started_date": None,
            "box_items": items,
        }
        for place, (tracking, items) in enumerate(zip(numbers, dealt, strict=True))
        if items
    ]


def _box_item(business: Business, line: Record, status: str, place: int) -> Record:
    """Counted before it is stowed: while an order is worked on, more was counted than put away."""
    stowed, expected = line["received_quantity"], line["expected_quantity"]
    return {
        "inventory_id": words.ITEM + business.number("inventory", line["inventory_item_id"]),
        "quantity": expected,
        "received_quantity": expected if stowed and status.startswith("Processing") else stowed,
        "stowed_quantity": stowed,
        "lot_number": "LOT-9" if place == 2 else None,
        "lot_date": "2028-01-31T00:00:00Z" if place == 2 else None,
    }


def quantities(boxes: list[Record], skus: dict[int, str | None], *, lagging: bool = False) -> list[Record]:
    """The order's items over all its boxes. `lagging`: received stays 0 while it is processed, as was captured."""
    found: dict[int, Record] = {}
    for each in (item for box in boxes for item in box["box_items"]):
        own = found.setdefault(each["inventory_id"], {"expected": 0, "received": 0, "stowed": 0})
        own["expected"] += each["quantity"]
        own["received"] += each["received_quantity"]
        own["stowed"] += each["stowed_quantity"]
    return [
        {
            "inventory_id": item,
            "sku": skus.get(item),
            "expected_quantity": own["expected"],
            "received_quantity": 0 if lagging else own["received"],
            "stowed_quantity": own["stowed"],
        }
        for item, own in found.items()
    ]


def _returns(business: Business) -> Iterator[Record]:
    for record in business.records("returns"):
        yield _return(business, record)


def _return(business: Business, record: Record) -> Record:
    number, parcel = record["number"], next(iter(record["shipments"]), None)
    house = words.CENTRE + (business.number("warehouses", parcel["warehouse_id"]) if parcel else 0)
    order = business.get("orders", record["order_id"])
    return {
        "id": words.RETURN + number,
        "reference_id": f"RMA-{number}",
        "store_order_id": order["order_number"] if order else None,
        "original_shipment_id": words.SHIPMENT + order["number"] * words.PARCELS if order else None,
        "return_type": "Regular" if number % 4 else "RTS",
        "status": words.RETURN_STATUS[record["status"]],
        "status_history": [{"status": "Awaiting Arrival", "timestamp": record["created_at"]}],
        "channel": {"id": words.CHANNEL + number % 2, "name": f"Shop {number % 2}"},
        "fulfillment_center": {"id": house, "name": f"Centre {house}"},
        "customer_name": "Merchant Alpha",
        "tracking_number": parcel["tracking_number"] if parcel else None,
        "shipment_tracking_number": None,
        "insert_date": record["created_at"],
        "awaiting_arrival_date": record["created_at"],
        "arrived_date": parcel["arrived_date"] if parcel else None,
        "completed_date": record["updated_at"] if record["status"] == "received" else None,
        "inventory": [_line(business, line) for line in record["line_items"]],
        "invoice": {"amount": 2.5, "currency_code": "USD"},
        "transactions": [],
    }


def _line(business: Business, line: Record) -> Record:
    number = business.number("inventory", line["inventory_item_id"])
    return {
        "id": words.ITEM + number,
        "name": f"Item {number}",
        "sku": line["sku"],
        "barcodes": [],
        "quantity": line["expected_quantity"],
        "bundle_parent_sku": None,
        "action_requested": {"action": "Restock", "action_type": "Default", "instructions": line["return_reason"]},
        "action_taken": list(_done(line)),
        "lot_information": None,
    }


def _done(line: Record) -> Iterator[Record]:
    """What was restocked, and what became of the rest."""
    restocked = line["restocked_quantity"] or 0
    rest = line["received_quantity"] - restocked
    other = "Dispose" if line["return_reason"] == "damaged" else "Quarantine"
    for action, count in (("Restock", restocked), (other, rest)):
        if count > 0:
            yield {
                "action": action,
                "action_reason": line["return_reason"],
                "quantity_processed": count,
                "image_url": None,
            }


RECEIVING = View(_receiving, by_id, TextStamp("last_updated_date", LATELY))
RETURNS = View(_returns, by_id)
