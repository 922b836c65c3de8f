"""The read side of the records in memory."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from planster_sync.errors import InvalidRequest
from planster_sync.model.data_types import DataType
from planster_sync.ports.stores import Provenance, RecordKey
from tests.fakes.memory_records import MemoryRecords, StoredRecord


@dataclass(frozen=True, slots=True)
class MemoryRecordPage:
    records: list[dict[str, Any]]
    cursor: str | None


class MemoryRecordsReader:
    """Reads what a MemoryRecords holds; its cursors are plain positions."""

    def __init__(self, records: MemoryRecords) -> None:
        self._records = records

    def get(self, organisation: str, integration: str, key: RecordKey) -> dict[str, Any] | None:
        row = self._records.rows.get((organisation, integration, key.data_type, key.id))
        return _shown(row) if row else None

    def page(
        self, organisation: str, integration: str, data_type: DataType, *, limit: int, cursor: str | None = None
    ) -> MemoryRecordPage:
        rows = [row for row in self._of(organisation, integration, data_type) if row.deleted_at is None]
        return _cut([(row.key.id, row) for row in rows], limit, cursor)

    def changed_since(
        self,
        organisation: str,
        integration: str,
        data_type: DataType,
        *,
        since: datetime,
        limit: int,
        cursor: str | None = None,
    ) -> MemoryRecordPage:
        rows = [row for row in self._of(organisation, integration, data_type) if row.changed_at >= since]
        return _cut([(f"{row.changed_at.isoformat()}#{row.key.id}", row) for row in rows], limit, cursor)

    def provenance(self, organisation: str, integration: str, key: RecordKey) -> Provenance | None:
        row = self._records.rows.get((organisation, integration, key.data_type, key.id))
        return Provenance(row.source, row.run) if row else None

    def sample(
        self, organisation: str, integration: str, data_type: DataType, *, seed: str, count: int
    ) -> list[dict[str, Any]]:
        rows = [row for row in self._of(organisation, integration, data_type) if row.deleted_at is None]
        behind = [row for row in rows if row.key.id >= seed]
        return [_shown(row) for row in [*behind, *(row for row in rows if row not in behind)][:count]]

    def by_sku(self, organisation: str, integration: str, sku: str) -> list[dict[str, Any]]:
        here = (organisation, integration)
        rows = [row for place, row in sorted(self._records.rows.items()) if place[:2] == here]
        return [_shown(row) for row in rows if row.deleted_at is None and row.attributes.get("sku") == sku]

    def _of(self, organisation: str, integration: str, data_type: DataType) -> list[StoredRecord]:
        here = (organisation, integration, data_type)
        return [row for place, row in sorted(self._records.rows.items()) if place[:3] == here]


def _cut(rows: list[tuple[str, StoredRecord]], limit: int, cursor: str | None) -> MemoryRecordPage:
    if cursor is not None and not cursor.startswith("at:"):
        raise InvalidRequest("The cursor is not one that this store gave.")
    behind = sorted((place, row) for place, row in rows if cursor is None or place > cursor.removeprefix("at:"))
    following = f"at:{behind[limit - 1][0]}" if len(behind) > limit else None
    return MemoryRecordPage([_shown(row) for _, row in behind[:limit]], following)


def _shown(row: StoredRecord) -> dict[str, Any]:
    facts = {
        "read_at": row.read_at,
        "changed_at": row.changed_at,
        "deleted_at": row.deleted_at,
        "quarantined_at": row.quarantined_at,
    }
    times = {name: at.isoformat().replace("+00:00", "Z") for name, at in facts.items() if at is not None}
    return {**row.attributes, "data_type": row.key.data_type.value, **times}
