"""GET /customers/{id}/items. Quantities everywhere are in the item's inventory unit, which is our each.

Of the barcodes only the inventory unit's is read: those of cartons and pallets stand for several pieces.
"""

from __future__ import annotations

from planster_sync.connectors.extensiv.shapes import Terms, item_key
from planster_sync.mapping.fields import Fields
from planster_sync.mapping.measures import MeasureNames, measurements
from planster_sync.mapping.numbers import required_quantity
from planster_sync.model.products import Component, Product

_NAMES = MeasureNames()
IMPERIAL = ("in", "lb")
"""What `imperial` is measured in (assumption: no page states it)."""


def product(source: Fields, terms: Terms) -> Product:
    owned = terms.owned(source, "itemId")
    sku, barcode = source.text("sku"), source.text("upc")
    deactivated = source.flag("readOnly.deactivated")
    parts = source.each("kit.components", _component)
    return Product(
        **owned,
        sku=sku,
        name=source.text("description"),
        active=None if deactivated is None else not deactivated,
        barcodes=(barcode,) if barcode else (),
        is_kit=bool(parts),
        holds_own_stock=True if parts else None,  # kits are assembled ahead, out of their components (assumption)
        components=parts or (Component(inventory_item_id=owned["id"], sku=sku, quantity=1),),
        unit_price=terms.money(source, "price"),
        unit_cost=terms.money(source, "cost"),
        country_of_origin=source.text("countryOfManufacture"),
        harmonized_code=source.text("harmonizedCode"),
        category=source.text("classificationIdentifier.name"),
        measurements=measurements(source.child("options.inventoryUnit.imperial"), _NAMES, units=IMPERIAL),
    )


def _component(source: Fields) -> Component:
    source.required_id("itemIdentifier.id")
    return Component(
        inventory_item_id=item_key(source) or "",
        sku=source.text("itemIdentifier.sku"),
        quantity=required_quantity(source, "qty"),
    )
