"""Manual corrections in force, and the ended ones as each record's history."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from os.path import commonprefix
from typing import Any

from planster_sync.errors import StoreBusy
from planster_sync.model.data_types import DataType
from planster_sync.model.runs import StreamKey
from planster_sync.model.streams import Lease
from planster_sync.ports.platform import Clock
from planster_sync.ports.stores import Adjustment, RecordKey
from planster_sync.storage import keys as layout
from planster_sync.storage.attributes import pack
from planster_sync.storage.failures import CANCELLED
from planster_sync.storage.keys import instant
from planster_sync.storage.rows import from_item, to_item
from planster_sync.storage.table import Change, Question, Table
from planster_sync.wire.endpoint import Refused

READ = "read"
"""The source spoke again: how a sync ends a correction."""
_MOVED_ON = "ConditionalCheckFailed"


class DynamoAdjustments:
    def __init__(self, records: Table, clock: Clock) -> None:
        self._table = records
        self._clock = clock

    def make(self, organisation: str, integration: str, adjustment: Adjustment) -> None:
        """Puts a correction in force, in place of an older one of the same record."""
        place = layout.adjustment_key(organisation, integration, adjustment.key)
        self._table.put({**place, **to_item(adjustment)})

    def in_force(self, stream: StreamKey, data_types: Sequence[DataType]) -> Sequence[Adjustment]:
        """One Query where the names of the data types begin alike, as those of one read do; else one for each."""
        partition = layout.adjustments_partition(stream.organisation, stream.integration)
        types = [f"{data_type}#" for data_type in sorted(data_types)]
        shared = commonprefix(types)  # noqa: RUF071  # letters are what is meant
        found: list[Adjustment] = []
        for beginning in [shared] if shared else types:
            question = Question("pk = :pk AND begins_with(sk, :type)", {"pk": partition, "type": beginning})
            rows = [item for item in self._table.query(question) if item["sk"].startswith(tuple(types))]
            found += [from_item(Adjustment, item) for item in rows]
        return found

    def history(self, organisation: str, integration: str, key: RecordKey) -> list[tuple[Adjustment, datetime]]:
        """The ended corrections of one record, oldest first, each with the read time of the page that ended it."""
        values = {
            "pk": layout.adjustments_partition(organisation, integration),
            "record": layout.adjustment_history(key),
        }
        items = self._table.query(Question("pk = :pk AND begins_with(sk, :record)", values))
        return [(from_item(Adjustment, item), datetime.fromisoformat(item["_ended_by"])) for item in items]

    def end(self, lease: Lease, adjustment: Adjustment, read_at: datetime) -> None:
        organisation, integration = lease.stream.organisation, lease.stream.integration
        there = layout.adjustment_key(organisation, integration, adjustment.key)
        ended = {**ended_item(organisation, integration, adjustment, read_at, READ), "_run": lease.run}
        delete = {
            "Key": pack(there),
            "ConditionExpression": "made_at = :made",
            "ExpressionAttributeValues": pack({":made": adjustment.made_at}),
        }
        move_among_changes(self._table, organisation, integration, adjustment.key, self._clock.now(), lease)
        try:
            self._table.transact([{"Delete": delete}, {"Put": {"Item": pack(ended)}}])
        except Refused as refused:
            passed_over(refused)


def move_among_changes(
    table: Table, organisation: str, integration: str, key: RecordKey, at: datetime, lease: Lease | None = None
) -> None:
    """Makes the record the latest change. Before its correction changes: a feed tells the last minutes twice anyway."""
    place = layout.record_key(organisation, integration, key)
    moment = instant(at)
    by = {"_run": lease.run, "_fence": lease.fence} if lease else {}
    change = Change(
        "attribute_exists(pk) AND #changed < :at",
        sets={"_changed_at": moment, **layout.change_place(place["pk"], place["sk"], moment), **by},
        names={"changed": "_changed_at"},
        values={"at": moment},
    )
    table.change_each([(place, change)])


def ended_item(organisation: str, integration: str, adjustment: Adjustment, at: datetime, how: str) -> dict[str, Any]:
    """An ended correction as it lies in its record's history."""
    place = layout.ended_adjustment_key(organisation, integration, adjustment.key, adjustment.made_at)
    return {**place, **to_item(adjustment), "_ended_by": at, "_ended_how": how}


def passed_over(refused: Refused) -> None:
    """A newer correction stays in force; one that is gone was ended by this call itself, whose answer was lost.

    Two writers at the same moment are tried again later.
    """
    if refused.code != CANCELLED:
        raise refused
    answer: Any = json.loads(refused.body)
    reasons = {reason.get("Code") for reason in answer.get("CancellationReasons", [])}
    if _MOVED_ON not in reasons:
        raise StoreBusy("The store is busy.", detail=",".join(sorted(map(str, reasons)))) from refused
