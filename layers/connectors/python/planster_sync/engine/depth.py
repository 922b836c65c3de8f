"""How far back a stream's history is read: a floor under creation, which may sink and never rises (ADR 0015).

With a floor, a whole reading asks for what is open and for what was created since. The rest of what is stored (older
records that were open once, or changed) is no part of those lists: `settle` asks for it by id.
"""

from __future__ import annotations

from datetime import datetime

from planster_sync.model.integrations import Integration
from planster_sync.model.streams import Stream, StreamStatus
from planster_sync.ports.source import Read


def floor(integration: Integration, read: Read, stream: Stream | StreamStatus) -> datetime | None:
    """The floor of a task that begins now; None reads everything. A stream that was loaded keeps its own, or sinks."""
    wanted = integration.history_from if read.has_history else None
    is_loaded = stream.last_success_at is not None
    return stream.floor if is_loaded and not is_deeper(wanted, stream.floor) else wanted


def is_deeper(floor: datetime | None, than: datetime | None) -> bool:
    """Whether more is read above the one floor than above the other."""
    return than is not None and (floor is None or floor < than)
