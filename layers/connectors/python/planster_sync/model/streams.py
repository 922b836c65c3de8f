"""A stream's state: lease, checkpoint, index pointer, cursor. One row, changed only under its fencing number."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from planster_sync.model.data_types import DataType
from planster_sync.model.runs import Counts, Mode, Problem, StreamKey, Task

REJECTION_HOLDS = timedelta(days=30)
"""After that a person is asked again: what is still missing then may have been gone all along."""


class Phase(StrEnum):
    READ = "read"
    BURY = "bury"


@dataclass(frozen=True, slots=True)
class DataWindow:
    """When the oldest and the newest record that was ever stored were created; ISO-8601 texts as records have them."""

    oldest: str | None = None
    newest: str | None = None

    def with_created(self, at: str) -> DataWindow:
        """The window that holds this moment as well. Without its Z, a text sorts before the same with milliseconds."""
        is_older = self.oldest is None or at[:-1] < self.oldest[:-1]
        is_newer = self.newest is None or at[:-1] > self.newest[:-1]
        if not is_older and not is_newer:
            return self
        return DataWindow(at if is_older else self.oldest, at if is_newer else self.newest)


@dataclass(slots=True)
class Checkpoint:
    """What a task has durably finished; the next segment starts here.

    `confirmed` maps a fencing number to the last journal chunk (number) whose record writes are durable.
    `idle_pages` counts the pages in a row, up to the last one, that showed nothing new to this run; it starts below
    zero by the pages of earlier slices, which may be shown again. `slice` is how far a first load is in
    `Read.recent_first`, None where the list is read whole; `usable_since` is when its first slice was durable.
    `windows` holds the data types whose window is known. `floor` is the creation before which the task reads nothing of
    a whole list but what is open, None for no such bound; with one, `part` is how far a snapshot is in its lists, and
    `asked` the id up to which, in their order, what those lists lack was asked for.
    """

    run: str
    mode: Mode
    incremental: bool
    started_at: datetime
    since: datetime | None = None
    cursor: str | None = None
    phase: Phase = Phase.READ
    segment: int = 0
    hops: int = 0
    stalls: int = 0
    pages: int = 0
    idle_pages: int = 0
    earlier_pages: int = 0
    slice: int | None = None
    floor: datetime | None = None
    part: int = 0
    asked: str | None = None
    usable_since: datetime | None = None
    record_writes: int = 0
    source_total: int | None = None
    counts: dict[DataType, Counts] = field(default_factory=dict)
    windows: dict[DataType, DataWindow] = field(default_factory=dict)
    confirmed: dict[int, int] = field(default_factory=dict)
    wait_until: datetime | None = None
    waiting_for: str | None = None

    def counts_of(self, data_type: DataType) -> Counts:
        """The counts of one data type, to be added to; zero at first."""
        return self.counts.setdefault(data_type, Counts())

    @property
    def is_snapshot(self) -> bool:
        """Whether the task reads everything at once, so that what it does not meet may be gone."""
        return not self.incremental and self.slice is None

    def note_created(self, data_type: DataType, at: str | None) -> None:
        """Widens the data type's window, where it is known, by a stored record's moment of creation."""
        window = self.windows.get(data_type)
        if window is not None and at is not None:
            self.windows[data_type] = window.with_created(at)

    def copy(self) -> Checkpoint:
        """Another one with the same values; what happens to one leaves the other alone."""
        counts = {data_type: replace(counts) for data_type, counts in self.counts.items()}
        return replace(self, counts=counts, windows=dict(self.windows), confirmed=dict(self.confirmed))


@dataclass(frozen=True, slots=True)
class HeldDeletion:
    """A deletion that was not applied because it is implausible; waits for a person. `examples` are some of its ids."""

    data_type: DataType
    count: int
    live: int
    run: str
    at: datetime
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DataTypeStatus:
    """What the status page says of one data type, kept on its stream's row."""

    live: int = 0
    quarantined: int = 0
    counts: Counts = field(default_factory=Counts)
    window: DataWindow | None = None


@dataclass(frozen=True, slots=True)
class Stream:
    """The row of one stream.

    `index` names the valid fingerprint index object; `owner` is the run in progress; `successor` the first run that
    found the stream taken. `last_run` and `last_task` are the run that ended last and how its task ended: they are
    written with the end itself, so that a worker which dies before it tells the run loses nothing. `usable_since` is
    when the first slice of the first load, or the whole of it, was durable. `approved_at` and `rejected_at` are when a
    person last confirmed a held deletion, or refused it: what was missing by then stays. `look_again_at` is when one
    last asked to look anew at what is in quarantine. `floor` is that of the last whole reading: everything that was
    created since is here; None where that is so of all that the source has.
    """

    key: StreamKey
    fence: int = 0
    holder: str | None = None
    lease_until: datetime | None = None
    owner: str | None = None
    successor: str | None = None
    checkpoint: Checkpoint | None = None
    index: str | None = None
    high_water: datetime | None = None
    last_attempt_at: datetime | None = None
    last_success_at: datetime | None = None
    last_success_run: str | None = None
    last_snapshot_at: datetime | None = None
    usable_since: datetime | None = None
    last_run: str | None = None
    last_task: Task | None = None
    problem: Problem | None = None
    warnings: tuple[Problem, ...] = ()
    held: tuple[HeldDeletion, ...] = ()
    approved_at: datetime | None = None
    rejected_at: datetime | None = None
    look_again_at: datetime | None = None
    floor: datetime | None = None
    data_types: dict[DataType, DataTypeStatus] = field(default_factory=dict)

    @property
    def undecided(self) -> tuple[HeldDeletion, ...]:
        """What is held and was not refused since."""
        return _undecided(self.held, self.rejected_at)


@dataclass(frozen=True, slots=True)
class AtWork:
    """What the status tells of a checkpoint."""

    started_at: datetime
    floor: datetime | None = None
    usable_since: datetime | None = None
    windows: dict[DataType, DataWindow] = field(default_factory=dict)
    wait_until: datetime | None = None
    waiting_for: str | None = None


@dataclass(frozen=True, slots=True)
class StreamStatus:
    """What the status tells of a stream's row, by the row's own names; read for a whole organisation at once."""

    key: StreamKey
    owner: str | None = None
    checkpoint: AtWork | None = None
    last_attempt_at: datetime | None = None
    last_success_at: datetime | None = None
    last_success_run: str | None = None
    last_snapshot_at: datetime | None = None
    usable_since: datetime | None = None
    problem: Problem | None = None
    warnings: tuple[Problem, ...] = ()
    held: tuple[HeldDeletion, ...] = ()
    rejected_at: datetime | None = None
    floor: datetime | None = None
    data_types: dict[DataType, DataTypeStatus] = field(default_factory=dict)

    @property
    def undecided(self) -> tuple[HeldDeletion, ...]:
        """What is held and was not refused since."""
        return _undecided(self.held, self.rejected_at)


def _undecided(held: tuple[HeldDeletion, ...], rejected_at: datetime | None) -> tuple[HeldDeletion, ...]:
    return tuple(each for each in held if rejected_at is None or each.at > rejected_at) if held else held


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to change one stream until `until` (UTC). Every state change carries `fence`."""

    stream: StreamKey
    fence: int
    holder: str
    run: str
    until: datetime
