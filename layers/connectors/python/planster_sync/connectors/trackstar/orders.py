"""GET /wms/orders: the order itself. Of `ship_to_address` only region, postal code and country are read."""

from __future__ import annotations

from functools import partial

from planster_sync.connectors.trackstar.shapes import moment, owned, place
from planster_sync.connectors.trackstar.statuses import ORDER, ORDER_TYPE
from planster_sync.mapping.fields import Fields
from planster_sync.mapping.numbers import money, required_quantity
from planster_sync.mapping.words import word
from planster_sync.model.orders import Order, OrderLine


def order(source: Fields, currency: str | None) -> Order:
    paid_in = source.text("invoice_currency_code") or currency
    return Order(
        **owned(source),
        number=source.text("order_number"),
        reference_id=source.identifier("reference_id"),
        status=word(source, "status", ORDER, shown="raw_status"),
        type=word(source, "type", ORDER_TYPE),
        channel_id=source.identifier("channel_object.channel_id"),
        channel_name=source.text("channel_object.channel_name") or source.text("channel"),  # `channel`: deprecated
        warehouse_id=source.identifier("warehouse_id"),
        required_ship_at=moment(source, "required_ship_date"),
        shipping_method_id=source.identifier("shipping_method_id"),
        shipping_method_name=source.text("shipping_method_name"),
        carrier_id=source.identifier("carrier_id"),
        carrier_name=source.text("carrier_name"),
        total_price=money(source, "total_price", paid_in),
        total_tax=money(source, "total_tax", paid_in),
        total_discount=money(source, "total_discount", paid_in),
        total_shipping=money(source, "total_shipping", paid_in),
        destination=place(source, "ship_to_address"),
        lines=source.each("line_items", partial(_line, currency=paid_in)),
    )


def _line(source: Fields, currency: str | None) -> OrderLine:
    return OrderLine(
        product_id=source.identifier("product_id"),
        sku=source.text("sku"),
        quantity=required_quantity(source, "quantity"),
        unit_price=money(source, "unit_price", currency),
        discount=money(source, "discount_amount", currency),
        is_picked=source.flag("is_picked"),
    )
