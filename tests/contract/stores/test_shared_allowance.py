"""Many workers on one account, in their own time: the vendor's limit is kept, and nearly all of it is used."""

from __future__ import annotations

import heapq
import random
from bisect import bisect_left
from datetime import timedelta

import pytest

from planster_sync.storage.rate_budget import SHARE_OF_RATE, DynamoRateBudget
from planster_sync.storage.table import Change, Outcome, Table
from tests.contract.stores.backends import OnAws, simulated
from tests.contract.stores.samples import STREAM
from tests.fakes.clock import START, ManualClock

LIMIT = 10
SECONDS = 8
USUAL_WORKERS = 4


class _DistantTable(Table):
    """Takes the worker's time for each call, as the network does."""

    def __init__(self, table: Table, clock: ManualClock, seconds: float) -> None:
        self._far, self._clock, self._seconds = table, clock, seconds

    def change(self, key: dict[str, str], change: Change) -> Outcome:
        outcome = self._far.change(key, change)
        self._clock.advance(self._seconds)
        return outcome


class _DrowsyClock(ManualClock):
    """Wakes up late now and then, as a process does that has to wait for a processor."""

    def __init__(self, place: int, late: float) -> None:
        super().__init__(START + timedelta(seconds=place * 0.013))
        self._chance = random.Random(place)
        self._late = late

    def wait(self, seconds: float) -> None:
        super().wait(seconds)
        is_late = self._chance.random() < self._late
        self.advance(self._chance.uniform(0.06, 0.4) if is_late else 0.002)


class _Worker:
    def __init__(self, aws: OnAws, place: int, late: float, store_takes: float) -> None:
        self.clock = _DrowsyClock(place, late)
        self.budget = DynamoRateBudget(
            _DistantTable(aws.control, self.clock, store_takes),
            STREAM,
            per_second=SHARE_OF_RATE * LIMIT,
            workers=USUAL_WORKERS,
            short_wait=20,
            clock=self.clock,
        )

    def seconds(self) -> float:
        return (self.clock.now() - START).total_seconds()


def _requests(
    aws: OnAws, workers: int, answer_takes: tuple[float, float], *, late: float = 0, store_takes: float = 0.015
) -> list[float]:
    """When each request was made; whoever's time is earliest acts next, so that no worker acts before its past."""
    chance = random.Random(workers)
    crew = [_Worker(aws, place, late, store_takes) for place in range(workers)]
    turns = [(worker.seconds(), place) for place, worker in enumerate(crew)]
    heapq.heapify(turns)
    made = []
    while turns[0][0] < SECONDS:
        _, place = heapq.heappop(turns)
        crew[place].budget.take(None)
        made.append(crew[place].seconds())
        crew[place].clock.advance(chance.uniform(*answer_takes))
        heapq.heappush(turns, (crew[place].seconds(), place))
    return sorted(made)


@pytest.mark.parametrize(
    ("workers", "answer_takes"),
    [(2, (0.03, 0.12)), (4, (0.2, 0.38)), (8, (0.1, 0.7)), (13, (0.05, 1.0))],
)
def test_workers_keep_an_accounts_limit_and_use_most_of_it(
    clock: ManualClock, workers: int, answer_takes: tuple[float, float]
) -> None:
    # The store's own time plays no part: the quickest one serves.
    made = _requests(OnAws(clock, simulated()), workers, answer_takes)

    assert _busiest(made) <= LIMIT
    assert _used(made) >= 0.85


@pytest.mark.parametrize(("late", "store_takes"), [(0.1, 0.015), (0.5, 0.015), (0, 0.2)])
@pytest.mark.parametrize("workers", [1, 4, 13])
def test_worker_that_is_late_for_its_moment_takes_another(
    clock: ManualClock, workers: int, late: float, store_takes: float
) -> None:
    made = _requests(OnAws(clock, simulated()), workers, (0.05, 0.3), late=late, store_takes=store_takes)

    assert _busiest(made) <= LIMIT


def _busiest(made: list[float]) -> int:
    return max(bisect_left(made, moment + 1) - place for place, moment in enumerate(made))


def _used(made: list[float]) -> float:
    return sum(moment < SECONDS for moment in made) / (LIMIT * SECONDS)
