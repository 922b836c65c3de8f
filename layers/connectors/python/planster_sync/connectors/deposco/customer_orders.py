"""GET /orders/customerOrders of Bright Order: what was sold, sourced to a warehouse or not. Persons are not read."""

from __future__ import annotations

from functools import partial

from planster_sync.connectors.deposco.shapes import (
    Terms,
    count,
    currency_of,
    line_discount,
    number_of,
    owned,
    place,
    rows,
    times,
)
from planster_sync.connectors.deposco.shipping_methods import method_id
from planster_sync.connectors.deposco.statuses import CUSTOMER_ORDER
from planster_sync.mapping.fields import Fields, invalid
from planster_sync.mapping.instants import instant
from planster_sync.mapping.numbers import money
from planster_sync.mapping.words import word
from planster_sync.model.orders import Order, OrderLine


def is_customer_order(source: Fields) -> bool:
    """Told by its shape: only customer orders have these."""
    return source.has("coLines") or source.has("externalOrderNumber")


def customer_order(source: Fields, terms: Terms) -> Order:
    currency = currency_of(source, terms)
    told = "status" if source.has("status") else "orderStatus"  # the vendor answers with either
    line = partial(_line, currency=currency)
    return Order(
        **owned(source, terms),
        number=source.identifier("number"),
        reference_id=source.identifier("externalOrderNumber"),
        status=word(source, told, CUSTOMER_ORDER),
        channel_id=source.text("orderSource"),
        channel_name=source.text("orderSource"),
        ordered_at=instant(source, "placedDate", terms.zone),
        shipping_method_id=method_id(source),
        shipping_method_name=source.text("shipVia"),
        carrier_id=source.text("shipVendor"),
        carrier_name=source.text("shipVendor"),
        total_price=money(source, "total", currency),
        total_tax=money(source, "taxTotal", currency),
        total_discount=money(source, "discountSubtotal", currency),
        total_shipping=money(source, "shippingTotal", currency),
        destination=place(source, "shipToContact"),
        lines=tuple([line(row) for row in rows(source, "coLines") if row.has("item")]),
    )


def _line(source: Fields, currency: str | None) -> OrderLine:
    """A line that the vendor could tie to an item; others name nothing that could be planned."""
    size = count(source, "packQuantity")
    if size is None or size <= 0:
        raise invalid(source.path("packQuantity"), "does not say how many eaches the pack holds")
    item, ordered = number_of(source, "item"), times(count(source, "orderQuantity"), size)
    if ordered is None:
        raise invalid(source.path("orderQuantity"), "is missing")
    return OrderLine(
        line_id=source.identifier("self.id"),
        product_id=source.identifier("item.id"),
        inventory_item_id=item,
        sku=item,
        quantity=ordered,
        shipped=times(count(source, "shippedQuantity"), size),
        cancelled=times(count(source, "canceledQuantity"), size),
        backordered=times(count(source, "backOrderQuantity"), size),
        unit_price=money(source, "unitPrice", currency),
        discount=line_discount(source, ordered, currency),
    )
