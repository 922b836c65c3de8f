"""What every unified record has in common, and the value types that their fields are made of."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Generic, TypeVar

import msgspec
from msgspec import Meta

from planster_sync.errors import RecordInvalid
from planster_sync.model.data_types import DataType

LONGEST_ID = 1024

Instant = Annotated[
    str,
    Meta(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$", extra={"kind": "instant"}),
]
"""A moment as ISO-8601 text in UTC, ending in Z; with milliseconds only where there are any. `instant_of` makes it."""

Day = Annotated[str, Meta(pattern=r"^\d{4}-\d\d-\d\d$", extra={"kind": "day"})]
"""A calendar day as ISO-8601 text."""

Amount = Annotated[str, Meta(pattern=r"^-?(0|[1-9]\d*)(\.\d*[1-9])?$", extra={"kind": "decimal"})]
"""An exact decimal as plain text: no exponent, no trailing zeros."""

Quantity = int | Decimal
"""A number of pieces (eaches), whole where the source is whole; never a float inside the product."""

Vocabulary = TypeVar("Vocabulary", bound=StrEnum)

_ENCODER = msgspec.json.Encoder(decimal_format="number")
_DECODER = msgspec.json.Decoder()


def means(description: str) -> Meta:
    """What a field holds, for the reference that people read."""
    return Meta(description=description)


def empty() -> tuple[()]:
    """The default of a list. An empty list is told, unlike a null."""
    return ()


def instant_of(moment: datetime) -> str:
    """The text of a moment; digits below a millisecond are cut off.

    Raises:
        ValueError: it has no zone.
    """
    if moment.tzinfo is None:
        raise ValueError("a time without a zone cannot be placed")
    text = _ENCODER.encode(moment.astimezone(UTC)).decode()  # a tenth of the time of isoformat; in quotation marks
    return f"{text[1:24]}Z" if moment.microsecond else text[1:-1]


class Value(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True, gc=False):
    """A part of a record: immutable, and closed, so that a misspelt field in a mapper fails at once.

    Types are checked where a value is read from JSON; in mappers, by the type checker and the contract suite.
    """


class Money(Value, frozen=True, kw_only=True):
    """An amount with its currency."""

    amount: Annotated[Amount, means("Exact decimal, in whole currency units (not cents).")]
    currency: Annotated[str | None, means("ISO 4217 code; null where the source names none.")] = None


class Word(Value, Generic[Vocabulary], frozen=True, kw_only=True):
    """A vendor's word placed in our vocabulary. Unknown words never fail a record: `value` is then `other`."""

    value: Annotated[Vocabulary, means("Our word, from the field's vocabulary; `other` where the vendor's is unknown.")]
    vendor: Annotated[str | None, means("The vendor's own word, unchanged.")] = None


class Record(Value, frozen=True, kw_only=True):
    """One unified record. `id` is the source's own id, unique per integration and data type."""

    data_type: ClassVar[DataType]

    id: Annotated[str, means("The source's id, unchanged.")]
    warehouse_customer_id: Annotated[
        str | None, means("The merchant that owns the record, where the warehouse serves several.")
    ] = None
    created_at: Annotated[Instant | None, means("When the source says it was created (UTC).")] = None
    updated_at: Annotated[Instant | None, means("When the source says it last changed (UTC).")] = None

    def __post_init__(self) -> None:
        if not 0 < len(self.id) <= LONGEST_ID:
            raise RecordInvalid(f"The record's id is empty or longer than {LONGEST_ID} characters.", path="id")

    def canonical(self) -> bytes:
        """JSON in field order, nulls left out: equal bytes mean an equal unified value."""
        return _ENCODER.encode(self)

    def attributes(self) -> dict[str, Any]:
        """Plain JSON types, nulls left out: what is stored."""
        found: dict[str, Any] = _DECODER.decode(_ENCODER.encode(self))
        return found
