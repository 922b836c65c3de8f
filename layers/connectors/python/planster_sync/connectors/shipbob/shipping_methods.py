"""GET /shipping-method: the names that orders use."""

from __future__ import annotations

from planster_sync.mapping.fields import Fields
from planster_sync.model.shipping import ShippingMethod


def shipping_method(source: Fields) -> ShippingMethod:
    return ShippingMethod(id=source.required_id("id"), name=source.text("name"), active=source.flag("active"))
