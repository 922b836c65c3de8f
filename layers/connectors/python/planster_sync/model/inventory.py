"""Inventory levels: what is in stock, promised, free and expected, per item and warehouse. Quantities are eaches."""

from __future__ import annotations

from typing import Annotated, ClassVar

from msgspec import field

from planster_sync.model.data_types import DataType
from planster_sync.model.record import Day, Money, Quantity, Record, Value, empty, means
from planster_sync.model.vocabulary import Measurements


class WarehouseStock(Value, frozen=True, kw_only=True):
    """One item's stock in one warehouse. A null quantity is unknown, which is not 0."""

    warehouse_id: Annotated[str, means("Id of the warehouse.")]
    on_hand: Annotated[Quantity | None, means("Eaches in the building, whatever their state; or null.")] = None
    committed: Annotated[Quantity | None, means("Eaches promised to open orders; or null.")] = None
    fulfillable: Annotated[Quantity | None, means("Eaches that can be shipped now; or null.")] = None
    awaiting: Annotated[Quantity | None, means("Eaches expected from inbound shipments; or null.")] = None
    unsellable: Annotated[Quantity | None, means("Eaches damaged, expired or in quarantine; or null.")] = None
    sellable: Annotated[Quantity | None, means("Eaches offered to the sales channels; or null.")] = None
    backordered: Annotated[Quantity | None, means("Eaches ordered without stock to meet them; or null.")] = None


class Lot(Value, frozen=True, kw_only=True):
    """Stock of one lot or batch."""

    lot_id: Annotated[str, means("The lot's number or id at the source.")]
    on_hand: Annotated[Quantity | None, means("Eaches of the lot in the building; or null.")] = None
    expires_on: Annotated[Day | None, means("Day on which the lot expires; null where it does not.")] = None
    warehouse_id: Annotated[str | None, means("Warehouse that holds the lot; null where not told.")] = None


class LocationStock(Value, frozen=True, kw_only=True):
    """Stock in one place inside a warehouse."""

    location_id: Annotated[str, means("The place's id, as in the warehouse's own list of locations.")]
    quantity: Annotated[Quantity | None, means("Eaches in this place; or null.")] = None
    warehouse_id: Annotated[str | None, means("Warehouse of the place; null where not told.")] = None


class InventoryLevel(Record, frozen=True, kw_only=True):
    """One stock-keeping item with its stock over all warehouses. Kits that hold no stock have no such record.

    The totals are the source's own sums: where it gives none they are null, and `warehouses` tells. Committed,
    unsellable and fulfillable add up to on hand, except at sources that let items stand in for each other.
    """

    data_type: ClassVar[DataType] = DataType.INVENTORY_LEVELS

    sku: Annotated[str | None, means("Stock-keeping unit, unchanged; null where the item has none.")] = None
    name: Annotated[str | None, means("The item's name; or null.")] = None
    active: Annotated[bool | None, means("Whether the source still uses the item; or null.")] = None
    unit_cost: Annotated[Money | None, means("Cost of one each; or null.")] = None
    on_hand: Annotated[Quantity | None, means("Eaches in all buildings, whatever their state; or null.")] = None
    committed: Annotated[Quantity | None, means("Eaches promised to open orders; or null.")] = None
    fulfillable: Annotated[Quantity | None, means("Eaches that can be shipped now; or null.")] = None
    awaiting: Annotated[Quantity | None, means("Eaches expected from inbound shipments; or null.")] = None
    unsellable: Annotated[Quantity | None, means("Eaches damaged, expired or in quarantine; or null.")] = None
    sellable: Annotated[Quantity | None, means("Eaches offered to the sales channels; or null.")] = None
    backordered: Annotated[Quantity | None, means("Eaches ordered without stock to meet them; or null.")] = None
    warehouses: Annotated[
        tuple[WarehouseStock, ...],
        means("The same per warehouse, ordered by warehouse id; empty where the source has no split."),
    ] = field(default_factory=empty)
    lots: Annotated[tuple[Lot, ...], means("Stock by lot; empty where the item has no lots.")] = field(
        default_factory=empty
    )
    locations: Annotated[tuple[LocationStock, ...], means("Stock by place; empty where not told.")] = field(
        default_factory=empty
    )
    measurements: Annotated[Measurements | None, means("Size and weight of one each; or null.")] = None
    substitute_skus: Annotated[tuple[str, ...], means("SKUs that may be shipped in its stead.")] = field(
        default_factory=empty
    )
