"""Looking records up by id."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from planster_sync.errors import AnswerBroken, NotFound
from planster_sync.ports.source import End, SourceRecord
from planster_sync.reading.lookups import in_batches, one_by_one
from tests.fakes.clock import ManualClock

HELD = {each: SourceRecord(each, b"{}") for each in "abc"}


def fetch(sought: str) -> SourceRecord:
    if sought not in HELD:
        raise NotFound("There is no such record.")
    return HELD[sought]


def test_what_is_not_found_one_by_one_is_missing_from_the_answer() -> None:
    page = one_by_one(["a", "z", "c"], fetch, ManualClock())

    assert [each.id for each in page.records] == ["a", "c"]
    assert page.end is End.PROVEN


def test_batches_hold_as_many_ids_as_the_vendor_takes() -> None:
    asked: list[Sequence[str]] = []

    def several(ids: Sequence[str]) -> list[SourceRecord]:
        asked.append(ids)
        return [HELD[each] for each in ids if each in HELD]

    page = in_batches(["a", "z", "c"], several, ManualClock(), size=2)

    assert asked == [["a", "z"], ["c"]]
    assert [each.id for each in page.records] == ["a", "c"]


def test_an_answer_with_another_record_says_nothing_about_the_one_that_was_asked_for() -> None:
    with pytest.raises(AnswerBroken):
        one_by_one(["a"], lambda _: HELD["b"], ManualClock())
    with pytest.raises(AnswerBroken):
        in_batches(["a"], lambda _: [HELD["b"]], ManualClock(), size=9)
