"""Returns: what comes back, and what becomes of it."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, ClassVar

from msgspec import field

from planster_sync.model.data_types import DataType
from planster_sync.model.record import Instant, Money, Quantity, Record, Value, Word, empty, means
from planster_sync.model.vocabulary import Measurements


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


class ReturnLine(Value, frozen=True, kw_only=True):
    """One item of a return."""

    inventory_item_id: Annotated[str | None, means("Id of the inventory level; or null.")] = None
    sku: Annotated[str | None, means("The item's SKU; or null.")] = None
    expected: Annotated[Quantity | None, means("Eaches announced; or null.")] = None
    received: Annotated[Quantity | None, means("Eaches received; or null.")] = None
    restocked: Annotated[Quantity | None, means("Eaches put back into stock; or null.")] = None
    reason: Annotated[
        Word[ReturnReason] | None,
        means("A word of ReturnReason; text that buyers may have written is not kept; or null."),
    ] = None


class Inspection(Value, frozen=True, kw_only=True):
    """What was found when returned items were checked."""

    quantity: Annotated[Quantity, means("Eaches with this finding.")]
    condition: Annotated[Word[Condition] | None, means("A word of Condition; or null.")] = None
    disposition: Annotated[Word[Disposition] | None, means("A word of Disposition; or null.")] = None


class ReturnShipmentLine(Value, frozen=True, kw_only=True):
    """One item of a parcel that came back."""

    inventory_item_id: Annotated[str | None, means("Id of the inventory level; or null.")] = None
    sku: Annotated[str | None, means("The item's SKU; or null.")] = None
    quantity: Annotated[Quantity, means("Eaches in the parcel.")]
    inspections: Annotated[tuple[Inspection, ...], means("Findings; empty before the check.")] = field(
        default_factory=empty
    )


class ReturnShipment(Value, frozen=True, kw_only=True):
    """One parcel that comes back."""

    tracking_number: Annotated[str | None, means("The carrier's tracking number; or null.")] = None
    shipped_at: Annotated[Instant | None, means("When it was sent back (UTC); or null.")] = None
    arrived_at: Annotated[Instant | None, means("When it reached the warehouse (UTC); or null.")] = None
    warehouse_id: Annotated[str | None, means("Warehouse that takes it back; or null.")] = None
    carrier_id: Annotated[str | None, means("Id of the carrier; or null.")] = None
    carrier_name: Annotated[str | None, means("Name of the carrier; or null.")] = None
    scac: Annotated[str | None, means("Standard carrier alpha code; or null.")] = None
    cost: Annotated[Money | None, means("What the way back cost; or null.")] = None
    measurements: Annotated[Measurements | None, means("Size and weight of the parcel; or null.")] = None
    lines: Annotated[tuple[ReturnShipmentLine, ...], means("What is in it, in the source's order.")] = field(
        default_factory=empty
    )


class Return(Record, frozen=True, kw_only=True):
    """One return."""

    data_type: ClassVar[DataType] = DataType.RETURNS

    order_id: Annotated[str | None, means("Id of the order that it belongs to; null where unknown.")] = None
    status: Annotated[
        Word[ReturnStatus] | None,
        means("A word of ReturnStatus, with the source's own word; null where it has no status."),
    ] = None
    lines: Annotated[tuple[ReturnLine, ...], means("What comes back, in the source's order.")] = field(
        default_factory=empty
    )
    shipments: Annotated[tuple[ReturnShipment, ...], means("Parcels on the way back.")] = field(default_factory=empty)
