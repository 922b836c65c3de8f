"""GET /properties/facilities. The street is not read."""

from __future__ import annotations

from planster_sync.connectors.extensiv.zones import IANA
from planster_sync.mapping.fields import Fields
from planster_sync.model.places import Warehouse


def warehouse(source: Fields) -> Warehouse:
    deactivated = source.flag("deactivated")
    return Warehouse(
        id=source.required_id("facilityId"),
        name=source.text("name"),
        code=source.text("code"),
        active=None if deactivated is None else not deactivated,
        city=source.text("contact.city"),
        region=source.text("contact.state"),
        postal_code=source.text("contact.zip") or source.text("shippingZip"),
        country=source.text("contact.country"),
        zone=IANA.get(source.text("timeZoneName") or ""),
    )
