"""GET /channel: where orders come from; the API application's own channel is among them. Scopes are not read."""

from __future__ import annotations

from planster_sync.mapping.fields import Fields
from planster_sync.model.orders import OrderChannel


def order_channel(source: Fields) -> OrderChannel:
    return OrderChannel(id=source.required_id("id"), name=source.text("name"), platform=source.text("application_name"))
