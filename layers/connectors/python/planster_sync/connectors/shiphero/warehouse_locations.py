"""`locations`: bins. Their ids are unique over all warehouses."""

from __future__ import annotations

from planster_sync.connectors.shiphero.capabilities import ShipheroSettings
from planster_sync.connectors.shiphero.shapes import measured, moment
from planster_sync.connectors.shiphero.statuses import LOCATION_TYPE
from planster_sync.mapping.fields import Fields
from planster_sync.mapping.words import word
from planster_sync.model.places import WarehouseLocation


def warehouse_location(source: Fields, settings: ShipheroSettings) -> WarehouseLocation:
    return WarehouseLocation(
        id=source.required_id("id"),
        created_at=moment(source, "created_at"),
        location_id=source.required_id("id"),
        warehouse_id=source.identifier("warehouse_id"),
        name=source.text("name"),
        type=word(source, "type.name", LOCATION_TYPE),
        pickable=source.flag("pickable"),
        sellable=source.flag("sellable"),
        measurements=measured(source, settings.weight_unit),
    )
