"""GET /wms/warehouses/{id}/locations. Ids repeat between warehouses, so that ours carries the warehouse's."""

from __future__ import annotations

from planster_sync.connectors.trackstar.shapes import measured, stamps
from planster_sync.connectors.trackstar.statuses import LOCATION_TYPE
from planster_sync.mapping.fields import Fields
from planster_sync.mapping.words import word
from planster_sync.model.places import WarehouseLocation


def warehouse_location(source: Fields) -> WarehouseLocation:
    found = stamps(source)
    warehouse_id, location_id = source.required_id("warehouse_id"), found["id"]
    return WarehouseLocation(
        id=f"{warehouse_id}/{location_id}",
        created_at=found["created_at"],
        updated_at=found["updated_at"],
        location_id=location_id,
        warehouse_id=warehouse_id,
        name=source.text("name"),
        type=word(source, "type", LOCATION_TYPE),
        measurements=measured(source),
    )
