"""Fails a worker's n-th call of a collaborator, before its effect or right after it: by death, or by an error."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from planster_sync.engine.task import Workshop
from tests.engine.world import Killed

WATCHED = ("runs", "streams", "records", "quarantine", "objects", "queue", "events", "integrations")


@dataclass
class Plan:
    """Counts calls; at `at` the failure strikes, with the effect done where `done` says so."""

    at: int
    done: bool
    failure: Callable[[], BaseException] = Killed
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
                raise self._plan.failure()
            strikes = self._plan.count == self._plan.at
            answer = method(*args, **named)
            if strikes:
                raise self._plan.failure()
            return answer

        return call


def sabotaged(shop: Workshop, plan: Plan) -> Workshop:
    parts: dict[str, Any] = {name: Watched(getattr(shop, name), plan) for name in WATCHED}
    return replace(shop, **parts)
