"""What the API takes and answers about verifying records against their source, as closed models."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from pydantic import Field, model_validator

from planster_sync.entry.api.views import Instant, ProblemView, View
from planster_sync.model.data_types import DataType

MOST_AT_ONCE = 10


class VerifyForm(View):
    """Which records: one by its id, those of a SKU (at most ten), or a sample of so many."""

    data_type: DataType
    record: str | None = Field(None, min_length=1, max_length=1024, description="The record's id.")
    sku: str | None = Field(None, min_length=1, max_length=512)
    sample: int | None = Field(
        None, ge=1, le=MOST_AT_ONCE, strict=True, description="So many live records, others each time."
    )

    @model_validator(mode="after")
    def _names_records(self) -> VerifyForm:
        if [self.record, self.sku, self.sample].count(None) != 2:  # of the three
            raise ValueError("one of record, sku and sample must be given")
        return self


class Outcome(StrEnum):
    """How a stored record compares with its source."""

    SAME = "same"
    DIFFERS = "differs"
    GONE = "gone"
    DELETED = "deleted"
    BACK = "back"
    INVALID = "invalid"
    UNKNOWN = "unknown"


class DefinitionView(View):
    """What a unified field is taken from at this connector: the source's fields, and the rule where there is one."""

    fields: list[str]
    rule: str


class DifferenceView(View):
    """One field that differs; null is a field that has no value."""

    path: str = Field(description="Such as `on_hand` or `warehouses[w1].on_hand`.")
    stored: Any
    source: Any
    definition: DefinitionView | None


class LastChange(View):
    """When the stored copy last changed, and by what: a sync run, or a correction by hand."""

    at: Instant
    run: str | None
    adjusted_by: str | None = Field(description="The author, where a correction was made or taken back.")


class VerifiedView(View):
    """One record beside its source. `stored` is the record as it is shown; differences leave corrections aside."""

    record: str
    outcome: Outcome
    sentence: str
    stored: dict[str, Any]
    source: dict[str, Any] | None
    differences: list[DifferenceView]
    last_change: LastChange
    problem: ProblemView | None


class VerifyView(View):
    """The records, and what each field of the data type is taken from at this connector."""

    read_at: Instant | None = Field(description="When the source was asked; null where it gave no answer.")
    records: list[VerifiedView]
    definitions: dict[str, DefinitionView]
    problem: ProblemView | None = Field(description="Why the source could not be asked, or not about every record.")
