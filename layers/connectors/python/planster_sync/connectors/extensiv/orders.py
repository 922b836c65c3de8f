"""GET /orders: the order itself. Of `shipTo` only state, postal code and country are read; no notes, no references
to people.
"""

from __future__ import annotations

from functools import partial

from planster_sync.connectors.extensiv.shapes import CANCELLED, CLOSED, Terms, embedded, happened, item_key
from planster_sync.connectors.extensiv.shipping_methods import method_key
from planster_sync.connectors.extensiv.statuses import ORDER, ORDER_STEPS, ORDER_TYPE
from planster_sync.mapping.fields import Fields
from planster_sync.mapping.numbers import required_quantity
from planster_sync.mapping.words import word
from planster_sync.model.orders import Order, OrderLine, OrderStatus
from planster_sync.model.record import Word
from planster_sync.model.vocabulary import Place

SHIP_DATES = ("readOnly.shipDate", "readOnly.smallParcelShipDate", "readOnly.processDate")


def order(source: Fields, terms: Terms) -> Order:
    carrier, service = source.text("routingInfo.carrier"), source.text("routingInfo.mode")
    return Order(
        **terms.owned(source, "readOnly.orderId"),
        number=source.text("referenceNum"),
        reference_id=source.identifier("externalId"),
        status=_status(source),
        type=word(source, "orderType", ORDER_TYPE),
        channel_id=source.identifier("readOnly.importChannelIdentifier.id"),
        channel_name=source.text("readOnly.importChannelIdentifier.name"),
        warehouse_id=source.identifier("readOnly.facilityIdentifier.id"),
        required_ship_at=terms.at(source, "shipCancelDate"),
        shipped_at=shipped_at(source, terms),
        shipping_method_id=method_key(carrier, service) if carrier and service else None,
        shipping_method_name=service,
        carrier_id=carrier and method_key(carrier),
        carrier_name=carrier,
        total_tax=terms.money(source, "fulfillInvInfo.fulfillInvTax"),
        total_discount=terms.money(source, "fulfillInvInfo.fulfillInvDiscountAmount"),
        total_shipping=terms.money(source, "fulfillInvInfo.fulfillInvShippingAndHandling"),
        destination=destination(source),
        lines=tuple([_line(each, source, terms) for each in order_items(source)]),
    )


def order_items(source: Fields) -> tuple[Fields, ...]:
    return embedded(source, "orders/item", "orderItems")


def is_cancelled(source: Fields) -> bool:
    return source.identifier("readOnly.status") in CANCELLED


def is_closed(source: Fields) -> bool:
    """Whether the order left as a whole; the status alone is only reliable for what was cancelled."""
    if is_cancelled(source):
        return False
    return source.identifier("readOnly.status") in CLOSED or source.flag("readOnly.isClosed") is True


def shipped_at(source: Fields, terms: Terms) -> str | None:
    """When a closed order left: the first of these dates that is there."""
    if not is_closed(source):
        return None
    return next(filter(None, map(partial(terms.at, source), SHIP_DATES)), None)


def destination(source: Fields) -> Place | None:
    region, code, country = [source.text(f"shipTo.{name}") for name in ("state", "zip", "country")]
    return Place(region=region, postal_code=code, country=country) if region or code or country else None


def _status(source: Fields) -> Word[OrderStatus] | None:
    told = source.identifier("readOnly.status")
    if is_closed(source):
        return Word(value=OrderStatus.FULFILLED, vendor=told)
    placed = ORDER.placed(told, told)
    if placed.value is not OrderStatus.OPEN:
        return placed if told else None
    steps = (ours for name, ours in ORDER_STEPS if happened(source, name))
    return Word(value=next(steps, OrderStatus.OPEN), vendor=told)


def _line(source: Fields, order: Fields, terms: Terms) -> OrderLine:
    ordered = required_quantity(source, "qty")
    return OrderLine(
        line_id=source.identifier("readOnly.orderItemId"),
        product_id=source.identifier("itemIdentifier.id"),
        inventory_item_id=item_key(source),
        sku=source.text("itemIdentifier.sku"),
        quantity=ordered,
        shipped=ordered if is_closed(order) else 0,  # an order closes as a whole; before, nothing has left
        unit_price=terms.money(source, "fulfillInvSalePrice"),
    )
