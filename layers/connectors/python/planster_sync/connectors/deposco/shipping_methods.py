"""Shipping methods: carrier and service of the orders; the vendor has no list of them."""

from __future__ import annotations

from planster_sync.mapping.fields import Fields
from planster_sync.model.shipping import ShippingMethod


def method_id(source: Fields) -> str | None:
    """`<carrier>/<service>`, slashes of the carrier escaped; null where no service is named."""
    carrier, service = source.text("shipVendor") or "", source.text("shipVia")
    return f"{carrier.replace('%', '%25').replace('/', '%2F')}/{service}" if service else None


def shipping_methods(order: Fields) -> tuple[ShippingMethod, ...]:
    """The order's shipping method, or none."""
    found = method_id(order)
    if found is None:
        return ()
    carrier = order.text("shipVendor")
    return (ShippingMethod(id=found, name=order.text("shipVia"), carrier_id=carrier, carrier_name=carrier),)
