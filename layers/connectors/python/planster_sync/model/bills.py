"""Bills: what the warehouse charges for its work."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from planster_sync.model.data_types import DataType
from planster_sync.model.record import Instant, Money, Quantity, Record, Value, Word
from planster_sync.model.vocabulary import within


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


class BillLine(Value):
    """One position of a bill."""

    charge: Annotated[Word, within(Charge)] | None = Field(
        default=None, description="A word of Charge, with the source's own word; or null."
    )
    quantity: Quantity | None = Field(default=None, description="How many were charged; null where not told.")
    amount: Money = Field(description="What the position costs in all.")
    object_id: str | None = Field(default=None, description="Id of the record that made the charge; or null.")
    object_type: Annotated[Word, within(ChargedFor)] | None = Field(
        default=None, description="A word of ChargedFor, with the source's own word; or null."
    )


class Bill(Record):
    """One bill. Sources that list single charges give one bill per charge, with one line."""

    data_type: ClassVar[DataType] = DataType.BILLS

    number: str | None = Field(default=None, description="The invoice's number; null where there is none.")
    status: Annotated[Word, within(BillStatus)] | None = Field(
        default=None, description="A word of BillStatus, with the source's own word; null where it has no status."
    )
    total: Money | None = Field(default=None, description="What is charged in all; or null.")
    billed_at: Instant | None = Field(default=None, description="When it was billed (UTC); or null.")
    due_at: Instant | None = Field(default=None, description="When it is due (UTC); or null.")
    period_start: Instant | None = Field(default=None, description="Start of the billed period (UTC); or null.")
    period_end: Instant | None = Field(default=None, description="End of the billed period (UTC), exclusive; or null.")
    lines: tuple[BillLine, ...] = Field(default=(), description="Its positions, in the source's order.")
