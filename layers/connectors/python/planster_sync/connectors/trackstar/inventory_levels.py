"""GET /wms/inventory: one record per physical item, with its split over warehouses."""

from __future__ import annotations

from decimal import Decimal

from planster_sync.connectors.trackstar.shapes import measured, owned
from planster_sync.mapping.fields import Fields
from planster_sync.mapping.instants import day
from planster_sync.mapping.numbers import money, quantity
from planster_sync.model.inventory import InventoryLevel, LocationStock, Lot, WarehouseStock


def inventory_level(source: Fields, currency: str | None) -> InventoryLevel:
    split = source.entries("inventory_by_warehouse_id")
    return InventoryLevel(
        **owned(source),
        sku=source.text("sku"),
        name=source.text("name"),
        active=source.flag("active"),
        unit_cost=money(source, "unit_cost", currency),
        on_hand=_total(source, split, "onhand"),
        committed=_total(source, split, "committed"),
        fulfillable=_total(source, split, "fulfillable"),
        awaiting=_total(source, split, "awaiting"),
        unsellable=_total(source, split, "unfulfillable"),
        sellable=_total(source, split, "sellable"),
        warehouses=tuple([_warehouse(key, each) for key, each in split]),
        lots=source.each("lots", _lot),
        locations=source.each("locations", _location),
        measurements=measured(source),
        substitute_skus=source.texts("substitute_skus"),
    )


def _total(source: Fields, split: tuple[tuple[str, Fields], ...], name: str) -> int | Decimal | None:
    """A total; null for a 0 that stands for "not provided".

    Totals are never null in the API, the split is: a 0 above warehouses that all say null is not a count.
    """
    total = quantity(source, name)
    if total != 0 or not split or any(each.has(name) for _, each in split):
        return total
    return None


def _warehouse(warehouse_id: str, source: Fields) -> WarehouseStock:
    return WarehouseStock(
        warehouse_id=warehouse_id,
        on_hand=quantity(source, "onhand"),
        committed=quantity(source, "committed"),
        fulfillable=quantity(source, "fulfillable"),
        awaiting=quantity(source, "awaiting"),
        unsellable=quantity(source, "unfulfillable"),  # their `unsellable` is deprecated
        sellable=quantity(source, "sellable"),
    )


def _lot(source: Fields) -> Lot:
    return Lot(
        lot_id=source.required_id("lot_id"),
        on_hand=quantity(source, "onhand"),
        expires_on=day(source, "expiration_date"),
        warehouse_id=source.identifier("warehouse_id"),
    )


def _location(source: Fields) -> LocationStock:
    return LocationStock(
        location_id=source.required_id("location_id"),
        quantity=quantity(source, "quantity"),
        warehouse_id=source.identifier("warehouse_id"),
    )
