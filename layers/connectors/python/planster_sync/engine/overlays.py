"""The end of manual corrections: each holds until the source has been read after it was made."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from planster_sync.engine.index_entries import millis
from planster_sync.engine.segment import Segment
from planster_sync.ports.stores import Adjustment


def end_adjustments(segment: Segment) -> None:
    """Ends every overlay whose record's source was read after it was made, changed or not.

    A source record that is in quarantine gave no value, so that the correction of its last good one stays.
    """
    stream = segment.lease.stream
    in_force = segment.tools.adjustments.in_force(stream, tuple(segment.tools.read(stream.read).feeds))
    sources = _sources(segment, in_force) if in_force else {}
    for adjustment in in_force:
        made_at = millis(adjustment.made_at)
        key = (adjustment.key.data_type.value, adjustment.key.id)
        read_at = max((_read_at(segment, source) for source in sources[key]), default=0)
        if read_at > made_at:
            moment = datetime.fromtimestamp(read_at / 1000, adjustment.made_at.tzinfo)
            segment.tools.adjustments.end(segment.lease, adjustment, moment)


def _sources(segment: Segment, in_force: Sequence[Adjustment]) -> dict[tuple[str, str], list[str]]:
    """The source records that say what each adjusted record is: its owner, or all that name it where it is shared."""
    index = segment.index
    keys = [(adjustment.key.data_type.value, adjustment.key.id) for adjustment in in_force]
    sources = {key: [] if key in index.shared else [index.owner(*key)] for key in keys}
    shared = {key for key in keys if key in index.shared}
    for row, _, edges in index.mentions(shared) if shared else ():
        for edge in edges:
            if edge.key in shared:
                sources[edge.key].append(index.rows.id_of(row))
    return sources


def _read_at(segment: Segment, source: str) -> int:
    entry = segment.index.get(source)
    return segment.index.read_at(source) if entry is not None and not entry.quarantined else 0
