"""Sales and purchases: lists give their headers alone, so that each document costs a request of its own.

The lists are read first, 1,000 rows a request, and give ids. The documents follow in the order of their ids, so that a
cursor is the last id that was read, and neither an unsorted list nor one that moves can lose one between two segments.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec

from planster_sync.connectors.cin7_core.calls import Params
from planster_sync.connectors.cin7_core.capabilities import DOCUMENTS_AT_ONCE
from planster_sync.connectors.cin7_core.cutting import document
from planster_sync.connectors.cin7_core.listing import Listing, Lists
from planster_sync.connectors.cin7_core.places import enriched
from planster_sync.errors import AnswerBroken, NotFound, SyncError
from planster_sync.ports.source import Created, End, Page, ReadRequest, SourceRecord

_GRANULE = timedelta(days=1)
"""`UpdatedSince` may count in days (assumption): we ask for a day more, and drop by the row's own stamp."""

_ADVANCED, _SIMPLE = "/advanced-purchase", "/purchase"
_SALE_FORM = (("HideInventoryMovements", "true"), ("CountryFormat", "Code2"))


class _Header(msgspec.Struct):
    """What is read of a list's row."""

    Type: Any = None
    IsServiceOnly: Any = None
    DropShipTaskID: Any = None
    Updated: Any = None
    LastUpdatedDate: Any = None

    @property
    def stamp(self) -> str:
        return str(self.Updated or self.LastUpdatedDate or "")

    @property
    def is_goods(self) -> bool:
        """Not a service, and not sent by the supplier straight to the buyer."""
        is_service = self.IsServiceOnly in (True, "true", "True")
        return not is_service and self.Type != "Service Purchase" and not self.DropShipTaskID

    def changed_before(self, moment: datetime) -> bool:
        """Whether its own stamp says so; a row without one that can be read counts as changed."""
        try:
            found = datetime.fromisoformat(self.stamp) if self.stamp else None
        except ValueError:
            return False
        return found is not None and (found if found.tzinfo else found.replace(tzinfo=UTC)) < moment


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of document: the lists that name it. `creation` is the filter by which they can be cut, if any."""

    lists: tuple[Listing, ...]
    creation: str | None


SALES = Kind((Listing("/saleList", "SaleList"), Listing("/saleCreditNoteList", "SaleList")), "CreatedSince")
"""A credit note that stands alone may be on the second list only, and may not touch the sale's own stamp."""

PURCHASES = Kind((Listing("/purchaseList", "PurchaseList"),), None)


