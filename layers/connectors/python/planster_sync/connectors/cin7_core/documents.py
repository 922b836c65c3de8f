"""Sales, purchases and transfers: lists give headers alone, so that each document costs a request of its own.

The lists are read first, 1,000 rows a request, and give ids. The documents follow in the order of their ids, so that a
cursor is the last id that was read, and neither an unsorted list nor one that moves can lose one between two segments.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
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


@dataclass(frozen=True, slots=True)
class _Address:
    """Where one document may be had, and under which name its id is asked for."""

    path: str
    identity: str = "ID"
    params: tuple[tuple[str, str], ...] = ()


_SALE = _Address("/sale", params=(("HideInventoryMovements", "true"), ("CountryFormat", "Code2")))
_ADVANCED, _SIMPLE = _Address("/advanced-purchase"), _Address("/purchase")
_TRANSFER = _Address("/stockTransfer", "TaskID")


class Header(msgspec.Struct):
    """What is read of a list's row."""

    Type: Any = None
    IsServiceOnly: Any = None
    DropShipTaskID: Any = None
    From: Any = None
    To: Any = None
    Updated: Any = None
    LastUpdatedDate: Any = None
    LastModifiedOn: Any = None

    @property
    def stamp(self) -> str:
        return str(self.Updated or self.LastUpdatedDate or self.LastModifiedOn or "")

    def is_goods(self, places: Mapping[str, str]) -> bool:
        """Not a service, nor sent by the supplier straight to the buyer, nor moved between bins of one warehouse."""
        is_service = self.IsServiceOnly in (True, "true", "True") or self.Type == "Service Purchase"
        start, end = (places.get(str(each).lower()) for each in (self.From, self.To))
        stays = bool(self.From) and start is not None and start == end
        return not (is_service or self.DropShipTaskID or stays)

    def changed_before(self, moment: datetime) -> bool:
        """Whether its own stamp says so; a row without one that can be read counts as changed."""
        try:
            found = datetime.fromisoformat(self.stamp) if self.stamp else None
        except ValueError:
            return False
        return found is not None and (found if found.tzinfo else found.replace(tzinfo=UTC)) < moment


@dataclass(frozen=True, slots=True)
class Naming:
    """A list that names documents, and its filters by change and by creation; empty where it has none."""

    listing: Listing
    changed: str = ""
    created: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """What one read brings together: the lists that name the documents, and where one of them may be had.

    `likely` says where a list's row leads, the likeliest first; `addresses` are all of them.
    """

    lists: tuple[Naming, ...]
    addresses: tuple[_Address, ...]
    likely: Callable[[Header], Sequence[_Address]]


def _bought_or_moved(row: Header) -> Sequence[_Address]:
    """A transfer has one address; a purchase changes from simple to advanced."""
    if row.From:
        return (_TRANSFER,)
    return (_SIMPLE, _ADVANCED) if row.Type == "Simple Purchase" else (_ADVANCED, _SIMPLE)


SALES = Kind(
    tuple(
        Naming(Listing(path, "SaleList"), "UpdatedSince", "CreatedSince")
        for path in ("/saleList", "/saleCreditNoteList")
    ),
    (_SALE,),
    lambda _: (_SALE,),
)
"""A credit note that stands alone may be on the second list only, and may not touch the sale's own stamp."""

PURCHASES = Kind(
    (
        Naming(Listing("/purchaseList", "PurchaseList"), "UpdatedSince"),
        Naming(Listing("/stockTransferList", "StockTransferList")),
    ),
    (_ADVANCED, _SIMPLE, _TRANSFER),
    _bought_or_moved,
)
"""Goods on a transfer are on hand nowhere until it is completed: they come like a purchase."""


