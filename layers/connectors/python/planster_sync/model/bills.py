"""Bills: what the warehouse charges for its work."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, ClassVar

from msgspec import field

from planster_sync.model.data_types import DataType
from planster_sync.model.record import Instant, Money, Quantity, Record, Value, Word, empty, means


class BillStatus(StrEnum):
    DRAFT = "draft"
    OPEN = "open"
    PAID = "paid"
    CANCELLED = "cancelled"
    OTHER = "other"


class Charge(StrEnum):
    STORAGE = "storage"
    RECEIVING = "receiving"
    PICKING = "picking"
    PACKING = "packing"
    SHIPPING = "shipping"
    RETURNS = "returns"
    MATERIALS = "materials"
    ADJUSTMENT = "adjustment"
    OTHER = "other"


class ChargedFor(StrEnum):
    """What kind of record made the charge."""

    ORDER = "order"
    ORDER_SHIPMENT = "order_shipment"
    INBOUND_SHIPMENT = "inbound_shipment"
    RETURN = "return"
    INVENTORY = "inventory"
    OTHER = "other"


class BillLine(Value, frozen=True, kw_only=True):
    """One position of a bill."""

    charge: Annotated[Word[Charge] | None, means("A word of Charge, with the source's own word; or null.")] = None
    quantity: Annotated[Quantity | None, means("How many were charged; null where not told.")] = None
    amount: Annotated[Money, means("What the position costs in all.")]
    object_id: Annotated[str | None, means("Id of the record that made the charge; or null.")] = None
    object_type: Annotated[
        Word[ChargedFor] | None, means("A word of ChargedFor, with the source's own word; or null.")
    ] = None


class Bill(Record, frozen=True, kw_only=True):
    """One bill. Sources that list single charges give one bill per charge, with one line."""

    data_type: ClassVar[DataType] = DataType.BILLS

    number: Annotated[str | None, means("The invoice's number; null where there is none.")] = None
    status: Annotated[
        Word[BillStatus] | None, means("A word of BillStatus, with the source's own word; null where it has no status.")
    ] = None
    total: Annotated[Money | None, means("What is charged in all; or null.")] = None
    billed_at: Annotated[Instant | None, means("When it was billed (UTC); or null.")] = None
    due_at: Annotated[Instant | None, means("When it is due (UTC); or null.")] = None
    period_start: Annotated[Instant | None, means("Start of the billed period (UTC); or null.")] = None
    period_end: Annotated[Instant | None, means("End of the billed period (UTC), exclusive; or null.")] = None
    lines: Annotated[tuple[BillLine, ...], means("Its positions, in the source's order.")] = field(
        default_factory=empty
    )
