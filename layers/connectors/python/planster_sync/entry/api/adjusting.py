"""Corrections by hand on their way into force: found, judged, then written under the last one's eyes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from planster_sync.entry.api.overlays import OVERLAY
from planster_sync.entry.api.shop import ApiShop
from planster_sync.errors import Conflict, InvalidRequest, NotFound
from planster_sync.model.data_types import DataType
from planster_sync.ports.stores import Adjustment, RecordKey

if TYPE_CHECKING:
    from planster_sync.engine.correcting import Correction

TRIES = 3
"""Another correction may come between reading and writing; the next try is judged against that one."""
_MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Ask:
    """One correction as it was asked for. Either the record's id or its SKU says which record is meant."""

    correction: Correction
    reason: str
    record: str | None = None
    sku: str | None = None


@dataclass(slots=True)
class Draft:
    """The corrections of one record, one after the other. `fields` overlay what the source said."""

    record: dict[str, Any]
    last: Adjustment | None
    fields: dict[str, Any]
    asks: list[Ask] = field(default_factory=list)

    @property
    def before(self) -> dict[str, Any]:
        """What the corrected fields said until now."""
        return {name: self.record.get(name) for name in self.fields}

    @property
    def now(self) -> dict[str, Any]:
        return {**self.record, **self.fields}


class Desk:
    """Corrections of one data type of one integration within one request."""

    def __init__(self, shop: ApiShop, organisation: str, integration: str, data_type: DataType) -> None:
        self._shop = shop
        self._place = (organisation, integration)
        self._data_type = data_type
        self._drafts: dict[str, Draft] = {}

    @property
    def drafts(self) -> Sequence[Draft]:
        return list(self._drafts.values())

    def add(self, ask: Ask) -> Draft:
        """Judges a correction, on top of those that were added before.

        Raises:
            NotFound: no such record.
            Conflict: the record is deleted at the source.
            InvalidRequest: a value does not fit, or the SKU is that of several records.
        """
        id_ = self._id_of(ask)
        draft = self._drafts.get(id_) or self._fresh(id_)
        self._judge(draft, ask)
        self._drafts[id_] = draft
        return draft

    def apply(self, author: str) -> list[Adjustment]:
        """Puts them in force, one for each record.

        Raises:
            Conflict: others correct the same record again and again.
        """
        return [self._applied(draft, author) for draft in self.drafts]

    def _applied(self, draft: Draft, author: str) -> Adjustment:
        for _ in range(TRIES):
            adjustment = self._adjustment(draft, author)
            if self._shop.adjustments.correct(*self._place, adjustment, instead_of=draft.last):
                return adjustment
            again = self._fresh(draft.record["id"])
            for ask in draft.asks:
                self._judge(again, ask)
            draft = again
        raise Conflict("Others are correcting the same record.", remedy="Look at the record, then try again.")

    def _adjustment(self, draft: Draft, author: str) -> Adjustment:
        """Made not before the source was read, by whichever clock: it would be taken for answered already."""
        now, read_at = self._shop.clock.now(), datetime.fromisoformat(draft.record["read_at"])
        made_at = max(_whole(now), _whole(read_at + _MILLISECOND))
        if draft.last is not None:
            made_at = max(made_at, draft.last.made_at + _MILLISECOND)
        key = RecordKey(self._data_type, draft.record["id"])
        reasons = list(dict.fromkeys(ask.reason for ask in draft.asks))
        return Adjustment(key, draft.fields, made_at, author, "; ".join(reasons))

    def _fresh(self, id_: str) -> Draft:
        record = self._shop.records.get(*self._place, RecordKey(self._data_type, id_))
        if record is None:
            raise NotFound("There is no such record in Planster's copy.", remedy="Check the id, or sync the data type.")
        if "deleted_at" in record:
            raise Conflict("The record is deleted in the warehouse system.", remedy="Restore it there, then sync it.")
        last = self._shop.adjustments.find(*self._place, RecordKey(self._data_type, id_))
        overlay: Mapping[str, Any] = record.get(OVERLAY) or {}
        return Draft(record, last, dict(overlay.get("fields", {})))

    def _judge(self, draft: Draft, ask: Ask) -> None:
        from planster_sync.engine.correcting import corrected  # noqa: PLC0415  # it brings the classes of all records

        draft.fields |= corrected(self._data_type, draft.now, ask.correction)
        draft.asks.append(ask)

    def _id_of(self, ask: Ask) -> str:
        if ask.record is not None:
            return ask.record
        found = self._shop.records.by_sku(*self._place, ask.sku or "")
        ids = [record["id"] for record in found if record["data_type"] == self._data_type]
        if not ids:
            raise NotFound("No record has this SKU.", remedy="Check the SKU, or sync the data type.")
        if len(ids) > 1:
            raise InvalidRequest(f"{len(ids)} records have this SKU.", remedy="Name the record by its id.")
        return str(ids[0])


def _whole(moment: datetime) -> datetime:
    """Milliseconds are what the engine compares."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)
