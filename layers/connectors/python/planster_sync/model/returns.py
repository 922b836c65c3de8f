"""Returns: what comes back, and what becomes of it."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from planster_sync.model.data_types import DataType
from planster_sync.model.record import Instant, Money, Quantity, Record, Value, Word
from planster_sync.model.vocabulary import Measurements, within


class ReturnStatus(StrEnum):
    """In order of life."""

    OPEN = "open"
    IN_TRANSIT = "in_transit"
    RECEIVING = "receiving"
    RECEIVED = "received"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    OTHER = "other"


class ReturnReason(StrEnum):
    DAMAGED = "damaged"
    DEFECTIVE = "defective"
    WRONG_ITEM = "wrong_item"
    NOT_AS_DESCRIBED = "not_as_described"
    UNWANTED = "unwanted"
    SIZE = "size"
    LATE = "late"
    UNDELIVERABLE = "undeliverable"
    OTHER = "other"


class Condition(StrEnum):
    GOOD = "good"
    DAMAGED = "damaged"
    EXPIRED = "expired"
    OTHER = "other"


class Disposition(StrEnum):
    """What became of a returned item; only `restocked` is stock again."""

    RESTOCKED = "restocked"
    QUARANTINED = "quarantined"
    DISCARDED = "discarded"
    RETURNED_TO_SUPPLIER = "returned_to_supplier"
    OTHER = "other"


class ReturnLine(Value):
    """One item of a return."""

    inventory_item_id: str | None = Field(default=None, description="Id of the inventory level; or null.")
    sku: str | None = Field(default=None, description="The item's SKU; or null.")
    expected: Quantity | None = Field(default=None, description="Eaches announced; or null.")
    received: Quantity | None = Field(default=None, description="Eaches received; or null.")
    restocked: Quantity | None = Field(default=None, description="Eaches put back into stock; or null.")
    reason: Annotated[Word, within(ReturnReason)] | None = Field(
        default=None, description="A word of ReturnReason; text that buyers may have written is not kept; or null."
    )


class Inspection(Value):
    """What was found when returned items were checked."""

    quantity: Quantity = Field(description="Eaches with this finding.")
    condition: Annotated[Word, within(Condition)] | None = Field(
        default=None, description="A word of Condition; or null."
    )
    disposition: Annotated[Word, within(Disposition)] | None = Field(
        default=None, description="A word of Disposition; or null."
    )


class ReturnShipmentLine(Value):
    """One item of a parcel that came back."""

    inventory_item_id: str | None = Field(default=None, description="Id of the inventory level; or null.")
    sku: str | None = Field(default=None, description="The item's SKU; or null.")
    quantity: Quantity = Field(description="Eaches in the parcel.")
    inspections: tuple[Inspection, ...] = Field(default=(), description="Findings; empty before the check.")


class ReturnShipment(Value):
    """One parcel that comes back."""

    tracking_number: str | None = Field(default=None, description="The carrier's tracking number; or null.")
    shipped_at: Instant | None = Field(default=None, description="When it was sent back (UTC); or null.")
    arrived_at: Instant | None = Field(default=None, description="When it reached the warehouse (UTC); or null.")
    warehouse_id: str | None = Field(default=None, description="Warehouse that takes it back; or null.")
    carrier_id: str | None = Field(default=None, description="Id of the carrier; or null.")
    carrier_name: str | None = Field(default=None, description="Name of the carrier; or null.")
    scac: str | None = Field(default=None, description="Standard carrier alpha code; or null.")
    cost: Money | None = Field(default=None, description="What the way back cost; or null.")
    measurements: Measurements | None = Field(default=None, description="Size and weight of the parcel; or null.")
    lines: tuple[ReturnShipmentLine, ...] = Field(default=(), description="What is in it, in the source's order.")


class Return(Record):
    """One return."""

    data_type: ClassVar[DataType] = DataType.RETURNS

    order_id: str | None = Field(default=None, description="Id of the order that it belongs to; null where unknown.")
    status: Annotated[Word, within(ReturnStatus)] | None = Field(
        default=None, description="A word of ReturnStatus, with the source's own word; null where it has no status."
    )
    lines: tuple[ReturnLine, ...] = Field(default=(), description="What comes back, in the source's order.")
    shipments: tuple[ReturnShipment, ...] = Field(default=(), description="Parcels on the way back.")
