"""GET /wms/shipping-methods."""

from __future__ import annotations

from planster_sync.connectors.trackstar.shapes import stamps
from planster_sync.mapping.fields import Fields
from planster_sync.model.shipping import ShippingMethod


def shipping_method(source: Fields) -> ShippingMethod:
    return ShippingMethod(
        **stamps(source),
        name=source.text("name"),
        carrier_id=source.identifier("carrier_id"),
        carrier_name=source.text("carrier_name") or source.text("carrier"),  # `carrier`: deprecated
        scac=source.text("scac"),
    )
