"""GET /tradingPartners, of which only those are suppliers that one buys from. Contacts and accounts are not read."""

from __future__ import annotations

from planster_sync.connectors.deposco.shapes import Terms, code_of, stamps
from planster_sync.connectors.deposco.statuses import SUPPLIES
from planster_sync.mapping.fields import Fields, invalid
from planster_sync.mapping.words import folded
from planster_sync.model.inbound import InboundShipmentSupplier


def inbound_shipment_supplier(source: Fields, terms: Terms) -> InboundShipmentSupplier:
    if folded(source.text("partnershipType") or "") not in SUPPLIES:
        raise invalid(source.path("partnershipType"), "is not that of a supplier")
    code = source.required_id("code")
    return InboundShipmentSupplier(
        id=code,
        warehouse_customer_id=code_of(source, "businessUnit"),
        **stamps(source, terms),
        name=source.text("name"),
        code=code,
        currency=source.text("defaultCurrencyCode"),
        country=source.text("address.country"),
    )
