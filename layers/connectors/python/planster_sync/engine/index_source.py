"""Where an index comes from: the stored object with the journal written since, or the table.

A journal chunk that was never confirmed says what *may* have been written: its keys count as unknown, so that they are
mapped and written again, and join the next difference.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from dataclasses import dataclass

from planster_sync.engine.index import Index
from planster_sync.engine.index_entries import Entry, Output, Shared
from planster_sync.engine.index_file import Chunk, unpack_chunk
from planster_sync.engine.index_packing import opened
from planster_sync.engine.index_rows import Digest, Rows
from planster_sync.engine.sightings import Sightings
from planster_sync.model.data_types import DataType
from planster_sync.model.runs import StreamKey
from planster_sync.ports.stores import IndexObjects, Quarantine, RecordStore


@dataclass(frozen=True, slots=True)
class IndexSource:
    """Brings indexes; `digest` is the hash by which they find their rows."""

    objects: IndexObjects
    records: RecordStore
    quarantine: Quarantine
    digest: Digest

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
        chunks = [
            (number <= confirmed.get(fence, -1), unpack_chunk(content))
            for fence, number, content in self.objects.chunks(stream, base or "")
        ]
        is_damaged = any(chunk is None for _, chunk in chunks)
        index = self._stored(stream, base, run) if base and not is_damaged else None
        if index is None or index.generation != generation:
            index = Index(generation, mapping, Rows(self.digest), restart=base is not None or is_damaged)
            index.needs_snapshot = True
            self._rebuild(index, stream, data_types, shared_types)
        elif index.mapping != mapping:
            index.map_anew(mapping)
        index.journal_chunks = len(chunks)
        for is_confirmed, chunk in chunks:
            if chunk is not None and is_confirmed and chunk.header.generation == generation:
                _apply(index, chunk, run)
            elif chunk is not None:
                _doubt(index, chunk)
        return index

    def _stored(self, stream: StreamKey, base: str, run: str) -> Index | None:
        return opened(lambda name: self.objects.get_index(stream, name), base, run, self.digest)

    def _rebuild(
        self, index: Index, stream: StreamKey, data_types: tuple[DataType, ...], shared_types: frozenset[DataType]
    ) -> None:
        """Learns from the table which records there are; only their sources' bytes and shared edges stay unknown."""
        for stored in self.records.live(stream, data_types):
            key = (stored.key.data_type.value, stored.key.id)
            if stored.key.data_type in shared_types:
                index.put_shared(key, Shared(*key, stored.fingerprint))
                continue
            source = stored.source or stored.key.id
            entry = index.get(source) or Entry(None)
            index.put(source, entry.with_outputs((*entry.outputs, Output(*key, stored.fingerprint))))
        for source in self.quarantine.sources(stream):
            entry = index.get(source) or Entry(None)
            index.put(source, entry.in_quarantine(entry.quarantined or "unknown", entry.quarantined_at))


def _apply(index: Index, chunk: Chunk, run: str) -> None:
    if chunk.header.mapping == index.mapping:
        for row, raw in zip(array("I", chunk.raw_rows), array("Q", chunk.raws), strict=True):
            if row < index.based:
                index.put_raw(row, raw)
    else:
        index.restart = True
    for source, entry in chunk.changes.items():
        is_valid = entry is None or chunk.header.mapping == index.mapping
        index.put(source, entry if is_valid or entry is None else entry.with_raw(None))
    for shared in chunk.shared:
        index.put_shared(shared.key, shared)
    for key in chunk.shared_gone:
        index.put_shared(key, None)
    if chunk.run == run:
        _see(index, chunk)


def _see(index: Index, chunk: Chunk) -> None:
    """What was read counts as seen; the rows are those of the index that the journal changes, if it is there."""
    for seen in chunk.seen:
        index.turn(seen.read_at)
        for row in array("I", seen.rows):
            if row < index.based:
                index.mark_row(row)
        for source in seen.ids:
            index.mark(source, Sightings(seen.read_at))


def _doubt(index: Index, chunk: Chunk) -> None:
    """Every record that the chunk may have written has an unknown value now; none is forgotten."""
    for source, entry in chunk.changes.items():
        known = index.get(source) or Entry(None)
        have = {output.key for output in known.outputs}
        added = [output for output in entry.outputs if output.key not in have] if entry else []
        for output in added:
            _take_away(index, source, output)
        outputs = [Output(*output.key, None, output.missing_since) for output in known.outputs]
        outputs += [Output(*output.key, None) for output in added]
        naming = entry if entry and entry.edges else known
        quarantined = known.quarantined or (entry.quarantined if entry else None)
        index.put(
            source,
            Entry(
                None,
                tuple(outputs),
                naming.edges,
                naming.stamp,
                known.missing_since,
                quarantined,
                known.quarantined_at,
            ),
        )
    for shared in chunk.shared:
        index.put_shared(shared.key, Shared(*shared.key, None))
    for data_type, id_ in chunk.shared_gone:
        if (data_type, id_) in index.shared:
            there = index.shared[data_type, id_]
            index.put_shared(there.key, Shared(*there.key, None, there.missing_since))


def _take_away(index: Index, source: str, output: Output) -> None:
    """A derived record that may have moved to another source is listed there; its former one has to be mapped again."""
    former = index.owner(*output.key)
    entry = index.get(former) if former != source else None
    if entry is not None and output.id != former:
        index.put(former, entry.without(output.key).with_raw(None))
