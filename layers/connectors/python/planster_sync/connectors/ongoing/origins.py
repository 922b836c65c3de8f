"""What the coverage tables of several data types have in common: rules, times, owners, suppliers."""

from __future__ import annotations

from planster_sync.ports.source import Origin, taken

Table = dict[str, Origin]

NUMBERED = "by number, each standing for the stage that begins at it or below it; below the first: other"
WORD = "by table, unknown words become other"
CURRENCY = "in the setting currency, where none is named"
DAY = "the calendar day as written"
LOCAL = "in the setting zone, where the time names none; a bare day begins at midnight"
KEY = "the supplier's number; without one, name: and the name in small letters"


def at(field: str) -> Origin:
    return taken(field, rule=LOCAL)


OWNER: Table = {"warehouse_customer_id": taken("goodsOwner.id")}
PLACE: Table = {
    "region": taken("countryStateCode"),
    "postal_code": taken("postCode"),
    "country": taken("countryCode"),
}
SUPPLIER: Table = {
    "supplier_id": taken("supplierInfo.supplierNumber", "supplierInfo.supplierName", rule=KEY),
    "supplier_name": taken("supplierInfo.supplierName"),
}
