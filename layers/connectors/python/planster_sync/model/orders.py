"""Orders and the channels that they come from: demand. Nothing here says who bought."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, ClassVar

from msgspec import field

from planster_sync.model.data_types import DataType
from planster_sync.model.record import Instant, Money, Quantity, Record, Value, Word, empty, means
from planster_sync.model.vocabulary import Place


class OrderStatus(StrEnum):
    """In order of life; `on_hold`, `backordered` and `exception` may come at any point before shipping."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    PROCESSING = "processing"
    PICKED = "picked"
    PACKED = "packed"
    PARTIALLY_FULFILLED = "partially_fulfilled"
    FULFILLED = "fulfilled"
    ON_HOLD = "on_hold"
    BACKORDERED = "backordered"
    EXCEPTION = "exception"
    CANCELLED = "cancelled"
    OTHER = "other"


class OrderType(StrEnum):
    D2C = "d2c"
    B2B = "b2b"
    DROPSHIP = "dropship"
    TRANSFER = "transfer"
    OTHER = "other"


class OrderLine(Value, frozen=True, kw_only=True):
    """One product of an order."""

    line_id: Annotated[str | None, means("The line's id; null where lines have none.")] = None
    product_id: Annotated[str | None, means("Id of the product ordered; or null.")] = None
    inventory_item_id: Annotated[str | None, means("Id of the stock item, where the source names it.")] = None
    sku: Annotated[str | None, means("SKU as ordered; or null.")] = None
    quantity: Annotated[Quantity, means("Eaches ordered (of the product; a kit counts as one).")]
    shipped: Annotated[Quantity | None, means("Eaches shipped so far; or null.")] = None
    cancelled: Annotated[Quantity | None, means("Eaches taken off the order; or null.")] = None
    backordered: Annotated[Quantity | None, means("Eaches waiting for stock; or null.")] = None
    unit_price: Annotated[Money | None, means("Price of one; or null.")] = None
    discount: Annotated[Money | None, means("Discount on the whole line; or null.")] = None
    is_picked: Annotated[bool | None, means("Whether the line has been picked; or null.")] = None


class Order(Record, frozen=True, kw_only=True):
    """One customer order."""

    data_type: ClassVar[DataType] = DataType.ORDERS

    number: Annotated[str | None, means("The order's readable number; or null.")] = None
    reference_id: Annotated[str | None, means("Its id in the system it came from; or null.")] = None
    status: Annotated[
        Word[OrderStatus] | None,
        means("A word of OrderStatus, with the source's own word; null where it has no status."),
    ] = None
    type: Annotated[Word[OrderType] | None, means("A word of OrderType, with the source's own word; or null.")] = None
    channel_id: Annotated[str | None, means("Id of the order channel; or null.")] = None
    channel_name: Annotated[str | None, means("Name of the order channel; or null.")] = None
    warehouse_id: Annotated[str | None, means("Warehouse planned to ship it; or null.")] = None
    ordered_at: Annotated[Instant | None, means("When the buyer ordered (UTC); or null.")] = None
    required_ship_at: Annotated[Instant | None, means("Latest moment to ship (UTC); or null.")] = None
    shipped_at: Annotated[Instant | None, means("When it was shipped in full (UTC); or null.")] = None
    cancelled_at: Annotated[Instant | None, means("When it was cancelled (UTC); or null.")] = None
    shipping_method_id: Annotated[str | None, means("Id of the shipping method used; or null.")] = None
    shipping_method_name: Annotated[str | None, means("Name of that shipping method; or null.")] = None
    carrier_id: Annotated[str | None, means("Id of the carrier; or null.")] = None
    carrier_name: Annotated[str | None, means("Name of the carrier; or null.")] = None
    total_price: Annotated[Money | None, means("What the order is worth in all; or null.")] = None
    total_tax: Annotated[Money | None, means("Tax on the order; or null.")] = None
    total_discount: Annotated[Money | None, means("Discount on the order; or null.")] = None
    total_shipping: Annotated[Money | None, means("Shipping charged to the buyer; or null.")] = None
    destination: Annotated[Place | None, means("Region, postal code and country shipped to; or null.")] = None
    lines: Annotated[tuple[OrderLine, ...], means("What was ordered, in the source's order.")] = field(
        default_factory=empty
    )


class OrderChannel(Record, frozen=True, kw_only=True):
    """One shop, marketplace or other place where orders come from."""

    data_type: ClassVar[DataType] = DataType.ORDER_CHANNELS

    name: Annotated[str | None, means("The channel's name; or null.")] = None
    platform: Annotated[str | None, means("The kind of shop system, in the source's word; or null.")] = None
    active: Annotated[bool | None, means("Whether orders still come from it; null where not told.")] = None
