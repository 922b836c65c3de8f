"""Walking Ongoing's lists: by ascending id, by status number, and whole.

A page asks for ids from a number on; the API says neither how many records there are nor that it is done. A list ends
with an empty page, which is asked for twice before it is believed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING

from planster_sync.connectors.ongoing.cutting import records
from planster_sync.errors import AnswerBroken, NotFound
from planster_sync.http.messages import Request
from planster_sync.ports.platform import Clock
from planster_sync.ports.source import End, Page, SourceRecord

if TYPE_CHECKING:
    from planster_sync.http.client import HttpClient

Params = Sequence[tuple[str, str]]
Passes = Mapping[str, Params]
"""The filters of each pass over a list, by its name; a record may come in several."""


@dataclass(frozen=True, slots=True)
class Listing:
    """One of the vendor's lists, with the parameters that ask for ids from a number on and for so many at most."""

    path: str
    first: str
    most: str


LISTINGS: Mapping[str, Listing] = MappingProxyType(
    {
        "articles": Listing("/articles", "articleSystemIdFrom", "maxArticlesToGet"),
        "orders": Listing("/orders", "orderIdFrom", "maxOrdersToGet"),
        "purchase_orders": Listing("/purchaseOrders", "purchaseOrderIdFrom", "maxPurchaseOrdersToGet"),
    }
)

STATUS_WINDOWS: Sequence[tuple[int | None, int | None]] = (
    (None, 199),
    (200, 299),
    (300, 399),
    (400, 499),
    (500, 899),
    (900, None),
)
"""How return orders, whose list has no pages, are asked for: the bounds are inclusive and leave no number out."""


@dataclass(frozen=True, slots=True)
class Walk:
    """The reads of one goods owner."""

    client: HttpClient
    clock: Clock
    goods_owner_id: int

    def now(self) -> datetime:
        return self.clock.now()

    def body(self, path: str, params: Params = (), deadline: datetime | None = None) -> bytes:
        """The body of one answer.

        Raises:
            NotFound: also where the vendor answers with nothing, or with null.
        """
        found = self.client.send(Request("GET", path, params), deadline=deadline).body
        if found.strip() in (b"", b"null"):
            raise NotFound("The warehouse system does not have what was asked for.", detail=path)
        return found

    def owned(self, path: str, params: Params = (), deadline: datetime | None = None) -> bytes:
        """The body of an answer about this goods owner."""
        return self.body(path, (("goodsOwnerId", str(self.goods_owner_id)), *params), deadline)

    def pages(
        self, read: str, passes: Passes, *, limit: int, after: str | None, deadline: datetime | None
    ) -> Iterator[Page]:
        """The list's pages, pass by pass; a cursor is the name of the pass and the id to go on from.

        A pass that is not asked for any more (time has gone by) makes the read begin anew.
        """
        resumed, _, first = (after or "").partition("|")
        names = list(passes)
        begun = names.index(resumed) if resumed in names else 0
        for place, name in enumerate(names[begun:], start=begun):
            coming = f"{names[place + 1]}|0" if place + 1 < len(names) else None
            start = int(first) if name == resumed else 0
            for page in self._ascending(read, passes[name], limit, start, deadline):
                if page.end is End.MORE:
                    yield replace(page, after=f"{name}|{page.after}")
                else:
                    yield page if coming is None else replace(page, after=coming, end=End.MORE)

    def _ascending(
        self, read: str, filters: Params, limit: int, first: int, deadline: datetime | None
    ) -> Iterator[Page]:
        """One pass over the list from the id `first` on.

        Raises:
            AnswerBroken: a page holds ids that were not asked for, or none that can be read.
        """
        listing = LISTINGS[read]
        doubted = False
        while True:
            read_at = self.now()
            asked = (*filters, *_from(listing, first), (listing.most, str(limit)))
            found = records(read, self.owned(listing.path, asked, deadline))
            if found:
                doubted = False
                first = beyond(found, first)
                yield Page(found, str(first), End.MORE, read_at)
            elif doubted:
                yield Page((), None, End.PROVEN, read_at)
                return
            else:
                doubted = True

    def windows(self, read: str, path: str, *, after: str | None, deadline: datetime | None) -> Iterator[Page]:
        """The parts of an unpaged list by status number; each answer is whole."""
        for place in range(int(after or 0), len(STATUS_WINDOWS)):
            low, high = STATUS_WINDOWS[place]
            bounds = (("returnOrderStatusFrom", low), ("returnOrderStatusTo", high))
            read_at = self.now()
            asked = [(name, str(at)) for name, at in bounds if at is not None]
            found = each_once(records(read, self.owned(path, asked, deadline)))
            is_last = place + 1 == len(STATUS_WINDOWS)
            yield Page(found, None if is_last else str(place + 1), End.PROVEN if is_last else End.MORE, read_at)


def each_once(found: Sequence[SourceRecord]) -> Sequence[SourceRecord]:
    """The records of an answer that is a whole list.

    Raises:
        AnswerBroken: it holds a record twice, so that it says nothing about what it lacks.
    """
    ids = [each.id for each in found if each.id is not None]
    if len(set(ids)) < len(ids):
        raise AnswerBroken("The source's list holds the same record twice.", detail="a list without pages")
    return found


def beyond(found: Sequence[SourceRecord], first: int) -> int:
    """The number behind the highest id of a page that was asked for from `first` on.

    Raises:
        AnswerBroken: no id can be read, or one lies before `first`: a parameter was ignored, and pages would go round.
    """
    ids = [int(each.id) for each in found if each.id is not None and each.id.isdecimal()]
    if not ids:
        raise AnswerBroken("The source's records have no ids.", detail="a page without a readable id")
    if min(ids) < first:
        raise AnswerBroken("The source answered with records that were not asked for.", detail="ids below the cursor")
    return max(ids) + 1


def _from(listing: Listing, first: int) -> Params:
    return ((listing.first, str(first)),) if first else ()
