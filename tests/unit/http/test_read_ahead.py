"""One page ahead, in order, and nothing left running."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from planster_sync.errors import Throttled
from planster_sync.http.read_ahead import read_ahead


def test_items_come_in_order_and_the_end_ends() -> None:
    with read_ahead(iter(range(50))) as items:
        assert list(items) == list(range(50))


def test_an_error_surfaces_after_the_items_before_it() -> None:
    def pages() -> Iterator[int]:
        yield 1
        raise Throttled("The allowance is spent.")

    with read_ahead(pages()) as items:
        assert next(items) == 1
        with pytest.raises(Throttled):
            next(items)


def test_leaving_early_stops_the_thread_and_asks_for_no_more_than_two_items_beyond() -> None:
    asked = []

    def pages() -> Iterator[int]:
        for number in range(1000):
            asked.append(number)
            yield number

    with read_ahead(pages()) as items:
        next(items)

    assert len(asked) <= 4
    assert not [thread for thread in threading.enumerate() if thread.name == "read-ahead"]


def test_an_error_of_the_consumer_stops_the_thread_too() -> None:
    def stumble() -> None:
        with read_ahead(iter(range(10))) as items:
            next(items)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        stumble()

    assert not [thread for thread in threading.enumerate() if thread.name == "read-ahead"]
