"""Products and their variants: two articles are variants of one product, a kit is a bundle of its own."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from simulators.business.business import Business
from simulators.business.spec import Record
from simulators.business.view import TextStamp, View, by_id
from simulators.shipbob.words import CHANNEL, ITEM, KIT_PRODUCT, KIT_VARIANT, LEGACY, PRODUCT, VARIANT


def _products(business: Business) -> Iterator[Record]:
    plain = [record for record in business.records("products") if not record["is_kit"]]
    plain.sort(key=lambda record: record["number"])
    for number, pair in groupby(plain, key=lambda record: record["number"] // 2):
        records = list(pair)
        yield _product(PRODUCT + number, "Regular", records, [_variant(business, each) for each in records])
    for record in business.records("products"):
        if record["is_kit"]:
            yield _product(KIT_PRODUCT + record["number"], "Bundle", [record], [_bundle(business, record)])


def _product(product_id: int, kind: str, records: list[Record], variants: list[Record]) -> Record:
    shelf = product_id % 4
    path = None if shelf == 2 else f"Home > Shelf {shelf}"
    taxonomy = {"id": shelf, "name": f"Shelf {shelf}", "parent_id": 1, "parent_name": "Home", "path": path}
    return {
        "id": product_id,
        "name": records[0]["name"],
        "type": kind,
        "taxonomy": None if shelf == 3 else taxonomy,
        "user_id": 77,
        "created_on": min(record["created_at"] for record in records),
        "updated_on": max(record["updated_at"] for record in records),
        "variants": variants,
    }


def _variant(business: Business, record: Record) -> Record:
    number = record["number"]
    item = business.number("inventory", record["inventory_items"][0]["inventory_item_id"])
    inventory = {"inventory_id": ITEM + item, "on_hand_qty": 0}
    return {**_common(VARIANT + number, record), "inventory": inventory, "bundle_definition": []}


def _bundle(business: Business, record: Record) -> Record:
    parts = [_part(business, part) for part in record["inventory_items"]]
    own = _common(KIT_VARIANT + record["number"], record)
    return {**own, "inventory": {"inventory_id": None, "on_hand_qty": 0}, "bundle_definition": parts}


def _part(business: Business, part: Record) -> Record:
    """A component names the variant of the plain product of the same number as the item."""
    number = business.number("inventory", part["inventory_item_id"])
    return {
        "product_id": PRODUCT + number // 2,
        "variant_id": VARIANT + number,
        "variant_sku": part["sku"],
        "variant_name": f"Part {number}",
        "quantity": part["unit_quantity"],
    }


def _common(variant_id: int, record: Record) -> Record:
    number = record["number"]
    return {
        "id": variant_id,
        "name": None if number % 8 == 3 else record["name"],
        "sku": record["sku"] or "",
        "status": "Active" if record["active"] else "Inactive",
        **_codes(record["gtin"] or ""),
        **_measures(number),
        "customs": _customs(record),
        "lot_information": {"is_lot": False, "minimum_shelf_life_days": None},
        "is_digital": False,
        "associated_bundles": [],
        "merge_children": [],
        "reviews_pending": [],
        "channel_metadata": list(_offers(record)),
        "created_on": record["created_at"],
        "updated_on": record["updated_at"],
        "is_image_uploaded": False,
    }


def _codes(gtin: str) -> Record:
    return {"upc": gtin[:12], "gtin": gtin, "barcodes": [{"value": gtin, "sticker_url": None}] if gtin else []}


def _measures(number: int) -> Record:
    """Some were never measured, which is 0."""
    sides = {"length": number % 3, "width": 2.5, "height": 4}
    dimension = {**sides, "unit": "inch", "is_locked": False, "source": "UserEntry"}
    return {"weight": {"weight": number % 5, "unit": "oz"}, "dimension": dimension}


def _customs(record: Record) -> dict[str, Any]:
    return {
        "value": record["number"] % 90,
        "currency": "USD",
        "country_code_of_origin": record["country_of_origin"] or "",
        "hs_tariff_code": record["harmonized_code"] or "",
        "description": "",
        "is321_eligible": False,
    }


def _offers(record: Record) -> Iterator[Record]:
    """What channels ask for it: mostly the same, one in ten differs, and some have no price."""
    number, price = record["number"], record["unit_price"]
    for place in range(1 + number % 2):
        asked = price if price is None or place == 0 or number % 10 != 7 else round(price + 1, 2)
        yield {
            "id": number * 10 + place,
            "channel_id": CHANNEL + place,
            "channel_name": f"Shop {place}",
            "platform": "Shopify",
            "seller_sku": record["sku"],
            "price": asked,
            "currency": "USD" if number % 6 else None,
            "is_inventory_sync_enabled": True,
            "legacy_product_id": LEGACY + number,
        }


PRODUCTS = View(_products, by_id, TextStamp("updated_on"))
