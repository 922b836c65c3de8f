"""A rate budget for one process: for tests and the command line, where no other worker shares the account."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

from planster_sync.errors import Throttled
from planster_sync.ports.platform import Clock


class SpacedBudget:
    """Lets requests pass at even distances. `short_wait` is the longest wait in seconds that is slept through."""

    def __init__(self, per_second: float, clock: Clock, short_wait: float = 20.0) -> None:
        if per_second <= 0:
            raise ValueError("a rate is positive")
        self._distance = timedelta(seconds=1 / per_second)
        self._clock = clock
        self._short_wait = timedelta(seconds=short_wait)
        self._next: datetime | None = None
        self._lock = threading.Lock()

    def take(self, deadline: datetime | None) -> None:
        """Waits for the next slot; a slot that is too far off is not taken.

        Raises:
            Throttled: the slot lies beyond the short wait or the deadline.
        """
        with self._lock:
            now = self._clock.now()
            slot = max(now, self._next or now)
            if slot - now > self._short_wait or (deadline is not None and slot > deadline):
                raise Throttled("The warehouse system's request allowance is used up for now.", until=slot)
            self._next = slot + self._distance
        if slot > now:
            self._clock.wait((slot - now).total_seconds())

    def learned(self, until: datetime) -> None:
        """No slot before `until`."""
        with self._lock:
            self._next = max(until, self._next or until)
