"""GET /sale: the order itself. Customers, contacts, notes and memos are not read; of the address, no street or town."""

from __future__ import annotations

from planster_sync.connectors.cin7_core.order_channels import channel_id
from planster_sync.connectors.cin7_core.places import place_id
from planster_sync.connectors.cin7_core.shapes import (
    House,
    count,
    date,
    guid,
    place,
    required_count,
    required_guid,
    stamp,
    yes,
)
from planster_sync.connectors.cin7_core.statuses import ORDER_STEPS, first_known
from planster_sync.mapping.fields import Fields
from planster_sync.mapping.numbers import EXACT, amount_of, decimal_text, money
from planster_sync.model.orders import Order, OrderLine, OrderStatus, OrderType
from planster_sync.model.record import Money, Word


def order(source: Fields, house: House) -> Order:
    currency = source.text("CustomerCurrency")
    status = first_known(source, ORDER_STEPS, shown="Status")
    return Order(
        id=required_guid(source, "ID"),
        updated_at=stamp(source, "LastModifiedOn"),
        number=source.text("Order.SaleOrderNumber"),
        reference_id=source.text("ExternalID") or source.text("CustomerReference"),
        status=status,
        type=_type(source),
        channel_id=channel_id(source),
        channel_name=source.text("SourceChannel"),
        warehouse_id=place_id(source, source.text("Location")),
        ordered_at=date(source, "SaleOrderDate", house),
        required_ship_at=date(source, "ShipBy", house),
        shipped_at=_shipped_at(source, house) if status and status.value is OrderStatus.FULFILLED else None,
        carrier_name=source.text("Carrier"),
        total_price=money(source, "Order.Total", currency),
        total_tax=money(source, "Order.Tax", currency),
        destination=place(source, "ShippingAddress"),
        lines=tuple(_line(each, currency) for each in source.children("Order.Lines")),
    )


def as_document(source: Fields) -> Fields:
    """A sale; a row of a list of sales, as people have it in files, becomes one without lines and parcels."""
    if source.has("ID") or not source.has("SaleID"):
        return source
    row = source.values
    order = {"SaleOrderNumber": row.get("OrderNumber"), "Status": row.get("OrderStatus")}
    named = {"ID": "SaleID", "SaleOrderDate": "OrderDate", "LastModifiedOn": "Updated", "Location": "OrderLocationID"}
    return Fields({**row, "Order": order, **{ours: row.get(theirs) for ours, theirs in named.items()}})


def _type(source: Fields) -> Word[OrderType] | None:
    """Known only of orders of which every line goes from the supplier to the buyer: they take no stock."""
    lines = source.children("Order.Lines")
    if lines and all(yes(line, "DropShip") for line in lines):
        return Word(value=OrderType.DROPSHIP)
    return None


def _shipped_at(source: Fields, house: House) -> str | None:
    """The day of the last parcel."""
    parcels = (parcel for each in source.children("Fulfilments") for parcel in each.children("Ship.Lines"))
    return max((sent for each in parcels if (sent := date(each, "ShipmentDate", house))), default=None)


def _line(source: Fields, currency: str | None) -> OrderLine:
    return OrderLine(
        product_id=guid(source, "ProductID"),
        sku=source.text("SKU"),
        quantity=required_count(source, "Quantity"),
        backordered=count(source, "BackorderQuantity"),
        unit_price=money(source, "Price", currency),
        discount=_discount(source, currency),
    )


def _discount(source: Fields, currency: str | None) -> Money | None:
    """`Discount` is in per cent of quantity times price."""
    share, price, quantity = (decimal_text(source, name) for name in ("Discount", "Price", "Quantity"))
    if share is None or price is None or quantity is None:
        return None
    return Money(amount=amount_of(EXACT.multiply(EXACT.multiply(price, quantity), share.scaleb(-2))), currency=currency)
