"""Orders with their shipments, in the vendor's shapes."""

from __future__ import annotations

from collections.abc import Iterator

from simulators.business.business import Business
from simulators.business.spec import Record
from simulators.shiphero.catalog import dimensions
from simulators.shiphero.ids import (
    cash,
    code_of,
    customer_id,
    naive,
    named,
    product_id,
    stocked_id,
    uid,
    warehouse_id,
)

_HOLDS = ("fraud_hold", "address_hold", "shipping_method_hold", "operator_hold", "payment_hold", "client_hold")


def orders(business: Business) -> Iterator[Record]:
    for order in business.records("orders"):
        yield _order(business, order)


def _status(order: Record) -> str:
    """Whatever is not at its end is pending, unless the account has a word of its own for it."""
    ends = {"fulfilled": "fulfilled", "cancelled": "canceled"}
    own = order["status"] in {"other", "on_hold_custom"}
    return ends.get(order["status"], (order["raw_status"] if own else None) or "pending")


def _order(business: Business, order: Record) -> Record:
    number = 80_000 + order["number"]
    house = warehouse_id(business, order["warehouse_id"])
    channel = order["channel_object"] or {}
    is_allocated = order["warehouse_id"] is not None and order["number"] % 2 == 0
    return {
        **named("Order", number),
        "account_id": customer_id(business, order["warehouse_customer_id"]),
        "order_number": order["order_number"],
        "partner_order_id": order["reference_id"],
        "shop_name": channel.get("channel_name"),
        "source": "api",
        "fulfillment_status": _status(order),
        "order_date": naive(order["created_at"]),
        "created_at": naive(order["created_at"]),
        "updated_at": naive(order["updated_at"]),
        "required_ship_date": naive(order["required_ship_date"]),
        "email": order["ship_to_address"]["email_address"],
        **_totals(order),
        "shipping_lines": _ways(order),
        "shipping_address": _address(order["ship_to_address"]),
        "holds": {name: name == "address_hold" and order["status"] == "exception" for name in _HOLDS},
        "allocations": [{"warehouse_id": house, "allocated_at": naive(order["updated_at"])}] if is_allocated else [],
        "line_items": [_line(business, order, number, place) for place in range(len(order["line_items"]))],
        "shipments": [
            _shipment(business, shipment, order, number * 10 + place)
            for place, shipment in enumerate(order["shipments"])
        ],
        "packing_note": "leave with Ana Invented next door" if number % 40 == 0 else None,
    }


def _ways(order: Record) -> Record:
    return {
        "title": order["service_level"],
        "carrier": order["carrier_id"],
        "method": order["shipping_method_name"],
        "price": cash(order["total_shipping"]),
    }


def _totals(order: Record) -> Record:
    return {
        "currency": order["invoice_currency_code"],
        "total_tax": cash(order["total_tax"]),
        "total_discounts": cash(order["total_discount"]),
        "total_price": cash(order["total_price"]),
    }


def _address(told: Record) -> Record:
    first, _, last = told["full_name"].partition(" ")
    return {
        "first_name": first,
        "last_name": last,
        "company": told["company"],
        "address1": told["address1"],
        "city": told["city"],
        "state": told["state"],
        "state_code": told["state"],
        "zip": told["postal_code"],
        "country": told["country"],
        "country_code": told["country"],
        "email": told["email_address"],
        "phone": told["phone_number"],
    }


def _line(business: Business, order: Record, number: int, place: int) -> Record:
    line, status = order["line_items"][place], _status(order)
    product = business.get("products", line["product_id"]) or {}
    quantity = line["quantity"]
    done = quantity if order["status"] == "fulfilled" else 0
    return {
        **named("LineItem", number * 10 + place),
        "order_id": uid("Order", number),
        "sku": code_of(line["sku"], product.get("number", 0)),
        "product_id": product_id(business, line["product_id"]),
        "quantity": quantity,
        "quantity_shipped": done,
        "quantity_allocated": 0,
        "quantity_pending_fulfillment": quantity - done,
        "backorder_quantity": quantity if order["status"] == "backordered" else 0,
        "price": cash(line["unit_price"]),
        "promotion_discount": cash(line["discount_amount"]),
        "fulfillment_status": status if status in {"fulfilled", "canceled"} else "pending",
        "warehouse_id": warehouse_id(business, order["warehouse_id"]) if order["warehouse_id"] else None,
        "created_at": naive(order["created_at"]),
        "updated_at": naive(order["updated_at"]),
    }


def _shipment(business: Business, shipment: Record, order: Record, number: int) -> Record:
    shipment_id, house = uid("Shipment", number), warehouse_id(business, shipment["warehouse_id"])
    return {
        **named("Shipment", number),
        "order_id": uid("Order", 80_000 + order["number"]),
        "warehouse_id": house,
        "created_date": naive(shipment["shipped_date"]) or naive(order["updated_at"]),
        "address": _address(shipment["ship_to_address"]),
        "delivered": shipment["status"] == "shipped" and order["number"] % 3 == 0,
        "refunded": False,
        "shipped_off_shiphero": False,
        "total_packages": len(shipment["packages"]),
        "line_items": [
            _shipped(business, line, shipment_id, number * 10 + place)
            for place, line in enumerate(shipment["line_items"])
        ],
        "shipping_labels": [
            _label(package, shipment, shipment_id, number * 10 + place)
            for place, package in enumerate(shipment["packages"])
        ],
    }


def _shipped(business: Business, line: Record, shipment_id: str, number: int) -> Record:
    item = business.number("inventory", line["inventory_item_id"])
    return {
        "id": uid("ShippedLineItem", number),
        "shipment_id": shipment_id,
        "quantity": line["quantity"],
        "line_item": {
            "sku": code_of(line["sku"], item),
            "product_id": stocked_id(business, line["inventory_item_id"]),
        },
    }


def _label(package: Record, shipment: Record, shipment_id: str, number: int) -> Record:
    return {
        **named("ShippingLabel", number),
        "shipment_id": shipment_id,
        "status": "voided" if shipment["status"] == "cancelled" else "valid",
        "carrier": package["carrier_id"],
        "shipping_method": package["shipping_method_name"],
        "shipping_name": package["carrier_name"],
        "cost": cash(package["shipping_cost"]),
        "tracking_number": package["tracking_number"],
        "tracking_url": package["tracking_url"],
        "box_name": package["package_name"],
        "dimensions": dimensions(package["measurements"]),
    }
