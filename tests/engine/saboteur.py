"""Kills a worker at its n-th effect, before the effect or right after it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from planster_sync.engine.task import Workshop
from tests.engine.world import Killed

WATCHED = ("runs", "streams", "records", "quarantine", "objects", "queue", "events", "integrations")


@dataclass
class Plan:
    """Counts effects; at `at` the process is gone, with the effect done where `done` says so."""

    at: int
    done: bool
    count: int = 0

    @property
    def struck(self) -> bool:
        return self.count >= self.at


class Watched:
    """Passes every call on to a collaborator, unless the plan's moment has come."""

    def __init__(self, inner: Any, plan: Plan) -> None:
        self._inner = inner
        self._plan = plan

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._inner, name)

        def call(*args: Any, **named: Any) -> Any:
            self._plan.count += 1
            if self._plan.count == self._plan.at and not self._plan.done:
                raise Killed
            answer = method(*args, **named)
            if self._plan.count == self._plan.at:
                raise Killed
            return answer

        return call


def sabotaged(shop: Workshop, plan: Plan) -> Workshop:
    return replace(shop, **{name: Watched(getattr(shop, name), plan) for name in WATCHED})
