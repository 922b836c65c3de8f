"""A simulated night: whoever comes is done, in the order of arithmetic that can be checked by hand."""

from __future__ import annotations

from math import inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planster_sync.entry.scale.night import Machine, Work, arrivals, night

MACHINES = st.builds(
    Machine,
    workers=st.floats(2, 1000),
    ticks_every_minutes=st.sampled_from([1, 5, 15, 60]),
    starts_a_tick=st.floats(50, 5000),
)
WORKS = st.builds(Work, tasks=st.integers(1, 20), task_seconds=st.floats(0.1, 30))
COMING = st.dictionaries(st.integers(0, 1439), st.floats(0.1, 20), min_size=1, max_size=20)


@settings(max_examples=25)
@given(COMING, WORKS, MACHINES)
def test_nothing_is_done_before_it_was_started_nor_started_before_it_was_due(
    coming: dict[int, float], work: Work, machine: Machine
) -> None:
    for each in night(coming, work, machine).minutes:
        assert each.done <= each.started + 1e-6
        assert each.started <= each.due + 1e-6
        assert each.busy <= machine.workers + 1e-6


@settings(max_examples=25)
@given(COMING, WORKS, MACHINES)
def test_more_workers_make_nobody_wait_longer(coming: dict[int, float], work: Work, machine: Machine) -> None:
    more = Machine(2 * machine.workers, machine.ticks_every_minutes, machine.starts_a_tick)

    assert night(coming, work, more).longest_wait <= night(coming, work, machine).longest_wait


@settings(max_examples=25)
@given(COMING, WORKS, MACHINES)
def test_a_night_that_ends_has_done_all_that_came(coming: dict[int, float], work: Work, machine: Machine) -> None:
    found = night(coming, work, machine)

    if found.longest_wait != inf:
        assert found.minutes[-1].done == pytest.approx(sum(coming.values()), abs=1e-3)


def test_hours_begin_where_their_zones_have_them() -> None:
    coming = arrivals(600, {-5: 0.5, 1: 0.5}, 2, 60)

    assert (min(coming), max(coming)) == (60, 8 * 60 - 1)
    assert sum(count for minute, count in coming.items() if minute < 120) == pytest.approx(300)
    assert set(coming) == set(range(60, 120)) | set(range(420, 480))


def test_ten_at_once_with_one_worker_take_ten_times_as_long() -> None:
    """Ten integrations of six tasks of ten seconds, one worker: a minute each; the tick comes at minute 15."""
    found = night({1: 10.0}, Work(6, 10), Machine(1, 15, 100))

    assert (found.minutes[-1].at, found.tick_starts, found.busiest) == (24, 10, 1)
    assert found.longest_wait == 23


def test_a_tick_that_cannot_start_all_leaves_the_rest_to_the_next() -> None:
    found = night({1: 10.0}, Work(1, 1), Machine(1000, 15, 4))

    assert found.longest_wait == 44
    assert [each.started for each in found.minutes if each.at % 15 == 0] == [4, 8, 10]
