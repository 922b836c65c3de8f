"""Carrier and method as orders and labels name them: ShipHero lists neither."""

from __future__ import annotations

from collections.abc import Iterable

from planster_sync.mapping.fields import Fields
from planster_sync.model.shipping import ShippingMethod


def method_id(carrier: str | None, method: str | None) -> str | None:
    """The id that we give a method, for ShipHero has none; null where nothing is told."""
    return f"{carrier or ''}/{method or ''}" if carrier or method else None


def shipping_methods(order: Fields) -> tuple[ShippingMethod, ...]:
    """Each method that the order or one of its labels names, once."""
    found = {method_id(*pair): pair for pair in _named(order)}
    return tuple(
        [ShippingMethod(id=key, name=method, carrier_name=carrier) for key, (carrier, method) in found.items() if key]
    )


def _named(order: Fields) -> Iterable[tuple[str | None, str | None]]:
    yield order.text("shipping_lines.carrier"), order.text("shipping_lines.method")
    for shipment in order.children("shipments"):
        for label in shipment.children("shipping_labels"):
            yield label.text("carrier"), label.text("shipping_method")
