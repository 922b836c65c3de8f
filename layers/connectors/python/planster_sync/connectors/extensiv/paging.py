"""Walking Extensiv's numbered pages. A read may consist of several lists, which follow each other.

Pages are counted by the vendor (`totalResults`), so that an end is proven where as many records were shown as it
counts. `reading.walks` knows one list; here the count goes over all of a read's lists, of which some rows are not ours.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from planster_sync.connectors.extensiv.cutting import Listed, listed
from planster_sync.errors import AnswerBroken
from planster_sync.http.messages import Request
from planster_sync.ports.platform import Clock
from planster_sync.ports.source import End, Page, SourceRecord

if TYPE_CHECKING:
    from planster_sync.http.client import HttpClient

HAL = {"accept": "application/hal+json"}

Params = tuple[tuple[str, str], ...]
Refused = Callable[[SourceRecord], bool]


def nothing(record: SourceRecord) -> bool:  # noqa: ARG001  the shape of a rule
    """No record is left out."""
    return False


@dataclass(frozen=True, slots=True)
class Part:
    """One list of a read: where it is, the end of its rel, what names its records, how many of them a page holds.

    `key` orders the parts of a read. `prefix` stands before each id, `spelt` says how an id is written, and `left_out`
    which rows are not the read's.
    """

    path: str
    rel: str
    identity: str
    size: int
    params: Params = ()
    prefix: str = ""
    key: str = ""
    left_out: Refused = nothing
    spelt: Callable[[str], str] = str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a read is: the part, its page, the records shown of it, the counts of the parts before, and the doubt."""

    part: str
    number: int = 1
    shown: int = 0
    before: int = 0
    doubt: bool = False

    def after(self) -> str:
        return json.dumps([self.part, self.number, self.shown, self.before, self.doubt])

    def within(self, part: str) -> Place:
        """This place, or the beginning of the part where it lies in an earlier one."""
        return self if self.part == part else Place(part, before=self.before, doubt=self.doubt)

    def turned(self, found: Listed) -> Place:
        return replace(self, number=self.number + 1, shown=self.shown + len(found.records))

    def ended(self, found: Listed) -> Place:
        """Behind a part. In doubt is a list that showed less than it counts, and one that ran dry."""
        missed = self.shown + len(found.records) < found.total
        ran_dry = self.number > 1 and not found.records
        return Place(self.part, before=self.before + found.total, doubt=self.doubt or missed or ran_dry)

    def end(self) -> End:
        return End.CLAIMED if self.doubt else End.PROVEN


@dataclass(frozen=True, slots=True)
class Lists:
    """The reads of one account."""

    client: HttpClient
    clock: Clock
    limit: int

    def body(self, path: str, params: Params = (), deadline: datetime | None = None) -> bytes:
        """The body of one answer."""
        return self.client.send(Request("GET", path, params, HAL), deadline=deadline).body

    def pages(self, parts: Sequence[Part], *, after: str | None, deadline: datetime | None) -> Iterator[Page]:
        """The pages of these lists, in the order of their keys, behind the cursor `after`.

        Pages on which nothing is the read's own are passed over.

        Raises:
            AnswerBroken: an undocumented shape, or pages that overlap.
        """
        place = Place(*json.loads(after)) if after else Place("")
        left = sorted([part for part in parts if part.key >= place.part], key=lambda part: part.key)
        if not left:
            yield Page((), None, place.end(), self.clock.now(), place.before)
        last: Listed | None = None
        while left:
            part = left[0]
            place, read_at = place.within(part.key), self.clock.now()
            found = self._listed(part, place.number, deadline)
            if place.number > 1 and found == last:
                raise AnswerBroken("The source's pages go round in a circle.", detail=f"page {place.number} again")
            last = found
            kept = tuple([record for record in found.records if not part.left_out(record)])
            total = place.before + found.total if part.left_out is nothing else None
            if _goes_on(found, place.number, self._size(part)):
                place = place.turned(found)
            else:
                place, left = place.ended(found), left[1:]
            if not left:
                yield Page(kept, None, place.end(), read_at, total)
            elif kept:
                yield Page(kept, place.within(left[0].key).after(), End.MORE, read_at, total)

    def _size(self, part: Part) -> int:
        return min(part.size, self.limit)

    def _listed(self, part: Part, number: int, deadline: datetime | None) -> Listed:
        size = self._size(part)
        params = (*part.params, ("pgsiz", str(size)), ("pgnum", str(number)))
        found = listed(self.body(part.path, params, deadline), rel=part.rel, identity=part.identity, prefix=part.prefix)
        if len(found.records) > size and number > 1:
            raise AnswerBroken("The source's pages overlap.", detail=f"more than {size} records on page {number}")
        if part.spelt is str:
            return found
        spelt = [SourceRecord(each.id and part.spelt(each.id), each.raw) for each in found.records]
        return Listed(tuple(spelt), found.total)


def _goes_on(found: Listed, number: int, size: int) -> bool:
    """Whether there is another page: by the vendor's count, and as long as pages have records."""
    return bool(found.records) and number * size < found.total and len(found.records) < found.total
