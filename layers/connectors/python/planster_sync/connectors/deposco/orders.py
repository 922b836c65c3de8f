"""GET /orders/salesOrders: what the warehouse has to ship. Contacts and streets are not read."""

from __future__ import annotations

from functools import partial

from planster_sync.connectors.deposco.shapes import (
    Terms,
    each_row,
    eaches,
    less,
    line_discount,
    number_of,
    owned,
    place,
    required_eaches,
)
from planster_sync.connectors.deposco.shipping_methods import method_id
from planster_sync.connectors.deposco.statuses import ORDER
from planster_sync.mapping.fields import Fields
from planster_sync.mapping.instants import instant
from planster_sync.mapping.numbers import money
from planster_sync.mapping.words import word
from planster_sync.model.orders import Order, OrderLine, OrderStatus


def order(source: Fields, terms: Terms) -> Order:
    status, currency = word(source, "orderStatus", ORDER), terms.currency
    is_shipped = status is not None and status.value is OrderStatus.FULFILLED
    return Order(
        **owned(source, terms),
        number=source.identifier("number"),
        reference_id=source.identifier("customerOrderNumber"),
        status=status,
        channel_id=source.text("orderSource"),
        channel_name=source.text("orderSource"),
        warehouse_id=number_of(source, "shipFromFacility"),
        ordered_at=instant(source, "placedDate", terms.zone),
        required_ship_at=instant(source, "cancelByShipDate", terms.zone),
        shipped_at=instant(source, "actualShipDate", terms.zone) if is_shipped else None,
        shipping_method_id=method_id(source),
        shipping_method_name=source.text("shipVia"),
        carrier_id=source.text("shipVendor"),
        carrier_name=source.text("shipVendor"),
        total_price=money(source, "orderTotal", currency),
        total_tax=money(source, "orderTaxTotal", currency),
        total_discount=money(source, "orderDiscountSubtotal", currency),
        total_shipping=money(source, "orderShippingTotal", currency),
        destination=place(source, "shipToAddress"),
        lines=each_row(source, "orderLines", partial(_line, currency=currency)),
    )


def _line(source: Fields, currency: str | None) -> OrderLine:
    item, ordered = number_of(source, "item"), required_eaches(source, "orderPackQuantity")
    cancelled = eaches(source, "canceledPackQuantity")
    picked = eaches(source, "pickedPackQuantity")
    return OrderLine(
        line_id=source.identifier("self.id"),
        product_id=source.identifier("item.id"),
        inventory_item_id=item,
        sku=item,
        quantity=ordered,
        shipped=eaches(source, "shippedPackQuantity"),
        cancelled=cancelled,
        unit_price=money(source, "unitPrice", currency),
        discount=line_discount(source, ordered, currency),
        is_picked=None if picked is None else picked >= less(ordered, cancelled),
    )
