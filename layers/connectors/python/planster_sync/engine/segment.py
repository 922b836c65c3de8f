"""One worker invocation's share of a task: read pages, find what changed, write it, checkpoint, stop in time.

A page's records are compared by the fingerprint of their bytes; equal bytes cost nothing further. Changed ones are
mapped, and what became of them is compared again by value: equal values cost no write.
"""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime, timedelta

from xxhash import xxh3_64_hexdigest

from planster_sync.engine.batch import Batch, Flusher
from planster_sync.engine.fingerprints import raw_fingerprint, unified_fingerprint
from planster_sync.engine.index import Index
from planster_sync.engine.index_file import Edge, Entry, Output
from planster_sync.engine.quarantine import outline
from planster_sync.engine.tools import SegmentTools
from planster_sync.errors import EndUnproven, RecordInvalid, StepAside, SyncError
from planster_sync.model.data_types import DataType
from planster_sync.model.record import Record
from planster_sync.model.runs import Counts, Mode, Problem
from planster_sync.model.streams import Checkpoint, Lease, Phase, Stream
from planster_sync.ports.source import End, Mapped, Page, ReadRequest, ReadStyle, Sharing, SourceRecord
from planster_sync.ports.stores import QuarantineEntry, RecordKey, RecordWrite

CLAIMS_THAT_CONFIRM = 3
"""So often in a row, with waits between, an unproven end must repeat itself before it counts."""

QUARANTINE_RENEWAL = timedelta(days=30)
"""A quarantined record is looked at again after this time even if its bytes did not change."""


