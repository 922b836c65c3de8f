"""The vendor's ids: base64 of a type and a number, the number alone being the legacy id."""

from __future__ import annotations

import base64
import binascii

from simulators.business.business import Business
from simulators.business.spec import Record

ARTICLES, KITS = 1_000, 500_000
"""Where the numbers of plain products and of kits begin."""


def uid(kind: str, number: int) -> str:
    return base64.b64encode(f"{kind}:{number}".encode()).decode()


def number_of(given: str | None) -> int | None:
    """The legacy number in an id; None where it is no id."""
    try:
        _, _, number = base64.b64decode(given or "", validate=True).decode().partition(":")
    except (binascii.Error, UnicodeError):
        return None
    return int(number) if number.isdecimal() else None


def named(kind: str, number: int) -> Record:
    return {"id": uid(kind, number), "legacy_id": number}


def product_id(business: Business, key: str) -> str:
    """The id of a plain product or a kit of the business."""
    record = business.get("products", key)
    if record is None:
        raise KeyError(key)
    return uid("ProductInfo", (KITS if record["is_kit"] else ARTICLES) + record["number"])


def stocked_id(business: Business, item: str) -> str:
    """The id of the product that a stock item is."""
    return uid("ProductInfo", ARTICLES + business.number("inventory", item))


def warehouse_id(business: Business, key: str | None) -> str:
    """A warehouse's id; the first one's where the business names none, for the vendor knows no order without."""
    number = business.number("warehouses", key) if key is not None else 0
    return uid("Warehouse", 11_000 + number)


def customer_id(business: Business, key: str | None) -> str:
    """The account that owns something: a merchant's, or the 3PL's own."""
    if key is None:
        return own_account(business)
    return uid("Account", 7_000 + business.number("warehouse_customers", key))


def own_account(business: Business) -> str:
    return uid("Account", 6_000 + business.spec.seed)


def vendor_id(business: Business, supplier: Record | None) -> str | None:
    if supplier is None:
        return None
    return uid("Vendor", 70 + business.number("suppliers", supplier["supplier_id"]))


def code_of(sku: str | None, item_number: int) -> str:
    """The SKU; the vendor takes no product without one."""
    return sku or f"NOSKU-{item_number}"


def naive(stamp: str | None) -> str | None:
    """How the vendor spells a moment: UTC without an offset."""
    return None if stamp is None else stamp.removesuffix("Z")


def cash(amount: float | str | None) -> str | None:
    """Money as decimal text."""
    return None if amount is None else f"{float(amount):.2f}"
