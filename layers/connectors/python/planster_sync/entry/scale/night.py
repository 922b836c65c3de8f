"""One night of many integrations, minute by minute: what is due, what ticks start, and what the workers get done.

A fluid, not single messages: vendors answer as in the profile, nobody fails, tasks are alike. It tells what waits for
what, and for how long; the real engine's order and retries are tested elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

MINUTE = 60.0
LONGEST = 5 * 24 * 60
"""Minutes after which a night that does not end counts as endless."""


@dataclass(frozen=True, slots=True)
class Work:
    """What one integration's night asks for; `task_seconds` of one worker each."""

    tasks: float
    task_seconds: float


@dataclass(frozen=True, slots=True)
class Machine:
    """`starts_a_tick` is the most that one tick starts."""

    workers: float
    ticks_every_minutes: int
    starts_a_tick: float


@dataclass(frozen=True, slots=True)
class Minute:
    """`at` counts from midnight UTC; what had come, been started and been done by its end, in integrations."""

    at: int
    due: float
    started: float
    done: float
    busy: float


@dataclass(frozen=True, slots=True)
class Night:
    minutes: Sequence[Minute]

    @property
    def busiest(self) -> float:
        """Most workers at once."""
        return max((each.busy for each in self.minutes), default=0.0)

    @property
    def tick_starts(self) -> float:
        """Most starts of one tick."""
        counts = [each.started for each in self.minutes]
        return max((after - before for before, after in zip([0.0, *counts], counts, strict=False)), default=0.0)

    @property
    def longest_wait(self) -> float:
        """Minutes from the moment that an integration is due until as many are done as were due by then, at worst."""
        worst, place, minutes = 0.0, 0, self.minutes
        for each in minutes:
            while place < len(minutes) and minutes[place].done < each.due - 1e-6:
                place += 1
            if place == len(minutes):
                return float("inf")
            worst = max(worst, float(minutes[place].at - each.at))
        return worst

    def share_started_by_hour(self) -> Mapping[int, float]:
        """Of all starts, by hour of UTC."""
        found: dict[int, float] = {}
        before = 0.0
        for each in self.minutes:
            hour = each.at // 60 % 24
            found[hour] = found.get(hour, 0.0) + each.started - before
            before = each.started
        return {hour: count / before for hour, count in sorted(found.items()) if count > 0.0005 * before}


def arrivals(integrations: float, zones: Mapping[int, float], local_hour: int, spread_minutes: int) -> dict[int, float]:
    """Integrations that become due, by minute from midnight UTC."""
    found: dict[int, float] = {}
    for offset, share in zones.items():
        begins = (local_hour - offset) % 24 * 60
        for minute in range(begins, begins + spread_minutes):
            found[minute] = found.get(minute, 0.0) + integrations * share / spread_minutes
    return found


def night(coming: Mapping[int, float], work: Work, machine: Machine) -> Night:
    """Plays until everything that came is done."""
    a_minute = machine.workers * MINUTE / (work.task_seconds * work.tasks)
    due = started = done = 0.0
    minutes: list[Minute] = []
    at, last = min(coming), max(coming)
    while (at <= last or done < due - 1e-6) and len(minutes) < LONGEST:
        due += coming.get(at, 0.0)
        if at % machine.ticks_every_minutes == 0:
            started += min(due - started, machine.starts_a_tick)
        worked = min(started - done, a_minute)
        done += worked
        minutes.append(Minute(at, due, started, done, machine.workers * worked / a_minute))
        at += 1
    return Night(minutes)
