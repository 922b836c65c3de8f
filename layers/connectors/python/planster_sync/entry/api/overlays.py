"""Records as the API shows them: corrected by hand where a correction is in force."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from planster_sync.entry.api.shop import AdjustmentBook, RecordPage, RecordsReader
from planster_sync.model.data_types import DataType
from planster_sync.model.record import instant_of
from planster_sync.ports.stores import Adjustment, Provenance, RecordKey

OVERLAY = "adjustment"


def laid_over(record: dict[str, Any], adjustment: Adjustment | None) -> dict[str, Any]:
    """The record with the adjusted fields, and `adjustment`, which says so.

    A value that the source gave after the correction was made stands, although the sync that read it has not ended.
    """
    if adjustment is None or datetime.fromisoformat(record["read_at"]) > adjustment.made_at:
        return record
    told = {
        "fields": adjustment.fields,
        "before": {name: record.get(name) for name in adjustment.fields},
        "author": adjustment.author,
        "reason": adjustment.reason,
        "made_at": instant_of(adjustment.made_at),
    }
    return {**record, **adjustment.fields, OVERLAY: told}


@dataclass(frozen=True, slots=True)
class _Page:
    records: Sequence[dict[str, Any]]
    cursor: str | None


@dataclass(frozen=True, slots=True)
class OverlaidRecords:
    """A reader of records with the adjustments in force laid over them; one more request for each page."""

    inner: RecordsReader
    book: AdjustmentBook

    def get(self, organisation: str, integration: str, key: RecordKey) -> dict[str, Any] | None:
        found = self.inner.get(organisation, integration, key)
        return found and laid_over(found, self.book.find(organisation, integration, key))

    def page(
        self, organisation: str, integration: str, data_type: DataType, *, limit: int, cursor: str | None = None
    ) -> RecordPage:
        page = self.inner.page(organisation, integration, data_type, limit=limit, cursor=cursor)
        return _Page(self._laid(organisation, integration, page.records), page.cursor)

    def changed_since(
        self,
        organisation: str,
        integration: str,
        data_type: DataType,
        *,
        since: datetime,
        limit: int,
        cursor: str | None = None,
    ) -> RecordPage:
        page = self.inner.changed_since(organisation, integration, data_type, since=since, limit=limit, cursor=cursor)
        return _Page(self._laid(organisation, integration, page.records), page.cursor)

    def provenance(self, organisation: str, integration: str, key: RecordKey) -> Provenance | None:
        return self.inner.provenance(organisation, integration, key)

    def sample(
        self, organisation: str, integration: str, data_type: DataType, *, seed: str, count: int
    ) -> Sequence[dict[str, Any]]:
        found = self.inner.sample(organisation, integration, data_type, seed=seed, count=count)
        return self._laid(organisation, integration, found)

    def by_sku(self, organisation: str, integration: str, sku: str) -> Sequence[dict[str, Any]]:
        return self._laid(organisation, integration, self.inner.by_sku(organisation, integration, sku))

    def _laid(self, organisation: str, integration: str, records: Sequence[dict[str, Any]]) -> Sequence[dict[str, Any]]:
        ids: dict[DataType, list[str]] = {}
        for record in records:
            ids.setdefault(DataType(record["data_type"]), []).append(record["id"])
        found: Mapping[RecordKey, Adjustment] = {}
        for data_type, named in ids.items():
            found = {**found, **self.book.among(organisation, integration, data_type, named)}
        return [laid_over(each, found.get(RecordKey(DataType(each["data_type"]), each["id"]))) for each in records]
