"""Purchases: simple ones, advanced ones with and without put-away, services, and what suppliers send to buyers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from simulators.business.business import Business
from simulators.business.spec import Record
from simulators.cin7_core.goods import BASE_CURRENCY, supplier_currency
from simulators.cin7_core.names import EMPTY_TASK, address, date, guid, item_product, stamp, warehouse_name

SIMPLE, ADVANCED, SERVICE = "Simple Purchase", "Advanced Purchase", "Service Purchase"

_LIVES: Mapping[str, tuple[str, str, str]] = MappingProxyType(
    {
        "open": ("ORDERED", "NOT RECEIVED", "AUTHORISED"),
        "in-transit": ("INVOICED", "NOT RECEIVED", "AUTHORISED"),
        "receiving": ("RECEIVING", "PARTIALLY RECEIVED", "AUTHORISED"),
        "received": ("RECEIVED / CREDITED", "FULLY RECEIVED", "AUTHORISED"),
        "cancelled": ("VOIDED", "VOIDED", "VOIDED"),
        "other": ("ORDERING", "NOT AVAILABLE", "DRAFT"),
        "quarantined": ("AWAITING APPROVAL", "NOT AVAILABLE", "NOT AVAILABLE"),
    }
)
"""`Status`, `CombinedReceivingStatus` and the order's status at each point of a shipment's life."""

_INVOICED = frozenset({"in-transit", "receiving", "received"})


def purchases(business: Business) -> Iterator[Record]:
    """Purchases as `/advanced-purchase` shows them, simple ones too; how they are shown is the route's affair."""
    for held in business.records("inbound_shipments"):
        yield _goods(business, held)
    for held in business.records("bills"):
        if held["number"] % 8 == 0:
            yield _service(held)
    for held in business.records("orders"):
        if held["type"] == "dropship" and held["number"] % 5 == 0:
            yield _straight_to_the_buyer(business, held)


def kind_of(number: int) -> str:
    return SIMPLE if number % 3 == 2 else ADVANCED


def _goods(business: Business, held: Record) -> Record:
    own, number = guid("purchase", held["id"]), held["number"]
    status, receiving, order = _LIVES[held["status"]]
    supplier = (held["supplier_object"] or {}).get("supplier_id") or business.world.supplier(number)["supplier_id"]
    currency = supplier_currency(business, supplier)
    place = held["warehouse_id"] or business.world.warehouses[0]
    return {
        **_head(own, f"PO-{number:05d}", held),
        "_created": held["created_at"],
        "_warehouse": guid("warehouse", place),
        "Type": kind_of(number),
        "SupplierID": guid("supplier", supplier),
        "Supplier": (business.get("suppliers", supplier) or {})["name"],
        "SupplierCurrency": currency,
        "RequiredBy": date(held["expected_arrival_date"]),
        "Location": warehouse_name(business, place),
        "Status": status,
        "CombinedReceivingStatus": receiving,
        "Order": _order(order, [_line(business, each) for each in held["line_items"]]),
        **_arrivals(business, held, place, own),
        "Invoice": [_invoice(business, held, own)] if held["status"] in _INVOICED else [empty_task(own)],
    }


def _head(own: str, number: str, held: Record) -> Record:
    """What a purchase has whatever it is for."""
    return {
        "ID": own,
        "Contact": "Ana Invented",
        "Phone": "+000 555 0001",
        "BlindReceipt": False,
        "Approach": "STOCK",
        "BillingAddress": address(None),
        "ShippingAddress": address(None),
        "BaseCurrency": BASE_CURRENCY,
        "TaxRule": "Tax Exempt",
        "TaxCalculation": "Exclusive",
        "Terms": "30 days",
        "Note": "",
        "OrderNumber": number,
        "OrderDate": date(held["created_at"]),
        "CombinedInvoiceStatus": "NOT INVOICED",
        "CombinedPaymentStatus": "UNPAID",
        "IsServiceOnly": False,
        "RelatedDropShipSaleTask": None,
        "CurrencyRate": 1,
        "LastUpdatedDate": stamp(held["updated_at"]),
        "CreditNote": [],
        "ManualJournals": [],
    }


def _order(status: str, lines: list[Record]) -> Record:
    total = round(sum(line["Total"] for line in lines), 2)
    told = {"Memo": "", "Status": status, "Lines": lines, "AdditionalCharges": [], "Prepayments": []}
    return {**told, "TotalBeforeTax": total, "Tax": 0, "Total": total}


