"""What the coverage tables of several data types have in common."""

from __future__ import annotations

from planster_sync.connectors.deposco.assumptions import PACK_SIZE
from planster_sync.ports.source import Origin, taken

Table = dict[str, Origin]

WORD = "by table, unknown words become other"
CURRENCY = "in the setting currency, where none is named"
PACKS = "packs times the eaches in a pack"
FIRST = "the first that is there"
PACK = f"pack.{PACK_SIZE}"


def word_of(field: str) -> Origin:
    return taken(field, rule=WORD)


def amount(field: str, *currency: str) -> Origin:
    return taken(field, *currency, rule=CURRENCY)


def eaches_of(field: str) -> Origin:
    return taken(field, PACK, rule=PACKS)


def sides(size: str) -> Table:
    """The sides of a size, each an object with its number and its unit."""
    found: Table = {
        f"{side}_mm": taken(f"{size}.{side}.measurement", f"{size}.length.units", rule="in millimetres")
        for side in ("length", "width", "height")
    }
    return {**found, "length_unit": taken(f"{size}.length.units")}


STAMPS: Table = {"created_at": taken("createdDate"), "updated_at": taken("updatedDate")}
OWNED: Table = {
    "id": taken("self.id"),
    "warehouse_customer_id": taken("businessUnit.businessKey.code"),
    **STAMPS,
}
PLACE: Table = {
    "region": taken("stateProvince"),
    "postal_code": taken("postalCode"),
    "country": taken("country"),
}
ITEM: Table = {
    "inventory_item_id": taken("item.businessKey.number"),
    "sku": taken("item.businessKey.number"),
}
CARRIER: Table = {
    "shipping_method_id": taken("shipVendor", "shipVia", rule="carrier / service"),
    "shipping_method_name": taken("shipVia"),
    "carrier_id": taken("shipVendor"),
    "carrier_name": taken("shipVendor"),
}
