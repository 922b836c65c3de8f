"""V2's lists: searches whose pages follow links, and nested collections that are cut off after ten rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

import msgspec

from planster_sync.connectors.deposco.assumptions import ORDER_PAGE, SEARCH_PAGE
from planster_sync.connectors.deposco.entities import ENVELOPE, entity, is_cut_off
from planster_sync.errors import AnswerBroken, InvalidRequest, NotFound
from planster_sync.http.messages import Request
from planster_sync.mapping.pages import Cut, split
from planster_sync.ports.platform import Clock
from planster_sync.ports.source import Page, SourceRecord
from planster_sync.reading.walks import Turned, walk, whole

if TYPE_CHECKING:
    from planster_sync.http.client import HttpClient

Params = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Search:
    """One of V2's lists.

    `identity` is the field that names a record; `nested` the collections that are completed, each with its own address
    behind the record's; `by` the filter that finds a record by its code; `owner` the one that finds a
    merchant's records.
    """

    path: str
    identity: str = "self.id"
    nested: Mapping[str, str] = field(default_factory=dict)
    by: str | None = None
    most: int = SEARCH_PAGE
    owner: str | None = "businessUnit"


@dataclass(frozen=True, slots=True)
class Searches:
    """V2's lists of one account, at most `limit` records at a time."""

    client: HttpClient
    clock: Clock
    limit: int

    def pages(self, search: Search, filters: Params, *, after: str | None, deadline: datetime | None) -> Iterator[Page]:
        """The pages behind the cursor `after`; where the vendor has forgotten that search, it is begun anew.

        Raises:
            AnswerBroken: an undocumented shape, or a page that came before.
            EndUnproven: the rows of a nested collection were not all to be had.
        """
        turn = _Turning(self, search, filters, deadline)
        pages = walk(turn, self.clock, after=after)
        if after is not None:
            try:
                first = next(pages)
            except (NotFound, InvalidRequest):
                pages = walk(_Turning(self, search, filters, deadline), self.clock, after=None)
            else:
                yield first
        yield from pages

    def one(self, search: Search, record_id: str) -> SourceRecord:
        """The record at its own address; ids are whole numbers.

        Raises:
            NotFound: there is none.
        """
        if not (record_id.isascii() and record_id.isdigit()):
            raise NotFound("The warehouse system does not have what was asked for.")
        body = self._body(f"{search.path}/{record_id}")
        return self._completed(search, entity(body, search.identity), None)

    def by_filter(self, search: Search, name: str, value: str, others: Params = ()) -> list[SourceRecord]:
        """The records whose field `name` is `value`, whatever else a search brings: unknown filters are ignored."""
        asked = ((name, value), *others)
        found = whole(self.pages(replace(search, nested={}), asked, after=None, deadline=None))
        wanted = [record for record in found if _says(record, name, value)]
        return [self._completed(search, record, None) for record in wanted]

    def cut(self, search: Search, params: Params, deadline: datetime | None) -> Cut:
        """One page, its records completed."""
        page = split(self._body(search.path, params, deadline), identity=search.identity, envelope=ENVELOPE)
        records = tuple(self._completed(search, record, deadline) for record in page.records)
        return replace(page, records=records)

    def _completed(self, search: Search, record: SourceRecord, deadline: datetime | None) -> SourceRecord:
        """The record with every row of its nested collections; as it is where it cannot be read, or is just gone."""
        short = {name for name in search.nested if is_cut_off(record.raw, name)}
        if not short:
            return record
        members = msgspec.json.decode(record.raw, type=dict[str, msgspec.Raw])
        try:
            for name in sorted(short):
                members[name] = msgspec.Raw(self._all_rows(search, record, name, deadline))
        except NotFound:
            return record
        return SourceRecord(record.id, msgspec.json.encode(members))

    def _all_rows(self, search: Search, record: SourceRecord, name: str, deadline: datetime | None) -> bytes:
        own = entity(record.raw, "self.id").id
        rows = Search(f"{search.path}/{own}/{search.nested[name]}", most=ORDER_PAGE // 2)
        found = whole(self.pages(rows, (), after=None, deadline=deadline))
        return b'{"data":[' + b",".join(each.raw for each in found) + b'],"complete":true,"pages":1}'

    def _body(self, path: str, params: Params = (), deadline: datetime | None = None) -> bytes:
        request = Request("GET", path, tuple(params), {"accept": "application/json"})
        return self.client.send(request, deadline=deadline).body


class _Turning:
    """Turns the pages of one search. What asks for a page: its number, how many the first one promised, its query.

    Whether a link names a page or only its search is not documented: a page counts as new by what is on it, and the end
    as proven only where as many pages came as were promised.
    """

    def __init__(self, searches: Searches, search: Search, filters: Params, deadline: datetime | None) -> None:
        self._searches = searches
        self._search = search
        self._deadline = deadline
        size = str(min(searches.limit, search.most))
        self._first: Params = (*filters, ("pageSize", size))
        self._before: frozenset[str | None] = frozenset()

    def __call__(self, asked: str | None) -> Turned:
        number, promised, query = _asked(asked)
        params = self._first if asked is None else parse_qsl(query, keep_blank_values=True)
        cut = self._searches.cut(self._search, params, self._deadline)
        shown = frozenset(record.id for record in cut.records)
        if asked is not None and shown <= self._before:
            raise AnswerBroken("The source's pages do not advance.", detail=f"page {number} of {self._search.path}")
        self._before = shown
        promised = promised or _count(cut)
        is_last = cut.read("complete") is True
        coming = None if is_last else _next_query(cut, self._search.path)
        following = None if coming is None else f"{number + 1}/{promised}/{coming}"
        return Turned(cut.records, following, proven=is_last and number >= promised)


def _asked(asked: str | None) -> tuple[int, int, str]:
    if asked is None:
        return 1, 0, ""
    number, promised, query = asked.split("/", 2)
    return int(number), int(promised), query


def _count(cut: Cut) -> int:
    pages = cut.read("pages")
    return pages if isinstance(pages, int) else 0


def _says(record: SourceRecord, name: str, value: str) -> bool:
    try:
        found: Any = msgspec.json.decode(record.raw, type=dict[str, msgspec.Raw]).get(name, msgspec.Raw(b"null"))
        return str(msgspec.json.decode(found)) == value
    except msgspec.MsgspecError:
        return False


def _next_query(cut: Cut, path: str) -> str | None:
    """The query of the link to the next page, sent on as it is; the vendor's host is not taken from answers."""
    links = cut.read("links") or ()
    if not isinstance(links, list | tuple):
        raise AnswerBroken("The source's answer has an undocumented shape.", detail="links are not a list")
    for link in links:
        if isinstance(link, dict) and link.get("rel") == "next":
            address = urlsplit(str(link.get("href") or ""))
            if not address.query or not address.path.endswith(path):
                raise AnswerBroken("The source's next page lies elsewhere.", detail=f"link from {path}")
            return address.query
    return None
