"""Stock, nested in products as `warehouse_products`: one record for each product that lies on shelves."""

from __future__ import annotations

from decimal import Decimal

from planster_sync.connectors.shiphero.capabilities import ShipheroSettings
from planster_sync.connectors.shiphero.products import agreed_money, holds_stock, is_active, stocked_as
from planster_sync.connectors.shiphero.shapes import latest, measured, moment
from planster_sync.mapping.fields import Fields
from planster_sync.mapping.numbers import EXACT, pieces, quantity
from planster_sync.model.inventory import InventoryLevel, WarehouseStock


def inventory_levels(source: Fields, settings: ShipheroSettings) -> tuple[InventoryLevel, ...]:
    """The product's level; none where no warehouse has it, nor for kits that are put together when they are sold."""
    rows = source.children("warehouse_products")
    if not rows or not holds_stock(source):
        return ()
    level = InventoryLevel(
        id=stocked_as(source),
        warehouse_customer_id=source.identifier("account_id"),
        created_at=moment(source, "created_at"),
        updated_at=latest(moment(each, "updated_at") for each in rows),
        sku=source.text("sku"),
        name=source.text("name"),
        active=is_active(source),
        unit_cost=agreed_money(source, "value", settings.currency),
        on_hand=_total(rows, "on_hand"),
        committed=_total(rows, "allocated"),
        fulfillable=_total(rows, "available"),
        unsellable=_total(rows, "non_sellable_quantity"),
        backordered=_total(rows, "backorder"),
        warehouses=tuple(sorted(map(_warehouse, rows), key=lambda each: each.warehouse_id)),
        measurements=measured(source, settings.weight_unit),
    )
    return (level,)


def _warehouse(source: Fields) -> WarehouseStock:
    return WarehouseStock(
        warehouse_id=source.required_id("warehouse_id"),
        on_hand=quantity(source, "on_hand"),  # taken to hold `non_sellable_quantity` (assumption: sources disagree)
        committed=quantity(source, "allocated"),
        fulfillable=quantity(source, "available"),  # as given: more than allocations may lower it
        unsellable=quantity(source, "non_sellable_quantity"),
        backordered=quantity(source, "backorder"),
    )


def _total(rows: tuple[Fields, ...], name: str) -> int | Decimal | None:
    """The sum over warehouses, which share no piece; null where one of them does not tell."""
    total = Decimal(0)
    for each in rows:
        found = quantity(each, name)
        if found is None:
            return None
        total = EXACT.add(total, Decimal(found))
    return pieces(total)
