"""GET /properties/facilities/{id}/locations: the list of places, whether or not anything lies there."""

from __future__ import annotations

from planster_sync.mapping.fields import Fields
from planster_sync.model.places import WarehouseLocation


def warehouse_location(source: Fields) -> WarehouseLocation:
    facility, location = source.required_id("facilityIdentifier.id"), source.required_id("locationId")
    deactivated, not_picked = source.flag("deactivated"), source.flag("nonPickable")
    return WarehouseLocation(
        id=f"{facility}/{location}",
        location_id=location,
        warehouse_id=facility,
        name=source.text("name"),
        active=None if deactivated is None else not deactivated,
        pickable=None if not_picked is None else not not_picked,
    )
