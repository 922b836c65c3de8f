"""What every unified record has in common, and the value types that their fields are made of."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer

from planster_sync.model.data_types import DataType


def _to_utc(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("a time without a zone cannot be placed")
    return value.astimezone(UTC)


def _iso(value: datetime) -> str:
    text = value.isoformat(timespec="milliseconds" if value.microsecond else "seconds")
    return text.replace("+00:00", "Z")


def _whole_where_whole(value: Any) -> Any:
    if isinstance(value, bool | str):
        raise ValueError("a quantity is a number")
    if isinstance(value, float):
        value = Decimal(repr(value))
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise ValueError("a quantity is finite")
        if value == value.to_integral_value():
            return int(value)
    return value


def _json_number(value: int | Decimal) -> int | float:
    return value if isinstance(value, int) else float(value)


Instant = Annotated[datetime, AfterValidator(_to_utc), PlainSerializer(_iso, when_used="json")]
"""A moment in UTC; a datetime without a zone is refused. In JSON: ISO-8601 ending in Z."""

Quantity = Annotated[
    int | Decimal, BeforeValidator(_whole_where_whole), PlainSerializer(_json_number, when_used="json")
]
"""A number of pieces (eaches), whole where the source is whole; never a float inside the product."""

Amount = Annotated[Decimal, PlainSerializer(lambda value: format(value, "f"), return_type=str, when_used="json")]
"""An exact decimal, as a plain decimal string in JSON (no exponent)."""


class Value(BaseModel):
    """A part of a record: immutable, and closed, so that a misspelt field in a mapper fails at once."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_enum_values=False, validate_default=False)


class Money(Value):
    """An amount with its currency."""

    amount: Amount = Field(description="Exact decimal, in whole currency units (not cents).")
    currency: str | None = Field(default=None, description="ISO 4217 code; null where the source names none.")


class Word(Value):
    """A vendor's word placed in our vocabulary. Unknown words never fail a record: `value` is then `other`."""

    value: str = Field(description="Our word, from the field's vocabulary; `other` where the vendor's is unknown.")
    vendor: str | None = Field(default=None, description="The vendor's own word, unchanged.")


class Record(Value):
    """One unified record. `id` is the source's own id, unique per integration and data type."""

    data_type: ClassVar[DataType]

    id: str = Field(min_length=1, max_length=1024, description="The source's id, unchanged.")
    warehouse_customer_id: str | None = Field(
        default=None, description="The merchant that owns the record, where the warehouse serves several."
    )
    created_at: Instant | None = Field(default=None, description="When the source says it was created (UTC).")
    updated_at: Instant | None = Field(default=None, description="When the source says it last changed (UTC).")

    def canonical(self) -> bytes:
        """JSON in field order, nulls left out: equal bytes mean an equal unified value."""
        return self.model_dump_json(exclude_none=True).encode()

    def attributes(self) -> dict[str, Any]:
        """Plain JSON types, nulls left out: what is stored."""
        return self.model_dump(mode="json", exclude_none=True)
