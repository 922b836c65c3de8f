"""Orders with their shipments. Each parcel is a shipment; an order of which nothing was sent has a planned one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import groupby
from typing import Any

from simulators.business.business import Business
from simulators.business.spec import Record
from simulators.business.view import TextStamp, View, by_id
from simulators.shipbob import words
from simulators.shipbob.words import address, precise, spelled

INCHES = {"cm": 1 / 2.54, "in": 1.0}
OUNCES = {"kg": 35.274, "lb": 16.0, "oz": 1.0}
UPDATED = "_updated"
"""When an order last changed: filters know it, the order does not tell it."""


def _orders(business: Business) -> Iterator[Record]:
    for order in business.records("orders"):
        yield _order(business, order)


def _order(business: Business, order: Record) -> Record:
    number = order["number"]
    status = words.ORDER_STATUS.get(order["status"], "ImportReview")
    channel = order["channel_object"]
    return {
        "id": words.ORDER + number,
        "reference_id": order["reference_id"],
        "order_number": order["order_number"],
        "status": status,
        "type": words.ORDER_TYPE[order["type"]],
        "created_date": precise(order["created_at"], number),
        "purchase_date": None if number % 5 == 2 else order["created_at"],
        "channel": None if channel is None else _channel(business, channel),
        "recipient": _recipient(order["ship_to_address"]),
        "products": [_ordered(business, line, place) for place, line in enumerate(order["line_items"], start=1)],
        "shipments": _shipments(business, order, status),
        "shipping_method": order["shipping_method_name"],
        "shipping_terms": {"carrier_type": "Parcel", "payment_term": "Prepaid"},
        "financials": {"total_price": order["total_price"]},
        "gift_message": "For Ana Invented" if number % 17 == 4 else None,
        "tags": [{"name": "tag", "value": each} for each in order["tags"]],
        "retailer_program_data": _programme(order),
        UPDATED: order["updated_at"],
    }


def _channel(business: Business, channel: Record) -> Record:
    number = business.number("channels", channel["channel_id"])
    return {"id": words.CHANNEL + number, "name": channel["channel_name"] or ""}


def _programme(order: Record) -> Record:
    """What retailers ask for; every order has one, mostly without anything in it."""
    due = order["required_ship_date"]
    number = None if due is None else order["order_number"]
    return {"purchase_order_number": number, "shipByDate": due, "doNotShipBeforeDate": None, "addresses": []}


def _recipient(told: Record) -> Record:
    return {
        "name": told["full_name"],
        "email": told["email_address"],
        "phone_number": told["phone_number"],
        "address": address(told),
    }


def _ordered(business: Business, line: Record, place: int) -> Record:
    known = business.get("products", line["product_id"])
    return {
        "id": words.LEGACY + known["number"] if known else None,
        "reference_id": line["sku"] or line["product_id"],
        "sku": line["sku"],
        "quantity": line["quantity"],
        "unit_price": line["unit_price"] or 0,
        "gtin": "",
        "upc": "",
        "external_line_id": place,
        "quantity_unit_of_measure_code": "EA",
    }


def _shipments(business: Business, order: Record, status: str) -> list[Record]:
    first = words.SHIPMENT + order["number"] * words.PARCELS
    parcels = [(shipment, package) for shipment in order["shipments"] for package in shipment["packages"]]
    if not parcels:
        return [{**_shipment(business, order, first), **_planned(order, status)}]
    return [
        {**_shipment(business, order, first + place), **_sent(business, order, shipment, package)}
        for place, (shipment, package) in enumerate(parcels)
    ]


def _shipment(business: Business, order: Record, shipment_id: int) -> Record:
    """What a shipment has before it was packed."""
    house = order["warehouse_id"]
    centre = words.CENTRE + (business.number("warehouses", house) if house else 0)
    return {
        "id": shipment_id,
        "order_id": words.ORDER + order["number"],
        "reference_id": order["reference_id"],
        "created_date": precise(order["created_at"], shipment_id),
        "last_update_at": precise(order["updated_at"], shipment_id),
        "last_tracking_update_at": None,
        "actual_fulfillment_date": None,
        "estimated_fulfillment_date": None,
        "estimated_fulfillment_date_status": "Unavailable",
        "delivery_date": None,
        "location": {"id": centre, "name": f"Centre {centre}"},
        "recipient": {**_recipient(order["ship_to_address"]), "full_name": order["ship_to_address"]["full_name"]},
        "ship_option": order["shipping_method_name"] or "",
        "products": [],
        "tracking": None,
        "measurements": {"length_in": 0, "width_in": 0, "depth_in": 0, "total_weight_oz": 0},
        "package_material_type": "Unknown",
        "invoice_amount": 0,
        "invoice_currency_code": None,
        "insurance_value": None,
        "is_tracking_uploaded": False,
        "require_signature": False,
        "parent_cartons": [],
    }


def _planned(order: Record, status: str) -> Record:
    detail = {"id": 303, "name": "OutOfStock", "description": "Out of stock", "inventory_id": None}
    picked = {"id": 100, "name": "Picked", "description": "Picked", "inventory_id": None}
    told = words.PLANNED_STATUS.get(status, "None")
    details = [detail] if told == "Exception" else [picked] if order["status"] == "picked" else []
    return {"status": "OnHold" if order["status"] == "on_hold_custom" else told, "status_details": details}


def _sent(business: Business, order: Record, shipment: Record, package: Record) -> Record:
    """What is told of a parcel. One in three was delivered two days later, one in nine only says so in its details."""
    number, shipped = order["number"], shipment["shipped_date"]
    arrived = spelled(shipped, "%Y-%m-%dT%H:%M:%SZ", timedelta(days=2)) if shipped and number % 3 == 0 else None
    detail = 203 if shipped and number % 9 == 1 else 201
    centre = words.CENTRE + business.number("warehouses", shipment["warehouse_id"])
    tracking = {"carrier": package["carrier_name"] or "", "tracking_number": package["tracking_number"] or ""}
    return {
        "status": words.SHIPMENT_STATUS[shipment["status"]],
        "status_details": [{"id": detail, "name": "Carrier", "description": "", "inventory_id": None}],
        "last_tracking_update_at": arrived or shipped,
        "actual_fulfillment_date": precise(shipped, number),
        "delivery_date": arrived,
        "location": {"id": centre, "name": f"Centre {centre}"},
        "ship_option": package["shipping_method_name"] or "",
        "package_material_type": "Box",
        "tracking": {**tracking, "tracking_url": package["tracking_url"], "scac": package["scac"], "bol": None},
        "measurements": _size(package["measurements"]),
        "invoice_amount": package["shipping_cost"] or 0,
        "invoice_currency_code": None if package["shipping_cost"] is None else "USD",
        "products": list(_picked(business, package["line_items"])),
    }


def _picked(business: Business, lines: list[Record]) -> Iterator[Record]:
    """The products of a parcel: what belongs to one kit stands under it."""
    for kit, parts in groupby(lines, key=lambda line: line["parent_product_id"]):
        for group in [list(parts)] if kit else [[each] for each in parts]:
            known = business.get("products", kit)
            sku = known["sku"] if known else group[0]["sku"]
            items = [_taken(business, line) for line in group]
            legacy = words.LEGACY + (known["number"] if known else items[0]["id"] - words.ITEM)
            yield {"id": legacy, "reference_id": sku, "sku": sku, "name": items[0]["name"], "inventory_items": items}


def _taken(business: Business, line: Record) -> Record:
    number = business.number("inventory", line["inventory_item_id"])
    expires = line["expiration_date"]
    return {
        "id": words.ITEM + number,
        "name": f"Item {number}",
        "quantity": line["quantity"],
        "quantity_committed": line["quantity"],
        "lot": line["lot_id"],
        "expiration_date": None if expires is None else f"{expires[:10]}T00:00:00+00:00",
        "serial_numbers": [],
        "is_dangerous_goods": False,
    }


def _size(told: Record) -> dict[str, Any]:
    """Whole inches and ounces; what was not measured is 0."""
    length, weight = INCHES.get(told["unit"] or "", 0.0), OUNCES.get(told["weight_unit"] or "", 0.0)
    sides = {"length_in": "length", "width_in": "width", "depth_in": "height"}
    return {
        **{theirs: round((told[ours] or 0) * length) for theirs, ours in sides.items()},
        "total_weight_oz": round((told["weight"] or 0) * weight),
    }


ORDERS = View(_orders, by_id, TextStamp(UPDATED))
