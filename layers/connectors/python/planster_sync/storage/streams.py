"""Stream rows: every change is one conditional update, so that two workers never both believe that they own a stream.

A call whose answer was lost may have acted, and `Table` repeats it. Each is safe to repeat: `take` recognises its own
holder, `finish` and `abandon` recognise the end that they wrote, a successor is found noted, the others write the same
again under the same fence, or learn that it has moved on since: then the lease is lost, whatever the first attempt did.
"""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime, timedelta

from planster_sync.errors import LeaseHeld, LeaseLost, SegmentStale, StoreBusy, StreamBusy
from planster_sync.model.runs import Problem, StreamKey
from planster_sync.model.streams import Checkpoint, Lease, Stream
from planster_sync.storage import keys as layout
from planster_sync.storage.attributes import Item
from planster_sync.storage.rows import from_item, to_item
from planster_sync.storage.table import Change, Outcome, Table

_LEASE = ("holder", "lease_until")
_OWNERSHIP = ("owner", *_LEASE, "checkpoint", "successor")
_KEPT = {"key", "fence", "last_run", "rejected_at", "look_again_at", *_OWNERSHIP}
_STATUS = tuple(field.name for field in fields(Stream) if field.name not in _KEPT)

_UNDER_FENCE = "fence = :fence AND #owner = :run"
_FREE = "(attribute_not_exists(lease_until) OR lease_until < :now)"
_REMEMBER_SUCCESSOR = "last_successor = if_not_exists(successor, :nobody)"
_AS_SEEN = "last_run = :seen"
_TURNS = 3


def stream_of(item: Item) -> Stream:
    return from_item(Stream, item)


class DynamoStreams:
    def __init__(self, control: Table) -> None:
        self._table = control

    def get(self, stream: StreamKey) -> Stream:
        return _row(stream, self._table.get(layout.stream_key(stream)))

    def take(
        self, stream: StreamKey, *, run: str, segment: int, holder: str, now: datetime, seconds: float
    ) -> tuple[Lease, Stream]:
        taking = _taking(stream, run=run, segment=segment, holder=holder, now=now, seconds=seconds)
        for _ in range(_TURNS):
            outcome = self._attempt(stream, taking, holder)
            row = _row(stream, outcome.item)
            if outcome.accepted or (row.holder == holder and row.owner == run):
                return Lease(stream, row.fence, holder, run, row.lease_until or now), row
            _refuse_task(row, run, segment, now)
            if row.owner is not None and row.owner != run and self._noted(row, run):
                raise StreamBusy("Another run is reading this stream.")
        raise StoreBusy("The stream changed hands while it was asked for.")

    def advance(self, lease: Lease, checkpoint: Checkpoint) -> None:
        self._under_fence(lease, Change(_UNDER_FENCE, sets=_checkpoint(checkpoint)))

    def release(self, lease: Lease, checkpoint: Checkpoint) -> None:
        self._under_fence(lease, Change(_UNDER_FENCE, sets=_checkpoint(checkpoint), removes=_LEASE))

    def swing(self, lease: Lease, index: str, checkpoint: Checkpoint) -> None:
        pointer = {"index": index} if index else {}
        removes = () if index else ("index",)
        self._under_fence(lease, Change(_UNDER_FENCE, sets={**pointer, **_checkpoint(checkpoint)}, removes=removes))

    def finish(self, lease: Lease, end: Stream) -> str | None:
        status = {name: value for name, value in to_item(end).items() if name in _STATUS}
        change = Change(
            _UNDER_FENCE,
            sets={**status, "last_run": lease.run},
            removes=(*_OWNERSHIP, *(name for name in _STATUS if name not in status)),
            extra=(_REMEMBER_SUCCESSOR,),
            values={"nobody": None},
        )
        outcome = self._table.change(layout.stream_key(lease.stream), _fenced(lease, change))
        row = outcome.item or {}
        if not outcome.accepted and not (row.get("fence") == lease.fence and _ended(row, lease.run)):
            raise LeaseLost("Another worker has taken this stream.")
        return _last_successor(row)

    def abandon(self, stream: StreamKey, *, run: str, now: datetime, problem: Problem) -> str | None:
        """A run that does not own the stream has nothing to end: gives None, or again what its own end gave."""
        change = Change(
            f"#owner = :run AND {_FREE}",
            sets={"last_run": run, "last_attempt_at": now, "problem": to_item(problem)},
            removes=(*_OWNERSHIP, "last_task"),
            extra=(_REMEMBER_SUCCESSOR,),
            values={"run": run, "now": now, "nobody": None},
        )
        outcome = self._table.change(layout.stream_key(stream), change)
        row = outcome.item or {}
        if outcome.accepted or _ended(row, run):
            return _last_successor(row)
        if row.get("owner") == run:
            raise LeaseHeld("A worker still holds this stream.", until=_row(stream, row).lease_until or now)
        return None

    def approve(self, stream: StreamKey, *, last_run: str, at: datetime) -> bool:
        return self._decided(stream, Change(_AS_SEEN, sets={"approved_at": at}, values={"seen": last_run}))

    def reject(self, stream: StreamKey, *, last_run: str, at: datetime) -> bool:
        change = Change(_AS_SEEN, sets={"rejected_at": at}, removes=("approved_at",), values={"seen": last_run})
        return self._decided(stream, change)

    def look_again(self, stream: StreamKey, at: datetime) -> None:
        self._table.change(layout.stream_key(stream), Change("attribute_exists(pk)", sets={"look_again_at": at}))

    def _decided(self, stream: StreamKey, change: Change) -> bool:
        return self._table.change(layout.stream_key(stream), change).accepted

    def _attempt(self, stream: StreamKey, taking: Change, holder: str) -> Outcome:
        """Looks for its own holder in the row where the answer to the write was lost."""
        try:
            return self._table.change(layout.stream_key(stream), taking)
        except StoreBusy:
            there = self._table.get(layout.stream_key(stream))
            if there is None or there.get("holder") != holder:
                raise
            return Outcome(accepted=True, item=there)

    def _noted(self, row: Stream, run: str) -> bool:
        """Says whether the stream's owner will find a successor when it ends; the first noted one stays."""
        change = Change(
            "#owner = :owner AND attribute_not_exists(successor)",
            sets={"successor": run},
            names={"owner": "owner"},
            values={"owner": row.owner},
        )
        outcome = self._table.change(layout.stream_key(row.key), change)
        there = outcome.item or {}
        return outcome.accepted or (there.get("owner") == row.owner and "successor" in there)

    def _under_fence(self, lease: Lease, change: Change) -> None:
        if not self._table.change(layout.stream_key(lease.stream), _fenced(lease, change)).accepted:
            raise LeaseLost("Another worker has taken this stream.")


