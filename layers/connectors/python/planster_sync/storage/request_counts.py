"""How many requests an organisation has made in a minute: a counter per minute, gone soon after it."""

from __future__ import annotations

from datetime import datetime, timedelta

from planster_sync.storage import keys as layout
from planster_sync.storage.table import Change, Table

KEPT = timedelta(minutes=10)


class DynamoRequestCounts:
    """A request whose answer was lost is sent again, so that it may count twice: fewer are let through, never more."""

    def __init__(self, control: Table) -> None:
        self._table = control

    def take(self, organisation: str, minute: datetime, count: int, most: int) -> bool:
        """Adds `count` unless there would be more than `most` then."""
        change = Change(
            "attribute_not_exists(#taken) OR #taken <= :room",
            adds={"taken": count},
            sets={"_expires": int((minute + KEPT).timestamp())},
            values={"room": most - count},
        )
        return count <= most and self._table.change(layout.request_count_key(organisation, minute), change).accepted
