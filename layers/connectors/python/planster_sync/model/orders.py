"""Orders and the channels that they come from: demand. Nothing here says who bought."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from planster_sync.model.data_types import DataType
from planster_sync.model.record import Instant, Money, Quantity, Record, Value, Word
from planster_sync.model.vocabulary import Place, within


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


class OrderLine(Value):
    """One product of an order."""

    line_id: str | None = Field(default=None, description="The line's id; null where lines have none.")
    product_id: str | None = Field(default=None, description="Id of the product ordered; or null.")
    inventory_item_id: str | None = Field(default=None, description="Id of the stock item, where the source names it.")
    sku: str | None = Field(default=None, description="SKU as ordered; or null.")
    quantity: Quantity = Field(description="Eaches ordered (of the product; a kit counts as one).")
    shipped: Quantity | None = Field(default=None, description="Eaches shipped so far; or null.")
    cancelled: Quantity | None = Field(default=None, description="Eaches taken off the order; or null.")
    backordered: Quantity | None = Field(default=None, description="Eaches waiting for stock; or null.")
    unit_price: Money | None = Field(default=None, description="Price of one; or null.")
    discount: Money | None = Field(default=None, description="Discount on the whole line; or null.")
    is_picked: bool | None = Field(default=None, description="Whether the line has been picked; or null.")


class Order(Record):
    """One customer order."""

    data_type: ClassVar[DataType] = DataType.ORDERS

    number: str | None = Field(default=None, description="The order's readable number; or null.")
    reference_id: str | None = Field(default=None, description="Its id in the system it came from; or null.")
    status: Annotated[Word, within(OrderStatus)] | None = Field(
        default=None, description="A word of OrderStatus, with the source's own word; null where it has no status."
    )
    type: Annotated[Word, within(OrderType)] | None = Field(
        default=None, description="A word of OrderType, with the source's own word; or null."
    )
    channel_id: str | None = Field(default=None, description="Id of the order channel; or null.")
    channel_name: str | None = Field(default=None, description="Name of the order channel; or null.")
    warehouse_id: str | None = Field(default=None, description="Warehouse planned to ship it; or null.")
    ordered_at: Instant | None = Field(default=None, description="When the buyer ordered (UTC); or null.")
    required_ship_at: Instant | None = Field(default=None, description="Latest moment to ship (UTC); or null.")
    shipped_at: Instant | None = Field(default=None, description="When it was shipped in full (UTC); or null.")
    cancelled_at: Instant | None = Field(default=None, description="When it was cancelled (UTC); or null.")
    shipping_method_id: str | None = Field(default=None, description="Id of the shipping method used; or null.")
    shipping_method_name: str | None = Field(default=None, description="Name of that shipping method; or null.")
    carrier_id: str | None = Field(default=None, description="Id of the carrier; or null.")
    carrier_name: str | None = Field(default=None, description="Name of the carrier; or null.")
    total_price: Money | None = Field(default=None, description="What the order is worth in all; or null.")
    total_tax: Money | None = Field(default=None, description="Tax on the order; or null.")
    total_discount: Money | None = Field(default=None, description="Discount on the order; or null.")
    total_shipping: Money | None = Field(default=None, description="Shipping charged to the buyer; or null.")
    destination: Place | None = Field(default=None, description="Region, postal code and country shipped to; or null.")
    lines: tuple[OrderLine, ...] = Field(default=(), description="What was ordered, in the source's order.")


class OrderChannel(Record):
    """One shop, marketplace or other place where orders come from."""

    data_type: ClassVar[DataType] = DataType.ORDER_CHANNELS

    name: str | None = Field(default=None, description="The channel's name; or null.")
    platform: str | None = Field(default=None, description="The kind of shop system, in the source's word; or null.")
    active: bool | None = Field(default=None, description="Whether orders still come from it; null where not told.")
