"""Records, quarantine, adjustments and index objects in memory, with the same guards as the stored ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from planster_sync.errors import Conflict, RecordInvalid, RecordTooLarge
from planster_sync.model.data_types import DataType
from planster_sync.model.runs import Problem, StreamKey
from planster_sync.model.streams import Lease
from planster_sync.ports.platform import Clock
from planster_sync.ports.stores import (
    Adjustment,
    EndedAdjustment,
    QuarantineEntry,
    RecordKey,
    RecordWrite,
    Refused,
    StoredKey,
)


@dataclass(frozen=True, slots=True)
class StoredRecord:
    """What lies in the table for one record, for assertions."""

    key: RecordKey
    attributes: dict[str, Any]
    source: str
    fingerprint: int
    read_at: datetime
    changed_at: datetime
    run: str
    fence: int
    deleted_at: datetime | None = None
    quarantined_at: datetime | None = None


_Place = tuple[str, str, DataType, str]


class MemoryRecords:
    """`writes` counts record writes of every kind, which is what DynamoDB would bill for."""

    def __init__(self, clock: Clock, table: str = "table-1") -> None:
        self._clock = clock
        self.table = table
        self.rows: dict[_Place, StoredRecord] = {}
        self.writes = 0

    def generation(self) -> str:
        return self.table

    def put(self, lease: Lease, writes: Sequence[RecordWrite]) -> Sequence[Refused]:
        refused = []
        for write in writes:
            problem = _unstorable(write)
            if problem is not None:
                refused.append(Refused(_key(write), problem))
                continue
            self.writes += 1
            self.rows[_at(lease.stream, _key(write))] = StoredRecord(
                key=_key(write),
                attributes=deepcopy(write.record.attributes()),
                source=write.source,
                fingerprint=write.fingerprint,
                read_at=write.read_at,
                changed_at=self._clock.now(),
                run=lease.run,
                fence=lease.fence,
            )
        return refused

    def bury(self, lease: Lease, keys: Sequence[RecordKey], at: datetime) -> None:
        for place, row in self._living(lease.stream, keys):
            self.writes += 1
            self.rows[place] = replace(
                row, deleted_at=at, changed_at=self._clock.now(), run=lease.run, fence=lease.fence
            )

    def mark_quarantined(self, lease: Lease, keys: Sequence[RecordKey], at: datetime) -> None:
        for place, row in self._living(lease.stream, keys):
            if row.quarantined_at is None:
                self.writes += 1
                self.rows[place] = replace(
                    row, quarantined_at=at, changed_at=self._clock.now(), run=lease.run, fence=lease.fence
                )

    def live(self, stream: StreamKey, data_types: Sequence[DataType]) -> Iterator[StoredKey]:
        for (organisation, integration, data_type, _), row in sorted(self.rows.items()):
            here = (organisation, integration) == (stream.organisation, stream.integration)
            if here and data_type in data_types and row.deleted_at is None:
                yield StoredKey(row.key, row.source, row.fingerprint)

    def stored(self, stream: StreamKey, key: RecordKey) -> StoredRecord | None:
        """The row as it lies there, tombstone or not."""
        return deepcopy(self.rows.get(_at(stream, key)))

    def all(self) -> list[StoredRecord]:
        return [deepcopy(row) for _, row in sorted(self.rows.items())]

    def _living(self, stream: StreamKey, keys: Sequence[RecordKey]) -> Iterator[tuple[_Place, StoredRecord]]:
        for key in keys:
            row = self.rows.get(_at(stream, key))
            if row is not None and row.deleted_at is None:
                yield _at(stream, key), row


def _at(stream: StreamKey, key: RecordKey) -> _Place:
    return stream.organisation, stream.integration, key.data_type, key.id


def _key(write: RecordWrite) -> RecordKey:
    return RecordKey(write.record.data_type, write.record.id)


def _unstorable(write: RecordWrite) -> Problem | None:
    if len(write.record.canonical()) > 400 * 1024:
        return Problem.of(RecordTooLarge("The record is larger than the store can hold."))
    if any(len(str(abs(number))) > 38 for number in _integers(write.record.attributes())):
        return Problem.of(RecordInvalid("The record holds a number that cannot be stored."))
    return None


def _integers(value: Any) -> Iterator[int]:
    if isinstance(value, dict):
        for inner in value.values():
            yield from _integers(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _integers(inner)
    elif isinstance(value, int):
        yield value


class MemoryQuarantine:
    def __init__(self) -> None:
        self._entries: dict[StreamKey, dict[str, QuarantineEntry]] = {}

    def put(self, lease: Lease, entries: Sequence[QuarantineEntry]) -> None:
        self._entries.setdefault(lease.stream, {}).update({entry.source: deepcopy(entry) for entry in entries})

    def clear(self, lease: Lease, sources: Sequence[str]) -> None:
        for source in sources:
            self._entries.get(lease.stream, {}).pop(source, None)

    def sources(self, stream: StreamKey) -> Iterator[str]:
        yield from list(self._entries.get(stream, {}))

    def entries(self, stream: StreamKey) -> list[QuarantineEntry]:
        return deepcopy(list(self._entries.get(stream, {}).values()))

    def page(
        self, stream: StreamKey, *, limit: int, after: str | None = None
    ) -> tuple[Sequence[QuarantineEntry], str | None]:
        """By source id."""
        sources = sorted(source for source in self._entries.get(stream, {}) if after is None or source > after)
        found = [deepcopy(self._entries[stream][source]) for source in sources[:limit]]
        return found, sources[limit - 1] if len(sources) > limit else None


class MemoryAdjustments:
    """`history` holds the ended ones with the read time of the page that ended them."""

    def __init__(self, records: MemoryRecords, clock: Clock) -> None:
        self._records = records
        self._clock = clock
        self._in_force: dict[_Place, Adjustment] = {}
        self._ended: list[tuple[_Place, EndedAdjustment]] = []

    @property
    def history(self) -> list[tuple[Adjustment, datetime]]:
        return [(ended.adjustment, ended.at) for _, ended in self._ended]

    def make(self, organisation: str, integration: str, adjustment: Adjustment) -> None:
        """Puts a correction in force, in place of an older one of the same record."""
        place = _at(StreamKey(organisation, integration, ""), adjustment.key)
        self._in_force[place] = deepcopy(adjustment)

    def in_force(self, stream: StreamKey, data_types: Sequence[DataType]) -> Sequence[Adjustment]:
        return [
            deepcopy(adjustment)
            for (organisation, integration, data_type, _), adjustment in sorted(self._in_force.items())
            if (organisation, integration) == (stream.organisation, stream.integration) and data_type in data_types
        ]

    def end(self, lease: Lease, adjustment: Adjustment, read_at: datetime) -> None:
        self.take_off(_at(lease.stream, adjustment.key), adjustment, read_at, "read")

    def take_off(self, place: _Place, adjustment: Adjustment, at: datetime, how: str) -> bool:
        there = self._in_force.get(place)
        if there is None or there.made_at != adjustment.made_at:
            return False
        del self._in_force[place]
        self._ended.append((place, EndedAdjustment(deepcopy(adjustment), at, how)))
        self.move(place)
        return True

    def ended(self, place: _Place) -> list[EndedAdjustment]:
        return [ended for there, ended in self._ended if there == place]

    def move(self, place: _Place) -> None:
        row = self._records.rows.get(place)
        if row is not None:
            self._records.rows[place] = replace(row, changed_at=self._clock.now())


class MemoryCorrections:
    """What the API makes of a MemoryAdjustments."""

    def __init__(self, adjustments: MemoryAdjustments) -> None:
        self._all = adjustments

    def find(self, organisation: str, integration: str, key: RecordKey) -> Adjustment | None:
        return self.among(organisation, integration, key.data_type, [key.id]).get(key)

    def among(
        self, organisation: str, integration: str, data_type: DataType, ids: Sequence[str]
    ) -> dict[RecordKey, Adjustment]:
        found = self._all.in_force(StreamKey(organisation, integration, ""), [data_type])
        return {adjustment.key: adjustment for adjustment in found if adjustment.key.id in ids}

    def in_force(
        self, organisation: str, integration: str, data_type: DataType, *, limit: int, after: str | None
    ) -> tuple[list[Adjustment], str | None]:
        found = self._all.in_force(StreamKey(organisation, integration, ""), [data_type])
        behind = [adjustment for adjustment in found if after is None or adjustment.key.id > after]
        return behind[:limit], behind[limit - 1].key.id if len(behind) > limit else None

    def history(self, organisation: str, integration: str, key: RecordKey) -> list[EndedAdjustment]:
        return self._all.ended(_at(StreamKey(organisation, integration, ""), key))

    def correct(
        self, organisation: str, integration: str, adjustment: Adjustment, *, instead_of: Adjustment | None
    ) -> bool:
        place = _at(StreamKey(organisation, integration, ""), adjustment.key)
        there = self.find(organisation, integration, adjustment.key)
        if (there and there.made_at) != (instead_of and instead_of.made_at):
            return False
        if instead_of is not None:
            self._all.take_off(place, instead_of, adjustment.made_at, "replaced")
        self._all.make(organisation, integration, adjustment)
        self._all.move(place)
        return True

    def withdraw(self, organisation: str, integration: str, adjustment: Adjustment, at: datetime) -> bool:
        place = _at(StreamKey(organisation, integration, ""), adjustment.key)
        return self._all.take_off(place, adjustment, at, "withdrawn")


class MemoryIndexObjects:
    def __init__(self) -> None:
        self.indexes: dict[tuple[StreamKey, str], bytes] = {}
        self.journal: dict[tuple[StreamKey, str], dict[tuple[int, int], bytes]] = {}

    def put_index(self, stream: StreamKey, name: str, content: bytes) -> None:
        if self.indexes.setdefault((stream, name), content) != content:
            raise Conflict("Another index is stored under this name.")

    def get_index(self, stream: StreamKey, name: str) -> bytes | None:
        return self.indexes.get((stream, name))

    def put_chunk(self, stream: StreamKey, base: str, fence: int, number: int, content: bytes) -> None:
        self.journal.setdefault((stream, base), {})[fence, number] = content

    def chunks(self, stream: StreamKey, base: str) -> Iterator[tuple[int, int, bytes]]:
        for (fence, number), content in sorted(self.journal.get((stream, base), {}).items()):
            yield fence, number, content

    def forget(self, stream: StreamKey, base: str) -> None:
        self.indexes.pop((stream, base), None)
        self.journal.pop((stream, base), None)
