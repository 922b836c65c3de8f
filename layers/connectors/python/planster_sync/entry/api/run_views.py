"""What the API answers about runs, and what it is asked when one is wanted."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from planster_sync.engine.starting import Placement
from planster_sync.entry.api.views import (
    CountsView,
    Instant,
    PollAfter,
    ProblemView,
    View,
    WaitingView,
    WarningView,
)
from planster_sync.model.data_types import DataType
from planster_sync.model.runs import Mode, RunStatus, TaskState, Trigger
from planster_sync.model.streams import Phase


def _distinct(data_types: list[DataType]) -> list[DataType]:
    if len(set(data_types)) != len(data_types):
        raise ValueError("each data type may be named once")
    return data_types


class SyncRequest(BaseModel):
    """What to sync now. Data types that share a read with a wanted one are synced with it."""

    model_config = ConfigDict(extra="forbid", defer_build=True)

    data_types: Annotated[list[DataType], AfterValidator(_distinct)] | None = Field(
        default=None, min_length=1, description="Left out: every data type that is switched on."
    )
    mode: Mode = Field(
        default=Mode.AUTO,
        description="`auto` reads what changed where the source can tell, `snapshot` everything, "
        "`refresh` everything, and writes every record anew, whatever is stored.",
    )


class ReadExpectationView(View):
    """What one list will take."""

    read: str
    data_types: list[DataType]
    records: int | None = Field(description="As many as the last sync that read everything left; null if none did.")
    page_size: int
    calls: int | None = Field(description="Pages to read; null where nobody knows.")
    changes_only: bool = Field(description="Whether only changes are read: then `calls` is the least.")


class ExpectationView(View):
    """What a sync will take, at least."""

    mode: Mode
    calls: int | None
    minutes: float | None
    calls_per_second: float = Field(description="Our share of the allowance that the vendor documents.")
    reads: list[ReadExpectationView]
    sentence: str


class ProgressView(View):
    """How far one data type is."""

    data_type: DataType
    records: int = Field(description="Source records read so far.")
    changed: int = Field(description="Created, updated and deleted so far.")
    counts: CountsView


class TaskView(View):
    """One read within a run."""

    read: str
    state: TaskState
    started_at: Instant | None
    ended_at: Instant | None
    attempt: int = Field(description="How often the task was sent again because its worker was lost.")
    pages: int
    record_writes: int
    segment: int = Field(description="Which part of a long task is at work, from 1; each takes four minutes at most.")
    slice: int | None = Field(
        description="Which slice of a first load is read, from 1: what is open and recent comes first; else null."
    )
    phase: Phase | None = Field(description="Whether it still reads, or settles what is missing; null at rest.")
    total_records: int | None = Field(description="The source's own count of the list; null where it gives none.")
    sentence: str = Field(description="How far it is, in words.")
    progress: list[ProgressView]
    waiting: WaitingView | None
    behind: str | None = Field(description="The run that has to end this read before the task can begin.")
    problem: ProblemView | None
    warnings: list[WarningView]


class RunSummary(View):
    """One pass over an integration."""

    id: str
    state: RunStatus
    trigger: Trigger
    mode: Mode
    slot: str | None = Field(description="The night that it stands for: local date and hour.")
    requested_by: str | None
    cancelled_by: str | None = Field(description="Who asked to stop it.")
    cancelled_at: Instant | None
    created_at: Instant
    started_at: Instant | None
    ended_at: Instant | None
    duration_seconds: float | None = Field(description="From start to end, or to now while it runs.")
    data_types: list[DataType]
    totals: CountsView
    problems: list[ProblemView] = Field(description="Why tasks failed or were left out, each reason once.")


class RunDetail(RunSummary):
    """A run with its tasks; those that run show their last checkpoint."""

    tasks: list[TaskView]
    poll_after_seconds: PollAfter


class RunList(View):
    """Newest first. A page may be short, even empty, although more follows: go by `after` alone."""

    runs: list[RunSummary]
    after: str | None = Field(description="The cursor of the next page; null at the end.")


class SyncAccepted(View):
    """What became of a request to sync now."""

    run: str
    placement: Placement = Field(description="A run of its own, one that was waiting, or one that waits for another.")
    behind: str | None = Field(description="The run that this one waits for.")
    repeated: bool = Field(description="Whether this `Idempotency-Key` was known: nothing was started anew.")
    message: str
    expected: ExpectationView | None = Field(description="What it will take, where everything is read.")


class CancelAccepted(View):
    """What becomes of a request to cancel."""

    run: str
    state: RunStatus
    message: str
