"""GET /facilities, named by number: stock knows a facility by nothing else. Phone, contact and street are not read."""

from __future__ import annotations

from planster_sync.connectors.deposco.shapes import Terms, stamps
from planster_sync.mapping.fields import Fields
from planster_sync.model.places import Warehouse


def warehouse(source: Fields, terms: Terms) -> Warehouse:
    number = source.required_id("number")
    return Warehouse(
        id=number,
        **stamps(source, terms),
        name=source.text("name"),
        code=number,
        city=source.text("address.city"),
        region=source.text("address.stateProvince"),
        postal_code=source.text("address.postalCode"),
        country=source.text("address.country"),
        zone=source.text("timeZone"),
    )
