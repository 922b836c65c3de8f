"""Unified records: batch writes without conditions, safe because a lease outlives the worker that holds it.

A batch write cannot carry a fence. What takes its place: the platform ends an invocation at its timeout, the lease
lasts longer than timeout, request timeout and clock skew together, and every write is waited for before the call ends.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import cached_property

from planster_sync.errors import RecordInvalid, RecordTooLarge
from planster_sync.model.data_types import DataType
from planster_sync.model.runs import Problem, StreamKey
from planster_sync.model.streams import Lease
from planster_sync.ports.platform import Clock
from planster_sync.ports.stores import RecordKey, RecordWrite, Refused, StoredKey
from planster_sync.storage import keys as layout
from planster_sync.storage.attributes import Packed, pack
from planster_sync.storage.item_size import LARGEST_ITEM, item_size
from planster_sync.storage.keys import instant
from planster_sync.storage.table import Change, Question, Table


class DynamoRecords:
    def __init__(self, records: Table, control: Table, clock: Clock) -> None:
        self._table = records
        self._control = control
        self._clock = clock

    def generation(self) -> str:
        return self._generation

    @cached_property
    def _generation(self) -> str:
        # Name and moment of creation: a restore makes another table, under whatever name.
        tables = [
            (table.name, datetime.fromtimestamp(table.created_at(), UTC)) for table in (self._table, self._control)
        ]
        return "/".join(f"{name}@{moment.isoformat()}" for name, moment in tables)

    def put(self, lease: Lease, writes: Sequence[RecordWrite]) -> Sequence[Refused]:
        changed_at = instant(self._clock.now())
        items: list[Packed] = []
        refused: list[Refused] = []
        for write in writes:
            try:
                items.append(_item(lease, write, changed_at))
            except (RecordInvalid, RecordTooLarge) as error:
                refused.append(Refused(RecordKey(write.record.data_type, write.record.id), Problem.of(error)))
        self._table.put_all(items)
        return refused

    def bury(self, lease: Lease, keys: Sequence[RecordKey], at: datetime) -> None:
        self._mark(lease, keys, "_deleted_at", at, removes=("_sku_pk",))

    def mark_quarantined(self, lease: Lease, keys: Sequence[RecordKey], at: datetime) -> None:
        self._mark(lease, keys, "_quarantined_at", at, removes=())

    def live(self, stream: StreamKey, data_types: Sequence[DataType]) -> Iterator[StoredKey]:
        """Costs read units for whole records, as projections do in DynamoDB: for rebuilding an index only."""
        for data_type in data_types:
            question = Question(
                "pk = :pk",
                {"pk": layout.records_partition(stream.organisation, stream.integration, data_type)},
                names={"id": "id", "source": "_source", "fingerprint": "_fingerprint"},
                filter="attribute_not_exists(_deleted_at)",
                projection="#id, #source, #fingerprint",
            )
            for item in self._table.query(question):
                fingerprint = item.get("_fingerprint")
                yield StoredKey(
                    RecordKey(data_type, item["id"]),
                    item.get("_source", ""),
                    int(fingerprint, 16) if fingerprint else None,
                )

    def _mark(
        self, lease: Lease, keys: Sequence[RecordKey], mark: str, at: datetime, *, removes: Sequence[str]
    ) -> None:
        changed_at = instant(self._clock.now())
        places = [layout.record_key(lease.stream.organisation, lease.stream.integration, key) for key in keys]
        self._table.change_each([(place, _marking(lease, place, mark, at, changed_at, removes)) for place in places])


def _marking(
    lease: Lease, place: layout.Key, mark: str, at: datetime, changed_at: str, removes: Sequence[str]
) -> Change:
    return Change(
        "attribute_exists(pk) AND attribute_not_exists(#deleted) AND attribute_not_exists(#mark)",
        sets={
            mark: at,
            "_changed_at": changed_at,
            "_run": lease.run,
            "_fence": lease.fence,
            **layout.change_place(place["pk"], place["sk"], changed_at),
        },
        removes=removes,
        names={"deleted": "_deleted_at", "mark": mark},
    )


def _item(lease: Lease, write: RecordWrite, changed_at: str) -> Packed:
    record, stream = write.record, lease.stream
    place = layout.record_key(stream.organisation, stream.integration, RecordKey(record.data_type, record.id))
    attributes = record.attributes()
    system = {
        **place,
        "_source": write.source,
        "_fingerprint": f"{write.fingerprint:016x}",
        "_read_at": write.read_at,
        "_changed_at": changed_at,
        "_run": lease.run,
        "_fence": lease.fence,
        **layout.change_place(place["pk"], place["sk"], changed_at),
    }
    sku = attributes.get("sku")
    by_sku = layout.sku_partition(stream.organisation, stream.integration, sku) if sku else None
    item = pack({**attributes, **system, **({"_sku_pk": by_sku} if by_sku else {})})
    if item_size(item) > LARGEST_ITEM:
        raise RecordTooLarge("The record is larger than the 400 KB that the store can hold.")
    return item
