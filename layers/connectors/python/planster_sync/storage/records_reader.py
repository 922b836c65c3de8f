"""Stored records as the API shows them: plain fields, and four facts about the copy itself.

`read_at` is when the source was asked, `changed_at` when the stored copy changed; `deleted_at` and `quarantined_at`
are there only where they apply. `data_type` says what it is. Everything else that begins with an underscore stays
inside.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from planster_sync.errors import InvalidRequest
from planster_sync.model.data_types import DataType
from planster_sync.ports.stores import Provenance, RecordKey
from planster_sync.storage import keys as layout
from planster_sync.storage.attributes import Item
from planster_sync.storage.keys import BY_CHANGE, BY_SKU, Key
from planster_sync.storage.table import Question, Table

_SHOWN = {
    "_read_at": "read_at",
    "_changed_at": "changed_at",
    "_deleted_at": "deleted_at",
    "_quarantined_at": "quarantined_at",
}
_MOST_OF_ONE_SKU = 100


@dataclass(frozen=True, slots=True)
class RecordPage:
    """`cursor` is opaque and resumes behind the page; None says that there is no more."""

    records: Sequence[dict[str, Any]]
    cursor: str | None


class RecordsReader:
    """Reads of one table, on behalf of one organisation at a time."""

    def __init__(self, records: Table) -> None:
        self._table = records

    def get(self, organisation: str, integration: str, key: RecordKey) -> dict[str, Any] | None:
        """The record, a tombstone too, or None where it was never stored."""
        item = self._table.get(layout.record_key(organisation, integration, key))
        return None if item is None else _shown(item)

    def page(
        self, organisation: str, integration: str, data_type: DataType, *, limit: int, cursor: str | None = None
    ) -> RecordPage:
        """Live records, in a stable order that means nothing."""
        partition = layout.records_partition(organisation, integration, data_type)
        question = Question(
            "pk = :pk AND sk > :after",
            {"pk": partition, "after": _opened(cursor) or " "},
            filter="attribute_not_exists(#deleted_at)",
            names={"deleted_at": "_deleted_at"},
            limit=limit + 1,
        )
        return _cut(self._table.query_up_to(question, limit + 1), limit, "sk")

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
        """Oldest change first, tombstones too. The index lags: ask again from a minute before the last answer."""
        partition = layout.records_partition(organisation, integration, data_type)
        question = Question(
            "#pk = :pk AND #sk > :after",
            {"pk": partition, "after": _opened(cursor) or layout.instant(since)},
            names={"pk": "_change_pk", "sk": "_change_sk"},
            index=BY_CHANGE,
            limit=limit + 1,
        )
        places = self._table.query_up_to(question, limit + 1)
        bodies = self._table.get_all([_key(place) for place in places[:limit]])
        more = len(places) > limit
        return RecordPage([_shown(body) for body in bodies], _sealed(places[limit - 1]["_change_sk"]) if more else None)

    def provenance(self, organisation: str, integration: str, key: RecordKey) -> Provenance | None:
        """Where a record or tombstone came from, or None where it was never stored."""
        item = self._table.get(layout.record_key(organisation, integration, key))
        return None if item is None else Provenance(item.get("_source", ""), item.get("_run", ""))

    def sample(
        self, organisation: str, integration: str, data_type: DataType, *, seed: str, count: int
    ) -> list[dict[str, Any]]:
        """Live records from a place on that the seed names; digests are as good as chance."""
        partition = layout.records_partition(organisation, integration, data_type)
        found: list[Item] = []
        for condition in ("pk = :pk AND sk >= :place", "pk = :pk AND sk < :place"):
            question = Question(
                condition,
                {"pk": partition, "place": layout.digest(seed)},
                filter="attribute_not_exists(#deleted_at)",
                names={"deleted_at": "_deleted_at"},
                limit=count,
            )
            found += self._table.query_up_to(question, count - len(found))
        return [_shown(item) for item in found]

    def by_sku(self, organisation: str, integration: str, sku: str) -> list[dict[str, Any]]:
        """Live records of every data type that carry this SKU themselves, at most a hundred."""
        partition = layout.sku_partition(organisation, integration, sku)
        if partition is None:
            return []
        question = Question("#pk = :pk", {"pk": partition}, names={"pk": "_sku_pk"}, index=BY_SKU)
        places = self._table.query_up_to(question, _MOST_OF_ONE_SKU)
        bodies = self._table.get_all([_key(place) for place in places])
        return [_shown(body) for body in bodies if "_deleted_at" not in body and body.get("sku") == sku]


def _cut(items: list[Item], limit: int, position: str) -> RecordPage:
    cursor = _sealed(items[limit - 1][position]) if len(items) > limit else None
    return RecordPage([_shown(item) for item in items[:limit]], cursor)


def _key(place: Item) -> Key:
    return {"pk": place["pk"], "sk": place["sk"]}


def _shown(item: Item) -> dict[str, Any]:
    fields = {name: value for name, value in item.items() if not name.startswith("_") and name not in ("pk", "sk")}
    fields["data_type"] = layout.data_type_of(item["pk"])
    return {**fields, **{shown: item[name] for name, shown in _SHOWN.items() if name in item}}


def _sealed(position: str) -> str:
    return urlsafe_b64encode(position.encode()).decode().rstrip("=")


def _opened(cursor: str | None) -> str | None:
    if cursor is None:
        return None
    try:
        return urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except (NotBase64, ValueError) as error:
        raise InvalidRequest("The cursor is not one that this API gave.") from error
