"""What becomes of a page's records: unchanged, mapped and queued for writing, or set aside.

A record is compared by the fingerprint of its bytes; equal bytes cost nothing further. A changed one is mapped, and
what became of it is compared again by value: equal values cost no write.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from xxhash import xxh3_64_hexdigest

from planster_sync.engine.batch import Batch, Flusher
from planster_sync.engine.fingerprints import record_fingerprint, unified_fingerprint
from planster_sync.engine.index import NAMELESS, Index
from planster_sync.engine.index_entries import Edge, Entry, Output, millis
from planster_sync.engine.quarantine import outline
from planster_sync.engine.tools import SegmentTools
from planster_sync.errors import RecordInvalid, SetAside
from planster_sync.model.data_types import DataType
from planster_sync.model.record import Record
from planster_sync.model.runs import Counts, Mode, Problem
from planster_sync.model.streams import Checkpoint
from planster_sync.ports.source import Mapped, Page, Read, SourceRecord
from planster_sync.ports.stores import QuarantineEntry, RecordKey, RecordWrite

QUARANTINE_RENEWAL_MS = timedelta(days=30) // timedelta(milliseconds=1)
"""A quarantined record is looked at again after this time even if its bytes did not change."""


@dataclass(frozen=True, slots=True)
class Understood:
    """A source record's unified records with the fingerprints of their values."""

    owned: list[tuple[Record, int]]
    edges: tuple[Edge, ...]
    stamp: int


