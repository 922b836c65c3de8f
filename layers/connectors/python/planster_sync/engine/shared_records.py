"""Shared records: named by many sources, written once, with the value that the most recently changed of them gives."""

from __future__ import annotations

from planster_sync.engine.fingerprints import unified_fingerprint
from planster_sync.engine.index_file import Edge, Shared
from planster_sync.engine.segment import Segment
from planster_sync.model.catalog import read_record
from planster_sync.model.data_types import DataType
from planster_sync.model.runs import Mode
from planster_sync.ports.source import Sharing
from planster_sync.ports.stores import RecordWrite


def write_shared(segment: Segment) -> None:
    """Gives every shared record the value that its most recently changed source names (ties: the greatest id)."""
    winners: dict[tuple[str, str], tuple[int, str, Edge]] = {}
    read_now: set[tuple[str, str]] = set()
    for source, entry in segment.index.entries.items():
        for edge in entry.edges:
            key = (edge.data_type, edge.id)
            if key not in winners or (entry.stamp, source) > winners[key][:2]:
                winners[key] = (entry.stamp, source, edge)
            if source in segment.index.seen:
                read_now.add(key)
    for key, (_, _, edge) in winners.items():
        _write_winner(segment, key, edge)
    for data_type, sharing in segment.tools.read(segment.lease.stream.read).feeds.items():
        if sharing is Sharing.SHARED:
            counts = segment.checkpoint.counts_of(data_type)
            named = sum(1 for key in read_now if key[0] == data_type.value)
            counts.fetched = max(named, counts.created + counts.updated)
            counts.unchanged = counts.fetched - counts.created - counts.updated


def _write_winner(segment: Segment, key: tuple[str, str], edge: Edge) -> None:
    data_type = DataType(key[0])
    record = read_record(data_type, edge.value)
    fingerprint = unified_fingerprint(record)
    known = segment.index.shared.get(key)
    is_trusted = segment.checkpoint.mode is not Mode.REFRESH
    if is_trusted and known is not None and known.fingerprint == fingerprint:
        if known.missing_since is not None:
            known.missing_since = None
            segment.batch.shared[key] = known
        return
    counts = segment.checkpoint.counts_of(data_type)
    segment.index.shared[key] = segment.batch.shared[key] = Shared(*key, fingerprint)
    write = RecordWrite(record, "", fingerprint, segment.tools.clock.now())
    if known is None:
        counts.created += 1
        segment.batch.create(write)
    else:
        counts.updated += 1
        segment.batch.update(write)
