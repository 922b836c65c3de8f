"""Inbound shipments (purchase orders, advance shipping notices) and their suppliers: what is on its way."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from planster_sync.model.data_types import DataType
from planster_sync.model.record import Instant, Money, Quantity, Record, Value, Word
from planster_sync.model.vocabulary import Place, within


class InboundStatus(StrEnum):
    """In order of life. What is still to come counts until `received`, `closed` or `cancelled`."""

    DRAFT = "draft"
    OPEN = "open"
    IN_TRANSIT = "in_transit"
    RECEIVING = "receiving"
    RECEIVED = "received"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    OTHER = "other"


class InboundLine(Value):
    """One item of an inbound shipment."""

    line_id: str | None = Field(default=None, description="The line's id; null where lines have none.")
    inventory_item_id: str | None = Field(default=None, description="Id of the inventory level; or null.")
    sku: str | None = Field(default=None, description="The item's SKU; or null.")
    supplier_sku: str | None = Field(
        default=None, description="The supplier's number, or an outside reference; or null."
    )
    expected: Quantity | None = Field(default=None, description="Eaches announced in all; or null.")
    received: Quantity | None = Field(default=None, description="Eaches received so far, over all receipts; or null.")
    rejected: Quantity | None = Field(default=None, description="Eaches refused on arrival; or null.")
    unit_cost: Money | None = Field(default=None, description="Purchase price of one each; or null.")


class ReceiptLine(Value):
    """One item of a receipt."""

    inventory_item_id: str | None = Field(default=None, description="Id of the inventory level; or null.")
    sku: str | None = Field(default=None, description="The item's SKU; or null.")
    quantity: Quantity = Field(description="Eaches received in this event.")
    lot_id: str | None = Field(default=None, description="Lot of what arrived; or null.")
    expires_on: date | None = Field(default=None, description="Day on which that lot expires; or null.")


class Receipt(Value):
    """One event of receiving."""

    receipt_id: str | None = Field(default=None, description="The receipt's id; or null.")
    received_at: Instant | None = Field(default=None, description="When it arrived (UTC); or null.")
    lines: tuple[ReceiptLine, ...] = Field(default=(), description="What was received.")


class InboundShipment(Record):
    """One inbound shipment."""

    data_type: ClassVar[DataType] = DataType.INBOUND_SHIPMENTS

    purchase_order_number: str | None = Field(default=None, description="The purchase order's number; or null.")
    status: Annotated[Word, within(InboundStatus)] | None = Field(
        default=None, description="A word of InboundStatus, with the source's own word; null where it has no status."
    )
    supplier_id: str | None = Field(default=None, description="Id of the supplier; or null.")
    supplier_name: str | None = Field(default=None, description="The supplier's business name; or null.")
    warehouse_id: str | None = Field(default=None, description="Warehouse that receives it; or null.")
    ordered_at: Instant | None = Field(default=None, description="When it was ordered (UTC); or null.")
    expected_at: Instant | None = Field(default=None, description="When it is expected to arrive (UTC); or null.")
    received_at: Instant | None = Field(default=None, description="When receiving was completed (UTC); or null.")
    origin: Place | None = Field(default=None, description="Where it is shipped from; or null.")
    tracking_numbers: tuple[str, ...] = Field(default=(), description="Carriers' tracking numbers.")
    lines: tuple[InboundLine, ...] = Field(default=(), description="What is announced, in the source's order.")
    receipts: tuple[Receipt, ...] = Field(default=(), description="Events of receiving, in the source's order.")


class InboundShipmentSupplier(Record):
    """One supplier of inbound shipments."""

    data_type: ClassVar[DataType] = DataType.INBOUND_SHIPMENT_SUPPLIERS

    name: str | None = Field(default=None, description="The supplier's business name; or null.")
    code: str | None = Field(default=None, description="The source's short code of the supplier; or null.")
    active: bool | None = Field(default=None, description="Whether it still supplies; null where not told.")
    lead_time_days: int | None = Field(default=None, description="Usual days from order to arrival; or null.")
    currency: str | None = Field(default=None, description="ISO 4217 code in which the supplier bills; or null.")
    country: str | None = Field(default=None, description="The supplier's country, as the source writes it; or null.")
