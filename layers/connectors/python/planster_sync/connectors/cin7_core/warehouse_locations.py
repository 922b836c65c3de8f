"""The bins inside a warehouse's row. Stock rows name bins, receipts hold their ids."""

from __future__ import annotations

from planster_sync.connectors.cin7_core.shapes import required_guid, yes
from planster_sync.connectors.cin7_core.warehouses import in_use
from planster_sync.mapping.fields import Fields, invalid
from planster_sync.model.places import LocationType, WarehouseLocation
from planster_sync.model.record import Word


def warehouse_locations(warehouse: Fields) -> tuple[WarehouseLocation, ...]:
    """Every bin of a warehouse.

    Raises:
        RecordInvalid: the same bin stands there twice.
    """
    owner = required_guid(warehouse, "ID")
    found = tuple(_location(each, owner) for each in warehouse.children("Bins"))
    if len({each.id for each in found}) < len(found):
        raise invalid(warehouse.path("Bins"), "holds the same bin twice")
    return found


def _location(source: Fields, warehouse_id: str) -> WarehouseLocation:
    own = required_guid(source, "ID")
    return WarehouseLocation(
        id=own,
        location_id=own,
        warehouse_id=warehouse_id,
        name=source.text("Name"),
        type=Word(value=LocationType.STAGING if yes(source, "IsStaging") else LocationType.BIN),
        active=in_use(source),
    )
