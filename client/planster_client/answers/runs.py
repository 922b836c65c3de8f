"""Syncs: what was asked for, how far they are, how they ended."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct, field

from planster_client.answers.base import Answer, Trouble
from planster_client.answers.states import Waiting

FINAL = frozenset({"succeeded", "succeeded_with_warnings", "failed", "cancelled", "skipped"})
GOOD = frozenset({"succeeded", "succeeded_with_warnings"})


class Counts(Struct, kw_only=True):
    fetched: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    deleted: int = 0
    quarantined: int = 0
    held: int = 0


class Progress(Struct, kw_only=True):
    """How far one data type is: source records read, and records changed."""

    data_type: str
    records: int = 0
    changed: int = 0
    counts: Counts = field(default_factory=Counts)


class Task(Struct, kw_only=True):
    """One read within a run. `total_records` is the source's own count, null where it tells none."""

    read: str
    state: str
    sentence: str = ""
    started_at: datetime | None = None
    ended_at: datetime | None = None
    pages: int = 0
    slice: int | None = None
    phase: str | None = None
    total_records: int | None = None
    progress: list[Progress] = field(default_factory=list)
    waiting: Waiting | None = None
    behind: str | None = None
    problem: Trouble | None = None
    warnings: list[Trouble] = field(default_factory=list)

    @property
    def records(self) -> int:
        """Source records read so far: those of the data type that the read is named for."""
        return self.progress[0].records if self.progress else 0

    @property
    def changed(self) -> int:
        return sum(each.changed for each in self.progress)


class Run(Answer):
    """One pass over an integration; `tasks` are there where one run was asked for."""

    id: str
    state: str
    trigger: str
    mode: str
    created_at: datetime
    started_at: datetime | None = None
    ended_at: datetime | None = None
    slot: str | None = None
    requested_by: str | None = None
    cancelled_by: str | None = None
    duration_seconds: float | None = None
    data_types: list[str] = field(default_factory=list)
    totals: Counts = field(default_factory=Counts)
    problems: list[Trouble] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)

    @property
    def is_final(self) -> bool:
        return self.state in FINAL

    @property
    def is_good(self) -> bool:
        return self.state in GOOD


class Expectation(Answer):
    """What a sync will take at the vendor; null where nobody knows."""

    sentence: str
    calls: int | None = None
    minutes: float | None = None


class SyncAccepted(Answer):
    """`placement` is started, joined or succeeds; `repeated` says that the key was known."""

    run: str
    placement: str
    message: str
    behind: str | None = None
    repeated: bool = False
    expected: Expectation | None = None
