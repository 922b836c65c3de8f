"""Orders with their shipments and packages."""

from __future__ import annotations

from datetime import datetime
from random import Random

from simulators.business import words
from simulators.business.spec import Record
from simulators.business.words import drawn_status, raw_word
from simulators.business.world import World, mixed

Pieces = tuple[str, str | None, int, str | None, tuple[str, str] | None]
"""Item id, SKU, quantity, kit that it is part of, lot."""


METHOD_FIELDS = ("shipping_method_id", "shipping_method_name", "carrier_id", "carrier_name", "scac")


def _order_line(world: World, rng: Random, status: str) -> tuple[Record, list[Pieces]]:
    quantity = rng.choice((1, 1, 1, 2, 3, 12))
    item = world.referenced(rng.randrange(world.spec.size))
    line: Record = {"product_id": world.product_id(item), "sku": world.item_sku(item), "quantity": quantity}
    pieces: list[Pieces] = [(world.item_id(item), world.item_sku(item), quantity, None, world.item_lot(item))]
    if rng.random() < 0.08:
        kit = rng.randrange(world.count("kits"))
        kit_id = world.kit_id(kit)
        line = {"product_id": kit_id, "sku": f"SET-{kit:04d}", "quantity": quantity}
        pieces = [
            (world.item_id(part), world.item_sku(part), quantity * number, kit_id, world.item_lot(part))
            for part, number in world.kit_parts(kit)
        ]
    price = None if rng.random() < 0.03 else round(world.item_cost(item) * 2.4, 2)
    picked = status in {"picked", "packed", "partially_fulfilled", "fulfilled"}
    return {**line, "unit_price": price, "is_picked": picked, "discount_amount": rng.choice((0, 0, None, 1.5))}, pieces


def _package(order_id: str, number: int, method: tuple[str | None, ...], pieces: list[Pieces], rng: Random) -> Record:
    tracking = None if rng.random() < 0.05 else f"TRK{rng.randrange(10**9):09d}"
    lines = [
        {
            "inventory_item_id": item,
            "sku": sku,
            "quantity": quantity,
            "lot_id": lot[0] if lot else None,
            "expiration_date": lot[1] if lot else None,
            "parent_product_id": kit,
        }
        for item, sku, quantity, kit, lot in pieces
    ]
    return {
        "package_id": f"{order_id}-p{number}",
        "package_name": rng.choice(("Small box", "Karton č. 3", None)),
        "tracking_number": tracking,
        "tracking_url": f"https://track.example.invalid/{tracking}" if tracking else None,
        "shipping_method": None,
        "shipping_method_id": method[0],
        "shipping_method_name": method[1],
        "carrier": None,
        "carrier_id": method[2],
        "carrier_name": method[3],
        "scac": method[4],
        "shipping_cost": rng.choice((None, 3.1, 4.75, 12, 0.0)),
        "measurements": words.measurements(rng.randrange(90)),
        "line_items": lines,
    }


def shipment(world: World, order: Record, number: int, pieces: list[Pieces], rng: Random, shipped: str) -> Record:
    """One shipment of an order, its pieces spread over one or two packages."""
    method = words.METHODS[rng.randrange(len(words.METHODS))]
    split = len(pieces) // 2 if len(pieces) > 1 and rng.random() < 0.3 else 0
    groups = [pieces[:split], pieces[split:]] if split else [pieces]
    status = "shipped" if rng.random() < 0.97 else rng.choice(("cancelled", "other"))
    return {
        "shipment_id": f"s{number}-{order['id'][4:]}",
        "warehouse_id": order["warehouse_id"] or world.warehouses[0],
        "raw_status": "Shipped" if status == "shipped" else "Unklar",
        "status": status,
        "shipped_date": shipped if status == "shipped" else None,
        "shipping_method": None,
        "line_items": [
            {"inventory_item_id": item, "sku": sku, "quantity": quantity, "parent_product_id": kit}
            for item, sku, quantity, kit, _ in pieces
        ],
        "ship_to_address": order["ship_to_address"],
        "ship_from_address": words.address(rng.randrange(6)),
        "packages": [_package(order["id"], place + 1, method, group, rng) for place, group in enumerate(groups)],
    }


