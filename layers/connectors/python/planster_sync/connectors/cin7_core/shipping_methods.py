"""GET /ref/carrier: carriers by name; sales and shipments repeat the name. There are no services below them."""

from __future__ import annotations

from planster_sync.connectors.cin7_core.shapes import required_guid
from planster_sync.mapping.fields import Fields
from planster_sync.model.shipping import ShippingMethod


def shipping_method(source: Fields) -> ShippingMethod:
    own, name = required_guid(source, "CarrierID"), source.text("Description")
    return ShippingMethod(id=own, name=name, carrier_id=own, carrier_name=name)
