"""`orders`: demand. Of addresses only state, postal code and country are asked for; of holds, that there is one."""

from __future__ import annotations

from decimal import Decimal
from functools import partial

from planster_sync.connectors.shiphero.capabilities import ShipheroSettings
from planster_sync.connectors.shiphero.order_channels import channel_id
from planster_sync.connectors.shiphero.shapes import agreed, moment, nodes
from planster_sync.connectors.shiphero.shipping_methods import method_id
from planster_sync.connectors.shiphero.statuses import ORDER
from planster_sync.mapping.fields import Fields
from planster_sync.mapping.numbers import EXACT, money, pieces, quantity, required_quantity
from planster_sync.mapping.words import word
from planster_sync.model.orders import Order, OrderLine, OrderStatus
from planster_sync.model.record import Word
from planster_sync.model.vocabulary import Place

HOLDS = ("fraud_hold", "address_hold", "shipping_method_hold", "operator_hold", "payment_hold", "client_hold")


def order(source: Fields, settings: ShipheroSettings) -> Order:
    paid_in = source.text("currency") or settings.currency
    carrier, method = source.text("shipping_lines.carrier"), source.text("shipping_lines.method")
    return Order(
        id=source.required_id("id"),
        warehouse_customer_id=source.identifier("account_id"),
        created_at=moment(source, "created_at"),
        updated_at=moment(source, "updated_at"),
        number=source.text("order_number"),
        reference_id=source.identifier("partner_order_id"),
        status=_status(source),
        channel_id=channel_id(source),
        channel_name=source.text("shop_name"),
        warehouse_id=_warehouse(source),
        ordered_at=moment(source, "order_date"),
        required_ship_at=moment(source, "required_ship_date"),
        shipping_method_id=method_id(carrier, method),
        shipping_method_name=method,
        carrier_name=carrier,
        total_price=money(source, "total_price", paid_in),
        total_tax=money(source, "total_tax", paid_in),
        total_discount=money(source, "total_discounts", paid_in),
        total_shipping=money(source, "shipping_lines.price", paid_in),
        destination=destination(source),
        lines=tuple(map(partial(_line, currency=paid_in), nodes(source, "line_items"))),
    )


def destination(order: Fields) -> Place | None:
    address = order.child("shipping_address")
    region = address.text("state_code") or address.text("state")
    postal_code = address.text("zip")
    country = address.text("country_code") or address.text("country")
    return Place(region=region, postal_code=postal_code, country=country) if region or postal_code or country else None


def _status(source: Fields) -> Word[OrderStatus] | None:
    """The status; a pending order with a hold on it waits, whatever kind of hold it is."""
    found = word(source, "fulfillment_status", ORDER)
    is_held = any(source.flag(f"holds.{name}") for name in HOLDS)
    if found is not None and found.value is OrderStatus.OPEN and is_held:
        return Word(value=OrderStatus.ON_HOLD, vendor=found.vendor)
    return found


def _warehouse(source: Fields) -> str | None:
    """Where the order is allocated, else where its lines are planned; null where that is not one warehouse."""
    allocated = [each.identifier("warehouse_id") for each in source.children("allocations")]
    planned = [each.identifier("warehouse_id") for each in nodes(source, "line_items")]
    return agreed(allocated if any(allocated) else planned)


def _line(source: Fields, currency: str | None) -> OrderLine:
    return OrderLine(
        line_id=source.identifier("id"),
        product_id=source.identifier("product_id"),
        sku=source.text("sku"),
        quantity=required_quantity(source, "quantity"),
        shipped=quantity(source, "quantity_shipped"),
        cancelled=_cancelled(source),
        backordered=quantity(source, "backorder_quantity"),
        unit_price=money(source, "price", currency),
        discount=money(source, "promotion_discount", currency),
    )


def _cancelled(source: Fields) -> int | Decimal | None:
    """What a cancelled line will not ship any more; null for other lines, whose quantity is what is wanted."""
    if ORDER.known(source.text("fulfillment_status")) is not OrderStatus.CANCELLED:
        return None
    shipped = quantity(source, "quantity_shipped") or 0
    return pieces(EXACT.subtract(Decimal(required_quantity(source, "quantity")), Decimal(shipped)))
