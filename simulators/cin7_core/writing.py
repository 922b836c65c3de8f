"""Creating and changing purchases: a header, then the lines of its order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from simulators.business.lists import Lists
from simulators.business.spec import Record
from simulators.cin7_core.answers import problem
from simulators.cin7_core.asking import asked, is_true
from simulators.cin7_core.names import EMPTY_TASK, address, guid, shown
from simulators.cin7_core.purchases import ADVANCED, SIMPLE, empty_task
from simulators.serving.account import Account
from simulators.serving.asking import json_object
from simulators.serving.exchange import Answer, told
from simulators.serving.simulation import Call

_OPEN = frozenset({"DRAFT", EMPTY_TASK})
_TAKEN = ("RequiredBy", "Note", "TaxRule", "TaxCalculation", "Terms", "CurrencyRate", "BlindReceipt")
_CENT = Decimal("0.01")


def create(call: Call[Account]) -> Answer:
    """A header; an order that is sent along is passed over in silence."""
    body = _body(call)
    with call.account.lists.alone() as lists:
        supplier = _supplier(lists, body)
        if body.get("Approach") not in {"STOCK", "INVOICE"}:
            raise problem(400, "Approach is required")
        number = lists.next_number("purchases")
        own = guid("own purchase", number)
        made = {**_empty(own, number), **_header(lists, body), **supplier}
        made["Type"] = SIMPLE if body.get("PurchaseType") == "Simple" else ADVANCED
        lists["purchases"].put({**made, "_created": call.now.isoformat()}, call.now)
        return told(shown(_held(lists, own)))


def change(call: Call[Account]) -> Answer:
    body = _body(call)
    with call.account.lists.alone() as lists:
        held = _held(lists, body.get("ID"))
        supplier = _supplier(lists, body) if "SupplierID" in body or "Supplier" in body else {}
        lists["purchases"].put({**held, **_header(lists, body), **supplier}, call.now)
        return told(shown(_held(lists, held["ID"])))


def order(call: Call[Account]) -> Answer:
    """The lines replace those that were there; an order that was authorised takes none."""
    body = _body(call)
    with call.account.lists.alone() as lists:
        held = _held(lists, body.get("TaskID"))
        status = body.get("Status")
        if held["Order"]["Status"] not in _OPEN:
            raise problem(400, f"Purchase order can not be changed in status {held['Order']['Status']}")
        if status not in {"DRAFT", "AUTHORISED"} or "Memo" not in body:
            raise problem(400, "Status and Memo are required")
        lines = _lines(lists, body.get("Lines") or ())
        held["Order"] = {
            "Memo": body["Memo"],
            "Status": status,
            "Lines": lines,
            "AdditionalCharges": body.get("AdditionalCharges") or [],
            "Prepayments": [],
            "TotalBeforeTax": sum(line["Total"] for line in lines),
            "Tax": 0,
            "Total": sum(line["Total"] for line in lines),
        }
        held["Status"] = "ORDERING" if status == "DRAFT" else "ORDERED"
        held["CombinedReceivingStatus"] = "NOT RECEIVED"
        lists["purchases"].put(held, call.now)
        return told({"TaskID": held["ID"], "CombineAdditionalCharges": False, **held["Order"]})


def void(call: Call[Account]) -> Answer:
    given = asked(call.request)
    with call.account.lists.alone() as lists:
        held = _held(lists, given.get("id"))
        if is_true(given, "void"):
            held["Status"] = held["CombinedReceivingStatus"] = held["Order"]["Status"] = "VOIDED"
            lists["purchases"].put(held, call.now)
        return told(shown(held))


def _body(call: Call[Account]) -> dict[str, Any]:
    return json_object(call.request, lambda text: problem(500, f"The object could not be parsed: {text}"))


def _held(lists: Lists, own: object) -> Record:
    held = lists["purchases"].get(str(own or "").lower())
    if held is None:
        raise problem(400, f"Purchase with ID {own} was not found", code=404)
    return held


def _supplier(lists: Lists, body: Mapping[str, Any]) -> Record:
    """By id, or by name."""
    own, name = str(body.get("SupplierID") or "").lower(), body.get("Supplier")
    for held in lists["suppliers"].records():
        if own == held["ID"] or (not own and name == held["Name"]):
            return {"SupplierID": held["ID"], "Supplier": held["Name"], "SupplierCurrency": held["Currency"]}
    raise problem(400, "Supplier not found.", code=404)


def _header(lists: Lists, body: Mapping[str, Any]) -> Record:
    """The fields that a header takes; a location must be there under exactly its name."""
    place = body.get("Location")
    names = {held["Name"]: held["ID"] for held in lists["locations"].records() if held["ParentID"] is None}
    if place is not None and place not in names:
        raise problem(400, f"Location '{place}' not found.", code=404)
    given = {name: body[name] for name in _TAKEN if name in body}
    return {**given, **({} if place is None else {"Location": place, "_warehouse": names[place]})}


def _empty(own: str, number: int) -> Record:
    return {
        "ID": own,
        "BillingAddress": address(None),
        "ShippingAddress": address(None),
        "Approach": "STOCK",
        "BlindReceipt": False,
        "BaseCurrency": "EUR",
        "TaxRule": "Tax Exempt",
        "TaxCalculation": "Exclusive",
        "Terms": "30 days",
        "RequiredBy": None,
        "Location": None,
        "Note": "",
        "OrderNumber": f"PO-{number}",
        "OrderDate": None,
        "Status": "DRAFT",
        "CombinedReceivingStatus": "NOT AVAILABLE",
        "CombinedInvoiceStatus": "NOT AVAILABLE",
        "CombinedPaymentStatus": "UNPAID",
        "IsServiceOnly": False,
        "RelatedDropShipSaleTask": None,
        "CurrencyRate": 1,
        "Order": {"Memo": "", "Status": EMPTY_TASK, "Lines": [], "AdditionalCharges": [], "Tax": 0, "Total": 0},
        "StockReceived": [empty_task(own)],
        "PutAway": [empty_task(own)],
        "Invoice": [empty_task(own)],
        "CreditNote": [],
    }


def _lines(lists: Lists, told_lines: Sequence[Record]) -> list[Record]:
    products = {held["ID"]: held for held in lists["products"].records()}
    by_sku = {held["SKU"]: held for held in products.values()}
    lines: list[Record] = []
    for line in told_lines:
        product = products.get(str(line.get("ProductID") or "").lower()) or by_sku.get(line.get("SKU"))
        if product is None:
            raise problem(400, f"Product {line.get('SKU')} not found.", code=404)
        if any(product["ID"] == each["ProductID"] for each in lines):
            raise problem(400, f"Product {product['SKU']} is duplicated in Lines")
        lines.append({**line, "ProductID": product["ID"], "SKU": product["SKU"], "Name": product["Name"]})
        _check_amounts(line)
    return lines


def _check_amounts(line: Record) -> None:
    quantity, price, discount, tax, total = (
        Decimal(str(line.get(name) or 0)) for name in ("Quantity", "Price", "Discount", "Tax", "Total")
    )
    if quantity < 1:
        raise problem(400, "Quantity must be greater than or equal to 1")
    expected = (quantity * price * (100 - discount) / 100 + tax).quantize(_CENT)
    if abs(expected - total) >= _CENT:
        raise problem(400, f"Line attribute 'Total' doesn't match. Expected value is: {expected}")
