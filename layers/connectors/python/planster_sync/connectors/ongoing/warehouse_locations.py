"""GET /warehouses/{id}/zones: the places inside aisles inside zones. The client adds the warehouse's id to each."""

from __future__ import annotations

from planster_sync.mapping.fields import Fields
from planster_sync.model.places import WarehouseLocation


def warehouse_location(source: Fields) -> WarehouseLocation:
    """Stock names its place by name, so that this is the location's id there."""
    is_picked_from, is_locked = source.flag("isPickingLocation"), source.flag("isLocked")
    is_locked_for_sale = source.flag("isLockedForSale")
    return WarehouseLocation(
        id=source.required_id("id"),
        location_id=source.text("name"),
        warehouse_id=source.identifier("warehouseId"),
        name=source.text("name"),
        pickable=False if is_locked else is_picked_from,
        sellable=None if is_locked_for_sale is None else not is_locked_for_sale,
    )
