"""What comes in: inbound shipments with their receipts, and returns."""

from __future__ import annotations

from datetime import datetime
from random import Random

from simulators.business import words
from simulators.business.spec import Record
from simulators.business.words import drawn_status, raw_word
from simulators.business.world import World, mixed


def _inbound_line(world: World, rng: Random, status: str) -> Record:
    item = world.referenced(rng.randrange(world.spec.size))
    expected = rng.choice((24, 60, 120, 500))
    done = {"receiving": expected // 2, "received": expected - rng.choice((0, 0, 0, 1))}
    return {
        "inventory_item_id": world.item_id(item),
        "sku": world.item_sku(item),
        "expected_quantity": expected,
        "received_quantity": done.get(status, 0),
        "unit_cost": rng.choice((None, world.item_cost(item))),
        "external_id": rng.choice((None, f"MC-{item}")),
    }


def receipt(receipt_id: str, lines: list[Record], arrived: str, quantities: list[int]) -> Record | None:
    """One receiving event with what it brought; None when it brought nothing."""
    counted = [
        {"inventory_item_id": line["inventory_item_id"], "sku": line["sku"], "quantity": quantity}
        for line, quantity in zip(lines, quantities, strict=True)
        if quantity
    ]
    return {"id": receipt_id, "arrived_date": arrived, "line_items": counted} if counted else None


def _receipts(record: Record) -> list[Record]:
    lines = record["line_items"]
    received = [line["received_quantity"] for line in lines]
    first = [quantity // 2 if record["status"] == "received" else quantity for quantity in received]
    rest = [whole - part for whole, part in zip(received, first, strict=True)]
    events = (
        receipt(f"rc-1-{record['id']}", lines, record["created_at"], first),
        receipt(f"rc-2-{record['id']}", lines, record["updated_at"], rest),
    )
    return [event for event in events if event is not None]


def inbound_shipment(world: World, index: int, rng: Random, arrived: datetime | None) -> Record:
    status = "open" if arrived is not None else drawn_status(rng, words.INBOUND_LIFE)
    lines = [_inbound_line(world, rng, status) for _ in range(rng.randint(1, 5))]
    inbound_id = f"asn-{mixed(index, world.spec.seed + 4):08x}"
    record: Record = {
        "id": inbound_id,
        "warehouse_customer_id": rng.choice(world.customers),
        **world.moments(rng, arrived).fields(),
        "purchase_order_number": None if index % 13 == 5 else f"PO-{700 + index}",
        "status": status,
        "raw_status": raw_word(status),
        "supplier": None,
        "supplier_object": None if index % 8 == 3 else world.supplier(index),
        "expected_arrival_date": None if index % 11 == 7 else world.future(rng, -20, 60),
        "warehouse_id": rng.choice((*world.warehouses, None)),
        "line_items": lines,
        "receipts": [],
        "ship_from_address": words.address(index),
        "tracking_numbers": rng.choice(([], [f"1Z{index:06d}"], [f"1Z{index:06d}", "MSCU 1234567"])),
        "notes": rng.choice(([], [], ["Rampe 3, bitte anrufen"])),
        "link": None,
        "labels": [],
        "extras": {},
    }
    record["receipts"] = _receipts(record)
    if rng.random() < 0.05:
        record["untold"] = rng.choice(("notes", "tracking_numbers", "ship_from_address", "labels"))
    return record


def _returned_line(world: World, rng: Random, status: str) -> Record:
    item, quantity = world.referenced(rng.randrange(world.spec.size)), rng.choice((1, 1, 2))
    received = quantity if status == "received" else 0
    return {
        "inventory_item_id": world.item_id(item),
        "sku": world.item_sku(item),
        "expected_quantity": quantity,
        "received_quantity": received,
        "restocked_quantity": rng.choice((received, 0, None)),
        "return_reason": rng.choice(("damaged", "too small", "Nelíbí se", None)),
    }


def return_shipment(world: World, record: Record, rng: Random) -> Record:
    """The parcel that brought a return back, with the condition of what was in it."""
    method = words.METHODS[rng.randrange(len(words.METHODS))]
    condition, disposition = rng.choice((("good", "restocked"), ("damaged", "discarded"), (None, None)))
    lines = [
        {
            "inventory_item_id": line["inventory_item_id"],
            "sku": line["sku"],
            "quantity": line["expected_quantity"],
            "receiving_details": [
                {"quantity": line["received_quantity"], "condition": condition, "disposition": disposition}
            ],
        }
        for line in record["line_items"]
    ]
    return {
        "tracking_number": f"R{rng.randrange(10**6)}",
        "shipped_date": record["created_at"],
        "arrived_date": record["updated_at"],
        "warehouse_id": rng.choice(world.warehouses),
        **dict(zip(("carrier_id", "carrier_name", "scac"), method[2:], strict=True)),
        "shipping_cost": rng.choice((None, 2.5)),
        "measurements": words.measurements(rng.randrange(90)),
        "line_items": lines,
    }


def returned(world: World, index: int, rng: Random, arrived: datetime | None) -> Record:
    status = "open" if arrived is not None else drawn_status(rng, words.INBOUND_LIFE)
    return_id = f"ret-{mixed(index, world.spec.seed + 5):08x}"
    record: Record = {
        "id": return_id,
        "warehouse_customer_id": rng.choice(world.customers),
        **world.moments(rng, arrived).fields(),
        "status": status,
        "raw_status": raw_word(status),
        "order_id": None if index % 12 == 7 else world.any_order(rng),
        "notes": [] if index % 5 else ["Příliš malé"],
        "line_items": [_returned_line(world, rng, status) for _ in range(rng.randint(1, 2))],
        "shipments": [],
        "link": None,
        "labels": [],
        "extras": {},
    }
    if status == "received":
        record["shipments"] = [return_shipment(world, record, rng)]
    return record
