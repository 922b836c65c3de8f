"""What a sync will take at the vendor, before it is started: calls and minutes, from what is stored and declared."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from planster_sync.entry.api.run_views import ExpectationView, ReadExpectationView
from planster_sync.model.runs import Mode, Task
from planster_sync.model.streams import Stream
from planster_sync.ports.source import Capabilities, Read, ReadStyle
from planster_sync.storage.rate_budget import SHARE_OF_RATE


def expect(
    capabilities: Capabilities, wanted: Mapping[str, Task], mode: Mode, streams: Sequence[Stream]
) -> ExpectationView:
    """Pages of every wanted list at the size and the pace that the connector declares.

    What nobody can know before is left out: look-ups of what has gone missing, and how long the vendor takes.
    """
    rows = {stream.key.read: stream for stream in streams}
    reads = [_read(capabilities.reads[name], mode, rows.get(name)) for name in wanted]
    per_second = SHARE_OF_RATE * capabilities.rate.per_second
    known = [each.calls for each in reads if each.calls is not None]
    calls = sum(known) if len(known) == len(reads) else None
    minutes = math.ceil(calls / per_second / 6) / 10 if calls is not None else None
    return ExpectationView(
        mode=mode,
        calls=calls,
        minutes=minutes,
        calls_per_second=round(per_second, 3),
        reads=reads,
        sentence=_sentence(capabilities.title, calls, minutes),
    )


def _read(read: Read, mode: Mode, stream: Stream | None) -> ReadExpectationView:
    is_known = stream is not None and stream.last_snapshot_at is not None
    status = stream.data_types.get(next(iter(read.feeds))) if stream else None
    records = status.live + status.quarantined if status and is_known else None
    is_partial = is_known and mode is Mode.AUTO and read.style is ReadStyle.INCREMENTAL
    pages = None if records is None else max(math.ceil(records / read.page_size), 1)
    return ReadExpectationView(
        read=read.name,
        data_types=list(read.feeds),
        records=records,
        page_size=read.page_size,
        calls=1 if is_partial else pages,
        changes_only=is_partial,
    )


def _sentence(title: str, calls: int | None, minutes: float | None) -> str:
    if calls is None:
        return f"Part of it was never read whole, so nobody knows how many calls {title} will get."
    return (
        f"At least {calls} call{'s' if calls != 1 else ''} to {title}, which take {minutes} minutes or more; "
        "waits that it asks for, and questions about what is missing, come on top."
    )
