"""Manual corrections in force, and the ended ones as each record's history."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError
from pydantic import TypeAdapter

from planster_sync.errors import StoreBusy
from planster_sync.model.data_types import DataType
from planster_sync.model.runs import StreamKey
from planster_sync.model.streams import Lease
from planster_sync.ports.stores import Adjustment, RecordKey
from planster_sync.storage import keys as layout
from planster_sync.storage.attributes import Item, pack
from planster_sync.storage.failures import busy_as_store_busy, code_of
from planster_sync.storage.table import Question, Table

_ADJUSTMENT = TypeAdapter(Adjustment)
_MOVED_ON = "ConditionalCheckFailed"


class DynamoAdjustments:
    def __init__(self, records: Table) -> None:
        self._table = records

    def make(self, organisation: str, integration: str, adjustment: Adjustment) -> None:
        """Puts a correction in force, in place of an older one of the same record."""
        place = layout.adjustment_key(organisation, integration, adjustment.key)
        self._table.put({**place, **_ADJUSTMENT.dump_python(adjustment)})

    def in_force(self, stream: StreamKey, data_types: Sequence[DataType]) -> Sequence[Adjustment]:
        partition = layout.adjustments_partition(stream.organisation, stream.integration)
        found: list[Adjustment] = []
        for data_type in sorted(data_types):
            question = Question("pk = :pk AND begins_with(sk, :type)", {"pk": partition, "type": f"{data_type}#"})
            found += [_ADJUSTMENT.validate_python(item) for item in self._table.query(question)]
        return found

    def history(self, organisation: str, integration: str, key: RecordKey) -> list[tuple[Adjustment, datetime]]:
        """The ended corrections of one record, oldest first, each with the read time of the page that ended it."""
        values = {
            "pk": layout.adjustments_partition(organisation, integration),
            "record": layout.adjustment_history(key),
        }
        items = self._table.query(Question("pk = :pk AND begins_with(sk, :record)", values))
        return [(_ADJUSTMENT.validate_python(item), datetime.fromisoformat(item["_ended_by"])) for item in items]

    def end(self, lease: Lease, adjustment: Adjustment, read_at: datetime) -> None:
        organisation, integration = lease.stream.organisation, lease.stream.integration
        there = layout.adjustment_key(organisation, integration, adjustment.key)
        ended = {
            **layout.ended_adjustment_key(organisation, integration, adjustment.key, adjustment.made_at),
            **_ADJUSTMENT.dump_python(adjustment),
            "_ended_by": read_at,
            "_run": lease.run,
        }
        try:
            with busy_as_store_busy():
                self._table.client.transact_write_items(TransactItems=self._move(there, ended, adjustment.made_at))
        except ClientError as error:
            _pass_over_newer(error)

    def _move(self, there: layout.Key, ended: Item, made_at: datetime) -> list[Any]:
        delete = {
            "TableName": self._table.name,
            "Key": pack(there),
            "ConditionExpression": "made_at = :made",
            "ExpressionAttributeValues": pack({":made": made_at}),
        }
        return [{"Delete": delete}, {"Put": {"TableName": self._table.name, "Item": pack(ended)}}]


def _pass_over_newer(error: ClientError) -> None:
    """A newer correction stays in force; two writers at the same moment are tried again later."""
    if code_of(error) != "TransactionCanceledException":
        raise error
    answer: Any = error.response
    reasons = {reason.get("Code") for reason in answer.get("CancellationReasons", [])}
    if _MOVED_ON not in reasons:
        raise StoreBusy("The store is busy.", detail=",".join(sorted(map(str, reasons)))) from error
