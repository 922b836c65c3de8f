"""What the engine needs of storage. Verbs say the guard; nothing here knows a vendor."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from planster_sync.model.data_types import DataType
from planster_sync.model.integrations import Integration, IntegrationChange
from planster_sync.model.runs import Problem, Run, StreamKey, Task
from planster_sync.model.streams import Checkpoint, Lease, Stream, StreamStatus

if TYPE_CHECKING:  # at run time it would cost the dispatcher the models of all records
    from planster_sync.model.record import Record


@dataclass(frozen=True, slots=True)
class RecordKey:
    data_type: DataType
    id: str


@dataclass(frozen=True, slots=True)
class RecordWrite:
    """One record to be stored whole.

    `source` is the id of the source record that it came from ("" for a shared record); `fingerprint` is an unsigned
    64-bit hash of the unified value.
    """

    record: Record
    source: str
    fingerprint: int
    read_at: datetime


@dataclass(frozen=True, slots=True)
class Refused:
    """A write that the store can never accept, such as an item over DynamoDB's 400 KB."""

    key: RecordKey
    problem: Problem


@dataclass(frozen=True, slots=True)
class StoredKey:
    """What a rebuild of the fingerprint index learns of one live record from the table."""

    key: RecordKey
    source: str
    fingerprint: int | None


@dataclass(frozen=True, slots=True)
class QuarantineEntry:
    """One source record that could not become a unified record. `excerpt` is redacted."""

    source: str
    problem: Problem
    path: str
    excerpt: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Adjustment:
    """A manual correction in force: the named fields overlay the record until its source was read after `made_at`."""

    key: RecordKey
    fields: dict[str, Any]
    made_at: datetime
    author: str
    reason: str


@dataclass(frozen=True, slots=True)
class EndedAdjustment:
    """`how` says what ended it: `read` (the source spoke again), or by hand `replaced` or `withdrawn`."""

    adjustment: Adjustment
    at: datetime
    how: str


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a stored record came from: its source record ("" for a shared one) and the run that last wrote it."""

    source: str
    run: str


class RecordStore(Protocol):
    """Unified records of one integration's streams. Writes are durable when the call returns."""

    def generation(self) -> str:
        """Identifies the table itself: another one after a restore."""
        ...

    def put(self, lease: Lease, writes: Sequence[RecordWrite]) -> Sequence[Refused]:
        """Stores the records whole, replacing older ones and reviving tombstones; keys are distinct.

        Raises:
            StoreBusy: throttled past the bounded retries; some writes may have happened.
        """
        ...

    def bury(self, lease: Lease, keys: Sequence[RecordKey], at: datetime) -> None:
        """Marks the records deleted; the last known fields stay readable. Unknown keys are ignored."""
        ...

    def mark_quarantined(self, lease: Lease, keys: Sequence[RecordKey], at: datetime) -> None:
        """Marks stored records whose source record is now invalid: the last good value stays, marked."""
        ...

    def live(self, stream: StreamKey, data_types: Sequence[DataType]) -> Iterator[StoredKey]:
        """Every live record of these data types, for rebuilding an index."""
        ...


class Quarantine(Protocol):
    def put(self, lease: Lease, entries: Sequence[QuarantineEntry]) -> None: ...

    def clear(self, lease: Lease, sources: Sequence[str]) -> None: ...

    def sources(self, stream: StreamKey) -> Iterator[str]: ...


class Adjustments(Protocol):
    def in_force(self, stream: StreamKey, data_types: Sequence[DataType]) -> Sequence[Adjustment]: ...

    def end(self, lease: Lease, adjustment: Adjustment, read_at: datetime) -> None:
        """Ends the overlay and keeps it in the record's history. An adjustment newer than `adjustment` stays."""
        ...


