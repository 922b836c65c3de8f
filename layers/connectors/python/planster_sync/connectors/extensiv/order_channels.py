"""Channels, named by the orders that came through them. There is no list of them; `createdByIdentifier` may be a
person and is not read.
"""

from __future__ import annotations

from planster_sync.mapping.fields import Fields
from planster_sync.model.orders import OrderChannel


def order_channels(order: Fields) -> tuple[OrderChannel, ...]:
    channel = order.child("readOnly.importChannelIdentifier")
    key = channel.identifier("id")
    return (OrderChannel(id=key, name=channel.text("name")),) if key else ()