def _shipments(world: World, order: Record, pieces: list[Pieces], rng: Random) -> list[Record]:
    shipped = order["updated_at"]
    if order["status"] == "partially_fulfilled":
        return [shipment(world, order, 1, pieces[:1], rng, shipped)]
    if order["status"] != "fulfilled":
        return []
    if len(pieces) > 2 and rng.random() < 0.2:
        halves = (pieces[:1], pieces[1:])
        return [shipment(world, order, part + 1, half, rng, shipped) for part, half in enumerate(halves)]
    return [shipment(world, order, 1, pieces, rng, shipped)]


def _channel(rng: Random) -> Record | None:
    if rng.random() < 0.1:
        return None
    channel_id, name = rng.choice(words.CHANNELS)
    return {"channel_id": channel_id, "channel_name": name}


def _money(lines: list[Record], rng: Random) -> Record:
    total = round(sum((line["unit_price"] or 0) * line["quantity"] for line in lines), 2)
    return {
        "invoice_currency_code": rng.choice(words.CURRENCIES),
        "total_price": total,
        "total_tax": None if rng.random() < 0.1 else round(total * 0.2, 2),
        "total_discount": rng.choice((0, 0, 5, None)),
        "total_shipping": rng.choice((0, 4.9, None)),
    }


def order(world: World, index: int, rng: Random, arrived: datetime | None) -> Record:
    status = "open" if arrived is not None else drawn_status(rng, words.ORDER_LIFE)
    drawn = [_order_line(world, rng, status) for _ in range(rng.choice((1, 1, 2, 3, 4)))]
    lines = [line for line, _ in drawn]
    method = words.METHODS[rng.randrange(len(words.METHODS))]
    order_id = world.order_id(index)
    record: Record = {
        "id": order_id,
        "warehouse_customer_id": rng.choice(world.customers),
        "warehouse_id": rng.choice((*world.warehouses, None)),
        **world.moments(rng, arrived).fields(),
        "reference_id": f"{500_000 + index}",
        "order_number": f"#{1000 + index}",
        "status": status,
        "raw_status": None if rng.random() < 0.02 else raw_word(status),
        "channel": None,
        "channel_object": _channel(rng),
        "type": rng.choice(("d2c", "d2c", "d2c", "b2b", "dropship", "transfer", None)),
        "trading_partner": rng.choice((None, None, None, "Großmarkt AG")),
        "service_level": rng.choice(("Standard", "Next day", None)),
        "shipping_method": None,
        **dict(zip(METHOD_FIELDS, method, strict=True)),
        **_freight(rng),
        **_money(lines, rng),
        **_wishes(world, index, rng),
        "line_items": lines,
        "tags": rng.choice(([], [], ["gift:yes"], ["vip", "noël"])),
        "shipments": [],
        "link": f"https://wms.example.invalid/orders/{order_id}",
        "labels": [],
        "extras": {},
    }
    record["shipments"] = _shipments(world, record, [piece for _, pieces in drawn for piece in pieces], rng)
    if rng.random() < 0.05:
        record["untold"] = rng.choice(("tags", "service_level", "labels", "trading_partner", "required_ship_date"))
    return record


def _freight(rng: Random) -> Record:
    third = rng.random() < 0.05
    account = "TP-0001" if third else None
    return {
        "is_third_party_freight": third,
        "third_party_freight_account_number": account,
        "first_party_freight_account_number": None,
    }


def _wishes(world: World, index: int, rng: Random) -> Record:
    return {
        "required_ship_date": None if rng.random() < 0.7 else world.future(rng, -30, 14),
        "saturday_delivery": rng.choice((False, None)),
        "signature_required": rng.random() < 0.1,
        "international_duty_paid_by": rng.choice((None, "sender", "recipient")),
        "ship_to_address": words.buyer_address(mixed(index, 41) % 100_000),
    }