class IndexObjects(Protocol):
    """Immutable objects of a stream: fingerprint indexes, and the journal written against each.

    `base` is the name of the index that the journal's chunks change ("" where there is none yet).
    """

    def put_index(self, stream: StreamKey, name: str, content: bytes) -> None: ...

    def get_index(self, stream: StreamKey, name: str) -> bytes | None: ...

    def put_chunk(self, stream: StreamKey, base: str, fence: int, number: int, content: bytes) -> None: ...

    def chunks(self, stream: StreamKey, base: str) -> Iterator[tuple[int, int, bytes]]:
        """Every chunk of the journal as (fence, number, content), in that order."""
        ...

    def forget(self, stream: StreamKey, base: str) -> None:
        """Removes an index that is no longer valid, and its journal. Failing to is harmless: objects expire."""
        ...


class Streams(Protocol):
    """Stream rows: lease with fencing, checkpoint, index pointer, status."""

    def get(self, stream: StreamKey) -> Stream: ...

    def take(
        self, stream: StreamKey, *, run: str, segment: int, holder: str, now: datetime, seconds: float
    ) -> tuple[Lease, Stream]:
        """Takes the lease by one conditional write that bumps the fence; gives the row as it is then.

        Raises:
            LeaseHeld: another holder's lease has not expired.
            StreamBusy: another run owns the stream; `run` is noted as its successor.
            SegmentStale: the checkpoint of this run is not at `segment`.
        """
        ...

    def advance(self, lease: Lease, checkpoint: Checkpoint) -> None:
        """Moves the checkpoint; the lease stays.

        Raises:
            LeaseLost: the fence has moved on.
        """
        ...

    def release(self, lease: Lease, checkpoint: Checkpoint) -> None:
        """Moves the checkpoint and gives the lease back; the run still owns the stream."""
        ...

    def swing(self, lease: Lease, index: str, checkpoint: Checkpoint) -> None:
        """Makes `index` the valid one and moves the checkpoint, in one write under the fence."""
        ...

    def finish(self, lease: Lease, end: Stream) -> str | None:
        """Ends the run's ownership, writes `end` (index pointer and high-water mark included), gives the lease back.

        One write, so that a crash leaves either the old index with the checkpoint or the new one without. Fence, owner
        and lease are the store's own affair. Gives the successor run that waits for the stream, if any.

        Raises:
            LeaseLost: the fence has moved on.
        """
        ...

    def abandon(self, stream: StreamKey, *, run: str, now: datetime, problem: Problem) -> str | None:
        """Ends the ownership of a run that no living worker holds; gives the successor, if any.

        Raises:
            LeaseHeld: a worker still holds it.
        """
        ...

    def approve(self, stream: StreamKey, *, last_run: str, at: datetime) -> bool:
        """Notes that a person confirmed the held deletions; False where another run than `last_run` ended since."""
        ...

    def reject(self, stream: StreamKey, *, last_run: str, at: datetime) -> bool:
        """Notes that a person refused them, an approval included; False where another run than `last_run` ended since.

        `finish` leaves it alone.
        """
        ...

    def look_again(self, stream: StreamKey, at: datetime) -> None:
        """Asks the next task to look anew at what is in quarantine. `finish` leaves it alone."""
        ...


@dataclass(frozen=True, slots=True)
class AskedSync:
    """A request to sync under a caller's own key. `content` is a digest of what was asked, `run` the id kept for it.

    `joined` is the run that came of it in the end, where it is another one.
    """

    key: str
    content: str
    run: str
    at: datetime
    joined: str | None = None


class AskedSyncs(Protocol):
    """What callers asked for under keys of their own, kept for a day, so that a repeated request acts once."""

    def note(self, organisation: str, integration: str, asked: AskedSync) -> AskedSync | None:
        """Keeps it if its key is new; otherwise gives what was kept under it."""
        ...

    def note_joined(self, organisation: str, integration: str, asked: AskedSync, run: str) -> None:
        """Keeps the run that the request joined."""
        ...


