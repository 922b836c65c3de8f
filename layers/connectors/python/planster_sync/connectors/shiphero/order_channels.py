"""The shop that an order names. `source` is not read: orders of one shop may differ in it."""

from __future__ import annotations

from planster_sync.mapping.fields import Fields
from planster_sync.model.orders import OrderChannel


def channel_id(order: Fields) -> str | None:
    """The id that we give a shop, for ShipHero has none: the account's, a slash, its name."""
    shop = order.text("shop_name")
    return f"{order.identifier('account_id') or ''}/{shop}" if shop else None


def order_channels(order: Fields) -> tuple[OrderChannel, ...]:
    found = channel_id(order)
    if found is None:
        return ()
    owner = order.identifier("account_id")
    return (OrderChannel(id=found, warehouse_customer_id=owner, name=order.text("shop_name")),)
