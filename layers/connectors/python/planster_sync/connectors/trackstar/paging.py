"""Walking one of Trackstar's lists from page to page, and judging how it ends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import quote

from planster_sync.errors import AnswerBroken, EndUnproven
from planster_sync.http.messages import Request
from planster_sync.mapping.pages import Cut, split
from planster_sync.ports.platform import Clock
from planster_sync.ports.source import End, Page, SourceRecord
from planster_sync.reading.walks import advancing

if TYPE_CHECKING:
    from planster_sync.http.client import HttpClient

Params = Sequence[tuple[str, str]]
_LONGEST_LIST = 6000
_ENVELOPE = ("next_token", "total_count")


@dataclass(frozen=True, slots=True)
class Walk:
    """The reads of one connection, `limit` records at a time."""

    client: HttpClient
    clock: Clock
    limit: int

    def now(self) -> datetime:
        return self.clock.now()

    def body(self, path: str, params: Params = (), deadline: datetime | None = None) -> bytes:
        """The body of one answer."""
        return self.client.send(Request("GET", path, params), deadline=deadline).body

    def pages(
        self, path: str, filters: Params, *, after: str | None, deadline: datetime | None, prefix: str = ""
    ) -> Iterator[Page]:
        """The list's pages behind the cursor `after`; ids get `prefix`. A page token forgets filters: all repeat.

        A cursor is how many records came before and the page token, so that a resumed read can still count the list.

        Raises:
            AnswerBroken: an undocumented shape, a count below the page's own, or a token that came before.
        """
        shown, token = _resumed(after)
        seen = {token}
        while True:
            read_at = self.now()
            asked = [("limit", str(self.limit)), *filters, *([("page_token", token)] if token else [])]
            cut = split(self.body(path, asked, deadline), prefix=prefix, envelope=_ENVELOPE)
            count = _count(cut)
            shown += len(cut.records)
            coming = _next_token(cut)
            if coming is None:
                end = _end(cut, token) if count in (None, len(cut.records), shown) else End.CLAIMED
                yield Page(cut.records, None, end, read_at)
                return
            if coming in seen:
                raise AnswerBroken("The source's pages go round in a circle.", detail=f"repeated page token at {path}")
            yield Page(cut.records, f"{shown}|{coming}", End.MORE, read_at)
            seen.add(coming)
            token = coming

    def by_ids(self, path: str, ids: Sequence[str], prefix: str) -> list[SourceRecord]:
        """The records with these ids, which hold no comma; what is missing, the source does not have.

        Raises:
            AnswerBroken: the answer holds what was not asked for, so that it says nothing about what it lacks, or it
                goes on without an end.
            EndUnproven: the source did not say that this was all.
        """
        found: list[SourceRecord] = []
        for batch in _batches(ids):
            asked = {f"{prefix}{each}" for each in batch}
            end = End.MORE
            pages = self.pages(path, (("ids[in]", ",".join(batch)),), after=None, deadline=None, prefix=prefix)
            for page in advancing(pages):
                if any(record.id not in asked for record in page.records):
                    raise AnswerBroken("The source answered with records that were not asked for.", detail=path)
                found += page.records
                end = page.end
            if end is not End.PROVEN:
                raise EndUnproven("The source did not say that its answer was complete.")
        return found


def _resumed(after: str | None) -> tuple[int, str | None]:
    shown, counted, token = (after or "").partition("|")
    return (int(shown), token) if counted else (0, after)


def _batches(ids: Sequence[str]) -> Iterator[list[str]]:
    """The ids in groups that fit into an address: servers commonly refuse more than 8 kB."""
    batch: list[str] = []
    length = 0
    for each in ids:
        needed = len(quote(each, safe="")) + len("%2C")
        if batch and length + needed > _LONGEST_LIST:
            yield batch
            batch, length = [], 0
        batch.append(each)
        length += needed
    if batch:
        yield batch


def _next_token(cut: Cut) -> str | None:
    token = cut.read("next_token")
    if token is not None and (not isinstance(token, str) or not token):
        raise AnswerBroken("The source's answer has an undocumented shape.", detail="next_token is not a text or null")
    return token


def _count(cut: Cut) -> int | None:
    """`total_count` is said to count what is returned (about-the-api, Pagination): the page, or else the whole list.

    So a count above the page's is believed at the end only where it is the sum of all pages; below, it is broken.
    """
    count = cut.read("total_count")
    if count is not None and (not isinstance(count, int) or count < len(cut.records)):
        raise AnswerBroken(
            "The source's answer contradicts itself.",
            detail=f"total_count {count!r:.40} over {len(cut.records)} records",
        )
    return count


def _end(cut: Cut, token: str | None) -> End:
    """A null token proves the end, except where it is missing, or where a promised page turned out empty."""
    if cut.envelope["next_token"] is None or (token is not None and not cut.records):
        return End.CLAIMED
    return End.PROVEN
