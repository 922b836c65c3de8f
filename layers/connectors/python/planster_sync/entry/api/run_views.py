"""What the API answers about runs, and what it is asked when one is wanted."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from planster_sync.engine.starting import Placement
from planster_sync.entry.api.views import CountsView, Instant, ProblemView, View, WaitingView, WarningView
from planster_sync.model.data_types import DataType
from planster_sync.model.runs import Mode, RunStatus, TaskState, Trigger


def _distinct(data_types: list[DataType]) -> list[DataType]:
    if len(set(data_types)) != len(data_types):
        raise ValueError("each data type may be named once")
    return data_types


class SyncRequest(BaseModel):
    """What to sync now. Data types that share a read with a wanted one are synced with it."""

    model_config = ConfigDict(extra="forbid")

    data_types: Annotated[list[DataType], AfterValidator(_distinct)] | None = Field(
        default=None, min_length=1, description="Left out: every data type that is switched on."
    )
    mode: Mode = Field(
        default=Mode.AUTO,
        description="`auto` reads what changed where the source can tell, `snapshot` everything, "
        "`refresh` everything, and writes every record anew, whatever is stored.",
    )


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
    total_records: int | None = Field(description="The source's own count of the list; null where it gives none.")
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


class RunList(View):
    """Newest first. A page may be short, even empty, although more follows: go by `after` alone."""

    runs: list[RunSummary]
    after: str | None = Field(description="The cursor of the next page; null at the end.")


class SyncAccepted(View):
    """What became of a request to sync now."""

    run: str
    placement: Placement = Field(description="A run of its own, one that was waiting, or one that waits for another.")
    behind: str | None = Field(description="The run that this one waits for.")
    message: str
