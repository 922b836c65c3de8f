"""What a segment has decided but not yet made durable, and the one way in which it becomes so.

The order is the promise: journal chunk (what may be written), record writes, then the checkpoint that confirms the
chunk. A crash between any two leaves either nothing or keys that count as unknown.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime

from planster_sync.engine.index import Index, group_seen
from planster_sync.engine.index_file import Chunk, Entry, Shared, pack
from planster_sync.engine.tools import SegmentTools
from planster_sync.errors import LeaseLost
from planster_sync.model.data_types import DataType
from planster_sync.model.runs import Counts
from planster_sync.model.streams import Checkpoint, Lease
from planster_sync.ports.stores import QuarantineEntry, RecordKey, RecordWrite, Refused

MAX_WRITES = 2000


@dataclass(slots=True)
class Batch:
    """Pending effects. Writes are keyed, so that a record that came twice is written once, as it came last."""

    seen: dict[str, int] = field(default_factory=dict)
    changes: dict[str, Entry | None] = field(default_factory=dict)
    writes: dict[RecordKey, RecordWrite] = field(default_factory=dict)
    buried: dict[RecordKey, None] = field(default_factory=dict)
    marked: dict[RecordKey, None] = field(default_factory=dict)
    quarantined: dict[str, QuarantineEntry] = field(default_factory=dict)
    cleared: dict[str, None] = field(default_factory=dict)
    shared: dict[tuple[str, str], Shared] = field(default_factory=dict)
    shared_gone: dict[tuple[str, str], None] = field(default_factory=dict)

    @property
    def is_full(self) -> bool:
        return len(self.writes) + len(self.buried) >= MAX_WRITES

    @property
    def is_empty(self) -> bool:
        return not (self.seen or self.changes or self.writes or self.buried or self.shared or self.shared_gone)

    def write(self, write: RecordWrite) -> None:
        key = RecordKey(write.record.data_type, write.record.id)
        self.buried.pop(key, None)
        self.marked.pop(key, None)
        self.writes.pop(key, None)
        self.writes[key] = write

    def bury(self, key: RecordKey) -> None:
        self.writes.pop(key, None)
        self.marked.pop(key, None)
        self.buried[key] = None


@dataclass(slots=True)
class Flusher:
    """Makes batches durable, one after the other, under one lease.

    `durable` is the checkpoint as last stored: the only one from which another segment may start.
    """

    tools: SegmentTools
    lease: Lease
    base: str
    index: Index
    checkpoint: Checkpoint
    durable: Checkpoint
    next_chunk: int = 0

    def flush(self, batch: Batch) -> Batch:
        """Makes the batch durable and moves the checkpoint; gives a fresh batch.

        Raises:
            LeaseLost: somebody else owns the stream now; nothing further may be written.
            StoreBusy: the store is throttled; the chunk stays unconfirmed.
        """
        if self.tools.clock.now() >= self.lease.until:
            raise LeaseLost("The worker held its lease too long; another one may be at work.")
        if not batch.is_empty:
            self._journal(batch)
            refused = self._write(batch)
            if refused:
                correction = self._set_aside(refused, batch)
                self._journal(correction)
                self._write(correction)
        self.tools.streams.advance(self.lease, self.checkpoint)
        self.durable = deepcopy(self.checkpoint)
        return Batch()

    def _journal(self, batch: Batch) -> None:
        chunk = Chunk(
            self.index.header,
            self.lease.run,
            group_seen(batch.seen),
            batch.changes,
            list(batch.shared.values()),
            list(batch.shared_gone),
        )
        number = self.next_chunk
        self.next_chunk += 1
        self.tools.objects.put_chunk(self.lease.stream, self.base, self.lease.fence, number, pack(chunk))

    def _write(self, batch: Batch) -> Sequence[Refused]:
        now = self.tools.clock.now()
        refused: Sequence[Refused] = ()
        if batch.writes:
            refused = self.tools.records.put(self.lease, list(batch.writes.values()))
        if batch.buried:
            self.tools.records.bury(self.lease, list(batch.buried), now)
        if batch.marked:
            self.tools.records.mark_quarantined(self.lease, list(batch.marked), now)
        if batch.quarantined:
            self.tools.quarantine.put(self.lease, list(batch.quarantined.values()))
        if batch.cleared:
            self.tools.quarantine.clear(self.lease, list(batch.cleared))
        self.checkpoint.record_writes += len(batch.writes) - len(refused) + len(batch.buried)
        self.checkpoint.confirmed[self.lease.fence] = self.next_chunk - 1
        return refused

    def _set_aside(self, refused: Sequence[Refused], batch: Batch) -> Batch:
        """Corrects the knowledge about records that the store can never hold: their sources are quarantined."""
        correction = Batch()
        now = self.tools.clock.now()
        for refusal in refused:
            write = batch.writes[refusal.key]
            source = write.source
            entry = self.index.entries.get(source)
            if entry is None:
                continue
            kept = [output for output in entry.outputs if (output.data_type, output.id) != _pair(refusal.key)]
            entry.outputs = kept
            entry.quarantined = refusal.problem.code
            entry.quarantined_at = _millis(now)
            correction.changes[source] = entry
            correction.quarantined[source] = QuarantineEntry(source, refusal.problem, "", "", now)
            correction.buried[refusal.key] = None
            self._recount(refusal.key.data_type)
        return correction

    def _recount(self, data_type: DataType) -> None:
        counts = self.checkpoint.counts.setdefault(data_type, Counts())
        counts.quarantined += 1
        if counts.created:
            counts.created -= 1
        elif counts.updated:
            counts.updated -= 1


def _pair(key: RecordKey) -> tuple[str, str]:
    return key.data_type.value, key.id


def _millis(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
