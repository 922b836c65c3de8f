"""GET /orders: the order itself. Of the consignee only region, postal code and country are read."""

from __future__ import annotations

from decimal import Decimal
from functools import partial

from planster_sync.connectors.ongoing.order_channels import channel_of
from planster_sync.connectors.ongoing.order_shipments import is_sent
from planster_sync.connectors.ongoing.shapes import STRUCTURE, Terms, place, transporter_id, way_of_delivery_id
from planster_sync.connectors.ongoing.statuses import ORDER_TYPE, told
from planster_sync.mapping.fields import Fields
from planster_sync.mapping.numbers import quantity, required_quantity
from planster_sync.mapping.words import word
from planster_sync.model.orders import Order, OrderLine


def order(source: Fields, terms: Terms) -> Order:
    info, carrier = source.child("orderInfo"), source.child("transporter")
    channel_id, channel_name = channel_of(source) or (None, None)
    return Order(
        id=info.required_id("orderId"),
        warehouse_customer_id=source.identifier("goodsOwner.id"),
        created_at=terms.moment(info, "createdDate"),
        number=info.text("orderNumber"),
        reference_id=info.text("goodsOwnerOrderId"),
        status=terms.orders.placed(told(info, "orderStatus")),
        type=word(info, "orderType.code", ORDER_TYPE, shown="orderType.name"),
        channel_id=channel_id,
        channel_name=channel_name,
        warehouse_id=info.identifier("warehouse.id"),
        required_ship_at=terms.moment(info, "deliveryDate"),
        shipped_at=terms.moment(info, "shippedTime"),
        shipping_method_id=way_of_delivery_id(info.text("wayOfDelivery.code"))
        or transporter_id(carrier.text("code"), carrier.text("serviceCode")),
        shipping_method_name=info.text("wayOfDelivery.name") or carrier.text("name"),
        carrier_id=carrier.text("code"),
        carrier_name=carrier.text("transporterName"),
        destination=place(source.child("consignee")),
        lines=source.each("orderLines", partial(_line, sent=is_sent(source, terms))),
    )


def _line(source: Fields, sent: bool) -> OrderLine:
    """A kit is one line; what is in it (`subOrderLines`) would count its demand twice."""
    article_id = source.identifier("article.articleSystemId")
    ordered, picked = required_quantity(source, "orderedNumberOfItems"), _picked(source)
    return OrderLine(
        line_id=source.identifier("id"),
        product_id=article_id,
        inventory_item_id=None if _is_kit(source) else article_id,
        sku=source.text("article.articleNumber"),
        quantity=ordered,
        shipped=picked if sent else 0,
        is_picked=None if picked is None else picked >= ordered,
    )


def _picked(source: Fields) -> int | Decimal | None:
    """Of a kit, which is not picked itself, all of it once all of its parts are."""
    parts = source.children("subOrderLines")
    whole = bool(parts) and all(map(_is_picked, parts))
    return quantity(source, "orderedNumberOfItems" if whole else "pickedNumberOfItems")


def _is_picked(part: Fields) -> bool:
    ordered, picked = quantity(part, "orderedNumberOfItems"), quantity(part, "pickedNumberOfItems")
    return ordered is not None and picked is not None and picked >= ordered


def _is_kit(source: Fields) -> bool:
    return source.text("article.articleKind") == STRUCTURE or bool(source.children("subOrderLines"))
