"""GET /ref/productavailability: one row for each product, warehouse, bin, batch and expiry, gathered by product.

`StockOnHand` is money (the value of the stock) and `InTransit` repeats `OnOrder`: neither is read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import TypeVar

from planster_sync.connectors.cin7_core.places import bin_key, place_id
from planster_sync.connectors.cin7_core.shapes import count, required_guid, summed
from planster_sync.mapping.fields import Fields
from planster_sync.mapping.instants import day
from planster_sync.model.inventory import InventoryLevel, LocationStock, Lot, WarehouseStock

Number = int | Decimal
Rows = tuple[Fields, ...]
Key = TypeVar("Key", str, tuple[str, str], tuple[str, str, str])


def inventory_level(source: Fields) -> InventoryLevel:
    rows = source.children("Rows") or (source,)  # a single row, as the vendor sends it, is a product of one row
    warehouses = tuple(
        _warehouse(warehouse_id, each) for warehouse_id, each in _grouped(rows, lambda row: _warehouse_id(source, row))
    )
    return InventoryLevel(
        id=required_guid(source, "ID"),
        sku=rows[0].text("SKU"),
        name=rows[0].text("Name"),
        on_hand=summed(each.on_hand for each in warehouses),
        committed=summed(each.committed for each in warehouses),
        fulfillable=summed(each.fulfillable for each in warehouses),
        awaiting=summed(each.awaiting for each in warehouses),
        warehouses=warehouses,
        lots=_lots(source, rows),
        locations=_locations(source, rows),
    )


def _warehouse(warehouse_id: str, rows: Rows) -> WarehouseStock:
    return WarehouseStock(
        warehouse_id=warehouse_id,
        on_hand=_total(rows, "OnHand"),
        committed=_total(rows, "Allocated"),
        fulfillable=_fulfillable(rows),
        awaiting=_total(rows, "OnOrder"),
    )


def _fulfillable(rows: Rows) -> Number | None:
    """`Available`, never more than what is there.

    Packs and kits that assemble themselves show what their components would give, over nothing on hand; and where a
    warehouse has several rows, the row without a bin may repeat the others, so that what is on hand and not
    allocated bounds the sum.
    """
    available, on_hand = _total(rows, "Available"), _total(rows, "OnHand")
    if available is None or on_hand is None:
        return available
    promised = _total(rows, "Allocated") if len(rows) > 1 else None
    return min(available, max(on_hand - (promised or 0), 0))


def _lots(source: Fields, rows: Rows) -> tuple[Lot, ...]:
    batches = [row for row in rows if row.text("Batch")]
    keyed = _grouped(
        batches, lambda row: (row.text("Batch") or "", day(row, "ExpiryDate") or "", _warehouse_id(source, row))
    )
    return tuple(
        Lot(lot_id=batch, on_hand=_total(each, "OnHand"), expires_on=expires_on or None, warehouse_id=warehouse_id)
        for (batch, expires_on, warehouse_id), each in keyed
    )


def _locations(source: Fields, rows: Rows) -> tuple[LocationStock, ...]:
    binned = [row for row in rows if row.text("Bin")]
    keyed = _grouped(binned, lambda row: (_bin_id(source, row), _warehouse_id(source, row)))
    return tuple(
        LocationStock(location_id=bin_id, quantity=_total(each, "OnHand"), warehouse_id=warehouse_id)
        for (bin_id, warehouse_id), each in keyed
    )


def _warehouse_id(source: Fields, row: Fields) -> str:
    return place_id(source, row.required_id("Location")) or ""


def _bin_id(source: Fields, row: Fields) -> str:
    return place_id(source, bin_key(row.required_id("Location"), row.text("Bin") or "")) or ""


def _total(rows: Rows, name: str) -> Number | None:
    return summed(count(row, name) for row in rows)


def _grouped(rows: Iterable[Fields], key_of: Callable[[Fields], Key]) -> list[tuple[Key, Rows]]:
    """The rows by key, ordered by key; within one, in the order of the rows."""
    found: dict[Key, list[Fields]] = {}
    for row in rows:
        found.setdefault(key_of(row), []).append(row)
    return [(key, tuple(found[key])) for key in sorted(found)]
