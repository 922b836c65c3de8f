"""What follows a proven end: deletion with evidence, shared records, adjustments. Ends the read part of a task."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice

from planster_sync.engine import deletion
from planster_sync.engine.batch import MAX_WRITES
from planster_sync.engine.deletion import Candidates, Decisions
from planster_sync.engine.index_entries import millis
from planster_sync.engine.overlays import end_adjustments
from planster_sync.engine.segment import Segment
from planster_sync.engine.shared_records import write_shared
from planster_sync.errors import AnswerBroken
from planster_sync.model.data_types import DataType
from planster_sync.model.streams import HeldDeletion
from planster_sync.ports.source import DeletionEvidence, End
from planster_sync.ports.stores import RecordKey


def settle(segment: Segment) -> tuple[HeldDeletion, ...] | None:
    """Brings the end of a read about; gives what was held back, or None where the time is over.

    Every step derives its work from the index, so that a segment that resumes here simply goes on.
    """
    if not _ask_for_missing(segment):
        return None
    now, stream = segment.tools.clock.now(), segment.stream
    approval = stream.approved_at if stream.held else None
    if approval is not None:
        decisions = Decisions.of(approval, stream.rejected_at, now)
        agreed = deletion.candidates(segment.index, snapshot=segment.is_snapshot, decisions=decisions)
        if not _bury(segment, agreed):
            return None
    decisions = Decisions.of(None, stream.rejected_at, now)
    found = deletion.candidates(segment.index, snapshot=segment.is_snapshot, decisions=decisions)
    held = deletion.held(found, segment.index, segment.tools.guard, segment.lease.run, segment.tools.clock.now())
    if held:
        _hold(segment, found, held)
    elif not _bury(segment, found):
        return None
    write_shared(segment)
    segment.flush_effects()
    end_adjustments(segment)
    return held


def _ask_for_missing(segment: Segment) -> bool:
    """Lists with a floor show nothing from below it: what they lack is asked for by id before anybody counts it.

    What is found counts as read; only the rest is missing. False where the time is over before the end.
    """
    checkpoint, index = segment.checkpoint, segment.index
    if checkpoint.floor is None or not segment.is_snapshot:
        return True
    left = sorted(id_ for id_ in index.missing() if checkpoint.asked is None or id_ > checkpoint.asked)
    if left:
        segment.flush()  # asking may fail: what was read up to here need not be read again
    read = segment.tools.read(segment.lease.stream.read)
    for ids in deletion.in_batches(left, max(read.lookup_size - 1, 1)):
        _looked_up(segment, ids)
        checkpoint.asked = ids[-1]
        segment.flush()
        if segment.tools.clock.now() >= segment.until:
            return False
    return True


def _bury(segment: Segment, found: Candidates) -> bool:
    """Buries what has evidence; False where the time is over before the end.

    Shared records come last: a source that turns out to live keeps what it names.
    """
    if found.sources:
        segment.flush()  # asking for them may fail: what was read up to here need not be read again
    for source, data_type, id_ in found.outputs:
        segment.flusher.learn(source, segment.index[source].without((data_type, id_)))
        _delete(segment, data_type, id_)
    if not _bury_sources(segment, found.sources):
        return False
    for key in deletion.still_unnamed(segment.index, found.shared):
        segment.flusher.learn_shared(key, None)
        _delete(segment, *key)
    return True


def _bury_sources(segment: Segment, sources: list[str]) -> bool:
    read = segment.tools.read(segment.lease.stream.read)
    is_asked = read.deletion is DeletionEvidence.LOOKUP
    if not is_asked or _witness(segment) is None:
        sources = _demonstrably_gone(segment, sources)
    for ids in deletion.in_batches(sources, max(read.lookup_size - 1, 1) if is_asked else MAX_WRITES):
        for id_ in _looked_up(segment, ids) if is_asked else ids:
            _bury_source(segment, id_)
        segment.flush()
        if segment.tools.clock.now() >= segment.until:
            return False
    return True


def _demonstrably_gone(segment: Segment, sources: list[str]) -> list[str]:
    """Those that the vendor's own count, or a second snapshot, says are gone; the others are marked as missing."""
    read = segment.tools.read(segment.lease.stream.read)
    is_counted = segment.checkpoint.source_total == segment.index.seen
    if read.deletion is DeletionEvidence.VENDOR_COUNT and is_counted:
        return sources
    gone = [id_ for id_ in sources if _was_missing(segment, id_)]
    for id_ in sources:
        _miss(segment, id_)
    return gone


def _was_missing(segment: Segment, id_: str) -> bool:
    """Whether an earlier snapshot already lacked the record: one that cannot be sorted may skip some by chance."""
    missing_since = segment.index[id_].missing_since
    return missing_since is not None and missing_since < millis(segment.checkpoint.started_at)


def _witness(segment: Segment) -> str | None:
    """A record that was read a moment ago; another one at each retry, for it may have been deleted since."""
    named = (id_ for id_ in segment.index.seen_lately() if not segment.index.is_nameless(id_))
    latest = list(islice(named, segment.checkpoint.stalls + 1))
    return latest[-1] if latest else None


def _looked_up(segment: Segment, ids: list[str]) -> list[str]:
    """The ids that the source itself says it does not have; what it does have is read like any page.

    A record that was just read is asked for along with them: an answer without it is broken and proves nothing. Where
    the list was empty there is none: what is found then lives all the same, what is not found needs the other evidence.
    """
    asked = [id_ for id_ in ids if not segment.index.is_nameless(id_)]
    if not asked:
        return ids
    witness = _witness(segment)
    read = segment.tools.read(segment.lease.stream.read)
    found: set[str | None] = set()
    for some in deletion.in_batches([*asked, witness] if witness else asked, read.lookup_size):
        page = segment.tools.connector.lookup(read.name, some)
        if page.end is End.CLAIMED:
            raise AnswerBroken("The source's answer to a look-up does not say that it is complete.")
        found.update(record.id for record in page.records)
        segment.intake.absorb(replace(page, records=[record for record in page.records if record.id != witness]))
    if witness is not None and witness not in found:
        raise AnswerBroken("The source's answer to a look-up lacks a record that it has just shown.")
    return [id_ for id_ in ids if id_ not in found]


def _bury_source(segment: Segment, id_: str) -> None:
    entry = segment.index[id_]
    if entry.quarantined:
        segment.batch.heal(id_)
    for output in entry.outputs:
        if segment.index.owner(*output.key) == id_:
            _delete(segment, *output.key)
    segment.flusher.learn(id_, None)


def _delete(segment: Segment, data_type: str, id_: str) -> None:
    key = DataType(data_type)
    segment.batch.bury(RecordKey(key, id_))
    segment.checkpoint.counts_of(key).deleted += 1


def _hold(segment: Segment, found: Candidates, held: tuple[HeldDeletion, ...]) -> None:
    """Marks everything that is missing, so that an approval can say what it was given for."""
    now = segment.tools.clock.now()
    for id_ in found.sources:
        _miss(segment, id_)
    for key in found.shared:
        shared = segment.index.shared[key]
        if shared.missing_since is None:
            segment.flusher.learn_shared(key, shared.with_missing_since(millis(now)))
    for item in held:
        segment.checkpoint.counts_of(item.data_type).held = item.count


def _miss(segment: Segment, id_: str) -> None:
    entry = segment.index[id_]
    if entry.missing_since is None:
        segment.flusher.learn(id_, entry.with_missing_since(millis(segment.tools.clock.now())))
