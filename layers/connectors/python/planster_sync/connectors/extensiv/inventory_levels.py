"""GET /inventory/stocksummaries: a row for each item, qualifier and facility; one record is all rows of one item.

`allocated` is not read: it counts what was shipped long ago as well, and is neither committed stock nor a part of
`onHand`. No quantity is derived from others, save what is ordered beyond what is available.
"""

from __future__ import annotations

from functools import partial

from planster_sync.connectors.extensiv.shapes import item_key
from planster_sync.mapping.fields import Fields, invalid
from planster_sync.mapping.numbers import pieces, quantity
from planster_sync.model.inventory import InventoryLevel, WarehouseStock
from planster_sync.model.record import Quantity


def inventory_level(source: Fields) -> InventoryLevel:
    rows = source.children("rows") or (source,)
    rows[0].required_id("itemIdentifier.id")
    warehouses = tuple(sorted([_warehouse(each) for each in rows], key=lambda stock: stock.warehouse_id))
    if len({each.warehouse_id for each in warehouses}) < len(warehouses):
        raise invalid(source.path("rows"), "holds the same facility twice")
    total = partial(_total, warehouses)
    return InventoryLevel(
        id=item_key(rows[0]) or "",
        sku=rows[0].text("itemIdentifier.sku"),
        on_hand=total("on_hand"),
        fulfillable=total("fulfillable"),
        unsellable=total("unsellable"),
        backordered=total("backordered"),
        warehouses=warehouses,
    )


def _warehouse(row: Fields) -> WarehouseStock:
    return WarehouseStock(
        warehouse_id=row.required_id("facilityId"),
        on_hand=quantity(row, "onHand"),
        fulfillable=quantity(row, "available"),
        unsellable=quantity(row, "onHold"),
        backordered=_beyond(quantity(row, "orderedNotAllocated"), quantity(row, "available")),
    )


def _beyond(ordered: Quantity | None, available: Quantity | None) -> Quantity | None:
    """What is ordered and not yet allocated, beyond what could be allocated now."""
    return None if ordered is None or available is None else pieces(max(ordered - max(available, 0), 0))


def _total(warehouses: tuple[WarehouseStock, ...], name: str) -> Quantity | None:
    """The sum over all facilities; unknown as soon as one of them is."""
    parts = [getattr(each, name) for each in warehouses]
    return None if None in parts else pieces(sum(parts))
