"""What must be stored of the simulated vendor's stock and products."""

from __future__ import annotations

from collections.abc import Sequence

from local_cloud.agreement import Cash, Expected, Fields, Source
from simulators.shipbob.readings.values import GRAMS, MILLIMETRES, cash, converted, day, identity, moment

_NETWORK = ("on_hand", "committed", "fulfillable", "awaiting", "sellable", "backordered")
_CENTRE = ("on_hand", "committed", "fulfillable", "awaiting")


def inventory_level(source: Source) -> Expected:
    """Nothing is unsellable here, and what is on its way between centres is neither on hand nor awaited."""
    item = source["item"]
    centres = [
        {"warehouse_id": str(each["location_id"]), **{name: each[f"{name}_quantity"] for name in _CENTRE}}
        for each in source["locations"]
    ]
    sizes = _measures(item["dimensions"], item["weight"], "value")
    yield (
        str(source["inventory_id"]),
        {
            "sku": source["sku"],
            "name": source["name"],
            "active": item["variant"]["is_active"],
            **{name: source[f"total_{name}_quantity"] for name in _NETWORK},
            "unsellable": None,
            "unit_cost": None,
            "warehouses": sorted(centres, key=lambda each: str(each["warehouse_id"])),
            "lots": [part for lot in source["lots"] for part in _lot(lot)],
            "measurements": sizes if any(sizes.values()) else None,
        },
    )


def _lot(lot: Source) -> Sequence[Fields]:
    parts = lot["locations"] or [{"location_id": None, "on_hand_quantity": lot["on_hand_quantity"]}]
    return [
        {
            "lot_id": lot["lot_number"],
            "expires_on": day(lot["lot_date"]),
            "on_hand": part["on_hand_quantity"],
            "warehouse_id": identity(part["location_id"]),
        }
        for part in parts
    ]


def _measures(size: Source, weight: Source, mass: str) -> Fields:
    sides = {f"{side}_mm": converted(size[side], MILLIMETRES, size["unit"]) for side in ("length", "width", "height")}
    return {**sides, "weight_g": converted(weight[mass], GRAMS, weight["unit"])}


def products(source: Source) -> Expected:
    """Each variant, as a product of its own."""
    for variant in source["variants"]:
        yield str(variant["id"]), _variant(source, variant)


def _variant(product: Source, variant: Source) -> Fields:
    is_kit = product["type"] == "Bundle"
    barcodes = [*(each["value"] for each in variant["barcodes"]), variant["upc"], variant["gtin"]]
    taxonomy = product["taxonomy"] or {}
    customs = variant["customs"]
    return {
        "created_at": moment(variant["created_on"]),
        "updated_at": moment(variant["updated_on"]),
        "sku": variant["sku"] or None,
        "name": variant["name"] or product["name"],
        "active": variant["status"] == "Active",
        "barcodes": list(dict.fromkeys(each for each in barcodes if each)),
        "is_kit": is_kit,
        "holds_own_stock": False if is_kit else None,
        "components": [_component(part) for part in variant["bundle_definition"]] if is_kit else _itself(variant),
        "unit_price": _price(variant),
        "unit_cost": None,
        "country_of_origin": customs["country_code_of_origin"] or None,
        "harmonized_code": customs["hs_tariff_code"] or None,
        "category": taxonomy.get("path") or taxonomy.get("name"),
        "measurements": _measures(variant["dimension"], variant["weight"], "weight"),
    }


def _component(part: Source) -> Fields:
    """Variant 9,000,000 + n is of stock item 7,000,000 + n here, for all that bundles may name."""
    item = str(part["variant_id"] - 2_000_000)
    return {"inventory_item_id": item, "sku": part["variant_sku"], "quantity": part["quantity"]}


def _itself(variant: Source) -> list[Fields]:
    item = str(variant["inventory"]["inventory_id"])
    return [{"inventory_item_id": item, "sku": variant["sku"] or None, "quantity": 1}]


def _price(variant: Source) -> Cash | None:
    """One price for all channels, or none; dollars where no currency is named."""
    asked = {
        (each["price"], each["currency"] or "USD") for each in variant["channel_metadata"] if each["price"] is not None
    }
    return cash(*asked.pop()) if len(asked) == 1 else None
