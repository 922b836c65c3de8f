"""Quarantined source records. The engine looks at each again after 30 days, so that one in force never expires."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from msgspec.json import encode

from planster_sync.model.runs import StreamKey
from planster_sync.model.streams import Lease
from planster_sync.ports.stores import QuarantineEntry
from planster_sync.storage import keys as layout
from planster_sync.storage.attributes import Packed, pack
from planster_sync.storage.rows import from_item, to_item
from planster_sync.storage.table import Question, Table

KEPT = timedelta(days=90)


class DynamoQuarantine:
    def __init__(self, records: Table) -> None:
        self._table = records

    def put(self, lease: Lease, entries: Sequence[QuarantineEntry]) -> None:
        distinct = {entry.source: entry for entry in entries}
        self._table.put_all([encode(_packed(lease, entry)) for entry in distinct.values()])

    def clear(self, lease: Lease, sources: Sequence[str]) -> None:
        self._table.delete_all([layout.quarantine_key(lease.stream, source) for source in dict.fromkeys(sources)])

    def sources(self, stream: StreamKey) -> Iterator[str]:
        for entry in self._all(stream):
            yield entry.source

    def entries(self, stream: StreamKey) -> list[QuarantineEntry]:
        """All of a stream's quarantine, by digest of the source id."""
        return list(self._all(stream))

    def page(
        self, stream: StreamKey, *, limit: int, after: str | None = None
    ) -> tuple[Sequence[QuarantineEntry], str | None]:
        """A part of it, in a stable order that means nothing, and the place of its last entry if there are more."""
        question = Question(
            "pk = :pk AND sk > :after",
            {"pk": layout.quarantine_partition(stream), "after": after or " "},
            limit=limit + 1,
        )
        items = self._table.query_up_to(question, limit + 1)
        place = str(items[limit - 1]["sk"]) if len(items) > limit else None
        return [from_item(QuarantineEntry, item) for item in items[:limit]], place

    def _all(self, stream: StreamKey) -> Iterator[QuarantineEntry]:
        for item in self._table.query(Question("pk = :pk", {"pk": layout.quarantine_partition(stream)})):
            yield from_item(QuarantineEntry, item)


def _packed(lease: Lease, entry: QuarantineEntry) -> Packed:
    return pack(
        {
            **layout.quarantine_key(lease.stream, entry.source),
            **to_item(entry),
            "_run": lease.run,
            "_expires": int((entry.at + KEPT).timestamp()),
        }
    )
