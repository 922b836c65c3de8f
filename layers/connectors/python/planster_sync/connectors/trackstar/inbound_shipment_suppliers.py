"""GET /wms/inbound-shipments/suppliers."""

from __future__ import annotations

from planster_sync.connectors.trackstar.shapes import owned
from planster_sync.mapping.fields import Fields
from planster_sync.model.inbound import InboundShipmentSupplier


def inbound_shipment_supplier(source: Fields) -> InboundShipmentSupplier:
    return InboundShipmentSupplier(**owned(source), name=source.text("name"))
