"""Shared records: named by many sources, written once, with the value that the most recently changed of them gives."""

from __future__ import annotations

from planster_sync.engine.fingerprints import unified_fingerprint
from planster_sync.engine.index import Index
from planster_sync.engine.index_entries import Edge, Shared
from planster_sync.engine.segment import Segment
from planster_sync.model.catalog import read_record
from planster_sync.model.data_types import DataType
from planster_sync.model.runs import Mode
from planster_sync.ports.source import Sharing
from planster_sync.ports.stores import RecordWrite


def write_shared(segment: Segment) -> None:
    """Gives every shared record the value that its most recently changed source names (ties: the greatest id)."""
    for key, edge in _winners(segment.index).items():
        _write_winner(segment, key, edge)
    named_now = segment.index.named_now()
    for data_type, sharing in segment.tools.read(segment.lease.stream.read).feeds.items():
        if sharing is Sharing.SHARED:
            counts = segment.checkpoint.counts_of(data_type)
            named = sum(1 for key in named_now if key[0] == data_type.value)
            counts.fetched = max(named, counts.created + counts.updated)
            counts.unchanged = counts.fetched - counts.created - counts.updated


def _winners(index: Index) -> dict[tuple[str, str], Edge]:
    """The value of each shared record; only where sources differ about it do they have to be looked through."""
    winners: dict[tuple[str, str], Edge] = {}
    disputed: set[tuple[str, str]] = set()
    for edge in index.edges:
        if winners.setdefault(edge.key, edge) is not edge:
            disputed.add(edge.key)
    latest: dict[tuple[str, str], tuple[int, str]] = {}
    for row, stamp, edges in index.mentions(disputed) if disputed else ():
        for edge in edges:
            if edge.key in disputed and _is_later(index, (stamp, row), latest.get(edge.key)):
                latest[edge.key] = (stamp, index.rows.id_of(row))
                winners[edge.key] = edge
    return winners


def _is_later(index: Index, mention: tuple[int, int], than: tuple[int, str] | None) -> bool:
    stamp, row = mention
    return than is None or stamp > than[0] or (stamp == than[0] and index.rows.id_of(row) > than[1])


def _write_winner(segment: Segment, key: tuple[str, str], edge: Edge) -> None:
    data_type = DataType(key[0])
    record = read_record(data_type, edge.value)
    fingerprint = unified_fingerprint(record)
    known = segment.index.shared.get(key)
    is_trusted = segment.checkpoint.mode is not Mode.REFRESH
    if is_trusted and known is not None and known.fingerprint == fingerprint:
        if known.missing_since is not None:
            segment.flusher.learn_shared(key, known.with_missing_since(None))
        return
    counts = segment.checkpoint.counts_of(data_type)
    segment.flusher.learn_shared(key, Shared(*key, fingerprint))
    write = RecordWrite(record, "", fingerprint, segment.tools.clock.now())
    if known is None:
        counts.created += 1
        segment.batch.create(write)
    else:
        counts.updated += 1
        segment.batch.update(write)
