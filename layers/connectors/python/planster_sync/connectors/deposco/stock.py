"""V1's lists of stock: numbered pages that simply run out, and failures that look like empty answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import quote

from planster_sync.connectors.deposco.assumptions import FIRST_STOCK_PAGE
from planster_sync.connectors.deposco.capabilities import StockSource
from planster_sync.connectors.deposco.stock_answers import stock_records
from planster_sync.errors import AnswerBroken, SourceUnavailable
from planster_sync.http.messages import Request
from planster_sync.ports.platform import Clock
from planster_sync.ports.source import End, Page, SourceRecord
from planster_sync.reading.lookups import in_batches
from planster_sync.reading.walks import whole

if TYPE_CHECKING:
    from planster_sync.http.client import HttpClient

MEASURES = ("totalOnHandQty", "atpQty", "openOrderLineQty", "qtyOnPO")
_TRIES = 3
"""A blank answer with status 200 is a failure (vendor's manual): ask again so often in all."""

Params = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Stock:
    """The stock of one business unit, `limit` items at a time."""

    client: HttpClient
    clock: Clock
    source: StockSource
    business_unit: str
    limit: int

    def pages(self, *, after: str | None, deadline: datetime | None) -> Iterator[Page]:
        """The pages from number `after` on.

        The documented end is an empty page. One alone proves nothing: it and the one behind it are asked for again.

        Raises:
            AnswerBroken: an undocumented shape, or pages that do not advance.
        """
        number = int(after) if after else FIRST_STOCK_PAGE
        read_at = self.clock.now()
        records = self._settled(number, deadline)
        if not records:
            yield Page((), None, End.CLAIMED, read_at)  # this vendor's failures look like empty answers
            return
        while True:
            next_at = self.clock.now()
            coming = self._settled(number + 1, deadline)
            if not coming:
                yield Page(records, None, End.PROVEN, read_at)
                return
            if {each.id for each in coming} <= {each.id for each in records}:
                raise AnswerBroken("The source's pages do not advance.", detail=f"stock page {number + 1}")
            number += 1
            yield Page(records, str(number), End.MORE, read_at)
            records, read_at = coming, next_at

    def lookup(self, ids: Sequence[str]) -> Page:
        """The items with these numbers, by the route's own filter where it has one, or in the whole list."""
        listed = [each for each in ids if "," not in each] if self.source is StockSource.ENTERPRISE else []
        page = in_batches(listed, self._by_numbers, self.clock, size=len(listed) or 1)
        if len(listed) == len(ids):
            return page
        wanted = set(ids) - set(listed)
        found = [each for each in whole(self.pages(after=None, deadline=None)) if each.id in wanted]
        return Page((*page.records, *found), None, End.PROVEN, page.read_at)

    def probe(self) -> None:
        """Asks for the first page, whatever is on it."""
        self._page(FIRST_STOCK_PAGE, None)

    def _settled(self, number: int, deadline: datetime | None) -> Sequence[SourceRecord]:
        """A page; it is empty only where it is so twice, and the next one too."""
        records = self._page(number, deadline)
        if records:
            return records
        again = self._page(number, deadline)
        if not again and self._page(number + 1, deadline):
            raise AnswerBroken("The source's list has an empty page in the middle.", detail=f"stock page {number}")
        return again

    def _page(self, number: int, deadline: datetime | None) -> Sequence[SourceRecord]:
        if self.source is StockSource.FULL:
            return stock_records(self._body("/inventory/full", (("pageNo", str(number)),), deadline))
        params = (*self._measured(), ("pageNumber", str(number)), ("pageSize", str(self.limit)))
        return stock_records(self._body(self._path, params, deadline))

    def _by_numbers(self, numbers: Sequence[str]) -> Sequence[SourceRecord]:
        params = (*self._measured(), ("itemNumbers", ",".join(numbers)))
        return stock_records(self._body(self._path, params, None))

    @property
    def _path(self) -> str:
        return f"/enterpriseinventory/{quote(self.business_unit, safe='')}/availability"

    def _measured(self) -> Params:
        return (("measures", ",".join(MEASURES)),)

    def _body(self, path: str, params: Params, deadline: datetime | None) -> bytes:
        request = Request("GET", path, params, {"accept": "application/json"})
        for _ in range(_TRIES):
            body = self.client.send(request, deadline=deadline).body
            if body.strip():
                return body
        raise SourceUnavailable("The warehouse system answered with nothing.", detail=f"blank answer at {path}")