@dataclass(frozen=True, slots=True)
class Documents:
    """The documents of one account. `history_from` bounds lists that have no filter of creation."""

    lists: Lists
    history_from: date | None

    def pages(self, ask: ReadRequest, kind: Kind, places: Mapping[str, str]) -> Iterator[Page]:
        """The documents behind the id `ask.after`; what was fetched before a failure is given first.

        Raises:
            EndUnproven: the lists moved while they were read.
        """
        named = self._named(ask, kind, places)
        left = [each for each in sorted(named) if ask.after is None or each > ask.after]
        if not left:
            yield Page((), None, End.PROVEN, self.lists.calls.clock.now())
        for start in range(0, len(left), DOCUMENTS_AT_ONCE):
            batch = {own: kind.likely(named[own]) for own in left[start : start + DOCUMENTS_AT_ONCE]}
            end = End.PROVEN if start + DOCUMENTS_AT_ONCE >= len(left) else End.MORE
            yield from self._batch(batch, places, end, ask.deadline)

    def _batch(
        self,
        batch: Mapping[str, Sequence[_Address]],
        places: Mapping[str, str],
        end: End,
        deadline: datetime | None,
    ) -> Iterator[Page]:
        read_at = self.lists.calls.clock.now()
        found: list[SourceRecord] = []
        done: str | None = None
        try:
            for own, addresses in batch.items():
                found += self.fetch(own, addresses, places, deadline)
                done = own
        except SyncError:
            if done is not None:
                yield Page(found, done, End.MORE, read_at)
            raise
        yield Page(found, done if end is End.MORE else None, end, read_at)

    def fetch(
        self, own: str, addresses: Sequence[_Address], places: Mapping[str, str], deadline: datetime | None
    ) -> list[SourceRecord]:
        """The document, or nothing where it is gone; where every address shows it empty, the empty one.

        Raises:
            AnswerBroken: another one came.
        """
        shells: list[SourceRecord] = []
        for each in addresses:
            try:
                found = document(self.lists.calls.get(each.path, ((each.identity, own), *each.params), deadline))
            except NotFound:
                continue
            if found.id not in (None, own):
                raise AnswerBroken("The source answered with another document than was asked for.", detail=each.path)
            if found.id == own and not _is_shell(found.raw):
                return [SourceRecord(own, enriched(found.raw, places))]
            shells += [found] if found.id == own else []
        return shells[:1]

    def latest(self, naming: Naming, filters: Params) -> list[tuple[str, Header]]:
        """What one list names under these filters; the one that changed last comes first."""
        found = self._listed(naming, filters, None)
        return sorted(found.items(), key=lambda item: item[1].stamp, reverse=True)

    def _named(self, ask: ReadRequest, kind: Kind, places: Mapping[str, str]) -> dict[str, Header]:
        """The documents that the request asks for, by id."""
        found: dict[str, Header] = {}
        for naming in kind.lists:
            found |= self._asked(ask, naming)
        return {own: row for own, row in found.items() if row.is_goods(places)}

    def _asked(self, ask: ReadRequest, naming: Naming) -> dict[str, Header]:
        """What one list names of it. A slice of creation is what was created later, less what was later still."""
        found = self._listed(naming, self._filters(ask, naming), ask.deadline)
        oldest = ask.since or (None if naming.created else self._history)
        if oldest is not None:
            found = {own: row for own, row in found.items() if not row.changed_before(oldest)}
        if isinstance(ask.only, Created) and ask.only.until is not None and naming.created:
            later = self._listed(naming, ((naming.created, stamp(ask.only.until)),), ask.deadline)
            found = {own: row for own, row in found.items() if own not in later}
        return found

    @property
    def _history(self) -> datetime | None:
        day = self.history_from
        return None if day is None else datetime(day.year, day.month, day.day, tzinfo=UTC)

    def _filters(self, ask: ReadRequest, naming: Naming) -> Params:
        changed = ask.since - _GRANULE if ask.since else None
        if not naming.created:
            return _bounded(naming.changed, changed or self._history)
        created = ask.only.since if isinstance(ask.only, Created) else None
        return (*_bounded(naming.created, created), *_bounded(naming.changed, changed))

    def _listed(self, naming: Naming, filters: Params, deadline: datetime | None) -> dict[str, Header]:
        found: dict[str, Header] = {}
        for row in self.lists.whole(naming.listing, filters, deadline, lambda each: each.raw):
            if row.id is None:
                raise AnswerBroken("The source's list has a row without an id.", detail=naming.listing.path)
            found[row.id] = _header(row.raw)
        return found


def stamp(moment: datetime) -> str:
    """A moment as parameters take it: UTC without a Z (blueprint, Date Format)."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000")


def _bounded(name: str, moment: datetime | None) -> Params:
    return () if moment is None or not name else ((name, stamp(moment)),)


def _header(raw: bytes) -> Header:
    try:
        return msgspec.json.decode(raw, type=Header)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return Header()  # the document itself will say what is wrong with it


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
