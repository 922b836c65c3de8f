"""Inventory levels: what is in stock, promised, free and expected, per item and warehouse. Quantities are eaches."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from pydantic import Field

from planster_sync.model.data_types import DataType
from planster_sync.model.record import Money, Quantity, Record, Value
from planster_sync.model.vocabulary import Measurements


class WarehouseStock(Value):
    """One item's stock in one warehouse. A null quantity is unknown, which is not 0."""

    warehouse_id: str = Field(description="Id of the warehouse.")
    on_hand: Quantity | None = Field(default=None, description="Eaches in the building, whatever their state; or null.")
    committed: Quantity | None = Field(default=None, description="Eaches promised to open orders; or null.")
    fulfillable: Quantity | None = Field(default=None, description="Eaches that can be shipped now; or null.")
    awaiting: Quantity | None = Field(default=None, description="Eaches expected from inbound shipments; or null.")
    unsellable: Quantity | None = Field(default=None, description="Eaches damaged, expired or in quarantine; or null.")
    sellable: Quantity | None = Field(default=None, description="Eaches offered to the sales channels; or null.")
    backordered: Quantity | None = Field(
        default=None, description="Eaches ordered without stock to meet them; or null."
    )


class Lot(Value):
    """Stock of one lot or batch."""

    lot_id: str = Field(description="The lot's number or id at the source.")
    on_hand: Quantity | None = Field(default=None, description="Eaches of the lot in the building; or null.")
    expires_on: date | None = Field(default=None, description="Day on which the lot expires; null where it does not.")
    warehouse_id: str | None = Field(default=None, description="Warehouse that holds the lot; null where not told.")


class LocationStock(Value):
    """Stock in one place inside a warehouse."""

    location_id: str = Field(description="The place's id, as in the warehouse's own list of locations.")
    quantity: Quantity | None = Field(default=None, description="Eaches in this place; or null.")
    warehouse_id: str | None = Field(default=None, description="Warehouse of the place; null where not told.")


class InventoryLevel(Record):
    """One stock-keeping item with its stock over all warehouses. Kits that hold no stock have no such record.

    The totals are the source's own sums: where it gives none they are null, and `warehouses` tells. Committed,
    unsellable and fulfillable add up to on hand, except at sources that let items stand in for each other.
    """

    data_type: ClassVar[DataType] = DataType.INVENTORY_LEVELS

    sku: str | None = Field(default=None, description="Stock-keeping unit, unchanged; null where the item has none.")
    name: str | None = Field(default=None, description="The item's name; or null.")
    active: bool | None = Field(default=None, description="Whether the source still uses the item; or null.")
    unit_cost: Money | None = Field(default=None, description="Cost of one each; or null.")
    on_hand: Quantity | None = Field(
        default=None, description="Eaches in all buildings, whatever their state; or null."
    )
    committed: Quantity | None = Field(default=None, description="Eaches promised to open orders; or null.")
    fulfillable: Quantity | None = Field(default=None, description="Eaches that can be shipped now; or null.")
    awaiting: Quantity | None = Field(default=None, description="Eaches expected from inbound shipments; or null.")
    unsellable: Quantity | None = Field(default=None, description="Eaches damaged, expired or in quarantine; or null.")
    sellable: Quantity | None = Field(default=None, description="Eaches offered to the sales channels; or null.")
    backordered: Quantity | None = Field(
        default=None, description="Eaches ordered without stock to meet them; or null."
    )
    warehouses: tuple[WarehouseStock, ...] = Field(
        default=(), description="The same per warehouse, ordered by warehouse id; empty where the source has no split."
    )
    lots: tuple[Lot, ...] = Field(default=(), description="Stock by lot; empty where the item has no lots.")
    locations: tuple[LocationStock, ...] = Field(default=(), description="Stock by place; empty where not told.")
    measurements: Measurements | None = Field(default=None, description="Size and weight of one each; or null.")
    substitute_skus: tuple[str, ...] = Field(default=(), description="SKUs that may be shipped in its stead.")
