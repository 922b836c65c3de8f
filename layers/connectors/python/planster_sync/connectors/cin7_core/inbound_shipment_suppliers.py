"""GET /supplier. Of the contacts nothing is read, of the addresses the country."""

from __future__ import annotations

from planster_sync.connectors.cin7_core.shapes import required_guid, stamp, yes
from planster_sync.mapping.fields import Fields
from planster_sync.model.inbound import InboundShipmentSupplier

ACTIVE = {"Active": True, "Deprecated": False}
"""Of suppliers and products; a product that is not set up yet is neither."""


def inbound_shipment_supplier(source: Fields) -> InboundShipmentSupplier:
    return InboundShipmentSupplier(
        id=required_guid(source, "ID"),
        updated_at=stamp(source, "LastModifiedOn"),
        name=source.text("Name"),
        active=ACTIVE.get(source.text("Status") or ""),
        currency=source.text("Currency"),
        country=_country(source.children("Addresses")),
    )


def _country(addresses: tuple[Fields, ...]) -> str | None:
    """Of the business address; else of the first one that names a country."""
    ranked = sorted(addresses, key=_rank)
    return next((country for each in ranked if (country := each.text("Country"))), None)


def _rank(address: Fields) -> tuple[bool, bool]:
    return address.text("Type") != "Business", not yes(address, "DefaultForType")
