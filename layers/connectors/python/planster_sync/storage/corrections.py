"""Adjustments as the API makes them: put in force, replaced, withdrawn, and shown with their history.

The adjusted record moves among the changes just before, so that whoever follows them sees the correction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from planster_sync.errors import InvalidRequest
from planster_sync.model.data_types import DataType
from planster_sync.ports.stores import Adjustment, EndedAdjustment, RecordKey
from planster_sync.storage import keys as layout
from planster_sync.storage.adjustments import ended_item, move_among_changes, passed_over
from planster_sync.storage.attributes import pack
from planster_sync.storage.rows import from_item, to_item
from planster_sync.storage.table import Question, Table
from planster_sync.wire.endpoint import Refused

REPLACED, WITHDRAWN = "replaced", "withdrawn"


class DynamoCorrections:
    def __init__(self, records: Table) -> None:
        self._table = records

    def find(self, organisation: str, integration: str, key: RecordKey) -> Adjustment | None:
        item = self._table.get(layout.adjustment_key(organisation, integration, key))
        return from_item(Adjustment, item) if item else None

    def among(
        self, organisation: str, integration: str, data_type: DataType, ids: Sequence[str]
    ) -> Mapping[RecordKey, Adjustment]:
        """Between the first and the last of their digests: a page by key holds nothing else."""
        if not ids:
            return {}
        places = sorted(f"{data_type}#{layout.digest(id_)}" for id_ in ids)
        question = Question(
            "pk = :pk AND sk BETWEEN :first AND :last",
            {
                "pk": layout.adjustments_partition(organisation, integration),
                "first": places[0],
                "last": places[-1],
            },
        )
        found = [from_item(Adjustment, item) for item in self._table.query(question)]
        return {adjustment.key: adjustment for adjustment in found}

    def in_force(
        self, organisation: str, integration: str, data_type: DataType, *, limit: int, after: str | None
    ) -> tuple[Sequence[Adjustment], str | None]:
        if after is not None and not after.startswith(f"{data_type}#"):
            raise InvalidRequest("The cursor is not one that this API gave.", remedy="Begin again without it.")
        question = Question(
            "pk = :pk AND sk BETWEEN :first AND :last",
            {
                "pk": layout.adjustments_partition(organisation, integration),
                "first": f"{after}!" if after else f"{data_type}#",
                "last": f"{data_type}$",
            },
            limit=limit + 1,
        )
        items = self._table.query_up_to(question, limit + 1)
        following = items[limit - 1]["sk"] if len(items) > limit else None
        return [from_item(Adjustment, item) for item in items[:limit]], following

    def history(self, organisation: str, integration: str, key: RecordKey) -> Sequence[EndedAdjustment]:
        values = {
            "pk": layout.adjustments_partition(organisation, integration),
            "record": layout.adjustment_history(key),
        }
        items = self._table.query(Question("pk = :pk AND begins_with(sk, :record)", values))
        return [_ended(item) for item in items]

    def correct(
        self, organisation: str, integration: str, adjustment: Adjustment, *, instead_of: Adjustment | None
    ) -> bool:
        there = layout.adjustment_key(organisation, integration, adjustment.key)
        operations: list[dict[str, Any]]
        put: dict[str, Any] = {"Item": pack({**there, **to_item(adjustment)})}
        if instead_of is None:
            put["ConditionExpression"] = "attribute_not_exists(pk) OR made_at = :own"
            put["ExpressionAttributeValues"] = pack({":own": adjustment.made_at})
            operations = [{"Put": put}]
        else:
            put["ConditionExpression"] = "made_at = :last OR made_at = :own"
            put["ExpressionAttributeValues"] = pack({":last": instead_of.made_at, ":own": adjustment.made_at})
            ended = ended_item(organisation, integration, instead_of, adjustment.made_at, REPLACED)
            operations = [{"Put": put}, {"Put": {"Item": pack(ended)}}]
        move_among_changes(self._table, organisation, integration, adjustment.key, adjustment.made_at)
        return self._written(operations)

    def withdraw(self, organisation: str, integration: str, adjustment: Adjustment, at: datetime) -> bool:
        delete = {
            "Key": pack(layout.adjustment_key(organisation, integration, adjustment.key)),
            "ConditionExpression": "made_at = :made",
            "ExpressionAttributeValues": pack({":made": adjustment.made_at}),
        }
        ended = ended_item(organisation, integration, adjustment, at, WITHDRAWN)
        operations: list[dict[str, Any]] = [{"Delete": delete}, {"Put": {"Item": pack(ended)}}]
        move_among_changes(self._table, organisation, integration, adjustment.key, at)
        return self._written(operations)

    def _written(self, operations: Sequence[dict[str, Any]]) -> bool:
        try:
            self._table.transact(operations)
        except Refused as refused:
            passed_over(refused)
            return False
        return True


def _ended(item: Mapping[str, Any]) -> EndedAdjustment:
    at = datetime.fromisoformat(item["_ended_by"])
    return EndedAdjustment(from_item(Adjustment, dict(item)), at, item.get("_ended_how", "read"))
