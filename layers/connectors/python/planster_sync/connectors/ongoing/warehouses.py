"""GET /warehouses. The street is not read: planning does not need it."""

from __future__ import annotations

from planster_sync.mapping.fields import Fields
from planster_sync.model.places import Warehouse


def warehouse(source: Fields) -> Warehouse:
    address = source.child("address")
    return Warehouse(
        id=source.required_id("id"),
        name=source.text("name"),
        code=source.text("code"),
        city=address.text("city"),
        region=address.text("countryStateCode"),
        postal_code=address.text("postCode"),
        country=address.text("countryCode"),
    )
