"""Channels exist only as a word on the sales that came from them."""

from __future__ import annotations

from planster_sync.mapping.fields import Fields
from planster_sync.model.orders import OrderChannel


def order_channels(sale: Fields) -> tuple[OrderChannel, ...]:
    """None for a sale that somebody typed or that came in through the API."""
    own = channel_id(sale)
    return (OrderChannel(id=own, name=own),) if own else ()


def channel_id(sale: Fields) -> str | None:
    """The channel's word in lower case, so that its spellings are one."""
    found = sale.text("SourceChannel")
    return found.strip().lower() or None if found else None
