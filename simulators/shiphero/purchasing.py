"""Purchase orders that are created and changed over the API, with the vendor's refusals."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from simulators.business.spec import Record
from simulators.serving.account import Account
from simulators.shiphero.ids import named, uid
from simulators.shiphero.problems import REFUSED, OperationFailed, not_found
from simulators.shiphero.views import SPELLING

SETTABLE = (
    "packing_note",
    "po_note",
    "description",
    "partner_order_number",
    "discount",
    "tax",
    "shipping_method",
    "shipping_carrier",
    "shipping_name",
    "shipping_price",
    "tracking_number",
)


def _refused(message: str) -> OperationFailed:
    return OperationFailed(message, REFUSED)


def created(account: Account, data: Mapping[str, Any], now: datetime) -> Record:
    """A new purchase order, pending."""
    with account.lists.alone() as lists:
        if all(each["id"] != data["warehouse_id"] for each in lists["warehouses"].records()):
            raise _refused("Warehouse not found")
        vendor = _vendor(account, data.get("vendor_id"))
        if any(each["po_number"] == data["po_number"] for each in lists["purchase_orders"].records()):
            raise _refused(f"Purchase Order with po_number {data['po_number']} already exists")
        number = lists.next_number("purchase_orders")
        record = {
            **named("PurchaseOrder", number),
            "account_id": data.get("customer_account_id") or uid("Account", 6_000 + account.spec.seed),
            **{name: data.get(name) for name in ("po_number", "vendor_id", "warehouse_id", "po_date", *SETTABLE)},
            **{name: data[name] for name in ("subtotal", "shipping_price", "total_price")},
            "vendor": vendor,
            "origin_of_shipment": data.get("origin_of_shipment"),
            "fulfillment_status": data.get("fulfillment_status") or "pending",
            "created_at": now.strftime(SPELLING),
            "arrived_at": None,
            "date_closed": None,
            "tracking_numbers": [],
            "line_items": [
                _line(account, line, number, place, now, data) for place, line in enumerate(data["line_items"])
            ],
        }
        lists["purchase_orders"].put(record, now)
        return record


def _vendor(account: Account, vendor_id: str | None) -> Record | None:
    if vendor_id is None:
        return None
    found = account.lists["vendors"].get(vendor_id)
    if found is None:
        raise _refused("Vendor not found")
    return {"id": found["id"], "name": found["name"]}


def _line(
    account: Account, line: Mapping[str, Any], number: int, place: int, now: datetime, order: Mapping[str, Any]
) -> Record:
    wanted = line["sku"].strip().lower()
    product = next((each for each in account.lists["products"].records() if each["sku"].lower() == wanted), None)
    if product is None:
        raise _refused(f"Product with sku {line['sku']} doesn't exist")
    if line["quantity"] < 1:
        raise _refused("Quantity must be greater than zero")
    return {
        **named("PurchaseOrderLineItem", number * 100 + place),
        "po_id": uid("PurchaseOrder", number),
        "warehouse_id": order["warehouse_id"],
        "vendor_id": line.get("vendor_id") or order.get("vendor_id"),
        "sku": product["sku"],
        "vendor_sku": line.get("vendor_sku"),
        "product_id": product["id"],
        "quantity": line["quantity"],
        "quantity_received": line.get("quantity_received") or 0,
        "quantity_rejected": line.get("quantity_rejected") or 0,
        "price": line["price"],
        "expected_weight_in_lbs": line["expected_weight_in_lbs"],
        "fulfillment_status": "pending",
        "created_at": now.strftime(SPELLING),
        "updated_at": now.strftime(SPELLING),
    }


def updated(account: Account, data: Mapping[str, Any], now: datetime) -> Record:
    """The order with what may be set set. Lines are found by SKU; one that is not there is left out in silence."""
    with account.lists.alone() as lists:
        record = _open_order(account, data["po_id"])
        record |= {name: data[name] for name in SETTABLE if data.get(name) is not None}
        if data.get("clear_po_date"):
            record["po_date"] = None
        elif data.get("po_date") is not None:
            record["po_date"] = data["po_date"]
        for change in data.get("line_items") or ():
            _change_line(record, change)
        lists["purchase_orders"].put(record, now)
        return record


def _change_line(record: Record, change: Mapping[str, Any]) -> None:
    wanted = change["sku"].strip().lower()
    for line in record["line_items"]:
        if line["sku"].lower() == wanted:
            line |= {name: value for name, value in change.items() if name != "sku" and value is not None}
            return


def _open_order(account: Account, po_id: str) -> Record:
    record = account.lists["purchase_orders"].get(po_id)
    if record is None:
        raise not_found("Purchase order")
    if record["fulfillment_status"] in {"closed", "canceled"}:
        raise _refused(f"Purchase order is {record['fulfillment_status']} and can't be updated")
    return record


def _ended(status: str, account: Account, data: Mapping[str, Any], now: datetime) -> Record:
    with account.lists.alone() as lists:
        record = _open_order(account, data["po_id"])
        record |= {"fulfillment_status": status, "date_closed": now.strftime(SPELLING)}
        lists["purchase_orders"].put(record, now)
        return record


def closed(account: Account, data: Mapping[str, Any], now: datetime) -> Record:
    return _ended("closed", account, data, now)


def canceled(account: Account, data: Mapping[str, Any], now: datetime) -> Record:
    return _ended("canceled", account, data, now)


MUTATIONS = MappingProxyType(
    {
        "purchase_order_create": created,
        "purchase_order_update": updated,
        "purchase_order_cancel": canceled,
        "purchase_order_close": closed,
    }
)
