"""GET /wms/warehouses. The street is not read: planning does not need it."""

from __future__ import annotations

from planster_sync.connectors.trackstar.shapes import stamps
from planster_sync.mapping.fields import Fields
from planster_sync.model.places import Warehouse


def warehouse(source: Fields) -> Warehouse:
    address = source.child("address")
    return Warehouse(
        **stamps(source),
        name=source.text("name"),
        code=source.text("code"),
        city=address.text("city"),
        region=address.text("state"),
        postal_code=address.text("postal_code"),
        country=address.text("country"),
    )
