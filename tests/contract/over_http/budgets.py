"""An allowance that one worker keeps by waiting on its clock."""

from __future__ import annotations

from datetime import datetime

from planster_sync.errors import Throttled
from planster_sync.ports.platform import Clock


class PacedBudget:
    """`per_second` requests a second at most, evenly; None paces nothing. A vendor's own word holds in any case."""

    def __init__(self, clock: Clock, per_second: float | None) -> None:
        self._clock = clock
        self._pause = 0.0 if per_second is None else 1 / per_second
        self._until: datetime | None = None

    def take(self, deadline: datetime | None) -> None:
        if self._until is not None and self._until > self._clock.now():
            raise Throttled("The connected system asked to wait.", until=self._until)
        if self._pause:
            self._clock.wait(self._pause)

    def learned(self, until: datetime) -> None:
        self._until = until
