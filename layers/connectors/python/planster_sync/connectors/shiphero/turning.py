"""One page of a connection, as every list of the API gives it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from planster_sync.errors import AnswerBroken
from planster_sync.mapping.pages import split
from planster_sync.ports.source import SourceRecord
from planster_sync.reading.walks import Turned


def turned(connection: bytes, completed: Callable[[SourceRecord], SourceRecord]) -> Turned:
    """The nodes of `{pageInfo, edges: [{node}]}` and the cursor of the next page; the vendor says itself that it ends.

    Raises:
        AnswerBroken: it does not say whether there is more, or promises more without a cursor.
    """
    cut = split(connection, records="edges", inside="node", envelope=("pageInfo",))
    info: Any = cut.read("pageInfo")
    has_more = info.get("hasNextPage") if isinstance(info, dict) else None
    if not isinstance(has_more, bool):
        raise AnswerBroken("The source does not say whether its list goes on.", detail="pageInfo.hasNextPage")
    cursor = info.get("endCursor")
    if has_more and (not isinstance(cursor, str) or not cursor):
        raise AnswerBroken("The source promises more, but not where.", detail="pageInfo.endCursor")
    return Turned(tuple(map(completed, cut.records)), cursor if has_more else None)
