"""GET /locations. `storageDetails` are set-up, not stock, and are not read."""

from __future__ import annotations

from planster_sync.connectors.deposco.shapes import Terms, number_of, stamps
from planster_sync.connectors.deposco.statuses import LOCATION_TYPE
from planster_sync.mapping.fields import Fields
from planster_sync.mapping.measures import MeasureNames, measurements
from planster_sync.mapping.words import word
from planster_sync.model.places import WarehouseLocation

_SIZE = MeasureNames(
    length="length.measurement",
    width="width.measurement",
    height="height.measurement",
    length_unit="length.units",
)


def warehouse_location(source: Fields, terms: Terms) -> WarehouseLocation:
    return WarehouseLocation(
        id=source.required_id("self.id"),
        **stamps(source, terms),
        location_id=source.identifier("number"),
        warehouse_id=number_of(source, "facility"),
        name=source.text("name") or source.text("locator"),
        type=word(source, "storageType", LOCATION_TYPE),
        pickable=source.flag("pickable"),
        measurements=measurements(source.child("dimensions"), _SIZE),
    )
