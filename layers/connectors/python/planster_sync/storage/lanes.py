"""Parallel calls that end before the caller goes on: nothing outlives the handler that started it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Thread
from typing import Protocol, TypeVar

Work = TypeVar("Work")
Result = TypeVar("Result")

LANES = 8


class Lanes(Protocol):
    """Does pieces of work side by side."""

    def __call__(self, do: Callable[[Work], Result], work: Sequence[Work]) -> list[Result]:
        """Results in the order of `work`. On a failure the rest is finished first, then the first failure is raised."""
        ...


@dataclass(frozen=True, slots=True)
class ThreadLanes:
    """The caller and at most `width` - 1 threads, which end with the call."""

    width: int = LANES

    def __call__(self, do: Callable[[Work], Result], work: Sequence[Work]) -> list[Result]:
        done: dict[int, Result] = {}
        failed: dict[int, BaseException] = {}
        places = iter(range(len(work)))

        def lane() -> None:
            for place in places:  # each place is drawn by one lane only: drawing is atomic
                try:
                    done[place] = do(work[place])
                except BaseException as failure:  # raised below, in the caller's thread
                    failed[place] = failure

        helpers = [Thread(target=lane, name=f"store-{number}") for number in range(1, min(self.width, len(work)))]
        try:
            for helper in helpers:
                helper.start()
            lane()
        finally:
            for helper in helpers:
                if helper.ident is not None:
                    helper.join()
        if failed:
            raise failed[min(failed)]
        return [done[place] for place in range(len(work))]