def _taking(stream: StreamKey, *, run: str, segment: int, holder: str, now: datetime, seconds: float) -> Change:
    nothing_done = " OR attribute_not_exists(checkpoint)" if segment == 0 else ""
    return Change(
        f"{_FREE} AND (attribute_not_exists(#owner) OR #owner = :run)"
        " AND (attribute_not_exists(last_run) OR last_run <> :run)"
        f" AND (checkpoint.#segment = :segment{nothing_done})",
        sets={
            "key": to_item(stream),
            "holder": holder,
            "lease_until": now + timedelta(seconds=seconds),
            "owner": run,
        },
        adds={"fence": 1},
        names={"segment": "segment"},
        values={"run": run, "now": now, "segment": segment},
    )


def _refuse_task(row: Stream, run: str, segment: int, now: datetime) -> None:
    """Says why the run's own task cannot be taken; passes where another run owns the stream."""
    if row.last_run == run:
        raise SegmentStale("This run has already ended on this stream.")
    if row.owner is not None and row.owner != run:
        return
    at = row.checkpoint.segment if row.checkpoint else 0
    if segment < at:
        raise SegmentStale("This part of the task has already been done.")
    if row.lease_until is not None and row.lease_until >= now:
        raise LeaseHeld("Another worker holds this stream.", until=row.lease_until)
    if segment != at:
        raise SegmentStale("The task is not at this part.")


def _fenced(lease: Lease, change: Change) -> Change:
    return Change(
        change.condition,
        sets=change.sets,
        removes=change.removes,
        extra=change.extra,
        names={"owner": "owner"},
        values={**change.values, "fence": lease.fence, "run": lease.run},
    )


def _checkpoint(checkpoint: Checkpoint) -> Item:
    return {"checkpoint": to_item(checkpoint)}


def _row(stream: StreamKey, item: Item | None) -> Stream:
    return stream_of(item) if item else Stream(stream)


def _ended(row: Item, run: str) -> bool:
    return row.get("last_run") == run and "owner" not in row


def _last_successor(row: Item) -> str | None:
    successor = row.get("last_successor")
    return None if successor is None else str(successor)
