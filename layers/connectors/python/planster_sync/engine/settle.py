"""What follows a proven end: shared records, deletion with evidence, adjustments. Ends the read part of a task."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from planster_sync.engine import deletion
from planster_sync.engine.deletion import Candidates
from planster_sync.engine.fingerprints import unified_fingerprint
from planster_sync.engine.index_file import Edge, Entry, Shared
from planster_sync.engine.segment import Segment
from planster_sync.errors import AnswerBroken
from planster_sync.model.catalog import RECORDS
from planster_sync.model.data_types import DataType
from planster_sync.model.runs import Counts
from planster_sync.model.streams import HeldDeletion
from planster_sync.ports.source import DeletionEvidence, Sharing
from planster_sync.ports.stores import RecordKey, RecordWrite


def settle(segment: Segment) -> tuple[HeldDeletion, ...] | None:
    """Brings the end of a read about; gives what was held back, or None where the time is over.

    Every step derives its work from the index, so that a segment that resumes here simply goes on.
    """
    approval = segment.stream.approved_at if segment.stream.held else None
    if approval is not None:
        agreed = deletion.candidates(segment.index, snapshot=_is_snapshot(segment), approved_at=approval)
        if not _bury(segment, agreed):
            return None
    found = deletion.candidates(segment.index, snapshot=_is_snapshot(segment), approved_at=None)
    now = segment.tools.clock.now()
    held = deletion.held(found.by_type(segment.index), segment.index.live(), segment.lease.run, now)
    if held:
        _hold(segment, found, held, now)
    elif not _bury(segment, found):
        return None
    _write_shared(segment)
    _end_adjustments(segment)
    segment.flush()
    return held


def _is_snapshot(segment: Segment) -> bool:
    return not segment.checkpoint.incremental


def _write_shared(segment: Segment) -> None:
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
            counts = segment.checkpoint.counts.setdefault(data_type, Counts())
            named = sum(1 for key in read_now if key[0] == data_type.value)
            counts.fetched = max(named, counts.created + counts.updated)
            counts.unchanged = counts.fetched - counts.created - counts.updated


def _write_winner(segment: Segment, key: tuple[str, str], edge: Edge) -> None:
    data_type = DataType(key[0])
    record = RECORDS[data_type].model_validate_json(edge.value)
    fingerprint = unified_fingerprint(record)
    known = segment.index.shared.get(key)
    if known is not None and known.fingerprint == fingerprint and known.missing_since is None:
        return
    counts = segment.checkpoint.counts.setdefault(data_type, Counts())
    counts.created += known is None
    counts.updated += known is not None
    segment.index.shared[key] = segment.batch.shared[key] = Shared(*key, fingerprint)
    segment.batch.write(RecordWrite(record, "", fingerprint, segment.tools.clock.now()))


def _bury(segment: Segment, found: Candidates) -> bool:
    """Buries what has evidence; False where the time is over before the end."""
    for source, data_type, id_ in found.outputs:
        entry = segment.index.entries[source]
        entry.outputs = [output for output in entry.outputs if (output.data_type, output.id) != (data_type, id_)]
        segment.index.owners.pop((data_type, id_), None)
        segment.batch.changes[source] = entry
        _delete(segment, data_type, id_)
    for key in found.shared:
        del segment.index.shared[key]
        segment.batch.shared_gone[key] = None
        _delete(segment, *key)
    return _bury_sources(segment, found.sources)


def _bury_sources(segment: Segment, sources: list[str]) -> bool:
    read = segment.tools.read(segment.lease.stream.read)
    witness = next((id_ for id_ in segment.index.seen if not id_.startswith("?")), None)
    size = max(read.lookup_size - 1, 1)
    for ids in deletion.in_batches(sources, size):
        if read.deletion is DeletionEvidence.LOOKUP and witness is not None:
            gone = _looked_up(segment, ids, witness)
        elif read.deletion is DeletionEvidence.VENDOR_COUNT and segment.checkpoint.source_total == len(
            segment.index.seen
        ):
            gone = ids
        else:
            gone = [id_ for id_ in ids if _was_missing(segment, id_)]
        for id_ in ids:
            if id_ in gone:
                _bury_source(segment, id_)
            elif id_ not in segment.index.seen:
                _miss(segment, segment.index.entries[id_], id_)
        segment.flush()
        if segment.tools.clock.now() >= segment.until:
            return False
    return True


def _was_missing(segment: Segment, id_: str) -> bool:
    """Whether an earlier snapshot already lacked the record: one that cannot be sorted may skip some by chance."""
    missing_since = segment.index.entries[id_].missing_since
    return missing_since is not None and missing_since < segment.checkpoint.started_at.timestamp() * 1000


def _looked_up(segment: Segment, ids: list[str], witness: str) -> list[str]:
    """The ids that the source itself says it does not have; what it does have is read like any page.

    A record that was just read is asked for along with them: an answer without it is broken and proves nothing.
    """
    asked = [id_ for id_ in ids if not id_.startswith("?")]
    if not asked:
        return ids
    page = segment.tools.connector.lookup(segment.lease.stream.read, [*asked, witness])
    found = {record.id for record in page.records}
    if witness not in found:
        raise AnswerBroken("The source's answer to a look-up lacks a record that it has just shown.")
    wanted = [record for record in page.records if record.id != witness]
    segment.absorb(replace(page, records=wanted))
    return [id_ for id_ in ids if id_ not in found]


def _bury_source(segment: Segment, id_: str) -> None:
    entry = segment.index.entries.pop(id_)
    segment.batch.changes[id_] = None
    if entry.quarantined:
        segment.batch.cleared[id_] = None
    for output in entry.outputs:
        if segment.index.owner(output.data_type, output.id) == id_:
            segment.index.owners.pop((output.data_type, output.id), None)
            _delete(segment, output.data_type, output.id)


def _delete(segment: Segment, data_type: str, id_: str) -> None:
    key = DataType(data_type)
    segment.batch.bury(RecordKey(key, id_))
    segment.checkpoint.counts.setdefault(key, Counts()).deleted += 1


def _hold(segment: Segment, found: Candidates, held: tuple[HeldDeletion, ...], now: datetime) -> None:
    """Marks everything that is missing, so that an approval can say what it was given for."""
    for id_ in found.sources:
        _miss(segment, segment.index.entries[id_], id_)
    for key in found.shared:
        shared = segment.index.shared[key]
        if shared.missing_since is None:
            shared.missing_since = int(now.timestamp() * 1000)
            segment.batch.shared[key] = shared
    for item in held:
        segment.checkpoint.counts.setdefault(item.data_type, Counts()).held = item.count


def _miss(segment: Segment, entry: Entry, id_: str) -> None:
    if entry.missing_since is None:
        entry.missing_since = int(segment.tools.clock.now().timestamp() * 1000)
        segment.batch.changes[id_] = entry


def _end_adjustments(segment: Segment) -> None:
    """Ends every overlay whose record's source was read after it was made, changed or not."""
    stream = segment.lease.stream
    types = tuple(segment.tools.read(stream.read).feeds)
    for adjustment in segment.tools.adjustments.in_force(stream, types):
        key = adjustment.key
        source = segment.index.owner(key.data_type.value, key.id)
        read_at = segment.index.seen.get(source)
        if read_at is not None and read_at > adjustment.made_at.timestamp() * 1000:
            moment = datetime.fromtimestamp(read_at / 1000, adjustment.made_at.tzinfo)
            segment.tools.adjustments.end(segment.lease, adjustment, moment)
