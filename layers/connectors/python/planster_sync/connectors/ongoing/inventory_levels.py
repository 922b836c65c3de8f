"""GET /articles for the totals, /articles/inventoryPerWarehouse for the split, /articleItems for lots and places.

The client lays the three answers about an article into one record. What is sellable may be negative.
On hand is the sum of what is booked, locked for sale and sellable (developer.ongoingwarehouse.com, inventory).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from planster_sync.connectors.ongoing.shapes import STRUCTURE, Terms, is_active, kind_of, measured
from planster_sync.mapping.fields import Fields
from planster_sync.mapping.instants import day
from planster_sync.mapping.numbers import money, pieces, quantity, required_quantity
from planster_sync.model.inventory import InventoryLevel, LocationStock, Lot, WarehouseStock


def inventory_levels(source: Fields, terms: Terms) -> tuple[InventoryLevel, ...]:
    """The article's stock; none for a kit that is only picked together, and for what is not stocked."""
    if kind_of(source) == STRUCTURE or _is_unstocked(source):
        return ()
    items = source.children("items")
    level = InventoryLevel(
        id=source.required_id("articleSystemId"),
        warehouse_customer_id=source.identifier("goodsOwner.id"),
        updated_at=None,
        sku=source.text("articleNumber"),
        name=source.text("articleName"),
        active=is_active(source),
        unit_cost=money(source, "stockValuationPrice", terms.currency),
        on_hand=quantity(source, "inventoryInfo.numberOfItems"),
        committed=quantity(source, "inventoryInfo.numberOfBookedItems"),
        fulfillable=quantity(source, "inventoryInfo.sellableNumberOfItems"),
        awaiting=quantity(source, "inventoryInfo.toReceiveNumberOfItems"),
        unsellable=quantity(source, "inventoryInfo.lockedForSaleNumberOfItems"),
        sellable=quantity(source, "inventoryInfo.sellableNumberOfItems"),
        warehouses=_split(source, items),
        lots=_lots(items),
        locations=_places(items),
        measurements=measured(source),
    )
    return (level,)


def _is_unstocked(source: Fields) -> bool:
    """A service or a fee; whatever lies in the warehouse counts, also where it should not."""
    return source.flag("isStockArticle") is False and not quantity(source, "inventoryInfo.numberOfItems")


def _split(source: Fields, items: Sequence[Fields]) -> tuple[WarehouseStock, ...]:
    found = [_warehouse(each, items) for each in source.children("inventoryPerWarehouse")]
    return tuple(sorted(found, key=lambda each: each.warehouse_id))


def _warehouse(source: Fields, items: Sequence[Fields]) -> WarehouseStock:
    """What is booked and what is to come are only told for all warehouses together."""
    warehouse_id = source.required_id("warehouseId")
    inside = [each for each in items if each.identifier("warehouse.id") == warehouse_id]
    locked = [required_quantity(each, "numberOfItems") for each in inside if each.flag("isLockedForSale")]
    return WarehouseStock(
        warehouse_id=warehouse_id,
        on_hand=quantity(source, "numberOfItems"),
        fulfillable=quantity(source, "sellableNumberOfItems"),
        unsellable=pieces(sum(locked, start=Decimal(0))) if inside else None,
        sellable=quantity(source, "sellableNumberOfItems"),
    )


def _lots(items: Sequence[Fields]) -> tuple[Lot, ...]:
    """Stock by batch, day of expiry and warehouse."""
    keyed = [(each.text("batch"), day(each, "expiryDate"), each) for each in items]
    return tuple(
        Lot(lot_id=lot, expires_on=expires_on or None, warehouse_id=warehouse_id or None, on_hand=on_hand)
        for (lot, expires_on, warehouse_id), on_hand in _sums(keyed)
    )


def _places(items: Sequence[Fields]) -> tuple[LocationStock, ...]:
    """Stock by place, which goes by its name in stock."""
    keyed = [(each.text("location"), None, each) for each in items]
    return tuple(
        LocationStock(location_id=name, warehouse_id=warehouse_id or None, quantity=held)
        for (name, _, warehouse_id), held in _sums(keyed)
    )


def _sums(
    keyed: Iterable[tuple[str | None, str | None, Fields]],
) -> list[tuple[tuple[str, str, str], int | Decimal]]:
    """The quantities by name, day and warehouse, in that order, without what has no name."""
    found: dict[tuple[str, str, str], Decimal] = {}
    for name, on, item in keyed:
        if name is not None:
            key = (name, on or "", item.identifier("warehouse.id") or "")
            found[key] = found.get(key, Decimal(0)) + required_quantity(item, "numberOfItems")
    return [(key, pieces(found[key])) for key in sorted(found)]
