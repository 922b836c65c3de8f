"""`vendors`: suppliers by their business name. E-mail, street and notes are not asked for."""

from __future__ import annotations

from planster_sync.connectors.shiphero.shapes import moment
from planster_sync.mapping.fields import Fields
from planster_sync.model.inbound import InboundShipmentSupplier


def inbound_shipment_supplier(source: Fields) -> InboundShipmentSupplier:
    return InboundShipmentSupplier(
        id=source.required_id("id"),
        warehouse_customer_id=source.identifier("account_id"),
        created_at=moment(source, "created_at"),
        name=source.text("name"),
        currency=source.text("currency"),
        country=source.text("address.country"),
    )
