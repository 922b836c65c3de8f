"""From page to page of a list, whatever the vendor's pages are called: tokens, cursors, links, numbers, offsets.

A vendor's client says in `Turned` what one answer held and what asks for the next; `walk` counts, resumes, notices
circles and judges the end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from planster_sync.errors import AnswerBroken, EndUnproven
from planster_sync.ports.platform import Clock
from planster_sync.ports.source import End, Page, SourceRecord

_MOST_IDLE_PAGES = 10


@dataclass(frozen=True, slots=True)
class Turned:
    """One answer of a list. `coming` asks for the next page, None where the vendor promises none.

    `proven`: the vendor itself says that the list ends here (a null token, `hasNextPage: false`, the last page by its
    own number); what merely runs out proves nothing. `total` is its count of the whole list, where it gives one.
    """

    records: Sequence[SourceRecord]
    coming: str | None
    proven: bool = True
    total: int | None = None


Turn = Callable[[str | None], Turned]
"""Fetches one page; None asks for the first."""


def walk(turn: Turn, clock: Clock, *, after: str | None) -> Iterator[Page]:
    """The list's pages behind the cursor `after`, which holds how many records came before, and the next page.

    An end is proven where the vendor says so and the records are at least as many as its own count; an empty last page
    that another had promised proves nothing.

    Raises:
        AnswerBroken: a page that came before is promised again.
    """
    shown, asked = _resumed(after)
    seen = {asked}
    while True:
        read_at = clock.now()
        turned = turn(asked)
        shown += len(turned.records)
        if turned.coming is None:
            yield Page(turned.records, None, _end(turned, asked, shown), read_at, turned.total)
            return
        if turned.coming in seen:
            raise AnswerBroken("The source's pages go round in a circle.", detail="a page was promised twice")
        yield Page(turned.records, f"{shown}|{turned.coming}", End.MORE, read_at, turned.total)
        seen.add(turned.coming)
        asked = turned.coming


def _end(turned: Turned, asked: str | None, shown: int) -> End:
    ran_dry = asked is not None and not turned.records
    missed = turned.total is not None and shown < turned.total
    return End.PROVEN if turned.proven and not ran_dry and not missed else End.CLAIMED


def _resumed(after: str | None) -> tuple[int, str | None]:
    if after is None:
        return 0, None
    shown, _, asked = after.partition("|")
    return int(shown), asked


def advancing(pages: Iterator[Page]) -> Iterator[Page]:
    """The pages of a list that is read in one go, without the engine watching over its headway.

    Raises:
        AnswerBroken: page after page promises more and shows nothing new.
    """
    known: set[str | None] = set()
    idle = 0
    for page in pages:
        found = {record.id for record in page.records}
        idle = 0 if found - known else idle + 1
        if idle > _MOST_IDLE_PAGES:
            raise AnswerBroken("The source promises more and more pages, but shows nothing new on them.")
        known |= found
        yield page


def whole(pages: Iterator[Page]) -> list[SourceRecord]:
    """Every record of a short list that something else depends on.

    Raises:
        AnswerBroken: as `advancing`.
        EndUnproven: the source did not say that this was all.
    """
    found: list[SourceRecord] = []
    end = End.MORE
    for page in advancing(pages):
        found += page.records
        end = page.end
    if end is not End.PROVEN:
        raise EndUnproven("The source did not say that its list was complete.")
    return found
