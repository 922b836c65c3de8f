"""GET /product: every variant is a product of its own. `product` holds what the vendor says of all its variants.

A bundle's definition names variants; `component_inventory` says which stock item each of them is.
"""

from __future__ import annotations

from planster_sync.connectors.shipbob.shapes import Defaults, measured
from planster_sync.connectors.shipbob.statuses import ACTIVE
from planster_sync.mapping.fields import Fields
from planster_sync.mapping.instants import instant
from planster_sync.mapping.measures import MeasureNames
from planster_sync.mapping.numbers import money, required_quantity
from planster_sync.mapping.words import folded
from planster_sync.model.products import Component, Product
from planster_sync.model.record import Money

_NAMES = MeasureNames(
    "dimension.length", "dimension.width", "dimension.height", "weight.weight", "dimension.unit", "weight.unit"
)


def product(source: Fields, defaults: Defaults) -> Product:
    is_kit = _is_kit(source)
    return Product(
        id=source.identifier("id") or f"product/{source.required_id('product.id')}",  # a product without variants
        created_at=instant(source, "created_on", defaults.zone),
        updated_at=instant(source, "updated_on", defaults.zone),
        sku=source.text("sku"),
        name=source.text("name") or source.text("product.name"),
        active=ACTIVE.get(folded(source.text("status") or "")),
        barcodes=_barcodes(source),
        is_kit=is_kit,
        holds_own_stock=False if is_kit else None,
        components=source.each("bundle_definition", _component) if is_kit else _itself(source),
        unit_price=_price(source, defaults),
        country_of_origin=source.text("customs.country_code_of_origin"),
        harmonized_code=source.text("customs.hs_tariff_code"),
        category=source.text("product.taxonomy.path") or source.text("product.taxonomy.name"),
        measurements=measured(source, _NAMES),
    )


def _is_kit(source: Fields) -> bool | None:
    if source.children("bundle_definition"):
        return True
    kind = source.text("product.type")
    return None if kind is None else folded(kind) == "bundle"


def _component(source: Fields) -> Component:
    """A part of a bundle; one whose stock item nobody knows keeps its variant's id, marked as such."""
    variant = source.required_id("variant_id")
    known = source.above.child("component_inventory").identifier(variant) if source.above else None
    return Component(
        inventory_item_id=known or f"variant/{variant}",
        sku=source.text("variant_sku"),
        quantity=required_quantity(source, "quantity"),
    )


def _itself(source: Fields) -> tuple[Component, ...]:
    item = source.identifier("inventory.inventory_id")
    return (Component(inventory_item_id=item, sku=source.text("sku"), quantity=1),) if item else ()


def _barcodes(source: Fields) -> tuple[str, ...]:
    found = (*(each.text("value") for each in source.children("barcodes")), source.text("upc"), source.text("gtin"))
    return tuple(dict.fromkeys(each for each in found if each))


def _price(source: Fields, defaults: Defaults) -> Money | None:
    """The price that all channels agree on; they may differ, and then there is none."""
    prices = {
        money(each, "price", each.text("currency") or defaults.currency)
        for each in source.children("channel_metadata")
        if each.has("price")
    }
    return prices.pop() if len(prices) == 1 else None