@dataclass(slots=True)
class Segment:
    """Holds the state of one segment; made by `open_segment`, driven by `read` and then `settle.settle`."""

    tools: SegmentTools
    lease: Lease
    stream: Stream
    checkpoint: Checkpoint
    until: datetime
    index: Index
    batch: Batch
    flusher: Flusher
    flushed_at: datetime
    progressed: bool = False

    def read(self) -> bool:
        """Reads on from the checkpoint. True when the end is proven, False when the time is over.

        Raises:
            EndUnproven, AnswerBroken, Throttled, SourceUnavailable, CredentialsRejected, Forbidden, Unsupported: as the
            connector says; what was read before is durable.
        """
        ask = ReadRequest(
            self.lease.stream.read,
            since=self.checkpoint.since if self.checkpoint.incremental else None,
            after=self.checkpoint.cursor,
            deadline=self.until + timedelta(seconds=self.tools.timings.http_timeout),
        )
        with self.tools.open_pages(self.tools.connector.pages(ask)) as pages:
            try:
                return self._read_pages(pages)
            except StepAside:
                raise
            except SyncError:
                self.flush()
                raise

    def _read_pages(self, pages: Iterable[Page]) -> bool:
        for page in pages:
            self.absorb(page)
            self.checkpoint.pages += 1
            if page.source_total is not None:
                self.checkpoint.source_total = page.source_total
            if page.end is End.MORE:
                self.checkpoint.cursor = page.after
                self.checkpoint.claims = 0
                self.progressed = True
            elif self._is_end(page):
                self.checkpoint.phase = Phase.BURY
                self.flush()
                return True
            if self.tools.clock.now() >= self.until:
                self.flush()
                return False
            self._flush_when_due()
        raise EndUnproven("The source's list ended without saying that it is complete.")

    def _is_end(self, page: Page) -> bool:
        if page.end is End.PROVEN:
            return True
        self.checkpoint.claims += 1
        if self.checkpoint.claims >= CLAIMS_THAT_CONFIRM:
            return True
        raise EndUnproven("The source stopped in the middle of its list without saying that it is complete.")

    def absorb(self, page: Page) -> None:
        """Takes in a page: counts what is unchanged, maps and queues what is not."""
        read_at = int(page.read_at.timestamp() * 1000)
        volatile = self.tools.read(self.lease.stream.read).volatile
        entries, seen = self.index.entries, self.index.seen
        refresh = self.checkpoint.mode is Mode.REFRESH
        for source in page.records:
            id_ = source.id or f"?{xxh3_64_hexdigest(source.raw)}"
            raw = raw_fingerprint(source.raw, volatile)
            entry = entries.get(id_)
            is_first = id_ not in seen
            if (
                entry is not None
                and entry.raw == raw
                and not (refresh and is_first)
                and not self._is_old(entry, read_at)
            ):
                self._unchanged(id_, entry, is_first=is_first)
            else:
                self._changed(id_, source, raw, page.read_at, is_first=is_first)
            seen[id_] = self.batch.seen[id_] = read_at

    def _unchanged(self, id_: str, entry: Entry, *, is_first: bool) -> None:
        if is_first:
            if entry.quarantined:
                self._count(self._primary).fetched += 1
                self._count(self._primary).quarantined += 1
            for output in entry.outputs:
                if output.missing_since is None and not (entry.quarantined and output.id == id_):
                    counts = self._count(DataType(output.data_type))
                    counts.fetched += 1
                    counts.unchanged += 1
        if entry.missing_since is not None:
            entry.missing_since = None
            self.batch.changes[id_] = entry

    def _changed(self, id_: str, source: SourceRecord, raw: int, read_at: datetime, *, is_first: bool) -> None:
        try:
            if source.id is None:
                raise RecordInvalid("The record has no usable id.", path="id")
            mapped = self.tools.connector.map(self.lease.stream.read, source.raw)
        except RecordInvalid as error:
            self._quarantine(id_, source, raw, error, read_at, is_first=is_first)
            return
        before = self.index.entries.get(id_)
        entry = Entry(raw, [], _edges(mapped), _stamp(mapped))
        old = {(output.data_type, output.id): output for output in before.outputs} if before else {}
        healed = before is not None and before.quarantined is not None
        if healed:
            self.batch.quarantined.pop(id_, None)
            self.batch.cleared[id_] = None
        for record in mapped.owned:
            entry.outputs.append(self._output(id_, record, old, read_at, is_first=is_first, force=healed))
        entry.outputs += self._dropped(id_, old, read_at)
        self.index.entries[id_] = self.batch.changes[id_] = entry
        self.index.own(id_, entry.outputs)

    def _output(
        self,
        id_: str,
        record: Record,
        old: dict[tuple[str, str], Output],
        read_at: datetime,
        *,
        is_first: bool,
        force: bool,
    ) -> Output:
        key = (record.data_type.value, record.id)
        fingerprint = unified_fingerprint(record)
        known = old.pop(key, None) or self._adopt(id_, key)
        counts = self._count(record.data_type) if is_first else Counts()
        counts.fetched += 1
        if known is not None and known.fingerprint == fingerprint and not force:
            counts.unchanged += 1
        else:
            counts.created += known is None
            counts.updated += known is not None
            self.batch.write(RecordWrite(record, id_, fingerprint, read_at))
        return Output(*key, fingerprint)

    def _adopt(self, id_: str, key: tuple[str, str]) -> Output | None:
        """Takes a derived record over from the source record that it belonged to so far."""
        former = self.index.owners.get(key)
        entry = self.index.entries.get(former) if former and former != id_ else None
        if former is None or entry is None:
            return None
        adopted = [output for output in entry.outputs if (output.data_type, output.id) == key]
        entry.outputs = [output for output in entry.outputs if (output.data_type, output.id) != key]
        self.batch.changes[former] = entry
        return adopted[0] if adopted else None

    def _dropped(self, id_: str, old: dict[tuple[str, str], Output], read_at: datetime) -> list[Output]:
        """Derived records that their freshly read source no longer names: missing, buried once the guard agrees."""
        missing = []
        for key, output in old.items():
            if self.index.owner(*key) == id_:
                since = output.missing_since or int(read_at.timestamp() * 1000)
                missing.append(Output(*key, output.fingerprint, since))
        return missing

    def _quarantine(
        self, id_: str, source: SourceRecord, raw: int, error: RecordInvalid, read_at: datetime, *, is_first: bool
    ) -> None:
        before = self.index.entries.get(id_)
        now = int(read_at.timestamp() * 1000)
        entry = Entry(raw, [], before.edges if before else [], before.stamp if before else 0)
        if before is not None:
            entry.outputs = before.outputs
        entry.quarantined, entry.quarantined_at = error.code, now
        for output in entry.outputs:
            self.batch.marked[RecordKey(DataType(output.data_type), output.id)] = None
        self.batch.cleared.pop(id_, None)
        self.batch.quarantined[id_] = QuarantineEntry(id_, Problem.of(error), error.path, outline(source.raw), read_at)
        self.index.entries[id_] = self.batch.changes[id_] = entry
        if is_first:
            self._count(self._primary).fetched += 1
            self._count(self._primary).quarantined += 1

    def flush(self) -> None:
        """Makes everything decided so far durable and moves the checkpoint."""
        self.batch = self.flusher.flush(self.batch)
        self.flushed_at = self.tools.clock.now()

    def _flush_when_due(self) -> None:
        elapsed = (self.tools.clock.now() - self.flushed_at).total_seconds()
        if self.batch.is_full or elapsed >= self.tools.timings.checkpoint_every:
            self.flush()

    def _is_old(self, entry: Entry, read_at: int) -> bool:
        return bool(entry.quarantined) and read_at - entry.quarantined_at > QUARANTINE_RENEWAL.total_seconds() * 1000

    @property
    def _primary(self) -> DataType:
        """The data type of the source record itself: the first that the read feeds."""
        return next(iter(self.tools.read(self.lease.stream.read).feeds))

    def _count(self, data_type: DataType) -> Counts:
        return self.checkpoint.counts.setdefault(data_type, Counts())


