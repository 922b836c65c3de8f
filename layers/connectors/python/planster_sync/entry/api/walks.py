"""Walking a list of records page by page: all that is live, or what changed since a moment, with filters."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from planster_sync.entry.api import cursors
from planster_sync.entry.api.filters import Wanted
from planster_sync.entry.api.shop import RecordPage, RecordsReader

LARGEST_PAGE_BYTES = 4_000_000
"""Lambda answers with 6 MB at most (AWS: Lambda quotas), the escapes of JSON within JSON included."""

MOST_LOOKS = 10
"""How many pages are looked through for one filtered page; then it is given as it is, with its cursor."""


@dataclass(frozen=True, slots=True)
class Walk:
    """One list of one data type. `since` asks for what changed, tombstones included, oldest change first.

    `shown_as` names the kind of list, so that no other kind takes its cursors.
    """

    organisation: str
    integration: str
    wanted: Wanted
    since: datetime | None = None
    shown_as: str = "records"

    @property
    def scope(self) -> tuple[str, ...]:
        """What a cursor of this list is sealed with."""
        since = self.since.isoformat() if self.since else ""
        return (
            self.shown_as,
            self.organisation,
            self.integration,
            self.wanted.data_type.value,
            since,
            *self.wanted.scope,
        )

    def opened(self, after: str | None) -> str | None:
        return cursors.opened(self.scope, after) if after else None

    def sealed(self, position: str | None) -> str | None:
        return cursors.sealed(self.scope, position) if position is not None else None

    def page(self, reader: RecordsReader, limit: int, position: str | None) -> Found:
        """At most `limit` wanted records, and where to go on; fewer where they would be too large together."""
        found = Found([], position)
        for _ in range(MOST_LOOKS):
            page = self._within_bytes(reader, limit - len(found.records), found.position)
            suited = [record for record in page.records if not self.wanted or self.wanted.suits(record)]
            if found.records and _size(found.records) + _size(suited) > LARGEST_PAGE_BYTES:
                break
            found = Found([*found.records, *suited], page.cursor)
            if page.cursor is None or len(found.records) == limit or not self.wanted:
                break
        return found

    def _within_bytes(self, reader: RecordsReader, limit: int, position: str | None) -> RecordPage:
        page = self._read(reader, limit, position)
        while limit > 1 and _size(page.records) > LARGEST_PAGE_BYTES:
            limit //= 2
            page = self._read(reader, limit, position)
        return page

    def _read(self, reader: RecordsReader, limit: int, position: str | None) -> RecordPage:
        place = (self.organisation, self.integration, self.wanted.data_type)
        if self.since is None:
            return reader.page(*place, limit=limit, cursor=position)
        return reader.changed_since(*place, since=self.since, limit=limit, cursor=position)


@dataclass(frozen=True, slots=True)
class Found:
    """Wanted records, and the position behind the last one that was looked at; None is the end."""

    records: list[dict[str, Any]]
    position: str | None


def _size(records: Sequence[dict[str, Any]]) -> int:
    return len(json.dumps(records))
