"""Orders with their shipments, purchase orders, returns and bills, in the vendor's shapes."""

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
    vendor_id,
    warehouse_id,
)

_SHIPPED = {"fulfilled"}
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
    order_id, house = uid("Order", number), warehouse_id(business, order["warehouse_id"])
    lines = [_line(business, order, number, place) for place in range(len(order["line_items"]))]
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
        "currency": order["invoice_currency_code"],
        "total_tax": cash(order["total_tax"]),
        "total_discounts": cash(order["total_discount"]),
        "total_price": cash(order["total_price"]),
        "shipping_lines": {
            "title": order["service_level"],
            "carrier": order["carrier_id"],
            "method": order["shipping_method_name"],
            "price": cash(order["total_shipping"]),
        },
        "shipping_address": _address(order["ship_to_address"]),
        "holds": {name: name == "address_hold" and order["status"] == "exception" for name in _HOLDS},
        "allocations": [{"warehouse_id": house, "allocated_at": naive(order["updated_at"])}] if is_allocated else [],
        "line_items": lines,
        "shipments": [
            _shipment(business, shipment, order, number * 10 + place)
            for place, shipment in enumerate(order["shipments"])
        ],
        "packing_note": "leave with Ana Invented next door" if number % 40 == 0 else None,
        "id": order_id,
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


def purchase_orders(business: Business) -> Iterator[Record]:
    for order in business.records("inbound_shipments"):
        yield _purchase_order(business, order)


_INBOUND = {"open": "pending", "receiving": "pending", "received": "closed", "cancelled": "canceled"}


def _purchase_order(business: Business, order: Record) -> Record:
    number = 30_000 + order["number"]
    supplier = order["supplier_object"]
    named_at_head = order["number"] % 5 != 0
    is_done = order["status"] in {"received", "cancelled"}
    house = warehouse_id(business, order["warehouse_id"])
    shared = {
        "po_id": uid("PurchaseOrder", number),
        "vendor_id": vendor_id(business, supplier),
        "warehouse_id": house,
        "status": order["status"],
    }
    return {
        **named("PurchaseOrder", number),
        "account_id": customer_id(business, order["warehouse_customer_id"]),
        "po_number": order["purchase_order_number"] or f"NONUM-{number}",
        "fulfillment_status": _INBOUND.get(order["status"]) or order["raw_status"],
        "vendor_id": shared["vendor_id"] if named_at_head else None,
        "vendor": {"id": shared["vendor_id"], "name": supplier["supplier_name"]}
        if supplier and named_at_head
        else None,
        "warehouse_id": house,
        "created_at": naive(order["created_at"]),
        "po_date": naive(order["expected_arrival_date"]),
        "arrived_at": naive(order["receipts"][0]["arrived_date"]) if order["receipts"] else None,
        "date_closed": naive(order["updated_at"]) if is_done else None,
        "po_note": "; ".join(order["notes"]) or None,
        "shipping_price": "0.00",
        "origin_of_shipment": order["ship_from_address"]["country"],
        "tracking_number": order["tracking_numbers"][0] if order["tracking_numbers"] else None,
        "tracking_numbers": [
            {"carrier_value": "dpd", "tracking_number": each} for each in order["tracking_numbers"][1:]
        ],
        "line_items": [
            _bought(business, line, order, shared, number * 100 + place)
            for place, line in enumerate(order["line_items"])
        ],
    }


def _bought(business: Business, line: Record, order: Record, shared: Record, number: int) -> Record:
    item = business.number("inventory", line["inventory_item_id"])
    is_over = order["status"] == "received"
    return {
        **named("PurchaseOrderLineItem", number),
        **{name: shared[name] for name in ("po_id", "vendor_id", "warehouse_id")},
        "sku": code_of(line["sku"], item),
        "vendor_sku": line["external_id"],
        "product_id": stocked_id(business, line["inventory_item_id"]),
        "quantity": line["expected_quantity"],
        "quantity_received": line["received_quantity"],
        "quantity_rejected": line["expected_quantity"] - line["received_quantity"] if is_over else 0,
        "price": cash(line["unit_cost"]),
        "fulfillment_status": "pending",
        "created_at": naive(order["created_at"]),
        "updated_at": naive(order["updated_at"]),
    }


_RETURNED = {
    "open": "Pending",
    "in-transit": "In Transit",
    "receiving": "Receiving",
    "received": "Warehouse Complete",
    "cancelled": "Canceled",
}


def returns(business: Business) -> Iterator[Record]:
    for back in business.records("returns"):
        number = 50_000 + back["number"]
        parcel = back["shipments"][0] if back["shipments"] else {}
        order = back["order_id"]
        yield {
            **named("Return", number),
            "account_id": customer_id(business, back["warehouse_customer_id"]),
            "order_id": None if order is None else uid("Order", 80_000 + business.number("orders", order)),
            "status": _RETURNED.get(back["status"]) or back["raw_status"],
            "reason": "; ".join(back["notes"]) or None,
            "label_type": "PAID" if parcel else "SELF_RETURN",
            "shipping_carrier": parcel.get("carrier_id"),
            "label_cost": cash(parcel.get("shipping_cost")),
            "created_at": naive(back["created_at"]),
            "line_items": [
                _returned(business, line, back, number * 10 + place) for place, line in enumerate(back["line_items"])
            ],
        }


def _returned(business: Business, line: Record, back: Record, number: int) -> Record:
    item = business.number("inventory", line["inventory_item_id"])
    sku = {"sku": code_of(line["sku"], item)}
    return {
        "id": uid("ReturnItem", number),
        "product_id": stocked_id(business, line["inventory_item_id"]),
        "product": sku if number % 3 else None,
        "line_item": sku,
        "quantity": line["expected_quantity"],
        "quantity_received": line["received_quantity"],
        "restock": line["restocked_quantity"],
        "is_component": False,
        "reason": line["return_reason"],
        "created_at": naive(back["created_at"]),
        "updated_at": naive(back["updated_at"]),
    }


def bills(business: Business) -> Iterator[Record]:
    for charge in business.records("bills"):
        number = 60_000 + charge["number"]
        amount, made = cash(charge["amount"]), naive(charge["created_at"]) or ""
        yield {
            **named("Bill", number),
            "status": ("draft", "finalized", "paid")[number % 3],
            "customer_name": "Ana Invented",
            "created_at": made,
            "due_date": naive(charge["updated_at"]),
            "amount": amount,
            "billing_period": {"start": f"{made[:8]}01T00:00:00", "end": made},
            "totals": [
                {
                    "id": uid("BillTotal", number),
                    "category": charge["charge_type"],
                    "label": None,
                    "amount": amount,
                    "quantity": number % 4 or None,
                }
            ],
        }
