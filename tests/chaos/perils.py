"""What can happen to a process at each of its calls: it is killed, it is frozen, its request or its answer is lost.

A kill strikes before the call acts, after it has acted, or before it with the effect arriving later all the same: the
request was on its way. Nothing here decides by what the product is doing; the stages only name the fault points.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random
from types import MappingProxyType
from typing import TypeVar

from tests.chaos.hub import Gone, Hub, Process
from tests.chaos.plan import Plan

Result = TypeVar("Result")

LONGEST_REQUEST = 10.0
"""Seconds after which the product's own clients give a request up: a late effect is never later."""

KILLED_AT: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        # stage of the call: fault point of a kill before it acts, and after
        "first page": ("F1", "F3"),
        "page": ("F2", "F3"),
        "journal": ("F3", "F3"),
        "records": ("F4", "F5"),
        "checkpoint": ("F5", "F6"),
        "message": ("F6", "F7"),
        "status": ("F7", "F7"),
        "end": ("F8", "F8"),
        "burial": ("F9", "F9"),
    }
)

FAULT_POINTS: Mapping[str, str] = MappingProxyType(
    {
        "freeze": "F10",
        "clock_skew": "F11",
        "duplicate_message": "F12",
        "reorder_messages": "F13",
        "delay_message": "F14",
        "purge": "F14",
        "double_tick": "F15",
        "missing_tick": "F15",
        "unprocessed": "F16",
        "throttle_burst": "F17",
        "condition_failed": "F18",
        "transaction_conflict": "F19",
        "poison": "F21",
        "deploy": "F22",
        "manual_sync": "F23",
        "cancel": "F23",
        "pause": "F24",
        "removal": "F24",
        "switched_off": "F24",
        "floor_moved": "F24",
        "floor_moved_during_read": "F24",
        "credentials_changed": "F24",
        "secrets_throttled": "F25",
    }
)
"""Faults of the plan and their fault points; every fault that the vendor commits is F20."""

OF_THE_VENDOR = frozenset(
    {
        "too_many_requests",
        "too_many_requests_silent",
        "server_error",
        "bad_gateway",
        "vendor_timeout",
        "truncated_answer",
        "error_with_200",
        "empty_page",
        "repeated_token",
        "token_expired",
        "refused_mid_read",
        "lying_count",
        "early_end",
        "empty_list",
        "short_page",
        "overlapping_page",
        "outage",
        "mutation_during_read",
        "mutation_after_page",
        "late_commit",
        "same_stamp",
    }
)


@dataclass(eq=False)
class Perils:
    hub: Hub
    plan: Plan
    random: Random
    calm: bool = False
    faults: Counter[str] = field(default_factory=Counter)
    points: Counter[str] = field(default_factory=Counter)
    kills: int = 0
    died: Callable[[Process, str], None] = lambda process, point: None
    """Is told of every kill, and of the point at which it struck."""
    frozen: set[str] = field(default_factory=set)
    """The names of processes that froze."""
    in_part: bool = False
    """Whether the batch that is being written is cut short by its worker's end."""

    def hit(self, fault: str) -> None:
        """Counts a fault that happened."""
        self.faults[fault] += 1
        point = "F20" if fault in OF_THE_VENDOR else FAULT_POINTS.get(fault)
        if point:
            self.points[point] += 1

    def happens(self, fault: str) -> bool:
        chance = 0.0 if self.calm else self.plan.chance(fault)
        if chance and self.random.random() < chance:
            self.hit(fault)
            return True
        return False

    def around(self, stage: str, act: Callable[[], Result], latency: float) -> Result:
        """One call to the world outside of the process, with whatever happens to it."""
        process = self.hub.current
        if process is None or self.calm:
            self.hub.pause(latency)
            return act()
        if self._strikes():
            return self._killed(stage, act)
        if self.happens("freeze"):
            self.frozen.add(process.name)
            process.zombie = self.random.random() < 0.3
            longest = self.random.choice((5.0, 60.0, 250.0, 600.0)) if not process.zombie else 5000.0
            self.hub.pause(longest * self.random.random())
        self.hub.pause(latency)
        return act()

    def bounded(self) -> None:
        """A write that carries no guard relies on the platform: no process comes to it after its time."""
        process = self.hub.current
        if process is not None and self.hub.now > process.ends and not self.plan.outlives:
            self._die("F10")

    def after(self, stage: str) -> None:
        """A moment between two calls at which the process may be killed too."""
        if self.hub.current is not None and not self.calm and self._strikes():
            self._die(KILLED_AT.get(stage, ("", ""))[1])

    def _strikes(self) -> bool:
        chance = self.plan.chance("kill")
        return bool(chance) and self.random.random() < chance

    def _killed(self, stage: str, act: Callable[[], Result]) -> Result:
        before, after = KILLED_AT.get(stage, ("", ""))
        if self.random.random() < 0.5:
            if self.random.random() < self.plan.chance("late_effect"):
                self.hit("late_effect")
                self.hub.at(self.hub.now + self.random.random() * LONGEST_REQUEST, lambda: _in_silence(act))
            self._die(before)
        if stage == "records" and self.random.random() < 0.5:
            self.in_part = True
            _in_silence(act)
            self.in_part = False
            self._die(before)
        _in_silence(act)
        self._die(after)
        raise AssertionError("a dead process went on")

    def _die(self, point: str) -> None:
        self.kills += 1
        self.faults["kill"] += 1
        if point:
            self.points[point] += 1
        process = self.hub.current
        assert process is not None
        self.died(process, point)
        self.hub.kill(process)
        raise Gone


def _in_silence(act: Callable[[], object]) -> None:
    """The request arrives although nobody waits for its answer, whatever that would be."""
    try:
        act()
    except Gone:
        raise
    except Exception:
        return
