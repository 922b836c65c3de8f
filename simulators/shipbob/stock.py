"""Inventory items: one record with all that the four inventory lists tell of it.

On hand is committed plus fulfillable; what the business calls unfulfillable is in both, and is exception here, so that
sellable is on hand less committed less exception.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from simulators.business.business import Business
from simulators.business.spec import Record
from simulators.business.view import View
from simulators.shipbob.words import CENTRE, ITEM, LENGTHS, WEIGHTS

TOTALS = ("on_hand", "committed", "fulfillable", "awaiting", "internal_transfer")
"""The quantities that centres have as well."""

OF_ITEM = ("inventory_id", "name", "sku")


def _items(business: Business) -> Iterator[Record]:
    centres = {record["id"]: CENTRE + record["number"] for record in business.records("warehouses")}
    for item in business.records("inventory"):
        yield _item(item, centres)


def _item(item: Record, centres: Mapping[str, int]) -> Record:
    split = item["inventory_by_warehouse_id"]
    locations = [
        _centre(centres[house], stock, item["number"], place) for place, (house, stock) in enumerate(split.items())
    ]
    totals = {name: sum(each[f"{name}_quantity"] for each in locations) for name in TOTALS}
    exception = totals["fulfillable"] - sum(stock["fulfillable"] for stock in split.values())
    lots = [_lot(lot, centres) for lot in item["lots"]]
    return {
        "inventory_id": ITEM + item["number"],
        "name": item["name"],
        "sku": item["sku"],
        **{f"total_{name}_quantity": total for name, total in totals.items()},
        "total_exception_quantity": exception,
        "total_sellable_quantity": totals["fulfillable"] - exception,
        "total_backordered_quantity": max(0, exception - totals["fulfillable"]),
        "locations": locations,
        "lots": lots,
        "item": {**_measured(item["measurements"]), **_kept(item, lots)},
    }


def _centre(centre: int, stock: Record, number: int, place: int) -> Record:
    return {
        "location_id": centre,
        "name": f"Centre {centre}",
        "on_hand_quantity": stock["onhand"],
        "committed_quantity": stock["committed"],
        "fulfillable_quantity": stock["onhand"] - stock["committed"],
        "awaiting_quantity": stock["awaiting"],
        "internal_transfer_quantity": 6 if number % 11 == 3 and place == 0 else 0,
    }


def _lot(lot: Record, centres: Mapping[str, int]) -> Record:
    """A lot; one whose warehouse nobody tells is not split."""
    house = lot.get("warehouse_id")
    expires = lot["expiration_date"]
    parts = (
        [{"location_id": centres[house], "name": f"Centre {centres[house]}", "on_hand_quantity": lot["onhand"]}]
        if house
        else None
    )
    return {
        "lot_number": lot["lot_id"],
        "lot_date": None if expires is None else f"{expires[:10]}T00:00:00Z",
        "on_hand_quantity": lot["onhand"],
        "committed_quantity": 0,
        "fulfillable_quantity": lot["onhand"],
        "awaiting_quantity": 0,
        "internal_transfer_quantity": 0,
        "locations": parts,
    }


def _measured(told: Record) -> Record:
    """Units in words here; what was never measured is 0."""
    unit, weight = LENGTHS.get(told["unit"] or "", "inches"), WEIGHTS.get(told["weight_unit"] or "", "ounces")
    sides = {name: told[name] or 0 for name in ("length", "width", "height")}
    return {
        "dimensions": {**sides, "unit": unit, "is_locked": False, "validated": True},
        "weight": {"value": told["weight"] or 0, "unit": weight},
    }


def _kept(item: Record, lots: list[Record]) -> Record:
    hazmat = {"is_hazmat": False, "validated": True}
    variant = {"is_active": item["active"], "is_bundle": False, "is_digital": False, "hazmat": hazmat}
    return {"barcode": None, "user_id": 77, "is_case": False, "is_lot": bool(lots), "variant": variant}


def level(record: Record) -> Record:
    """What /inventory-level tells: totals over the network."""
    return {name: value for name, value in record.items() if name in OF_ITEM or name.startswith("total_")}


def split(record: Record) -> Record:
    """What /inventory-level/locations tells."""
    return {**{name: record[name] for name in OF_ITEM}, "locations": record["locations"]}


def by_lot(record: Record) -> Record:
    """What /inventory-level/lots tells."""
    return {**{name: record[name] for name in OF_ITEM}, "lots": record["lots"]}


def item(record: Record) -> Record:
    """What /inventory tells: the item without its quantities."""
    return {**{name: record[name] for name in OF_ITEM}, **record["item"]}


STOCK = View(_items, lambda record: int(record["inventory_id"]))
