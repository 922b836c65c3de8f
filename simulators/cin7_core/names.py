"""GUIDs, names and dates as this vendor writes them."""

from __future__ import annotations

import hashlib

from simulators.business.business import Business
from simulators.business.spec import Record

EMPTY_TASK = "NOT AVAILABLE"


def shown(record: Record) -> Record:
    """A record as answers show it: what begins with a stroke is our own knowledge, ids behind names for example."""
    return {name: value for name, value in record.items() if not name.startswith("_")}


def guid(kind: str, key: str | int) -> str:
    """The GUID of a thing of the business, the same for ever; kinds do not meet."""
    digits = hashlib.sha256(f"{kind}:{key}".encode()).hexdigest()
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-8{digits[17:20]}-{digits[20:32]}"


def date(moment: str | None) -> str | None:
    """A calendar date: midnight, without a zone."""
    return None if moment is None else f"{moment[:10]}T00:00:00"


def stamp(moment: str) -> str:
    """A modification moment, in UTC with its fraction."""
    return moment.replace("Z", ".517Z")


def warehouse_name(business: Business, warehouse: str | None) -> str | None:
    """A warehouse's first name: what becomes of documents when the location that they name is renamed is unknown."""
    held = business.get("warehouses", warehouse)
    return None if held is None else str(held["name"]).split(" · ")[0]


def bin_name(business: Business, warehouse: str, place: str) -> str:
    held = business.get("locations", f"{warehouse}/{place}")
    return (held or {}).get("name") or place


def bin_guid(warehouse: str, place: str) -> str:
    return guid("bin", f"{warehouse}/{place}")


def product_guid(number: int) -> str:
    """The plain product, and the item, of a number: here they are one."""
    return guid("product", number)


def kit_guid(kit: Record) -> str:
    return guid("kit", kit["id"])


def sold(business: Business, product_id: str) -> str:
    """The product that an order names, plain or a kit."""
    held = business.get("products", product_id)
    return kit_guid(held) if held and held["is_kit"] else product_guid(business.number("products", product_id))


def item_product(business: Business, item_id: str) -> str:
    """The product behind a stock item that another record names."""
    return product_guid(business.number("inventory", item_id))


def address(place: Record | None) -> Record:
    """An address with what the reference calls its parts; the two display lines repeat them."""
    told = place or {}
    return {
        "DisplayAddressLine1": told.get("address1") or "",
        "DisplayAddressLine2": f"{told.get('city') or ''} {told.get('postal_code') or ''}".strip(),
        "Line1": told.get("address1"),
        "Line2": told.get("address2") or "",
        "City": told.get("city"),
        "State": told.get("state") or "",
        "Postcode": told.get("postal_code") or "",
        "Country": told.get("country"),
    }