def _line(business: Business, line: Record) -> Record:
    price, quantity = line["unit_cost"] or 0, line["expected_quantity"]
    discount = 5 if quantity == 500 else 0
    return {
        **_piece(business, line),
        "Quantity": quantity,
        "Price": price,
        "Discount": discount,
        "Tax": 0,
        "TaxRule": "Tax Exempt",
        "SupplierSKU": line["external_id"] or "",
        "Comment": "",
        "Total": round(quantity * price * (100 - discount) / 100, 2),
    }


def _piece(business: Business, line: Record) -> Record:
    number = business.number("inventory", line["inventory_item_id"])
    return {
        "ProductID": item_product(business, line["inventory_item_id"]),
        "SKU": line["sku"] or f"NOSKU-{number}",
        "Name": "",
    }


def _arrivals(business: Business, held: Record, place: str, own: str) -> Record:
    """The two faces of receiving. With put-away the first face's status says nothing; without, the second is empty."""
    tasks = [_task(business, each, place) for each in held["receipts"]]
    if kind_of(held["number"]) == SIMPLE:
        lines = [line for task in tasks for line in task["Lines"]]
        return {"StockReceived": [{"Status": "AUTHORISED" if lines else EMPTY_TASK, "Lines": lines}], "PutAway": None}
    if held["number"] % 2:
        return {"StockReceived": tasks or [empty_task(own)], "PutAway": [empty_task(own)]}
    return {
        "StockReceived": [{**task, "Status": "DRAFT"} for task in tasks] or [empty_task(own)],
        "PutAway": tasks or [empty_task(own)],
    }


def _task(business: Business, receipt: Record, place: str) -> Record:
    where = {"Location": warehouse_name(business, place), "LocationID": guid("warehouse", place)}
    return {
        "TaskID": guid("receipt", receipt["id"]),
        "InvoicingAndReceivingNumber": 1,
        "Status": "AUTHORISED",
        "Lines": [
            {
                "Date": date(receipt["arrived_date"]),
                **_piece(business, line),
                "Quantity": line["quantity"],
                **where,
                "Received": True,
                "BatchSN": "",
                "ExpiryDate": None,
                "CardID": guid("card", f"{receipt['id']}/{place_in}"),
            }
            for place_in, line in enumerate(receipt["line_items"])
        ],
    }


def empty_task(own: str) -> Record:
    return {"TaskID": own, "Status": EMPTY_TASK, "Lines": []}


def _invoice(business: Business, held: Record, own: str) -> Record:
    """The supplier's invoice, with freight on it."""
    lines = [
        {
            **_piece(business, line),
            "Quantity": line["expected_quantity"],
            "Price": 2,
            "Total": line["expected_quantity"] * 2,
        }
        for line in held["line_items"]
    ]
    freight = {"Description": "Freight", "Quantity": 1, "Price": 20, "Discount": 0, "Tax": 0, "Total": 20}
    total = sum(line["Total"] for line in lines) + 20
    is_paid = held["status"] == "received"
    task: dict[str, Any] = {} if kind_of(held["number"]) == SIMPLE else {"TaskID": guid("invoice", own)}
    return {
        **task,
        "InvoiceNumber": f"INV-{held['number']}",
        "InvoiceDate": date(held["created_at"]),
        "InvoiceDueDate": date(held["expected_arrival_date"]),
        "Status": "PAID" if is_paid and held["number"] % 2 else "AUTHORISED",
        "Lines": lines,
        "AdditionalCharges": [freight],
        "Payments": [],
        "TotalBeforeTax": total,
        "Tax": 0,
        "Total": total,
        "Paid": total if is_paid else 0,
    }


def _service(held: Record) -> Record:
    own = guid("service", held["id"])
    return {
        **_head(own, f"PO-9{held['number']:05d}", held),
        "_created": held["created_at"],
        "Type": SERVICE,
        "IsServiceOnly": True,
        "SupplierID": guid("supplier", "sup-0000"),
        "Supplier": "Freight & Co",
        "SupplierCurrency": BASE_CURRENCY,
        "RequiredBy": None,
        "Location": None,
        "Status": "INVOICED",
        "CombinedReceivingStatus": EMPTY_TASK,
        "Order": _order("AUTHORISED", []),
        "StockReceived": [],
        "PutAway": [],
        "Invoice": [],
    }


def _straight_to_the_buyer(business: Business, order: Record) -> Record:
    """A purchase that a sale made: its goods never see a warehouse."""
    bare = _service({**order, "id": f"drop-{order['id']}"})
    return {
        **bare,
        "Type": ADVANCED,
        "IsServiceOnly": False,
        "Status": "ORDERED",
        "CombinedReceivingStatus": "NOT RECEIVED",
        "RelatedDropShipSaleTask": guid("sale", order["id"]),
        "Location": warehouse_name(business, business.world.warehouses[0]),
    }
