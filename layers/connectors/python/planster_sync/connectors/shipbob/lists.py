"""ShipBob's lists: bare arrays with page numbers, envelopes with links, and envelopes with cursor tokens.

Source: OpenAPI 2026-01 (parameters, headers, envelopes). The headers of numbered lists are declared for receiving
orders and returns only; where they are missing, a list ends when the page behind it is empty.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from planster_sync.connectors.shipbob.joins import members
from planster_sync.errors import AnswerBroken, EndUnproven
from planster_sync.http.messages import Answer, Request
from planster_sync.mapping.pages import Cut, split
from planster_sync.ports.platform import Clock
from planster_sync.ports.source import SourceRecord
from planster_sync.reading.walks import Turn, Turned, walk, whole

if TYPE_CHECKING:
    from planster_sync.http.client import HttpClient

Params = Sequence[tuple[str, str]]
CHANNEL_HEADER = "shipbob_channel_id"


class Paging(StrEnum):
    """NUMBERED: `Page`, counted in headers. LINKED: `next` is an address. CURSOR: `next` is a value of `Cursor`."""

    NUMBERED = "numbered"
    LINKED = "linked"
    CURSOR = "cursor"


@dataclass(frozen=True, slots=True)
class Listing:
    """One list: its path below the version, its paging, what it calls a page's size and a record's id.

    `headers` are those of the account's that it obeys.
    """

    path: str
    paging: Paging
    size: str
    identity: str = "id"
    sorting: Params = ()
    headers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lists:
    """The lists of one account, at most `limit` records a page."""

    client: HttpClient
    clock: Clock
    version: str
    limit: int
    headers: Mapping[str, str]

    def get(self, path: str, params: Params = (), deadline: datetime | None = None) -> Answer:
        """One answer; `path` is below the version."""
        return self.client.send(Request("GET", f"/{self.version}/{path}", params), deadline=deadline)

    def bare(
        self, path: str, params: Params = (), deadline: datetime | None = None, *, identity: str = "id"
    ) -> Sequence[SourceRecord]:
        """The records of a list without pages: an answer that is whole is the whole list.

        Raises:
            EndUnproven: its headers count pages all the same, and more than this one.
        """
        answer = self.get(path, params, deadline)
        if (_count(answer, "total-pages") or 1) > 1:
            raise EndUnproven("The source did not say that its list was complete.")
        return split(answer.body, records="", identity=identity).records

    def turn(self, listing: Listing, filters: Params, page_size: int, deadline: datetime | None) -> Turn:
        """Fetches one page of a list."""
        size = str(min(self.limit, page_size))
        return _TURNS[listing.paging](self, listing, ((listing.size, size), *listing.sorting, *filters), deadline)

    def all(
        self, listing: Listing, filters: Params, page_size: int, deadline: datetime | None = None
    ) -> list[SourceRecord]:
        """Every record of a list that something else depends on; raises as `whole`."""
        return whole(walk(self.turn(listing, filters, page_size, deadline), self.clock, after=None))

    def ask(self, listing: Listing, path: str, params: Params, deadline: datetime | None) -> Answer:
        """One answer of a list, wherever its next page is."""
        headers = {name: value for name, value in self.headers.items() if name in listing.headers}
        return self.client.send(Request("GET", path, params, headers=headers), deadline=deadline)

    def start(self, listing: Listing) -> str:
        """The address of a list."""
        return f"/{self.version}/{listing.path}"


def numbers(ids: Iterable[str | None]) -> list[str]:
    """Those that can be ids of this vendor's: what is no number would only break the question."""
    return [each for each in ids if each is not None and each.isascii() and each.isdecimal()]


def _numbered(lists: Lists, listing: Listing, params: Params, deadline: datetime | None) -> Turn:
    def fetch(number: int) -> tuple[Answer, Sequence[SourceRecord]]:
        answer = lists.ask(listing, lists.start(listing), (("Page", str(number)), *params), deadline)
        return answer, split(answer.body, records="", identity=listing.identity).records

    def turn(asked: str | None) -> Turned:
        number = int(asked or 1)
        answer, records = fetch(number)
        shown, pages = _count(answer, "page-number"), _count(answer, "total-pages")
        if shown not in (None, number):
            raise AnswerBroken("The source answered with another page than was asked for.", detail=listing.path)
        is_last = number >= pages if pages is not None else not records or not fetch(number + 1)[1]
        return Turned(records, None if is_last else str(number + 1), total=_count(answer, "total-count"))

    return turn


def _linked(lists: Lists, listing: Listing, params: Params, deadline: datetime | None) -> Turn:
    def turn(asked: str | None) -> Turned:
        path, query = _place(asked) if asked else (lists.start(listing), params)
        answer = lists.ask(listing, path, query, deadline)
        return _turned(_cut(answer.body, listing.identity), _count(answer, "total-count"))

    return turn


def _cursor(lists: Lists, listing: Listing, params: Params, deadline: datetime | None) -> Turn:
    def turn(asked: str | None) -> Turned:
        query = (*params, ("Cursor", asked)) if asked else params
        return _turned(_cut(lists.ask(listing, lists.start(listing), query, deadline).body, listing.identity))

    return turn


_TURNS: Mapping[Paging, Callable[[Lists, Listing, Params, datetime | None], Turn]] = MappingProxyType(
    {Paging.NUMBERED: _numbered, Paging.LINKED: _linked, Paging.CURSOR: _cursor}
)


def _cut(body: bytes, identity: str) -> Cut:
    """`{items, next}`; `items` may be null where there are none."""
    parts = members(body)
    if parts.get("items") == b"null":
        return Cut((), {"next": parts.get("next")})
    return split(body, records="items", identity=identity, envelope=("next",))


def _turned(cut: Cut, total: int | None = None) -> Turned:
    """A null `next` is the vendor's word for the last page; a missing one proves nothing."""
    coming = cut.read("next")
    if coming is not None and (not isinstance(coming, str) or not coming):
        raise AnswerBroken("The source's answer has an undocumented shape.", detail="next is not a text or null")
    return Turned(cut.records, coming, cut.envelope["next"] is not None, total)


def _place(link: str) -> tuple[str, Params]:
    """A link's path and query; its host is not followed: the token goes to the configured one only.

    Raises:
        AnswerBroken: it leads nowhere.
    """
    try:
        parts = urlsplit(link)
        query = parse_qsl(parts.query, keep_blank_values=True)
    except ValueError as error:
        raise AnswerBroken("The source's link to its next page cannot be read.") from error
    if not parts.path.startswith("/"):
        raise AnswerBroken("The source's link to its next page cannot be read.")
    return parts.path, query


def _count(answer: Answer, header: str) -> int | None:
    """A count from a header; None where it is missing.

    Raises:
        AnswerBroken: it is no number.
    """
    text = answer.headers.get(header, "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdecimal()):
        raise AnswerBroken("The source's answer has an undocumented shape.", detail=f"header {header}")
    return int(text)
