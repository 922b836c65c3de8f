"""Parallel calls that end before the caller goes on: nothing outlives the handler that started it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Work = TypeVar("Work")
Result = TypeVar("Result")

LANES = 8


def in_lanes(do: Callable[[Work], Result], work: Sequence[Work]) -> list[Result]:
    """Results in the order of `work`. On a failure the rest is finished first, then the first failure is raised."""
    if len(work) <= 1:
        return [do(piece) for piece in work]
    with ThreadPoolExecutor(min(LANES, len(work)), thread_name_prefix="store") as pool:
        futures = [pool.submit(do, piece) for piece in work]
    return [future.result() for future in futures]
