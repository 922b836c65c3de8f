"""Unified records: batch writes without conditions, safe because a lease outlives the worker that holds it.

A batch write cannot carry a fence. What takes its place: the platform ends an invocation at its timeout, the lease
lasts longer than timeout, request timeout and clock skew together, and every write is waited for before the call ends.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from msgspec.json import encode

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

KNOWN_FOR = timedelta(seconds=30)
"""Less than it takes to delete a table and to restore another under its name: environments outlive both."""


class DynamoRecords:
    def __init__(self, records: Table, control: Table, clock: Clock) -> None:
        self._table = records
        self._control = control
        self._clock = clock
        self._described_at: datetime | None = None
        self._generation = ""

    def generation(self) -> str:
        """Names and moments of creation of both tables: a restore makes another table, under whatever name."""
        now = self._clock.now()
        if self._described_at is None or not timedelta(0) <= now - self._described_at < KNOWN_FOR:
            self._generation = "/".join(_named(table) for table in (self._table, self._control))
            self._described_at = now
        return self._generation

    def put(self, lease: Lease, writes: Sequence[RecordWrite]) -> Sequence[Refused]:
        form = _StoredForm(lease, instant(self._clock.now()))
        items: list[bytes] = []
        refused: list[Refused] = []
        for write in writes:
            try:
                items.append(form.of(write))
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
                names={"id": "id", "source": "_source", "fingerprint": "_fingerprint", "deleted": "_deleted_at"},
                filter="attribute_not_exists(#deleted)",
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


def _named(table: Table) -> str:
    return f"{table.name}@{datetime.fromtimestamp(table.created_at(), UTC).isoformat()}"


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


class _StoredForm:
    """Items of one call as they go over the wire. What they have in common is made once."""

    def __init__(self, lease: Lease, changed_at: str) -> None:
        self._stream = lease.stream
        self._changed_at = changed_at
        self._common = pack({"_changed_at": changed_at, "_run": lease.run, "_fence": lease.fence})
        self._partitions: dict[DataType, str] = {}
        self._instants: dict[datetime, str] = {}

    def of(self, write: RecordWrite) -> bytes:
        """Raises RecordInvalid or RecordTooLarge for what the store can never hold."""
        try:
            item = self._item(write)
            text = encode(item)
        except UnicodeEncodeError as error:
            raise RecordInvalid("A text has a character that cannot be stored.") from error
        # JSON is never shorter than the item by DynamoDB's count, so that hardly any item needs to be counted.
        if len(text) > LARGEST_ITEM and item_size(item) > LARGEST_ITEM:
            raise RecordTooLarge("The record is larger than the 400 KB that the store can hold.")
        return text

    def _item(self, write: RecordWrite) -> Packed:
        record = write.record
        attributes = record.attributes()
        item = pack(attributes)
        partition, place = self._partition(record.data_type), layout.digest(record.id)
        item["pk"], item["sk"] = {"S": partition}, {"S": place}
        item["_source"] = {"S": write.source}
        item["_fingerprint"] = {"S": f"{write.fingerprint:016x}"}
        item["_read_at"] = {"S": self._instant(write.read_at)}
        item |= self._common
        for name, key in layout.change_place(partition, place, self._changed_at).items():
            item[name] = {"S": key}
        sku = attributes.get("sku")
        by_sku = layout.sku_partition(self._stream.organisation, self._stream.integration, sku) if sku else None
        if by_sku:
            item["_sku_pk"] = {"S": by_sku}
        return item

    def _partition(self, data_type: DataType) -> str:
        if data_type not in self._partitions:
            stream = self._stream
            self._partitions[data_type] = layout.records_partition(stream.organisation, stream.integration, data_type)
        return self._partitions[data_type]

    def _instant(self, moment: datetime) -> str:
        if moment not in self._instants:
            self._instants[moment] = instant(moment)
        return self._instants[moment]
