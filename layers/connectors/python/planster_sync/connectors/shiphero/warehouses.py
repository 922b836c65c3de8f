"""`account.warehouses`: buildings. Of the address neither a name, a street nor a phone is asked for."""

from __future__ import annotations

from planster_sync.mapping.fields import Fields
from planster_sync.model.places import Warehouse


def warehouse(source: Fields) -> Warehouse:
    address = source.child("address")
    return Warehouse(
        id=source.required_id("id"),
        name=source.text("identifier"),
        active=source.flag("active"),
        city=address.text("city"),
        region=address.text("state"),
        postal_code=address.text("zip"),
        country=address.text("country"),
    )
