"""One schedule from seed to outcome, and outcomes added up."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from tests.chaos import naive, twins
from tests.chaos.plan import plan_of
from tests.chaos.world import World

ONE_IN = 20
"""One schedule in so many is told twice, with one thing changed."""
NAIVE_ONE_IN = 5
"""The naive sync runs under one schedule in so many."""
FAULT_POINTS = tuple(f"F{number}" for number in range(1, 26))
INVARIANTS = tuple(f"I{number}" for number in range(1, 22))
NAIVE = ("lost", "duplicated", "stale", "ghost", "false_success")


@dataclass(slots=True)
class Outcome:
    """What some schedules amount to. `broken` holds (seed, invariant, what)."""

    schedules: int = 0
    mutations: int = 0
    faults: int = 0
    kills: int = 0
    tasks: int = 0
    points: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    checks: Counter[str] = field(default_factory=Counter)
    naive: Counter[str] = field(default_factory=Counter)
    broken: list[tuple[int, str, str]] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        violations = Counter(invariant for _, invariant, _ in self.broken)
        return {
            "schedules": self.schedules,
            "mutations": self.mutations,
            "faults": self.faults,
            "kills": self.kills,
            "tasks": self.tasks,
            "violations": {name: violations[name] for name in INVARIANTS},
            "checks": {name: self.checks[name] for name in INVARIANTS},
            "fault_points": {name: self.points[name] for name in FAULT_POINTS},
            "fault_kinds": dict(sorted(self.kinds.items())),
            "naive": {name: self.naive[name] for name in NAIVE},
        }


def run_one(seed: int, *, trace: bool) -> Outcome:
    """One schedule, its twin where it has one, and the naive sync under the same."""
    plan = plan_of(seed)
    world = twins.compare(plan, seed // ONE_IN) if seed % ONE_IN == 0 else twins.told(plan)
    if trace:
        _trace(world)
    history, perils = world.history, world.perils
    broken = [(seed, invariant, what) for invariant, what in history.violations]
    return Outcome(
        schedules=1,
        mutations=world.mutations,
        faults=sum(perils.faults.values()),
        kills=perils.kills,
        tasks=history.tasks_ended,
        points=perils.points,
        kinds=perils.faults,
        checks=history.checks,
        naive=naive.counts(plan) if seed % NAIVE_ONE_IN == 0 else Counter(),
        broken=broken,
    )


def _trace(world: World) -> None:
    print(world.plan)
    for name, fields in world.region.log:
        sys.stdout.write(f"{name:24} {fields}\n")


def merged(outcomes: Iterable[Outcome]) -> Outcome:
    total = Outcome()
    for outcome in outcomes:
        total.schedules += outcome.schedules
        total.mutations += outcome.mutations
        total.faults += outcome.faults
        total.kills += outcome.kills
        total.tasks += outcome.tasks
        total.points.update(outcome.points)
        total.kinds.update(outcome.kinds)
        total.checks.update(outcome.checks)
        total.naive.update(outcome.naive)
        total.broken += outcome.broken
    return total


def table(total: Outcome) -> str:
    """For people: counts, fault points, invariants, and the naive sync beside ours."""
    figures = total.as_json()
    ours = Counter(_NAIVE_OF.get(invariant, "") for _, invariant, _ in total.broken)
    lines = [
        f"{total.schedules} schedules, {total.tasks} tasks, {total.mutations} source mutations",
        f"{total.faults} faults, {total.kills} kills",
        "",
        "fault point  hits      fault point  hits      invariant  checked   broken",
    ]
    half = (len(FAULT_POINTS) + 1) // 2
    for row in range(max(half, len(INVARIANTS))):
        cells = [_cell(FAULT_POINTS, row if row < half else -1, figures["fault_points"])]
        cells.append(_cell(FAULT_POINTS, row + half if row < half else -1, figures["fault_points"]))
        name = INVARIANTS[row] if row < len(INVARIANTS) else ""
        cells.append(f"{name:9}  {figures['checks'].get(name, ''):<8}  {figures['violations'].get(name, '')}")
        lines.append("".join(cells).rstrip())
    lines += ["", "left behind       " + "  ".join(f"{name:>13}" for name in NAIVE)]
    lines.append(f"naive, 1 in {NAIVE_ONE_IN}     " + "  ".join(f"{total.naive[name]:>13}" for name in NAIVE))
    lines.append("this one          " + "  ".join(f"{ours[name]:>13}" for name in NAIVE))
    return "\n".join(lines)


_NAIVE_OF = {"I1": "lost", "I3": "duplicated", "I5": "stale", "I4": "stale", "I2": "ghost", "I9": "false_success"}


def _cell(names: tuple[str, ...], place: int, figures: dict[str, int]) -> str:
    if not 0 <= place < len(names):
        return " " * 22
    return f"{names[place]:11}  {figures[names[place]]:<8}  "
