"""Stream rows in memory, with the same guards as the stored ones."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from planster_sync.errors import LeaseHeld, LeaseLost, SegmentStale, StreamBusy
from planster_sync.model.runs import Problem, StreamKey
from planster_sync.model.streams import Checkpoint, Lease, Stream


@dataclass(slots=True)
class _Row:
    """A stream, and what only the store remembers: who was waiting when the last run ended."""

    stream: Stream
    last_successor: str | None = None


class MemoryStreams:
    def __init__(self) -> None:
        self._rows: dict[StreamKey, _Row] = {}

    def get(self, stream: StreamKey) -> Stream:
        return deepcopy(self._row(stream).stream)

    def all(self) -> list[Stream]:
        return [deepcopy(self._rows[key].stream) for key in sorted(self._rows, key=str)]

    def of(self, organisation: str, integration: str) -> list[Stream]:
        own = [key for key in self._rows if (key.organisation, key.integration) == (organisation, integration)]
        return [deepcopy(self._rows[key].stream) for key in sorted(own, key=str)]

    def take(
        self, stream: StreamKey, *, run: str, segment: int, holder: str, now: datetime, seconds: float
    ) -> tuple[Lease, Stream]:
        row = self._row(stream)
        held = row.stream
        if held.holder == holder and held.owner == run and held.lease_until is not None:
            return Lease(stream, held.fence, holder, run, held.lease_until), deepcopy(held)
        self._refuse_take(row, run, segment, now)
        until = now + timedelta(seconds=seconds)
        row.stream = replace(held, fence=held.fence + 1, holder=holder, lease_until=until, owner=run)
        return Lease(stream, row.stream.fence, holder, run, until), deepcopy(row.stream)

    def advance(self, lease: Lease, checkpoint: Checkpoint) -> None:
        row = self._under(lease)
        row.stream = replace(row.stream, checkpoint=deepcopy(checkpoint))

    def release(self, lease: Lease, checkpoint: Checkpoint) -> None:
        row = self._under(lease)
        row.stream = replace(row.stream, checkpoint=deepcopy(checkpoint), holder=None, lease_until=None)

    def swing(self, lease: Lease, index: str, checkpoint: Checkpoint) -> None:
        row = self._under(lease)
        row.stream = replace(row.stream, checkpoint=deepcopy(checkpoint), index=index or None)

    def finish(self, lease: Lease, end: Stream) -> str | None:
        row = self._row(lease.stream)
        if row.stream.fence == lease.fence and row.stream.owner is None and row.stream.last_run == lease.run:
            return row.last_successor
        row = self._under(lease)
        kept = row.stream
        row.stream = replace(
            deepcopy(end),
            key=kept.key,
            fence=kept.fence,
            holder=None,
            lease_until=None,
            owner=None,
            successor=None,
            checkpoint=None,
            rejected_at=kept.rejected_at,
            look_again_at=kept.look_again_at,
            last_run=lease.run,
        )
        row.last_successor = kept.successor
        return kept.successor

    def abandon(self, stream: StreamKey, *, run: str, now: datetime, problem: Problem) -> str | None:
        row = self._row(stream)
        held = row.stream
        if held.owner is None and row.stream.last_run == run:
            return row.last_successor
        if held.owner != run:
            return None
        if held.lease_until is not None and held.lease_until >= now:
            raise LeaseHeld("A worker still holds this stream.", until=held.lease_until)
        row.stream = replace(
            held,
            holder=None,
            lease_until=None,
            owner=None,
            successor=None,
            checkpoint=None,
            last_attempt_at=now,
            last_run=run,
            last_task=None,
            problem=problem,
        )
        row.last_successor = held.successor
        return held.successor

    def approve(self, stream: StreamKey, *, last_run: str, at: datetime) -> bool:
        row = self._row(stream)
        if row.stream.last_run != last_run:
            return False
        row.stream = replace(row.stream, approved_at=at)
        return True

    def reject(self, stream: StreamKey, *, last_run: str, at: datetime) -> bool:
        row = self._row(stream)
        if row.stream.last_run != last_run:
            return False
        row.stream = replace(row.stream, approved_at=None, rejected_at=at)
        return True

    def look_again(self, stream: StreamKey, at: datetime) -> None:
        row = self._row(stream)
        row.stream = replace(row.stream, look_again_at=at)

    def _row(self, stream: StreamKey) -> _Row:
        return self._rows.setdefault(stream, _Row(Stream(stream)))

    def _under(self, lease: Lease) -> _Row:
        row = self._row(lease.stream)
        if row.stream.fence != lease.fence or row.stream.owner != lease.run:
            raise LeaseLost("Another worker has taken this stream.")
        return row

    @staticmethod
    def _refuse_take(row: _Row, run: str, segment: int, now: datetime) -> None:
        held = row.stream
        if held.owner is not None and held.owner != run:
            if row.stream.last_run == run:
                raise SegmentStale("This run has already ended on this stream.")
            row.stream = replace(held, successor=held.successor or run)
            raise StreamBusy("Another run is reading this stream.")
        at = held.checkpoint.segment if held.checkpoint else 0
        if row.stream.last_run == run or segment < at:
            raise SegmentStale("This part of the task has already been done.")
        if held.lease_until is not None and held.lease_until >= now:
            raise LeaseHeld("Another worker holds this stream.", until=held.lease_until)
        if segment != at:
            raise SegmentStale("The task is not at this part.")