def open_segment(
    tools: SegmentTools, lease: Lease, stream: Stream, checkpoint: Checkpoint, until: datetime, snapshot_days: int
) -> Segment:
    """Loads what is known of the stream and decides, at a task's start, what has to be read."""
    read = tools.read(lease.stream.read)
    index = tools.index_source.load(
        lease.stream,
        base=stream.index,
        run=lease.run,
        confirmed=checkpoint.confirmed,
        data_types=tuple(read.feeds),
        shared_types=frozenset(type_ for type_, sharing in read.feeds.items() if sharing is Sharing.SHARED),
        mapping=tools.mapping,
    )
    if index.restart:
        _restart(index, checkpoint)
    elif checkpoint.segment == 0 and checkpoint.pages == 0 and checkpoint.cursor is None:
        due = stream.last_snapshot_at is None or checkpoint.started_at - stream.last_snapshot_at >= timedelta(
            days=snapshot_days
        )
        checkpoint.incremental = (
            read.style is ReadStyle.INCREMENTAL
            and checkpoint.mode is Mode.AUTO
            and stream.high_water is not None
            and index.complete
            and not due
        )
        checkpoint.since = stream.high_water - read.overlap if stream.high_water else None
    flusher = Flusher(tools, lease, stream.index or "", index, checkpoint, deepcopy(checkpoint))
    now = tools.clock.now()
    return Segment(tools, lease, stream, checkpoint, until, index, Batch(), flusher, now)


def _restart(index: Index, checkpoint: Checkpoint) -> None:
    """What was seen under a lost index or another mapping proves nothing: the task reads everything from the start."""
    index.seen.clear()
    checkpoint.incremental = False
    checkpoint.cursor = None
    checkpoint.phase = Phase.READ
    checkpoint.counts = {}


def _edges(mapped: Mapped) -> list[Edge]:
    return [Edge(record.data_type.value, record.id, record.canonical()) for record in mapped.shared]


def _stamp(mapped: Mapped) -> int:
    moments = [record.updated_at for record in mapped.owned[:1] if record.updated_at]
    return int(moments[0].timestamp() * 1000) if moments else 0
