"""A clock that only moves when it is told to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

START = datetime(2026, 3, 1, 2, 0, tzinfo=UTC)


class ManualClock:
    """Hours pass in no time: `wait` moves the clock on and is remembered in `waits`."""

    def __init__(self, start: datetime = START) -> None:
        self._now = start
        self.waits: list[float] = []

    def now(self) -> datetime:
        return self._now

    def wait(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.advance(seconds)

    def advance(self, seconds: float) -> None:
        """Lets time pass without anybody having waited."""
        self._now += timedelta(seconds=max(0.0, seconds))
