"""Inbound shipments (purchase orders, advance shipping notices) and their suppliers: what is on its way."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, ClassVar

from msgspec import field

from planster_sync.model.data_types import DataType
from planster_sync.model.record import Day, Instant, Money, Quantity, Record, Value, Word, empty, means
from planster_sync.model.vocabulary import Place


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


class InboundLine(Value, frozen=True, kw_only=True):
    """One item of an inbound shipment."""

    line_id: Annotated[str | None, means("The line's id; null where lines have none.")] = None
    inventory_item_id: Annotated[str | None, means("Id of the inventory level; or null.")] = None
    sku: Annotated[str | None, means("The item's SKU; or null.")] = None
    supplier_sku: Annotated[str | None, means("The supplier's number, or an outside reference; or null.")] = None
    expected: Annotated[Quantity | None, means("Eaches announced in all; or null.")] = None
    received: Annotated[Quantity | None, means("Eaches received so far, over all receipts; or null.")] = None
    rejected: Annotated[Quantity | None, means("Eaches refused on arrival; or null.")] = None
    unit_cost: Annotated[Money | None, means("Purchase price of one each; or null.")] = None


class ReceiptLine(Value, frozen=True, kw_only=True):
    """One item of a receipt."""

    inventory_item_id: Annotated[str | None, means("Id of the inventory level; or null.")] = None
    sku: Annotated[str | None, means("The item's SKU; or null.")] = None
    quantity: Annotated[Quantity, means("Eaches received in this event.")]
    lot_id: Annotated[str | None, means("Lot of what arrived; or null.")] = None
    expires_on: Annotated[Day | None, means("Day on which that lot expires; or null.")] = None


class Receipt(Value, frozen=True, kw_only=True):
    """One event of receiving."""

    receipt_id: Annotated[str | None, means("The receipt's id; or null.")] = None
    received_at: Annotated[Instant | None, means("When it arrived (UTC); or null.")] = None
    lines: Annotated[tuple[ReceiptLine, ...], means("What was received.")] = field(default_factory=empty)


class InboundShipment(Record, frozen=True, kw_only=True):
    """One inbound shipment."""

    data_type: ClassVar[DataType] = DataType.INBOUND_SHIPMENTS

    purchase_order_number: Annotated[str | None, means("The purchase order's number; or null.")] = None
    status: Annotated[
        Word[InboundStatus] | None,
        means("A word of InboundStatus, with the source's own word; null where it has no status."),
    ] = None
    supplier_id: Annotated[str | None, means("Id of the supplier; or null.")] = None
    supplier_name: Annotated[str | None, means("The supplier's business name; or null.")] = None
    warehouse_id: Annotated[str | None, means("Warehouse that receives it; or null.")] = None
    ordered_at: Annotated[Instant | None, means("When it was ordered (UTC); or null.")] = None
    expected_at: Annotated[Instant | None, means("When it is expected to arrive (UTC); or null.")] = None
    received_at: Annotated[Instant | None, means("When receiving was completed (UTC); or null.")] = None
    origin: Annotated[Place | None, means("Where it is shipped from; or null.")] = None
    tracking_numbers: Annotated[tuple[str, ...], means("Carriers' tracking numbers.")] = field(default_factory=empty)
    lines: Annotated[tuple[InboundLine, ...], means("What is announced, in the source's order.")] = field(
        default_factory=empty
    )
    receipts: Annotated[tuple[Receipt, ...], means("Events of receiving, in the source's order.")] = field(
        default_factory=empty
    )


class InboundShipmentSupplier(Record, frozen=True, kw_only=True):
    """One supplier of inbound shipments."""

    data_type: ClassVar[DataType] = DataType.INBOUND_SHIPMENT_SUPPLIERS

    name: Annotated[str | None, means("The supplier's business name; or null.")] = None
    code: Annotated[str | None, means("The source's short code of the supplier; or null.")] = None
    active: Annotated[bool | None, means("Whether it still supplies; null where not told.")] = None
    lead_time_days: Annotated[int | None, means("Usual days from order to arrival; or null.")] = None
    currency: Annotated[str | None, means("ISO 4217 code in which the supplier bills; or null.")] = None
    country: Annotated[str | None, means("The supplier's country, as the source writes it; or null.")] = None
