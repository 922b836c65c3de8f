"""Fetches the next page while the present one is worked on: most of a night is waiting for vendors.

At 200 ms a page the wait of a read of 100 pages is 20 s; one page ahead hides as much of it as the work on a page
takes.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from queue import Empty, Full, Queue
from threading import Event, Thread
from typing import TypeVar

T = TypeVar("T")

_PATIENCE_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class _Failed:
    error: BaseException


@dataclass(frozen=True, slots=True)
class _Ended:
    pass


@contextmanager
def read_ahead(items: Iterator[T]) -> Iterator[Iterator[T]]:
    """Iterates in a thread of its own, one item ahead, in order; an error surfaces where its item would have come.

    Leaving the block stops and joins the thread on every path: Lambda would thaw it in somebody else's invocation. That
    waits for the request in flight, which the HTTP client bounds.
    """
    ahead: Queue[T | _Failed | _Ended] = Queue(maxsize=1)
    stop = Event()
    thread = Thread(target=_produce, args=(items, ahead, stop), name="read-ahead", daemon=True)
    thread.start()
    try:
        yield _consume(ahead)
    finally:
        stop.set()
        thread.join()


def _produce(items: Iterator[T], ahead: Queue[T | _Failed | _Ended], stop: Event) -> None:
    try:
        for item in items:
            if not _hand_over(item, ahead, stop):
                return
        _hand_over(_Ended(), ahead, stop)
    except BaseException as error:  # whatever it is, the consumer raises it
        _hand_over(_Failed(error), ahead, stop)


def _hand_over(item: T | _Failed | _Ended, ahead: Queue[T | _Failed | _Ended], stop: Event) -> bool:
    while not stop.is_set():
        try:
            ahead.put(item, timeout=_PATIENCE_SECONDS)
        except Full:
            continue
        return True
    return False


def _consume(ahead: Queue[T | _Failed | _Ended]) -> Iterator[T]:
    while True:
        try:
            item = ahead.get(timeout=_PATIENCE_SECONDS)
        except Empty:
            continue
        if isinstance(item, _Failed):
            raise item.error
        if isinstance(item, _Ended):
            return
        yield item
