"""GET /ref/location: the warehouses, each with its bins. Rows with a `ParentID` are the bins once more."""

from __future__ import annotations

from planster_sync.connectors.cin7_core.shapes import required_guid, yes
from planster_sync.mapping.fields import Fields
from planster_sync.model.places import Warehouse


def warehouse(source: Fields) -> Warehouse:
    return Warehouse(
        id=required_guid(source, "ID"),
        name=source.text("Name"),
        active=in_use(source),
        city=source.text("AddressCitySuburb"),
        region=source.text("AddressStateProvince"),
        postal_code=source.text("AddressZipPostCode"),
        country=source.text("AddressCountry"),
    )


def in_use(source: Fields) -> bool | None:
    """Rows say `IsDeprecated`, the reference's table `Deprecated`."""
    name = "IsDeprecated" if source.has("IsDeprecated") else "Deprecated"
    retired = yes(source, name)
    return None if retired is None else not retired
