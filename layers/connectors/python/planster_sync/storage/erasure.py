"""What an integration leaves in the two tables, erased; and the proofs of it, which stay."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice

from planster_sync.model.data_types import DataType
from planster_sync.model.integrations import Disconnection, Integration
from planster_sync.model.runs import StreamKey
from planster_sync.ports.platform import Clock
from planster_sync.storage import keys as layout
from planster_sync.storage.keys import Key
from planster_sync.storage.rows import from_item, to_item
from planster_sync.storage.table import Change, Question, Table

AT_ONCE = 500
"""Items that are deleted between two looks at the clock."""


class DynamoTraces:
    """Each method is a `Trace`. Stream rows go last: they name the reads whose quarantine is looked for."""

    def __init__(self, control: Table, records: Table, clock: Clock) -> None:
        self._control = control
        self._records = records
        self._clock = clock

    def records(self, integration: Integration, until: datetime) -> int:
        """Records with their tombstones, adjustments with their history, and what is in quarantine."""
        place = integration.organisation, integration.id
        partitions = [layout.records_partition(*place, data_type) for data_type in DataType]
        partitions.append(layout.adjustments_partition(*place))
        partitions += [layout.quarantine_partition(stream) for stream in self._streams(integration)]
        return sum(self._erase(self._records, _keys(self._records, each), until) for each in partitions)

    def rows(self, integration: Integration, until: datetime) -> int:
        """Runs, callers' keys, consents, write-backs, nights, webhooks' news, exports, rate, token, and stream rows."""
        place = integration.organisation, integration.id
        found = [
            *_keys(self._control, layout.runs_partition(*place)),
            *_keys(self._control, layout.asked_partition(*place)),
            *_keys(self._control, layout.consents_partition(*place)),
            *_keys(self._control, layout.writes_partition(*place)),
            *_keys(self._control, layout.nights_partition(*place)),
            *self._told(integration),
            *_keys(self._control, layout.exports_partition(*place)),
            *_keys(self._control, layout.rate_key(*place)["pk"]),
            *_keys(self._control, layout.token_key(*place)["pk"]),
            *(layout.stream_key(stream) for stream in self._streams(integration)),
        ]
        return self._erase(self._control, iter(found), until)

    def _streams(self, integration: Integration) -> list[StreamKey]:
        question = Question(
            "pk = :pk AND begins_with(sk, :streams)",
            {
                "pk": layout.organisation_partition(integration.organisation),
                "streams": layout.streams_prefix(integration.id),
            },
        )
        return [from_item(StreamKey, item["key"]) for item in self._control.query(question) if "key" in item]

    def _told(self, integration: Integration) -> list[Key]:
        """What was told of it last, where it was, and every delivery that speaks of it."""
        place = integration.organisation, integration.id
        told = [
            layout.told_key(*place),
            *(layout.house_key(integration.organisation, kind, integration.id) for kind in ("TOLD", "DIGEST")),
        ]
        question = Question(
            "pk = :pk",
            {"pk": layout.deliveries_partition(integration.organisation)},
            names={"integration": "integration", "concerns": "concerns"},
            projection="pk, sk, #integration, #concerns",
        )
        deliveries = [
            {"pk": item["pk"], "sk": item["sk"]}
            for item in self._control.query(question)
            if item.get("integration") == integration.id or integration.id in item.get("concerns", ())
        ]
        return [*(key for key in told if self._control.get(key)), *deliveries]

    def _erase(self, table: Table, keys: Iterator[Key], until: datetime) -> int:
        erased = 0
        while self._clock.now() < until and (some := list(islice(keys, AT_ONCE))):
            table.delete_all(some)
            erased += len(some)
        return erased


class DynamoDisconnections:
    def __init__(self, control: Table) -> None:
        self._table = control

    def begin(self, disconnection: Disconnection) -> None:
        self._table.put_new({**_key(disconnection), **to_item(disconnection)})

    def note(self, disconnection: Disconnection, place: str, count: int) -> None:
        change = Change(
            "attribute_exists(pk)",
            extra=("erased.#place = if_not_exists(erased.#place, :none) + :count",),
            names={"place": place},
            values={"none": 0, "count": count},
        )
        self._table.change(_key(disconnection), change)

    def complete(self, disconnection: Disconnection, at: datetime) -> None:
        change = Change("attribute_exists(pk) AND attribute_not_exists(#completed_at)", sets={"completed_at": at})
        self._table.change(_key(disconnection), change)

    def of(self, organisation: str) -> Sequence[Disconnection]:
        question = Question("pk = :pk", {"pk": layout.disconnections_partition(organisation)})
        return [from_item(Disconnection, item) for item in self._table.query(question)]


def _key(disconnection: Disconnection) -> Key:
    return layout.disconnection_key(disconnection.organisation, disconnection.integration, disconnection.requested_at)


def _keys(table: Table, partition: str) -> Iterator[Key]:
    question = Question("pk = :pk", {"pk": partition}, projection="pk, sk")
    return ({"pk": item["pk"], "sk": item["sk"]} for item in table.query(question))
