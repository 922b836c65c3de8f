"""GET /order: the order itself, as it was ordered: a bundle is one line. Of the recipient only the place is read."""

from __future__ import annotations

from functools import partial

from planster_sync.connectors.shipbob.shapes import Defaults, latest, place
from planster_sync.connectors.shipbob.statuses import ORDER, ORDER_TYPE
from planster_sync.mapping.fields import Fields
from planster_sync.mapping.instants import instant
from planster_sync.mapping.numbers import money, required_quantity
from planster_sync.mapping.words import folded, word
from planster_sync.model.orders import Order, OrderLine


def order(source: Fields, defaults: Defaults) -> Order:
    created = instant(source, "created_date", defaults.zone)
    return Order(
        id=source.required_id("id"),
        created_at=created,
        updated_at=latest(instant(each, "last_update_at", defaults.zone) for each in source.children("shipments")),
        number=source.text("order_number"),
        reference_id=source.identifier("reference_id"),
        status=word(source, "status", ORDER),
        type=word(source, "type", ORDER_TYPE),
        channel_id=source.identifier("channel.id"),
        channel_name=source.text("channel.name"),
        warehouse_id=_warehouse(source),
        ordered_at=instant(source, "purchase_date", defaults.zone) or created,
        required_ship_at=instant(source, "retailer_program_data.shipByDate", defaults.zone),
        shipped_at=_shipped(source, defaults),
        shipping_method_name=source.text("shipping_method"),
        total_price=money(source, "financials.total_price", defaults.currency),
        destination=place(source.child("recipient").child("address")),
        lines=source.each("products", partial(_line, defaults=defaults)),
    )


def _line(source: Fields, defaults: Defaults) -> OrderLine:
    return OrderLine(
        line_id=source.identifier("external_line_id"),
        sku=source.text("sku") or source.text("reference_id"),
        quantity=required_quantity(source, "quantity"),
        unit_price=money(source, "unit_price", defaults.currency),
    )


def _warehouse(source: Fields) -> str | None:
    """The centre of all its shipments, where they have but one."""
    centres = {each.identifier("location.id") for each in source.children("shipments")}
    return centres.pop() if len(centres) == 1 else None


def _shipped(source: Fields, defaults: Defaults) -> str | None:
    if folded(source.text("status") or "") != "fulfilled":
        return None
    return latest(instant(each, "actual_fulfillment_date", defaults.zone) for each in source.children("shipments"))
