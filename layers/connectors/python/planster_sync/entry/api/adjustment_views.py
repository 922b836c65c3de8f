"""What the API takes and answers about corrections by hand, as closed models."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

from pydantic import Field, model_validator

from planster_sync.entry.api.views import Instant, View
from planster_sync.model.data_types import DataType
from planster_sync.ports.stores import Adjustment, EndedAdjustment

LONGEST_REASON = 500
LONGEST_CSV = 400_000

Reason = Annotated[str, Field(min_length=1, max_length=LONGEST_REASON, description="Why; kept with the correction.")]
Author = Annotated[
    str | None,
    Field(
        min_length=1,
        max_length=64,
        pattern=r"^[^@\s]+$",
        description="Who corrects, as an opaque id; taken from back ends only. A token's own subject always counts.",
    ),
]


class AdjustmentForm(View):
    """A correction of one record. Either `record` or `sku` says which."""

    data_type: DataType = Field(description="inventory_levels or products.")
    record: str | None = Field(None, min_length=1, max_length=1024, description="The record's id.")
    sku: str | None = Field(None, min_length=1, max_length=512, description="Its SKU, where one record only has it.")
    warehouse_id: str | None = Field(
        None, min_length=1, max_length=1024, description="Whose stock; needed where several warehouses hold it."
    )
    fields: dict[str, Any] = Field(min_length=1, max_length=20, description="New values, by the unified field's name.")
    reason: Reason
    author: Author = None

    @model_validator(mode="after")
    def _names_one_record(self) -> AdjustmentForm:
        if (self.record is None) == (self.sku is None):
            raise ValueError("either record or sku must be given, and not both")
        return self


class Effect(StrEnum):
    """DRY_RUN judges every line and changes nothing; APPLY puts the lines in force if every one of them is right."""

    DRY_RUN = "dry_run"
    APPLY = "apply"


class BulkForm(View):
    """Corrections as CSV: the first line names the columns.

    `id` or `sku`, where needed `warehouse_id`, a column for each field (money in two, such as `unit_cost.amount` and
    `unit_cost.currency`), and `reason` where it differs from line to line. An empty cell corrects nothing.
    """

    data_type: DataType = Field(description="inventory_levels or products.")
    effect: Effect
    csv: str = Field(min_length=1, max_length=LONGEST_CSV)
    reason: Reason
    author: Author = None


class AdjustmentView(View):
    """A correction: the named fields overlay the record until the source has been read after `made_at`."""

    data_type: DataType
    record: str
    fields: dict[str, Any]
    author: str
    reason: str
    made_at: Instant
    ended_at: Instant | None = Field(None, description="Null while it is in force.")
    ended_how: str | None = Field(
        None, description="read: the source spoke again; replaced: another one followed; withdrawn: taken back by hand."
    )

    @classmethod
    def of(cls, adjustment: Adjustment) -> AdjustmentView:
        return cls(
            data_type=adjustment.key.data_type,
            record=adjustment.key.id,
            fields=adjustment.fields,
            author=adjustment.author,
            reason=adjustment.reason,
            made_at=adjustment.made_at,
        )

    @classmethod
    def ended(cls, ended: EndedAdjustment) -> AdjustmentView:
        return cls.of(ended.adjustment).model_copy(update={"ended_at": ended.at, "ended_how": ended.how})


class AdjustmentMade(View):
    """The correction in force, and the record as it is shown from now on."""

    adjustment: AdjustmentView
    record: dict[str, Any]


class AdjustmentList(View):
    """Corrections in force, in a stable order that means nothing."""

    adjustments: list[AdjustmentView]
    after: str | None


class AdjustmentHistory(View):
    """All corrections of a record: the one in force, and the ended ones, newest first."""

    in_force: AdjustmentView | None
    ended: list[AdjustmentView]


class LineError(View):
    """What is wrong with one line; the line of names is line 1."""

    line: int
    code: str
    what: str
    remedy: str


class LineChange(View):
    """What the lines of one record change."""

    lines: list[int]
    record: str
    fields: dict[str, Any]
    before: dict[str, Any]


class BulkView(View):
    """`applied` is true where the lines are in force; with any error none of them is."""

    applied: bool
    lines: int
    errors: list[LineError]
    changes: list[LineChange]
