"""Order channels: `orderSource` of the orders, which is all that the vendor tells of them."""

from __future__ import annotations

from planster_sync.mapping.fields import Fields
from planster_sync.model.orders import OrderChannel


def order_channels(order: Fields) -> tuple[OrderChannel, ...]:
    """The order's channel, or none."""
    source = order.text("orderSource")
    return (OrderChannel(id=source, name=source),) if source else ()
