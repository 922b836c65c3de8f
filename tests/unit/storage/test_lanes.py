"""Parallel work that ends before its caller goes on."""

from __future__ import annotations

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planster_sync.storage.lanes import ThreadLanes


@given(st.lists(st.integers(), max_size=40), st.integers(1, 12))
def test_results_come_in_the_order_of_the_work(work: list[int], width: int) -> None:
    assert ThreadLanes(width)(str, work) == [str(piece) for piece in work]


def test_as_many_pieces_as_there_are_lanes_are_under_way_at_once() -> None:
    together = threading.Barrier(4)

    def meet(_: int) -> int:
        return together.wait(timeout=20)

    assert sorted(ThreadLanes(4)(meet, range(8))) == [0, 0, 1, 1, 2, 2, 3, 3]


def test_no_more_pieces_are_under_way_than_there_are_lanes() -> None:
    under_way: set[int] = set()
    most = 0
    guard = threading.Lock()

    def work(piece: int) -> None:
        nonlocal most
        with guard:
            under_way.add(piece)
            most = max(most, len(under_way))
        with guard:
            under_way.discard(piece)

    ThreadLanes(3)(work, range(200))

    assert 1 <= most <= 3


def test_after_a_failure_the_rest_is_done_and_the_first_failure_is_raised() -> None:
    done: list[int] = []

    def work(piece: int) -> None:
        if piece in (3, 7):
            raise ValueError(str(piece))
        done.append(piece)

    with pytest.raises(ValueError, match="3"):
        ThreadLanes(4)(work, range(10))

    assert sorted(done) == [0, 1, 2, 4, 5, 6, 8, 9]


def test_no_thread_is_left_behind() -> None:
    ThreadLanes(8)(str, range(50))

    assert not [thread for thread in threading.enumerate() if thread.name.startswith("store")]