@dataclass(frozen=True, slots=True)
class Documents:
    """The documents of one account. `history_from` bounds what is read at all."""

    lists: Lists
    history_from: date | None

    def pages(self, ask: ReadRequest, kind: Kind, places: Mapping[str, str]) -> Iterator[Page]:
        """The documents behind the id `ask.after`; what was fetched before a failure is given first.

        Raises:
            EndUnproven: the lists moved while they were read.
        """
        named = self._named(ask, kind)
        left = [each for each in sorted(named) if ask.after is None or each > ask.after]
        if not left:
            yield Page((), None, End.PROVEN, self.lists.calls.clock.now())
        for start in range(0, len(left), DOCUMENTS_AT_ONCE):
            batch = {each: named[each] for each in left[start : start + DOCUMENTS_AT_ONCE]}
            is_last = start + DOCUMENTS_AT_ONCE >= len(left)
            yield from self._batch(batch, ask, kind, places, End.PROVEN if is_last else End.MORE)

    def _batch(
        self, batch: Mapping[str, _Header], ask: ReadRequest, kind: Kind, places: Mapping[str, str], end: End
    ) -> Iterator[Page]:
        read_at = self.lists.calls.clock.now()
        found: list[SourceRecord] = []
        done: str | None = None
        try:
            for each, header in batch.items():
                found += self.fetch(kind, each, header.Type, places, ask.deadline)
                done = each
        except SyncError:
            if done is not None:
                yield Page(found, done, End.MORE, read_at)
            raise
        yield Page(found, done if end is End.MORE else None, end, read_at)

    def fetch(
        self, kind: Kind, own: str, type_: str | None, places: Mapping[str, str], deadline: datetime | None
    ) -> list[SourceRecord]:
        """The document, or nothing where it is gone.

        Raises:
            AnswerBroken: another one came.
        """
        for path, params in _addresses(kind, type_):
            try:
                found = document(self.lists.calls.get(path, (("ID", own), *params), deadline))
            except NotFound:
                continue
            if found.id == own and not _is_shell(found.raw):
                return [SourceRecord(own, enriched(found.raw, places))]
            if found.id not in (None, own):
                raise AnswerBroken("The source answered with another document than was asked for.", detail=path)
        return []

    def latest(self, kind: Kind, filters: Params) -> list[tuple[str, str | None]]:
        """The documents of goods under these filters, with their types; the one that changed last comes first."""
        found = self._listed(kind, filters, None)
        ranked = sorted(found.items(), key=lambda item: item[1].stamp, reverse=True)
        return [(own, row.Type) for own, row in ranked if row.is_goods]

    def _named(self, ask: ReadRequest, kind: Kind) -> dict[str, _Header]:
        """The documents that the request asks for, by id."""
        found = self._listed(kind, self._filters(ask, kind), ask.deadline)
        if ask.since is not None:
            found = {own: row for own, row in found.items() if not row.changed_before(ask.since)}
        if isinstance(ask.only, Created) and ask.only.until is not None and kind.creation:
            later = self._listed(kind, ((kind.creation, stamp(ask.only.until)),), ask.deadline)
            found = {own: row for own, row in found.items() if own not in later}
        return {own: row for own, row in found.items() if row.is_goods}

    def _filters(self, ask: ReadRequest, kind: Kind) -> Params:
        bound = None if self.history_from is None else datetime(*self.history_from.timetuple()[:3], tzinfo=UTC)
        changed = ask.since - _GRANULE if ask.since else None
        if kind.creation is None:
            return _bounded("UpdatedSince", changed or bound)
        created = ask.only.since if isinstance(ask.only, Created) else None
        first = max((each for each in (created, bound) if each), default=None)
        return (*_bounded(kind.creation, first), *_bounded("UpdatedSince", changed))

    def _listed(self, kind: Kind, filters: Params, deadline: datetime | None) -> dict[str, _Header]:
        found: dict[str, _Header] = {}
        for listing in kind.lists:
            for row in self.lists.whole(listing, filters, deadline, lambda each: each.raw):
                if row.id is None:
                    raise AnswerBroken("The source's list has a row without an id.", detail=listing.path)
                found[row.id] = _header(row.raw)
        return found


def stamp(moment: datetime) -> str:
    """A moment as parameters take it: UTC without a Z (blueprint, Date Format)."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000")


def _bounded(name: str, moment: datetime | None) -> Params:
    return () if moment is None else ((name, stamp(moment)),)


def _header(raw: bytes) -> _Header:
    try:
        return msgspec.json.decode(raw, type=_Header)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return _Header()  # the document itself will say what is wrong with it


def _addresses(kind: Kind, type_: str | None) -> Sequence[tuple[str, Params]]:
    """Where a document may be had, the likeliest first: a purchase changes from simple to advanced."""
    if kind is SALES:
        return (("/sale", _SALE_FORM),)
    first, second = (_SIMPLE, _ADVANCED) if type_ == "Simple Purchase" else (_ADVANCED, _SIMPLE)
    return ((first, ()), (second, ()))


class _Shell(msgspec.Struct):
    OrderNumber: object = None
    Order: object = None
    Status: object = None


def _is_shell(raw: bytes) -> bool:
    """Whether nothing but an id came: so the advanced address answers for a simple purchase."""
    try:
        found = msgspec.json.decode(raw, type=_Shell)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return False
    return not (found.OrderNumber or found.Order or found.Status)
