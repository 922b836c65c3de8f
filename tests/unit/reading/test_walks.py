"""Walking a list: resuming, circles, and what proves its end."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from planster_sync.errors import AnswerBroken, EndUnproven
from planster_sync.ports.source import End, Page, SourceRecord
from planster_sync.reading.walks import Turned, advancing, walk, whole
from tests.fakes.clock import ManualClock


def records(*ids: str) -> tuple[SourceRecord, ...]:
    return tuple(SourceRecord(each, b"{}") for each in ids)


def read(pages: Mapping[str | None, Turned], after: str | None = None) -> list[Page]:
    return list(walk(pages.__getitem__, ManualClock(), after=after))


def test_a_list_is_read_from_page_to_page_until_the_vendor_says_that_it_ends() -> None:
    pages = read({None: Turned(records("a"), "2", total=2), "2": Turned(records("b"), None, total=2)})

    assert [page.end for page in pages] == [End.MORE, End.PROVEN]
    assert [page.source_total for page in pages] == [2, 2]


def test_a_read_resumes_behind_a_page_and_still_counts_the_whole_list() -> None:
    turned = {None: Turned(records("a"), "x|y", total=2), "x|y": Turned(records("b"), None, total=2)}
    first = read(turned)[0]

    resumed = read(turned, after=first.after)

    assert [[each.id for each in page.records] for page in resumed] == [["b"]]
    assert resumed[0].end is End.PROVEN


@pytest.mark.parametrize(
    "last",
    [
        Turned(records("b"), None, proven=False),
        Turned((), None),
        Turned(records("b"), None, total=3),
    ],
    ids=["ran out", "promised and empty", "fewer than counted"],
)
def test_an_end_without_proof_is_only_a_claim(last: Turned) -> None:
    assert read({None: Turned(records("a"), "2"), "2": last})[-1].end is End.CLAIMED


def test_an_empty_list_whose_end_the_vendor_states_is_proven() -> None:
    assert read({None: Turned((), None, total=0)})[0].end is End.PROVEN


def test_a_page_that_is_promised_twice_is_a_circle() -> None:
    with pytest.raises(AnswerBroken):
        read({None: Turned(records("a"), "2"), "2": Turned(records("b"), "3"), "3": Turned(records("c"), "2")})


def test_a_list_that_shows_nothing_new_for_ever_is_broken() -> None:
    endless = walk(lambda asked: Turned(records("a"), str(int(asked or "0") + 1)), ManualClock(), after=None)

    with pytest.raises(AnswerBroken):
        list(advancing(endless))


def test_a_whole_list_is_only_given_with_a_proven_end() -> None:
    clock = ManualClock()

    assert [each.id for each in whole(walk(lambda _: Turned(records("a"), None), clock, after=None))] == ["a"]
    with pytest.raises(EndUnproven):
        whole(walk(lambda _: Turned(records("a"), None, proven=False), clock, after=None))
