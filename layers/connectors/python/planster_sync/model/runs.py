"""Runs and tasks: what was asked for, how far it is, how it ended."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Self

from planster_sync.errors import SyncError
from planster_sync.model.data_types import PRIORITY, DataType


class RunStatus(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    SUCCEEDED_WITH_WARNINGS = "succeeded_with_warnings"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_final(self) -> bool:
        return self not in (RunStatus.QUEUED, RunStatus.RUNNING)


class TaskState(StrEnum):
    """`waiting` is a running task that sleeps for a vendor; `skipped` ended without being possible or needed."""

    QUEUED = "queued"
    RUNNING = "running"
    WAITING = "waiting"
    SUCCEEDED = "succeeded"
    SUCCEEDED_WITH_WARNINGS = "succeeded_with_warnings"
    FAILED = "failed"
    SKIPPED = "skipped"
    CANCELLED = "cancelled"

    @property
    def is_final(self) -> bool:
        return self not in (TaskState.QUEUED, TaskState.RUNNING, TaskState.WAITING)

    @property
    def is_good(self) -> bool:
        return self in (TaskState.SUCCEEDED, TaskState.SUCCEEDED_WITH_WARNINGS)


class Mode(StrEnum):
    """`auto` is incremental where the read can, else (or when due) a snapshot; `refresh` writes all anew."""

    AUTO = "auto"
    SNAPSHOT = "snapshot"
    REFRESH = "refresh"

    def covers(self, other: Mode) -> bool:
        """Says whether a run in this mode does everything that a run in the other would."""
        strength = (Mode.AUTO, Mode.SNAPSHOT, Mode.REFRESH)
        return strength.index(self) >= strength.index(other)


class Trigger(StrEnum):
    SCHEDULE = "schedule"
    CATCH_UP = "catch_up"
    MANUAL = "manual"


class Lane(StrEnum):
    """The two queues: a planner's sync must not stand behind the night's messages."""

    NIGHT = "night"
    MANUAL = "manual"


@dataclass(frozen=True, slots=True)
class Problem:
    """A failure as it is kept on a run, in the log and in the API: {code, what, remedy, retryable}."""

    code: str
    what: str
    remedy: str
    retryable: bool

    @classmethod
    def of(cls, error: SyncError) -> Self:
        return cls(error.code, error.what, error.remedy, error.retryable)


@dataclass(slots=True)
class Counts:
    """What one task did to one data type; fetched = created + updated + unchanged + quarantined."""

    fetched: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    deleted: int = 0
    quarantined: int = 0
    held: int = 0

    @property
    def changed(self) -> int:
        return self.created + self.updated + self.deleted


@dataclass(frozen=True, slots=True)
class StreamKey:
    """One integration's read: the unit of fan-out, lease, index and checkpoint."""

    organisation: str
    integration: str
    read: str

    def __str__(self) -> str:
        return f"{self.organisation}/{self.integration}/{self.read}"


@dataclass(frozen=True, slots=True)
class Task:
    """One stream within a run.

    `attempt` counts how often the sweep sent it again because its worker was lost; `claim_by` (UTC) is until when its
    last message may still be on its way; `wait_until` (UTC) until when it waits for what `waiting_for` names.
    """

    read: str
    data_types: tuple[DataType, ...]
    state: TaskState = TaskState.QUEUED
    attempt: int = 0
    started_at: datetime | None = None
    ended_at: datetime | None = None
    pages: int = 0
    record_writes: int = 0
    counts: dict[DataType, Counts] = field(default_factory=dict)
    problem: Problem | None = None
    warnings: tuple[Problem, ...] = ()
    waiting_for: str | None = None
    wait_until: datetime | None = None
    claim_by: datetime | None = None

    @property
    def priority(self) -> int:
        """That of its most urgent data type; tasks are sent and shown in this order."""
        return min(PRIORITY[data_type] for data_type in self.data_types)


def id_at(moment: datetime) -> str:
    """What the ids of runs of that moment (UTC) begin with, so that they sort by time."""
    return f"{moment:%Y%m%dT%H%M%S}Z"


@dataclass(frozen=True, slots=True)
class Run:
    """One pass over an integration.

    `id` begins with a UTC time, so that ids sort by it, and is deterministic for a slot. `sent_at` is when the first
    messages were sent, None until then. `check_at` is when the sweep looks again, None once the run has ended.
    `cancelled_at` is when somebody asked to stop it: workers end its tasks when they next meet them.
    """

    organisation: str
    integration: str
    id: str
    trigger: Trigger
    mode: Mode
    lane: Lane
    status: RunStatus
    created_at: datetime
    tasks: dict[str, Task]
    slot: str | None = None
    requested_by: str | None = None
    sent_at: datetime | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    check_at: datetime | None = None
    cancelled_at: datetime | None = None
    cancelled_by: str | None = None

    def stream(self, read: str) -> StreamKey:
        return StreamKey(self.organisation, self.integration, read)

    def message(self, read: str, segment: int = 0) -> TaskMessage:
        """What a worker is sent for a segment of one of its tasks."""
        return TaskMessage(self.organisation, self.integration, self.id, read, segment, self.lane)


EXPORT = "export"
"""Stands in the place of a run in the message of an export; `read` is the export's id."""

ERASURE = "disconnect"
"""In the place of run and read: the message that has a disconnected integration erased."""


@dataclass(frozen=True, slots=True)
class TaskMessage:
    """What travels through SQS: ids only. A message whose segment is no longer the task's does nothing."""

    organisation: str
    integration: str
    run: str
    read: str
    segment: int
    lane: Lane = Lane.NIGHT
