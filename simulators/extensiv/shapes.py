"""What the vendor's records have in common: numbers for ids, local times without a zone, identifier objects, rels."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from simulators.business.business import Business
from simulators.business.spec import Record

ZONE = ZoneInfo("America/New_York")
"""Where the warehouse's system stands: every time is local to it and carries no offset."""

LOCAL = "%Y-%m-%dT%H:%M:%S"
MODIFIED = f"{LOCAL}.0000000"
"""Times come with seven decimals or with none."""

RELS = "http://api.3plCentral.com/rels/"
ORDER_ITEM, PACKAGE, CONTENT = f"{RELS}orders/item", f"{RELS}orders/package", f"{RELS}orders/packagecontent"
RECEIVE_ITEM = f"{RELS}inventory/receiveritem"

CUSTOMERS, FACILITIES, CHANNELS, SUPPLIERS = 41, 1, 71, 12
ITEMS, KITS, ORDERS, INBOUND, RETURNS, PLACES = 5_000, 500_000, 880_000, 70_000, 170_000, 9_000
"""Where the numbers of each kind begin; business numbers are added."""

OPEN, CLOSED, CANCELED = 0, 1, 2
"""What `readOnly.status` says of an order or receiver."""

OTHER_CARRIER = "Other"
EACH: Mapping[str, Any] = {"name": "Each", "id": 1}


def local(text: str) -> str:
    """A moment of the business (UTC) as the warehouse's clock shows it."""
    return datetime.fromisoformat(text).astimezone(ZONE).strftime(LOCAL)


def modified(text: str) -> str:
    return f"{local(text)}.0000000"


def told(record: Record) -> Record:
    """The record as HAL has it: what is null is left out."""
    return {name: value for name, value in record.items() if value is not None}


def first_name(record: Record | None) -> str | None:
    """What a record was called at first: transactions are not modified when what they name is renamed."""
    name: str | None = (record or {}).get("name")
    return name and name.split(" · ")[0]


def customer(business: Business, key: str | None) -> Record:
    number = business.number("warehouse_customers", key or business.world.customers[0])
    name = first_name(business.get("warehouse_customers", key or business.world.customers[0]))
    return {"externalId": f"C{number}", "name": name, "id": CUSTOMERS + number}


def facility(business: Business, key: str | None) -> Record:
    """The facility; who names none is given the first: at the vendor every transaction has one."""
    key = key or business.world.warehouses[0]
    name = first_name(business.get("warehouses", key))
    return {"name": name, "id": FACILITIES + business.number("warehouses", key)}


def qualifier(number: int) -> str:
    """The variant in which all stock of an item lies; most have none."""
    return "BLUE" if number % 20 == 6 else ""


def item(number: int, sku: str | None) -> Record:
    """Which item a line is of."""
    identifier = {"sku": sku or f"NOSKU-{number}", "id": ITEMS + number}
    return {"itemIdentifier": identifier, "qualifier": qualifier(number)}


def stock_item(business: Business, key: str, sku: str | None) -> Record:
    """The item behind an item of the business's stock."""
    return item(business.number("inventory", key), sku)


def product_item(business: Business, key: str, sku: str | None) -> Record:
    """The item behind a product of the business: a plain one, or a kit, which is an item too."""
    record = business.get("products", key)
    number = business.number("products", key)
    if record is not None and record["is_kit"]:
        return {"itemIdentifier": {"sku": sku, "id": KITS + number}, "qualifier": ""}
    return item(number, sku)
