"""Stock: GET /inventory-level, with what /inventory, /inventory-level/locations and .../lots say of the same item.

On hand is committed plus fulfillable. Exception is what orders out of stock want, no stock; sellable is fulfillable
less that, and for the whole network only. Internal transfer is on its way between centres, and in none of these.
"""

from __future__ import annotations

from collections.abc import Iterator

from planster_sync.connectors.shipbob.shapes import measured
from planster_sync.mapping.fields import Fields
from planster_sync.mapping.instants import day
from planster_sync.mapping.measures import MeasureNames
from planster_sync.mapping.numbers import quantity
from planster_sync.model.inventory import InventoryLevel, Lot, WarehouseStock

_NAMES = MeasureNames(
    "dimensions.length", "dimensions.width", "dimensions.height", "weight.value", "dimensions.unit", "weight.unit"
)


def inventory_level(source: Fields) -> InventoryLevel:
    stock = Fields({}) if source.flag("variant.is_bundle") else source  # a bundle's stock is that of its components
    return InventoryLevel(
        id=source.required_id("inventory_id"),
        sku=source.text("sku"),
        name=source.text("name"),
        active=source.flag("variant.is_active"),
        on_hand=quantity(stock, "total_on_hand_quantity"),
        committed=quantity(stock, "total_committed_quantity"),
        fulfillable=quantity(stock, "total_fulfillable_quantity"),
        awaiting=quantity(stock, "total_awaiting_quantity"),
        sellable=quantity(stock, "total_sellable_quantity"),
        backordered=quantity(stock, "total_backordered_quantity"),
        warehouses=tuple(sorted(stock.each("locations", _warehouse), key=lambda each: each.warehouse_id)),
        lots=tuple(_lots(stock)),
        measurements=measured(source, _NAMES),
    )


def _warehouse(source: Fields) -> WarehouseStock:
    return WarehouseStock(
        warehouse_id=source.required_id("location_id"),
        on_hand=quantity(source, "on_hand_quantity"),
        committed=quantity(source, "committed_quantity"),
        fulfillable=quantity(source, "fulfillable_quantity"),
        awaiting=quantity(source, "awaiting_quantity"),
    )


def _lots(source: Fields) -> Iterator[Lot]:
    """Each lot in each centre, or once where it is not split. Stock without a lot number is no lot."""
    for lot in source.children("lots"):
        number = lot.text("lot_number")
        for part in (lot.children("locations") or (lot,)) if number else ():
            yield Lot(
                lot_id=number or "",
                on_hand=quantity(part, "on_hand_quantity"),
                expires_on=day(lot, "lot_date"),
                warehouse_id=part.identifier("location_id"),
            )
