"""GET /location, with the row of /fulfillment-center that has the same id; hubs stand in the latter only.

The street is not read: planning does not need it.
"""

from __future__ import annotations

from planster_sync.connectors.shipbob.statuses import ZONES
from planster_sync.mapping.fields import Fields
from planster_sync.model.places import Warehouse


def warehouse(source: Fields) -> Warehouse:
    return Warehouse(
        id=source.required_id("id"),
        name=source.text("name"),
        code=source.text("abbreviation"),
        active=source.flag("is_active"),
        city=_address(source, "city"),
        region=_address(source, "state"),
        postal_code=_address(source, "zip_code"),
        country=_address(source, "country"),
        zone=_zone(source.text("timezone")),
    )


def _address(source: Fields, name: str) -> str | None:
    """The centre's own address, otherwise that of the first service that tells."""
    services = (each.text(f"address.{name}") for each in source.children("services"))
    return source.text(name) or next((each for each in services if each), None)


def _zone(name: str | None) -> str | None:
    """The IANA name of a Windows zone; one that is IANA already stays, an unknown one is null."""
    if name is None:
        return None
    return ZONES.get(name) or (name if "/" in name else None)
