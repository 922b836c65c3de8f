"""Parallel calls that end before the caller goes on: nothing outlives the handler that started it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
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
    """At most `width` threads, which end with the call; a single piece is done by the caller itself."""

    width: int = LANES

    def __call__(self, do: Callable[[Work], Result], work: Sequence[Work]) -> list[Result]:
        if len(work) <= 1:
            return [do(piece) for piece in work]
        with ThreadPoolExecutor(min(self.width, len(work)), thread_name_prefix="store") as pool:
            futures = [pool.submit(do, piece) for piece in work]
        return [future.result() for future in futures]