class Runs(Protocol):
    def create(self, run: Run) -> Run | None:
        """Writes the run if its id is new; otherwise gives the one that is there."""
        ...

    def get(self, organisation: str, integration: str, run: str) -> Run | None: ...

    def put_task(self, run: Run, task: Task) -> Run | None:
        """Writes one task unless the stored one is final already; gives the run as it is then, None where refused."""
        ...

    def update(self, run: Run) -> None:
        """Writes status, `sent_at`, `started_at`, `ended_at` and `check_at` of a run, the tasks left alone.

        Does nothing where the stored run has ended already.
        """
        ...

    def cancel(self, run: Run, *, by: str, at: datetime) -> Run | None:
        """Notes that somebody wants the run stopped, the first one counts; None where it has ended already."""
        ...

    def active(self, organisation: str, integration: str) -> Sequence[Run]: ...

    def since(self, organisation: str, integration: str, moment: datetime) -> Sequence[Run]:
        """Runs that began at or after a moment by their ids, newest first; by one Query."""
        ...

    def count_unfinished(self, began_before: datetime) -> int:
        """How many runs that began before a moment, by their ids, have not ended; by index keys alone."""
        ...

    def due_for_check(self, now: datetime, limit: int) -> Sequence[Run]:
        """Unfinished runs whose `check_at` has passed, oldest first, found by index."""
        ...

    def recent(
        self, organisation: str, integration: str, limit: int, after: str | None
    ) -> tuple[Sequence[Run], str | None]:
        """Newest first, with the cursor of the next page."""
        ...


class Integrations(Protocol):
    def get(self, organisation: str, integration: str) -> Integration | None: ...

    def due(self, now: datetime, limit: int) -> Sequence[Integration]:
        """Integrations whose `due_at` has passed, oldest first, found by index and never by a scan."""
        ...

    def count(self) -> int:
        """How many integrations there are, of all organisations; by index keys alone."""
        ...

    def put(self, integration: Integration) -> None: ...

    def add(self, integration: Integration) -> Integration | None:
        """Writes a new one; gives the one that is there where its id is taken, and leaves that alone."""
        ...

    def credentials_kept(self, organisation: str, integration: str, *, due_at: datetime) -> Integration | None:
        """Notes that new credentials are stored: earlier refusals count no more. A paused one stays paused."""
        ...

    def slot_done(self, integration: Integration, *, last_slot_at: datetime | None, due_at: datetime) -> bool:
        """Moves the integration to its next slot if nobody did so before; False where somebody did.

        Notes `nights_watched`, too, where `integration` says so.
        """
        ...

    def change(self, organisation: str, integration: str, change: IntegrationChange) -> Integration | None:
        """Writes what a person changed and nothing else; gives the integration then, None where there is none."""
        ...

    def pause(self, organisation: str, integration: str) -> Integration | None:
        """Stops it until somebody resumes it; gives the integration then, None where there is none."""
        ...

    def resume(self, organisation: str, integration: str, due_at: datetime) -> Integration | None:
        """Lets a paused one go on, or wait for credentials as before; one that is not paused stays as it is."""
        ...

    def disconnect(self, organisation: str, integration: str, *, by: str, at: datetime) -> Integration | None:
        """Ends its use for good, the first request counts; due at once, so that the dispatcher sees to its erasure."""
        ...

    def remove(self, organisation: str, integration: str) -> None: ...

    def needs_reauth(self, organisation: str, integration: str, problem: Problem, at: datetime) -> None: ...

    def active_again(self, organisation: str, integration: str, *, due_at: datetime | None = None) -> None:
        """Ends the wait for credentials; with `due_at`, a night that was missed meanwhile is looked for then."""
        ...

    def with_streams(self, organisation: str, integration: str) -> tuple[Integration, Sequence[Stream]] | None:
        """One integration with its streams, by one Query; None where there is no such integration."""
        ...

    def status_page(self, organisation: str) -> Sequence[tuple[Integration, Sequence[StreamStatus]]]:
        """Every integration of an organisation with what the status tells of its streams, by one Query."""
        ...
