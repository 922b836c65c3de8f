"""What is known of a stream: which source records it has, what each became, and what this run has seen.

In memory it is one dictionary; it is loaded from the valid index object plus the journal written since, and rebuilt
from the table where the index is lost. A journal chunk that was never confirmed says what *may* have been written: its
keys count as unknown, so that they are mapped and written again, and join the next difference.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from planster_sync.engine.index_file import (
    FORMAT,
    Chunk,
    Entry,
    Header,
    IndexFile,
    Output,
    Seen,
    Shared,
    pack,
    unpack_chunk,
    unpack_index,
)
from planster_sync.model.data_types import DataType
from planster_sync.model.runs import StreamKey
from planster_sync.ports.stores import IndexObjects, Quarantine, RecordStore

NAMELESS = "?"
"""Begins the made-up id of a source record that has none; a hash of its bytes follows. It is never stored."""


@dataclass(slots=True)
class Index:
    """A stream's knowledge while a segment works on it.

    `restart` says that the index was lost, or belongs to another table or mapping: what the run has seen so far does
    not count, and only a snapshot from the start brings the fingerprints back. `needs_snapshot` says so until one has
    ended: what the lost index knew, an incremental read would not bring back.
    """

    generation: str
    mapping: str
    entries: dict[str, Entry] = field(default_factory=dict)
    shared: dict[tuple[str, str], Shared] = field(default_factory=dict)
    owners: dict[tuple[str, str], str] = field(default_factory=dict)
    seen: dict[str, int] = field(default_factory=dict)
    restart: bool = False
    needs_snapshot: bool = False
    journal_chunks: int = 0

    @property
    def header(self) -> Header:
        return Header(FORMAT, self.generation, self.mapping)

    @property
    def complete(self) -> bool:
        """Whether every record's bytes are known, so that an incremental read suffices."""
        is_known = not (self.restart or self.needs_snapshot)
        return is_known and all(entry.raw is not None for entry in self.entries.values())

    def is_nameless(self, source: str) -> bool:
        """Whether the source record has no id of its own (a vendor's id may well begin with the same character)."""
        return source.startswith(NAMELESS) and (source not in self.entries or not self.entries[source].outputs)

    def own(self, source: str, outputs: Iterable[Output]) -> None:
        """Notes which source record a derived record belongs to (a record with its source's own id needs no note)."""
        for output in outputs:
            if output.id != source:
                self.owners[output.data_type, output.id] = source

    def replace(self, source: str, entry: Entry | None) -> None:
        """Puts an entry in the place of what was known of the source record; None forgets it."""
        before = self.entries.pop(source, None)
        for output in before.outputs if before else ():
            if self.owners.get((output.data_type, output.id)) == source:
                del self.owners[output.data_type, output.id]
        if entry is not None:
            self.entries[source] = entry
            self.own(source, entry.outputs)

    def owner(self, data_type: str, id_: str) -> str:
        return self.owners.get((data_type, id_), id_)

    def live(self) -> dict[str, int]:
        """Live unified records by data type."""
        counts: dict[str, int] = {}
        for entry in self.entries.values():
            for output in entry.outputs:
                counts[output.data_type] = counts.get(output.data_type, 0) + 1
        for shared in self.shared.values():
            counts[shared.data_type] = counts.get(shared.data_type, 0) + 1
        return counts

    def quarantined(self) -> int:
        return sum(1 for entry in self.entries.values() if entry.quarantined)

    def to_bytes(self, run: str | None) -> bytes:
        """The index as an object; `run` keeps what that run has seen, for its next segment."""
        seen = group_seen(self.seen) if run else []
        shared = list(self.shared.values())
        return pack(IndexFile(self.header, self.entries, shared, run, seen, self.needs_snapshot))


def group_seen(seen: Mapping[str, int]) -> list[Seen]:
    groups: dict[int, list[str]] = {}
    for id_, read_at in seen.items():
        groups.setdefault(read_at, []).append(id_)
    return [Seen(read_at, ids) for read_at, ids in groups.items()]


