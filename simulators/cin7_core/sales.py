"""Sales: one document each, with fulfilments and credit notes inside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from simulators.business.business import Business
from simulators.business.spec import Record
from simulators.cin7_core.goods import BASE_CURRENCY
from simulators.cin7_core.names import EMPTY_TASK, address, date, guid, item_product, sold, stamp, warehouse_name
from simulators.cin7_core.parcels import fulfilments
from simulators.cin7_core.people import carrier_name

_AXES = ("Status", "Order.Status", "CombinedPickingStatus", "CombinedPackingStatus", "CombinedShippingStatus")
_NOT = ("NOT PICKED", "NOT PACKED", "NOT SHIPPED")
_LIVES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "open": ("ORDERED", "AUTHORISED", *_NOT),
        "confirmed": ("ORDERED", "AUTH_NO_ALLOC", *_NOT),
        "processing": ("PICKING", "AUTHORISED", "PICKING", "NOT PACKED", "NOT SHIPPED"),
        "picked": ("PICKED", "AUTHORISED", "PICKED", "NOT PACKED", "NOT SHIPPED"),
        "packed": ("PACKED", "AUTHORISED", "PICKED", "PACKED", "NOT SHIPPED"),
        "partially_fulfilled": ("INVOICED", "AUTHORISED", "PARTIALLY PICKED", "PARTIALLY PACKED", "PARTIALLY SHIPPED"),
        "fulfilled": ("COMPLETED", "FULFILLED", "PICKED", "PACKED", "SHIPPED"),
        "backordered": ("BACKORDERED", "AUTHORISED", *_NOT),
        "exception": ("INVOICED", "AUTHORISED", *_NOT),
        "cancelled": ("VOIDED", "VOIDED", "VOIDED", "VOIDED", "VOIDED"),
        "on_hold_custom": ("ORDERING", "DRAFT", *_NOT),
        "other": ("ESTIMATED", EMPTY_TASK, EMPTY_TASK, EMPTY_TASK, EMPTY_TASK),
    }
)
"""The words of the sale's sides at each point of an order's life."""

_FULFILLED = {"SHIPPED": "FULFILLED", "PARTIALLY SHIPPED": "PARTIALLY FULFILLED", "VOIDED": "VOIDED"}


def sales(business: Business) -> Iterator[Record]:
    """The sales, then what was credited without a sale."""
    notes: dict[str | None, list[Record]] = {}
    for held in business.records("returns"):
        notes.setdefault(held["order_id"], []).append(held)
    for order in business.records("orders"):
        yield _sale(business, order, notes.get(order["id"], []))
    for held in notes.get(None, []):
        yield _alone(business, held)


def _sale(business: Business, order: Record, notes: list[Record]) -> Record:
    channel = order["channel_object"] or {}
    axes = dict(zip(_AXES, _LIVES[order["status"]], strict=True))
    own, place = guid("sale", order["id"]), order["warehouse_id"]
    changed = max([order["updated_at"], *(each["updated_at"] for each in notes)])
    return {
        **_head(order, own),
        "_created": order["created_at"],
        "_warehouse": place and guid("warehouse", place),
        "CustomerReference": order["reference_id"],
        "Carrier": carrier_name(order["shipping_method_name"], order["carrier_name"]),
        "CustomerCurrency": order["invoice_currency_code"],
        "ShippingAddress": _buyer(order["ship_to_address"]),
        "ShipBy": date(order["required_ship_date"]),
        "Location": warehouse_name(business, place),
        "SourceChannel": channel.get("channel_name"),
        "LastModifiedOn": stamp(changed),
        **{name: word for name, word in axes.items() if name != "Order.Status"},
        "FulFilmentStatus": _FULFILLED.get(axes["CombinedShippingStatus"], "NOT FULFILLED"),
        "Order": _order(business, order, axes["Order.Status"]),
        "Fulfilments": fulfilments(business, order),
        "CreditNotes": [_note(business, each) for each in notes] or [_empty(own)],
    }


def _head(order: Record, own: str) -> Record:
    return {
        "ID": own,
        "Customer": "Ana Invented",
        "CustomerID": guid("customer", order["number"] % 50),
        "Contact": "Ana Invented",
        "Phone": "",
        "Email": "ana.invented@example.test",
        "BillingAddress": address(None),
        "ShippingNotes": "",
        "BaseCurrency": BASE_CURRENCY,
        "SaleOrderDate": date(order["created_at"]),
        "Note": "ring twice",
        "CombinedInvoiceStatus": "NOT INVOICED",
        "CombinedPaymentStatus": "UNPAID",
        "Type": "Advanced Sale" if order["number"] % 2 else "Simple Sale",
        "ExternalID": f"ext-{order['number']}" if order["number"] % 4 == 0 else "",
        "Quote": {"Status": EMPTY_TASK, "Lines": []},
        "Invoices": [],
    }


def _buyer(place: Record | None) -> Record:
    told = place or {}
    person = {"Company": told.get("company"), "Contact": told.get("full_name"), "ShipToOther": False}
    return {**address(told), **person}


def _order(business: Business, order: Record, status: str) -> Record:
    lines = [] if status == EMPTY_TASK else [_line(business, each, order) for each in order["line_items"]]
    return {
        "SaleOrderNumber": f"SO-{10_000 + order['number']}",
        "Memo": "",
        "Status": status,
        "Lines": lines,
        "AdditionalCharges": [],
        "TotalBeforeTax": order["total_price"],
        "Tax": order["total_tax"] or 0,
        "Total": round(order["total_price"] + (order["total_tax"] or 0), 2),
    }


def _line(business: Business, line: Record, order: Record) -> Record:
    price, quantity = line["unit_price"] or 0, line["quantity"]
    discount = 10 if line["discount_amount"] else 0
    return {
        "ProductID": sold(business, line["product_id"]),
        "SKU": line["sku"] or f"NOSKU-{business.number('products', line['product_id'])}",
        "Name": "",
        "Quantity": quantity,
        "Price": price,
        "Discount": discount,
        "Tax": 0,
        "TaxRule": "Tax Exempt",
        "Comment": "",
        "DropShip": order["type"] == "dropship",
        "BackorderQuantity": quantity if order["status"] == "backordered" else 0,
        "Total": round(quantity * price * (100 - discount) / 100, 2),
    }


def _empty(sale: str) -> Record:
    """The placeholder of a part that does not exist."""
    return {"TaskID": sale, "Status": EMPTY_TASK, "Lines": [], "Restock": [], "Refunds": []}


_NOTES = {"received": "AUTHORISED", "cancelled": "VOIDED"}


def _note(business: Business, held: Record) -> Record:
    """A credit note; what was put back into stock stands beside what was credited."""
    status = _NOTES.get(held["status"], "DRAFT")
    back = [(line, line["restocked_quantity"]) for line in held["line_items"] if line["restocked_quantity"]]
    place = business.world.warehouses[0]
    put_back = {"Location": warehouse_name(business, place), "LocationID": guid("warehouse", place)}
    return {
        "TaskID": guid("credit", held["id"]),
        "CreditNoteNumber": f"CR-{held['number']:05d}",
        "CreditNoteInvoiceNumber": "",
        "CreditNoteDate": date(held["created_at"]),
        "Memo": "Příliš malé, Ana Invented",
        "Status": status,
        "Lines": [
            {**_piece(business, each, each["expected_quantity"]), "Price": 1, "Total": 1} for each in held["line_items"]
        ],
        "Restock": [{**_piece(business, line, quantity), **put_back, "BatchSN": ""} for line, quantity in back],
        "Refunds": [],
        "Total": len(held["line_items"]),
    }


def _piece(business: Business, line: Record, quantity: int) -> Record:
    number = business.number("inventory", line["inventory_item_id"])
    return {
        "ProductID": item_product(business, line["inventory_item_id"]),
        "SKU": line["sku"] or f"NOSKU-{number}",
        "Quantity": quantity,
    }


def _alone(business: Business, held: Record) -> Record:
    """A credit note without a sale: it is on the list of credit notes only."""
    own = guid("sale", held["id"])
    nobody = {"number": held["number"], "created_at": held["created_at"]}
    return {
        **_head(nobody, own),
        "_created": held["created_at"],
        "_warehouse": guid("warehouse", business.world.warehouses[0]),
        "CustomerReference": "",
        "Carrier": "",
        "CustomerCurrency": BASE_CURRENCY,
        "ShippingAddress": address(None),
        "ShipBy": None,
        "Location": warehouse_name(business, business.world.warehouses[0]),
        "SourceChannel": None,
        "LastModifiedOn": stamp(held["updated_at"]),
        "Type": "Credit Note",
        **dict.fromkeys(("Status", *_AXES[2:], "FulFilmentStatus"), EMPTY_TASK),
        "Order": {"SaleOrderNumber": "", "Memo": "", "Status": EMPTY_TASK, "Lines": [], "Tax": 0, "Total": 0},
        "Fulfilments": [],
        "CreditNotes": [_note(business, held)],
    }
