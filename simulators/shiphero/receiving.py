"""What comes in: purchase orders and returns; and what the 3PL charges. In the vendor's shapes."""

from __future__ import annotations

from collections.abc import Iterator

from simulators.business.business import Business
from simulators.business.spec import Record
from simulators.shiphero.ids import (
    cash,
    code_of,
    customer_id,
    naive,
    named,
    stocked_id,
    uid,
    vendor_id,
    warehouse_id,
)


def purchase_orders(business: Business) -> Iterator[Record]:
    for order in business.records("inbound_shipments"):
        yield _purchase_order(business, order)


_ENDED = ("received", "cancelled")
_INBOUND = {"open": "pending", "receiving": "pending", "received": "closed", "cancelled": "canceled"}


def _purchase_order(business: Business, order: Record) -> Record:
    number = 30_000 + order["number"]
    shared = {
        "po_id": uid("PurchaseOrder", number),
        "vendor_id": vendor_id(business, order["supplier_object"]),
        "warehouse_id": warehouse_id(business, order["warehouse_id"]),
    }
    return {
        **named("PurchaseOrder", number),
        "account_id": customer_id(business, order["warehouse_customer_id"]),
        "po_number": order["purchase_order_number"] or f"NONUM-{number}",
        "fulfillment_status": _INBOUND.get(order["status"]) or order["raw_status"],
        **_supplier(order, shared["vendor_id"]),
        "warehouse_id": shared["warehouse_id"],
        "created_at": naive(order["created_at"]),
        "po_date": naive(order["expected_arrival_date"]),
        "arrived_at": naive(order["receipts"][0]["arrived_date"]) if order["receipts"] else None,
        "date_closed": naive(order["updated_at"]) if order["status"] in _ENDED else None,
        "po_note": "; ".join(order["notes"]) or None,
        "shipping_price": "0.00",
        "origin_of_shipment": order["ship_from_address"]["country"],
        **_tracking(order["tracking_numbers"]),
        "line_items": [
            _bought(business, line, order, shared, number * 100 + place)
            for place, line in enumerate(order["line_items"])
        ],
    }


def _supplier(order: Record, vendor: str | None) -> Record:
    """Every fifth order names its supplier on its lines only."""
    told = order["supplier_object"] if order["number"] % 5 else None
    name = told and {"id": vendor, "name": told["supplier_name"]}
    return {"vendor_id": vendor if told else None, "vendor": name}


def _tracking(numbers: list[str]) -> Record:
    """The first number stands on the header, the others in the list."""
    listed = [{"carrier_value": "dpd", "tracking_number": each} for each in numbers[1:]]
    return {"tracking_number": numbers[0] if numbers else None, "tracking_numbers": listed}


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
