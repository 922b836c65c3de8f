"""Order channels, taken from the orders that name them: a shared record, buried with its last order."""

from __future__ import annotations

from planster_sync.mapping.fields import Fields
from planster_sync.model.orders import OrderChannel


def order_channels(source: Fields) -> tuple[OrderChannel, ...]:
    """The order's channel, or none. No stamps and no owner: those are the order's, not the channel's."""
    channel_id = source.identifier("channel_object.channel_id")
    if channel_id is None:
        return ()
    return (OrderChannel(id=channel_id, name=source.text("channel_object.channel_name")),)
