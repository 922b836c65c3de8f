"""Order channels, shared records taken from the orders that name them: the marketplace, otherwise the order's type."""

from __future__ import annotations

from planster_sync.mapping.fields import Fields
from planster_sync.model.orders import OrderChannel


def channel_of(order: Fields) -> tuple[str, str | None] | None:
    """The channel's id and name; None where the order names neither."""
    info = order.child("orderInfo")
    market, kind = info.text("marketPlace.marketPlace"), info.text("orderType.code")
    if market is not None:
        return f"market:{market}", market
    return (f"type:{kind}", info.text("orderType.name")) if kind is not None else None


def order_channels(order: Fields) -> tuple[OrderChannel, ...]:
    found = channel_of(order)
    return (OrderChannel(id=found[0], name=found[1]),) if found else ()
