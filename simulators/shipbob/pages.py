"""The vendor's ways of paging, each with its own envelope and headers."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from simulators.business.spec import Record
from simulators.serving.exchange import Answer, PageFault, Request, told
from simulators.shipbob.questions import Question, invalid

EMPTY = frozenset({"empty_page", "empty_with_token"})
Cursor = Callable[[int], str]


def counted(page: int, pages: int, total: int, size: int, request: Request) -> dict[str, str]:
    """The headers that count a list."""
    counts = {"Page-Number": page, "Total-Pages": pages, "Total-Count": total, "Page-Size": size}
    headers = {name: str(value) for name, value in counts.items()}
    return {**headers, "Next-Page": f"{request.path}?Page={page + 1}"} if page < pages else headers


@dataclass(frozen=True, slots=True)
class Numbered:
    """A bare list, counted in headers. `more` is how many pages there are beyond the true ones."""

    request: Request
    rows: Sequence[Record]
    page: int
    size: int
    total: int
    more: int = 0

    def answer(self) -> Answer:
        pages = max(1, -(-self.total // self.size)) + self.more
        return told(list(self.rows), headers=counted(self.page, pages, self.total, self.size, self.request), page=self)

    def faulty(self, fault: PageFault) -> Answer:
        rows = () if fault in EMPTY else self.rows
        if fault == "empty_page":
            return replace(self, rows=rows, total=0).answer()
        return replace(self, rows=rows, more=self.page + 1).answer()


def numbered(request: Request, asked: Question, rows: Sequence[Record], most: int) -> Answer:
    """The page that `Page` and `Limit` ask for; 50 records where nobody says."""
    size, page = asked.number("Limit", 50, most), asked.number("Page", 1, 2**31 - 1)
    return Numbered(request, rows[(page - 1) * size : page * size], page, size, len(rows)).answer()


@dataclass(frozen=True, slots=True)
class Bare:
    """A list without pages. Paged it would say so in headers, which only a fault makes it do."""

    request: Request
    rows: Sequence[Record]

    def answer(self) -> Answer:
        return told(list(self.rows), page=self)

    def faulty(self, fault: PageFault) -> Answer:
        rows = [] if fault in EMPTY else list(self.rows)
        headers = {} if fault == "empty_page" else counted(1, 2, len(rows) + 1, max(1, len(rows)), self.request)
        return told(rows, headers=headers, page=self)


@dataclass(frozen=True, slots=True)
class Linked:
    """An envelope whose links lead to pages. `following` starts the next page; `link` spells a page's address."""

    rows: Sequence[Record]
    start: int
    following: int | None
    link: Cursor
    headers: tuple[tuple[str, str], ...] = ()

    def answer(self) -> Answer:
        following = None if self.following is None else self.link(self.following)
        body = {"first": None, "items": list(self.rows), "last": None, "next": following, "prev": None}
        return told(body, headers=dict(self.headers), page=self)

    def faulty(self, fault: PageFault) -> Answer:
        rows = () if fault in EMPTY else self.rows
        beyond = self.start + max(1, len(self.rows))
        following = {"empty_page": None, "endless_page": beyond}.get(fault, self.start)
        return replace(self, rows=rows, following=following).answer()


def linked(request: Request, asked: Question, rows: Sequence[Record], size: int, host: str = "") -> Answer:
    """The page that `Cursor` asks for; links repeat every parameter, before them `host`."""
    start = _place(asked.text("Cursor"))
    rest = [(name, value) for name, value in asked.given if name != "Cursor"]

    def link(place: int) -> str:
        return f"{host}{request.path}?{urlencode([*rest, ('Cursor', _token(place))])}"

    return Linked(rows[start : start + size], start, _next(start, size, rows), link).answer()


def tokened(asked: Question, rows: Sequence[Record], size: int) -> Answer:
    """The page that the token in `Cursor` asks for; `next` is a token."""
    start = _place(asked.text("Cursor"))
    return Linked(rows[start : start + size], start, _next(start, size, rows), _token).answer()


def turned(request: Request, asked: Question, rows: Sequence[Record], host: str) -> Answer:
    """A returns page: `Cursor` is its number, and it is told in links and in headers."""
    size, page = asked.number("Limit", 50, 250), asked.number("Cursor", 1, 2**31 - 1)
    rest = [(name, value) for name, value in asked.given if name != "Cursor"]
    start = (page - 1) * size

    def link(place: int) -> str:
        return f"{host}{request.path}?{urlencode([*rest, ('Cursor', str(place // size + 1))])}"

    pages = max(1, -(-len(rows) // size))
    headers = tuple(counted(page, pages, len(rows), size, request).items())
    shown = Linked(rows[start : start + size], start, _next(start, size, rows), link, headers)
    return shown.answer()


def _next(start: int, size: int, rows: Sequence[Record]) -> int | None:
    return start + size if start + size < len(rows) else None


def _token(place: int) -> str:
    return base64.b64encode(f"place:{place}".encode()).decode()


def _place(token: str | None) -> int:
    if token is None:
        return 0
    try:
        return int(base64.b64decode(token, validate=True).decode().removeprefix("place:"))
    except (binascii.Error, ValueError):
        raise invalid("Cursor", "The cursor is not valid.") from None


def host_of(request: Request) -> str:
    """The server as the request names it."""
    return f"http://{request.headers.get('host', '127.0.0.1')}"