@dataclass(slots=True)
class Intake:
    """Takes pages in on behalf of one segment; its decisions wait in the flusher's batch.

    What was set aside before `look_again_at` (milliseconds) is mapped again even if its bytes did not change.
    """

    tools: SegmentTools
    read: Read
    index: Index
    checkpoint: Checkpoint
    flusher: Flusher
    look_again_at: int = 0
    has_met_the_unexpected: bool = False

    @property
    def batch(self) -> Batch:
        return self.flusher.batch

    def absorb(self, page: Page) -> None:
        """Counts what is unchanged, maps and queues what is not."""
        index, volatile = self.index, self.read.volatile
        read_at = millis(page.read_at)
        index.turn(read_at)
        sightings = self.batch.sightings(read_at)
        unchanged: dict[tuple[str, ...], int] = {}
        refresh = self.checkpoint.mode is Mode.REFRESH
        for source in page.records:
            id_ = source.id or f"{NAMELESS}{xxh3_64_hexdigest(source.raw)}"
            raw = record_fingerprint(id_, source.raw, volatile)
            types = None if refresh else index.skim(id_, raw, sightings)
            if types is None:
                self._look_at(id_, source, raw, page.read_at)
                index.mark(id_, sightings)
            else:
                unchanged[types] = unchanged.get(types, 0) + 1
        self._count_unchanged(unchanged)

    def _count_unchanged(self, unchanged: dict[tuple[str, ...], int]) -> None:
        for types, count in unchanged.items():
            for data_type in types:
                counts = self.checkpoint.counts_of(DataType(data_type))
                counts.fetched += count
                counts.unchanged += count

    def _look_at(self, id_: str, source: SourceRecord, raw: int, read_at: datetime) -> None:
        entry = self.index.get(id_)
        is_first = not self.index.has_seen(id_)
        if (
            entry is not None
            and entry.raw == raw
            and not (is_first and self.checkpoint.mode is Mode.REFRESH)
            and not (entry.quarantined and self._is_to_be_looked_at(entry, read_at))
        ):
            self._unchanged(id_, entry, is_first=is_first)
        else:
            self._changed(id_, source, raw, entry, read_at, is_first=is_first)

    def _is_to_be_looked_at(self, entry: Entry, read_at: datetime) -> bool:
        return entry.quarantined_at < max(millis(read_at) - QUARANTINE_RENEWAL_MS, self.look_again_at)

    def _unchanged(self, id_: str, entry: Entry, *, is_first: bool) -> None:
        if is_first and entry.quarantined:
            self._count_quarantined()
        elif is_first:
            there = (output.data_type for output in entry.outputs if output.missing_since is None)
            self._count_unchanged({tuple(there): 1})
        if entry.missing_since is not None:
            self.flusher.learn(id_, entry.with_missing_since(None))

    def _changed(
        self, id_: str, source: SourceRecord, raw: int, before: Entry | None, read_at: datetime, *, is_first: bool
    ) -> None:
        try:
            understood = self._understand(source)
        except SetAside as error:
            self._quarantine(id_, source, raw, before or Entry(None), error, read_at)
            if is_first:
                self._count_quarantined()
            return
        old = {output.key: output for output in before.outputs} if before else {}
        healed = before is not None and before.quarantined is not None
        # What is stored is marked as quarantined, or doubted: only a write mends it.
        is_doubted = healed or (is_first and self.checkpoint.mode is Mode.REFRESH)
        if healed:
            self.batch.heal(id_)
        outputs = []
        for record, fingerprint in understood.owned:
            key = (record.data_type.value, record.id)
            known = self._known(id_, key, old)
            stored = known.fingerprint if known is not None and not is_doubted else None
            counts = self.checkpoint.counts_of(record.data_type) if is_first else Counts()
            write = RecordWrite(record, id_, fingerprint, read_at)
            self._compare(write, stored, counts, is_new=known is None)
            outputs.append(Output(*key, fingerprint))
        outputs += self._dropped(id_, old, read_at)
        entry = Entry(raw, tuple(outputs), understood.edges, understood.stamp)
        if before is not None and not is_doubted and before.with_raw(raw) == entry:
            self.flusher.learn_raw(id_, entry)
        else:
            self.flusher.learn(id_, entry)

    def _compare(self, write: RecordWrite, stored: int | None, counts: Counts, *, is_new: bool) -> None:
        """Queues the write of a record that is new or has another value than the stored one."""
        self.checkpoint.note_created(write.record.data_type, write.record.created_at)
        counts.fetched += 1
        if is_new:
            counts.created += 1
            self.batch.create(write)
        elif stored != write.fingerprint:
            counts.updated += 1
            self.batch.update(write)
        else:
            counts.unchanged += 1

    def _understand(self, source: SourceRecord) -> Understood:
        """Maps a record. Whatever goes wrong with one record is that record's affair; the others go on."""
        try:
            if not source.id:
                raise RecordInvalid("The record has no usable id.", path="id")
            mapped = self.tools.connector.map(self.read.name, source.raw)
            if mapped.owned[0].id != source.id:
                raise RecordInvalid("The record has two ids.", path="id")
            owned = {(record.data_type, record.id): record for record in mapped.owned}
            edges = tuple(Edge(record.data_type.value, record.id, record.canonical()) for record in mapped.shared)
            stamp = _stamp(mapped) if edges else 0
            return Understood([(record, unified_fingerprint(record)) for record in owned.values()], edges, stamp)
        except SetAside:
            raise
        except Exception as error:  # the seam of one record: a bug met by one must not keep the others from the planner
            if not self.has_met_the_unexpected:
                self.tools.journal.failure("record_not_mapped", error, stream=str(self.flusher.lease.stream))
            self.has_met_the_unexpected = True
            raise RecordInvalid("The record has a shape that the mapping does not expect.") from error

    def _known(self, id_: str, key: tuple[str, str], old: dict[tuple[str, str], Output]) -> Output | None:
        """What is known of a record: from its own source, or from the one that it belonged to so far."""
        adopted = self._adopt(id_, key)
        return old.pop(key, None) or adopted

    def _adopt(self, id_: str, key: tuple[str, str]) -> Output | None:
        former = self.index.owner(*key)
        entry = self.index.get(former) if former not in (id_, key[1]) else None
        if entry is None:
            return None
        adopted = next(output for output in entry.outputs if output.key == key)
        left = entry.without(key)
        if adopted.missing_since is None:
            left = left.with_raw(None)  # it may still name the record, and has to be mapped when it is next read
        self.flusher.learn(former, left)
        return adopted

    def _dropped(self, id_: str, old: dict[tuple[str, str], Output], read_at: datetime) -> list[Output]:
        """Derived records that their freshly read source no longer names: missing, buried once the guard agrees."""
        return [
            Output(*key, output.fingerprint, output.missing_since or millis(read_at))
            for key, output in old.items()
            if self.index.owner(*key) == id_
        ]

    def _quarantine(
        self, id_: str, source: SourceRecord, raw: int, before: Entry, error: SetAside, read_at: datetime
    ) -> None:
        """Sets the record aside; what is stored of it stays, marked."""
        for output in before.outputs:
            self.batch.marked[RecordKey(DataType(output.data_type), output.id)] = None
        self.batch.set_aside(QuarantineEntry(id_, Problem.of(error), error.path, outline(source.raw), read_at))
        known = Entry(raw, before.outputs, before.edges, before.stamp)
        self.flusher.learn(id_, known.in_quarantine(error.code, millis(read_at)))

    def _count_quarantined(self) -> None:
        """Counts with the source record's own data type: the first that the read feeds."""
        counts = self.checkpoint.counts_of(next(iter(self.read.feeds)))
        counts.fetched += 1
        counts.quarantined += 1


def _stamp(mapped: Mapped) -> int:
    changed_at = mapped.owned[0].updated_at
    return millis(datetime.fromisoformat(changed_at)) if changed_at else 0
