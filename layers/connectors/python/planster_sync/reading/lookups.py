"""Asking for records by their ids: what is missing from a snapshot is only gone when the source says so."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from planster_sync.errors import AnswerBroken, NotFound
from planster_sync.ports.platform import Clock
from planster_sync.ports.source import End, Page, SourceRecord


def one_by_one(ids: Sequence[str], fetch: Callable[[str], SourceRecord], clock: Clock) -> Page:
    """A look-up for vendors that answer one id at a time; NotFound from `fetch` says that there is no such record.

    Raises:
        AnswerBroken: the vendor answered with another record than was asked for.
    """
    read_at = clock.now()
    found: list[SourceRecord] = []
    for each in ids:
        try:
            record = fetch(each)
        except NotFound:
            continue
        _require(record, {each})
        found.append(record)
    return Page(tuple(found), None, End.PROVEN, read_at)


def in_batches(
    ids: Sequence[str], fetch: Callable[[Sequence[str]], Sequence[SourceRecord]], clock: Clock, *, size: int
) -> Page:
    """A look-up for vendors that take several ids at once; `fetch` gives the whole answer to a batch.

    Raises:
        AnswerBroken: an answer holds what was not asked for, so that it says nothing about what it lacks.
    """
    read_at = clock.now()
    found: list[SourceRecord] = []
    for batch in _batches(ids, size):
        for record in fetch(batch):
            _require(record, set(batch))
            found.append(record)
    return Page(tuple(found), None, End.PROVEN, read_at)


def _batches(ids: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    for start in range(0, len(ids), size):
        yield ids[start : start + size]


def _require(record: SourceRecord, asked: set[str]) -> None:
    if record.id not in asked:
        raise AnswerBroken("The source answered with records that were not asked for.", detail="look-up by id")
