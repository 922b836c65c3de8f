"""What a segment has decided but not yet made durable, and the one way in which it becomes so.

The order is the promise: journal chunk (what may be written), record writes, then the checkpoint that confirms the
chunk. A crash between any two leaves either nothing or keys that count as unknown.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field

from planster_sync.engine.index import Index
from planster_sync.engine.index_entries import Entry, Output, Shared, millis
from planster_sync.engine.index_file import Chunk, pack
from planster_sync.engine.sightings import Sightings
from planster_sync.engine.tools import SegmentTools
from planster_sync.errors import LeaseLost
from planster_sync.model.data_types import DataType
from planster_sync.model.streams import Checkpoint, Lease
from planster_sync.ports.stores import QuarantineEntry, RecordKey, RecordWrite, Refused

MAX_WRITES = 2000


@dataclass(slots=True)
class Batch:
    """Pending effects. Writes are keyed, so that a record that came twice is written once, as it came last.

    `created` names the writes of records that the store does not have yet; `raws` are new bytes of rows of the index
    that became the same unified records again.
    """

    seen: list[Sightings] = field(default_factory=list)
    changes: dict[str, Entry | None] = field(default_factory=dict)
    raw_rows: array[int] = field(default_factory=lambda: array("I"))
    raws: array[int] = field(default_factory=lambda: array("Q"))
    writes: dict[RecordKey, RecordWrite] = field(default_factory=dict)
    created: set[RecordKey] = field(default_factory=set)
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
        return not self.seen and not self.has_effects

    @property
    def has_effects(self) -> bool:
        """Whether anything is to be written, or to be remembered beyond this run."""
        effects = (self.changes, self.writes, self.buried, self.shared, self.shared_gone, self.raws)
        return any(effects)

    def sightings(self, read_at: int) -> Sightings:
        """Where to note what was read at a moment (epoch ms)."""
        if not self.seen or self.seen[-1].read_at != read_at:
            self.seen.append(Sightings(read_at))
        return self.seen[-1]

    def create(self, write: RecordWrite) -> None:
        self.created.add(_key(write))
        self.update(write)

    def update(self, write: RecordWrite) -> None:
        key = _key(write)
        self.buried.pop(key, None)
        self.marked.pop(key, None)
        self.writes.pop(key, None)
        self.writes[key] = write

    def bury(self, key: RecordKey) -> None:
        self.writes.pop(key, None)
        self.marked.pop(key, None)
        self.buried[key] = None

    def set_aside(self, entry: QuarantineEntry) -> None:
        self.cleared.pop(entry.source, None)
        self.quarantined[entry.source] = entry

    def heal(self, source: str) -> None:
        self.quarantined.pop(source, None)
        self.cleared[source] = None


@dataclass(slots=True)
class Flusher:
    """Makes one batch after the other durable, under one lease.

    `durable` is the checkpoint as last stored: the only one from which another segment may start.
    """

    tools: SegmentTools
    lease: Lease
    base: str
    index: Index
    checkpoint: Checkpoint
    durable: Checkpoint
    batch: Batch = field(default_factory=Batch)
    next_chunk: int = 0

    def flush(self) -> None:
        """Makes the batch durable, moves the checkpoint and begins a fresh batch.

        Raises:
            LeaseLost: somebody else owns the stream now; nothing further may be written.
            StoreBusy: the store is throttled; the chunk stays unconfirmed and the batch pending.
        """
        self.check_lease()
        while not self.batch.is_empty:
            self._journal(self.batch)
            refused = self._write(self.batch)
            self.batch = self._correction(refused, self.batch)
        if self.checkpoint != self.durable:
            self.tools.streams.advance(self.lease, self.checkpoint)
            self.durable = self.checkpoint.copy()

    def check_lease(self) -> None:
        """Raises LeaseLost where the lease is over."""
        if self.tools.clock.now() >= self.lease.until:
            raise LeaseLost("The worker held its lease too long; another one may be at work.")

    def learn(self, source: str, entry: Entry | None) -> None:
        """Puts an entry in the place of what was known of a source record, now and once the batch is durable."""
        self.index.put(source, entry)
        self.batch.changes[source] = entry

    def learn_raw(self, source: str, entry: Entry) -> None:
        """Notes other bytes of a source record that became what it was."""
        row = self.index.rows.find(source)
        if row < 0 or row >= self.index.based or entry.raw is None:
            self.learn(source, entry)
            return
        self.index.put_raw(row, entry.raw)
        self.batch.raw_rows.append(row)
        self.batch.raws.append(entry.raw)

    def learn_shared(self, key: tuple[str, str], shared: Shared | None) -> None:
        """Puts a shared record in the place of what was known of it; None forgets it."""
        self.index.put_shared(key, shared)
        if shared is None:
            self.batch.shared.pop(key, None)
            self.batch.shared_gone[key] = None
        else:
            self.batch.shared_gone.pop(key, None)
            self.batch.shared[key] = shared

    def _journal(self, batch: Batch) -> None:
        chunk = Chunk(
            self.index.header,
            self.lease.run,
            [sightings.packed for sightings in batch.seen],
            batch.changes,
            batch.raw_rows.tobytes(),
            batch.raws.tobytes(),
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

    def _correction(self, refused: Sequence[Refused], batch: Batch) -> Batch:
        """Corrects the knowledge about records that the store can never hold; empty where it took everything."""
        correction = Batch()
        for refusal in refused:
            source = batch.writes[refusal.key].source
            is_new = refusal.key in batch.created
            self._recount(refusal.key.data_type, "created" if is_new else "updated")
            if source:
                self._set_aside(refusal, source, is_new, correction)
            else:
                self._forget_shared(refusal.key, is_new, correction)
        return correction

    def _set_aside(self, refusal: Refused, source: str, is_new: bool, correction: Batch) -> None:
        """Quarantines the source record; what is stored of it stays, marked."""
        now = self.tools.clock.now()
        known = self.index[source]
        refused = (refusal.key.data_type.value, refusal.key.id)
        outputs = tuple(
            Output(*refused, None) if output.key == refused else output
            for output in known.outputs
            if not is_new or output.key != refused
        )
        entry = known.with_outputs(outputs).in_quarantine(refusal.problem.code, millis(now))
        self.index.put(source, entry)
        correction.changes[source] = entry
        correction.set_aside(QuarantineEntry(source, refusal.problem, "", "", now))
        for output in entry.outputs:
            correction.marked[RecordKey(DataType(output.data_type), output.id)] = None

    def _forget_shared(self, key: RecordKey, is_new: bool, correction: Batch) -> None:
        """A shared record belongs to no single source: it is tried, and counted, anew in every run."""
        pair = (key.data_type.value, key.id)
        self.tools.journal.event("shared_record_refused", stream=str(self.lease.stream), data_type=pair[0])
        if is_new:
            self.index.put_shared(pair, None)
            correction.shared_gone[pair] = None
        else:
            correction.shared[pair] = Shared(*pair, None)
            self.index.put_shared(pair, correction.shared[pair])
            correction.marked[key] = None

    def _recount(self, data_type: DataType, counted_as: str) -> None:
        counts = self.checkpoint.counts_of(data_type)
        for name in (counted_as, "created", "updated", "unchanged"):
            if getattr(counts, name):
                setattr(counts, name, getattr(counts, name) - 1)
                counts.quarantined += 1
                return


def _key(write: RecordWrite) -> RecordKey:
    return RecordKey(write.record.data_type, write.record.id)
