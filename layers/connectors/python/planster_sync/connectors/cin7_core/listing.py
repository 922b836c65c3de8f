"""Lists with `Page`, `Limit` and `Total`, unsorted and without a link to the next page.

A list has ended when as many rows were shown as the vendor counts. Where they are fewer, because rows went away and the
others moved up, it is read once more from its first page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from planster_sync.connectors.cin7_core.calls import Calls, Params
from planster_sync.connectors.cin7_core.cutting import Rows, rows
from planster_sync.errors import AnswerBroken, EndUnproven
from planster_sync.ports.source import Page, SourceRecord
from planster_sync.reading.walks import Turn, Turned, walk

_ROUNDS = 2


@dataclass(frozen=True, slots=True)
class Listing:
    """One of the vendor's lists: its path, the member that holds its rows, what is always asked with it."""

    path: str
    key: str
    params: tuple[tuple[str, str], ...] = ()
    most: int = 1000


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a walk is: its round, the next page, the rows shown in this round, the most that the vendor counted."""

    round: int = 1
    page: int = 1
    shown: int = 0
    counted: int = 0

    @classmethod
    def of(cls, text: str | None) -> _Place:
        return cls(*map(int, text.split("."))) if text else cls()

    def __str__(self) -> str:
        return f"{self.round}.{self.page}.{self.shown}.{self.counted}"

    def behind(self, found: Rows) -> _Place:
        return _Place(self.round, self.page + 1, self.shown + len(found.records), max(self.counted, found.total))

    @property
    def is_whole(self) -> bool:
        return self.shown >= self.counted


@dataclass(frozen=True, slots=True)
class Lists:
    """The lists of one account, `limit` rows a page at most."""

    calls: Calls
    limit: int

    def pages(
        self, listing: Listing, filters: Params, *, after: str | None, deadline: datetime | None
    ) -> Iterator[Page]:
        """The list from page to page; a cursor tells how far it was read.

        Raises:
            AnswerBroken: a page shows again what this walk has seen, and nothing else.
        """
        return walk(self._turn(listing, filters, deadline), self.calls.clock, after=after)

    def whole(
        self,
        listing: Listing,
        filters: Params,
        deadline: datetime | None,
        key_of: Callable[[SourceRecord], object],
    ) -> list[SourceRecord]:
        """Every row of a list; `key_of` tells rows apart.

        Raises:
            EndUnproven: also at the second try rows were missing, or had moved to another page.
        """
        for _ in range(_ROUNDS):
            place = _Place()
            found: dict[object, list[SourceRecord]] = {}
            moved = False
            while True:
                page = self._page(listing, filters, place, deadline)
                place = place.behind(page)
                moved = moved or any(key_of(each) in found for each in page.records)
                for each in page.records:
                    found.setdefault(key_of(each), []).append(each)
                if not page.records or place.is_whole:
                    break
            if place.is_whole and not moved:
                return [each for same in found.values() for each in same]
        raise EndUnproven("The source's list changed while it was read.", detail=listing.path)

    def _turn(self, listing: Listing, filters: Params, deadline: datetime | None) -> Turn:
        seen: set[str | None] = set()

        def turn(asked: str | None) -> Turned:
            place = _Place.of(asked)
            page = self._page(listing, filters, place, deadline)
            if place.page == 1:
                seen.clear()
            _require_news(page, seen)
            coming = place.behind(page)
            if page.records and not coming.is_whole:
                return Turned(page.records, str(coming))
            if not coming.is_whole and place.round < _ROUNDS:
                return Turned(page.records, str(_Place(place.round + 1)))
            return Turned(page.records, None, coming.is_whole)

        return turn

    def _page(self, listing: Listing, filters: Params, place: _Place, deadline: datetime | None) -> Rows:
        limit = min(self.limit, listing.most)
        params = (*listing.params, *filters, ("Page", str(place.page)), ("Limit", str(limit)))
        return rows(self.calls.get(listing.path, params, deadline), listing.key)


def _require_news(page: Rows, seen: set[str | None]) -> None:
    shown = {each.id for each in page.records}
    if shown and shown <= seen:
        raise AnswerBroken("The source shows the same page again and again.", detail="a page without a new row")
    seen |= shown


def kept(page: Page, keep: Callable[[SourceRecord], bool]) -> Page:
    """A page without the rows that are no records of their own."""
    return replace(page, records=[each for each in page.records if keep(each)])