@dataclass(frozen=True, slots=True)
class IndexSource:
    """Where an index comes from."""

    objects: IndexObjects
    records: RecordStore
    quarantine: Quarantine

    def load(
        self,
        stream: StreamKey,
        *,
        base: str | None,
        run: str,
        confirmed: Mapping[int, int],
        data_types: tuple[DataType, ...],
        shared_types: frozenset[DataType],
        mapping: str,
    ) -> Index:
        """The stream's index as the run's next segment must see it; `confirmed` as in `Checkpoint`."""
        generation = self.records.generation()
        stored = self._stored(stream, base)
        chunks = [
            (number <= confirmed.get(fence, -1), unpack_chunk(content))
            for fence, number, content in self.objects.chunks(stream, base or "")
        ]
        is_damaged = any(chunk is None for _, chunk in chunks)
        if stored is not None and stored.header.generation == generation and not is_damaged:
            index = _from_file(stored, run, mapping)
        else:
            index = Index(generation, mapping, restart=base is not None or is_damaged, needs_snapshot=True)
            self._rebuild(index, stream, data_types, shared_types)
        index.journal_chunks = len(chunks)
        for is_confirmed, chunk in chunks:
            if chunk is not None and is_confirmed and chunk.header.generation == generation:
                _apply(index, chunk, run)
            elif chunk is not None:
                _doubt(index, chunk)
        return index

    def _stored(self, stream: StreamKey, base: str | None) -> IndexFile | None:
        content = self.objects.get_index(stream, base) if base else None
        return unpack_index(content) if content else None

    def _rebuild(
        self, index: Index, stream: StreamKey, data_types: tuple[DataType, ...], shared_types: frozenset[DataType]
    ) -> None:
        """Learns from the table which records there are; only their sources' bytes and shared edges stay unknown."""
        for stored in self.records.live(stream, data_types):
            key = (stored.key.data_type.value, stored.key.id)
            if stored.key.data_type in shared_types:
                index.shared[key] = Shared(*key, stored.fingerprint)
                continue
            source = stored.source or stored.key.id
            entry = index.entries.setdefault(source, Entry(None, []))
            entry.outputs.append(Output(*key, stored.fingerprint))
            index.own(source, entry.outputs[-1:])
        for source in self.quarantine.sources(stream):
            entry = index.entries.setdefault(source, Entry(None, []))
            entry.quarantined = entry.quarantined or "unknown"


def _from_file(stored: IndexFile, run: str, mapping: str) -> Index:
    index = Index(stored.header.generation, mapping, stored.entries, needs_snapshot=stored.needs_snapshot)
    index.shared = {(shared.data_type, shared.id): shared for shared in stored.shared}
    for source, entry in stored.entries.items():
        if len(entry.outputs) != 1 or entry.outputs[0].id != source:
            index.own(source, entry.outputs)
    if stored.header.mapping != mapping:
        index.restart = True
        for entry in stored.entries.values():
            entry.raw = None
    if stored.run == run:
        for seen in stored.seen:
            index.seen.update(dict.fromkeys(seen.ids, seen.read_at))
    return index


def _apply(index: Index, chunk: Chunk, run: str) -> None:
    if chunk.run == run:
        for seen in chunk.seen:
            index.seen.update(dict.fromkeys(seen.ids, seen.read_at))
    if chunk.header.mapping != index.mapping:
        index.restart = True
        for entry in chunk.changes.values():
            if entry is not None:
                entry.raw = None
    for source, entry in chunk.changes.items():
        index.replace(source, entry)
    for shared in chunk.shared:
        index.shared[shared.data_type, shared.id] = shared
    for key in chunk.shared_gone:
        index.shared.pop((key[0], key[1]), None)


def _doubt(index: Index, chunk: Chunk) -> None:
    """Every record that the chunk may have written has an unknown value now; none is forgotten."""
    for source, entry in chunk.changes.items():
        known = index.entries.setdefault(source, Entry(None, []))
        known.raw = None
        have = {(output.data_type, output.id) for output in known.outputs}
        for output in known.outputs:
            output.fingerprint = None
        for output in entry.outputs if entry else ():
            if (output.data_type, output.id) not in have:
                known.outputs.append(Output(output.data_type, output.id, None))
        if entry is not None:
            known.edges = entry.edges or known.edges
            known.quarantined = known.quarantined or entry.quarantined
        index.own(source, known.outputs)
    for shared in chunk.shared:
        index.shared[shared.data_type, shared.id] = Shared(shared.data_type, shared.id, None)
    for data_type, id_ in chunk.shared_gone:
        if (data_type, id_) in index.shared:
            index.shared[data_type, id_].fingerprint = None


def sources_missing(index: Index) -> Iterator[str]:
    """Source records that are known and that this run has not seen."""
    return (source for source in index.entries if source not in index.seen)
