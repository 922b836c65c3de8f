"""GET /wms/warehouses/{id}/locations. Ids repeat between warehouses, so that ours carries the warehouse's."""

from __future__ import annotations

from urllib.parse import unquote

from planster_sync.connectors.trackstar.shapes import measured, stamps
from planster_sync.connectors.trackstar.statuses import LOCATION_TYPE
from planster_sync.mapping.fields import Fields
from planster_sync.mapping.words import word
from planster_sync.model.places import WarehouseLocation


def key_prefix(warehouse_id: str) -> str:
    """What stands before a location's id. Slashes of the warehouse's own id (base64 has them) are escaped."""
    return f"{warehouse_id.replace('%', '%25').replace('/', '%2F')}/"


def parts_of(key: str) -> tuple[str, str]:
    """The warehouse's id and the location's own."""
    warehouse_id, _, location_id = key.partition("/")
    return unquote(warehouse_id), location_id


def warehouse_location(source: Fields) -> WarehouseLocation:
    found = stamps(source)
    warehouse_id, location_id = source.required_id("warehouse_id"), found["id"]
    return WarehouseLocation(
        id=f"{key_prefix(warehouse_id)}{location_id}",
        created_at=found["created_at"],
        updated_at=found["updated_at"],
        location_id=location_id,
        warehouse_id=warehouse_id,
        name=source.text("name"),
        type=word(source, "type", LOCATION_TYPE),
        measurements=measured(source),
    )
