"""The vendor's own ids, codes, references and words for what the business knows."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from simulators.business.articles import Article
from simulators.business.business import Business
from simulators.business.spec import Record

UNIT = "MERCH"
"""The merchant's business unit: one per tenant here."""

TENANT = "SIM"
PROVIDER = "BIG3PL"
"""The business unit of the warehouse itself, which owns the facilities."""

FIRST_ITEM, FIRST_KIT, FIRST_ORDER, FIRST_CUSTOMER_ORDER = 10_000, 5_000_000, 30_000, 7_000_000
CASE = 12

ORDER_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "open": "New",
        "confirmed": "Ready for Fulfillment",
        "processing": "Released",
        "picked": "Pick Complete",
        "packed": "Staged",
        "partially_fulfilled": "Partially Shipped",
        "fulfilled": "Ship Complete",
        "backordered": "Back Ordered",
        "exception": "Needs Attention",
        "cancelled": "Canceled",
        "on_hold_custom": "Hold",
        "other": "Customs Review",
    }
)
CUSTOMER_ORDER_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "open": "New",
        "confirmed": "Sourced",
        "processing": "Allocated",
        "picked": "InFulfillment",
        "packed": "InFulfillment",
        "partially_fulfilled": "Partially InFulfillment",
        "fulfilled": "Complete",
        "backordered": "Back Ordered",
        "exception": "Review",
        "cancelled": "Canceled",
        "on_hold_custom": "Review",
        "other": "Customs Review",
    }
)
INBOUND_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "open": "New",
        "in-transit": "In-Transit",
        "receiving": "Partial Receipt",
        "received": "Received",
        "cancelled": "Canceled",
        "other": "Closed",
        "quarantined": "Quarantined",
    }
)
RETURN_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "open": "New",
        "in-transit": "Hold",
        "receiving": "Receiving",
        "received": "Received",
        "cancelled": "Canceled",
        "other": "Partial Receipt",
        "quarantined": "Quarantined",
    }
)
SHIPMENT_WORDS: Mapping[str, str] = MappingProxyType(
    {"shipped": "Shipped", "cancelled": "Rolled Back", "other": "Shipping"}
)
CHARGE_WORDS: Mapping[str, str] = MappingProxyType(
    {"shipping": "Shipment", "storage": "Storage", "pick": "Pick", "pack": "Pack"}
)
ZONES = ("US/Eastern", "US/Central", "US/Pacific")


def ref(own: int | None, /, **key: Any) -> Record:
    """A reference: an id, and the business key that names the same thing; `__` stands for a dot in a key's name."""
    return {"id": own, "businessKey": {name.replace("__", "."): value for name, value in key.items()}}


def unit(code: str = UNIT) -> Record:
    return ref(7 if code == UNIT else 1, code=code)


def stamps(record: Record) -> Record:
    return {"createdDate": record["created_at"], "updatedDate": record["updated_at"]}


def collection(rows: list[Any]) -> Record:
    """A nested collection with all its rows, as it is kept; `answers.shown` cuts it off."""
    return {"data": rows, "links": [], "complete": True, "pages": 1 if rows else 0}


def item_ref(business: Business, inventory_id: str) -> Record:
    """The reference to the article of an item of the business."""
    record = business.get("inventory", inventory_id) or {}
    return _article_ref(record["number"], record["sku"])


def product_ref(business: Business, product_id: str) -> Record:
    """The reference to the article, or the kit, that is a product of the business."""
    record = business.get("products", product_id) or {}
    if record["is_kit"]:
        return ref(FIRST_KIT + record["number"], number=record["sku"], businessUnit__code=UNIT)
    return _article_ref(record["number"], record["sku"])


def article_ref(article: Article) -> Record:
    return _article_ref(article.number, article.sku)


def _article_ref(number: int, sku: str | None) -> Record:
    return ref(FIRST_ITEM + number, number=sku or f"NOSKU-{number}", businessUnit__code=UNIT)


def pack_ref(item: Record, quantity: int) -> Record:
    key = {"item__number": item["businessKey"]["number"], "quantity": quantity, "item__businessUnit__code": UNIT}
    return ref(item["id"] * 10 + (1 if quantity == 1 else 2), **key)


def facility_ref(business: Business, warehouse_id: str | None) -> Record | None:
    if warehouse_id is None:
        return None
    number = business.number("warehouses", warehouse_id)
    return ref(number + 1, number=facility_number(number))


def facility_number(number: int) -> str:
    return f"DC{number + 1}"


def partner_code(number: int) -> str:
    return f"V-{number:04d}"


def partner_ref(business: Business, supplier: Record | None) -> Record | None:
    if supplier is None:
        return None
    number = business.number("suppliers", supplier["supplier_id"])
    return ref(100 + number, code=partner_code(number), businessUnit__code=UNIT)


def address(told: Record | None) -> Record | None:
    """An address as the vendor keeps it; the person is in the contact beside it."""
    if told is None:
        return None
    lines = {"line1": told["address1"], "line2": told["address2"], "city": told["city"]}
    return {**lines, "stateProvince": told["state"], "postalCode": told["postal_code"], "country": told["country"]}


def contact(told: Record) -> Record:
    first, _, last = (told.get("full_name") or "").partition(" ")
    return {"firstName": first, "lastName": last, "phone": told.get("phone_number"), "email": told.get("email_address")}
