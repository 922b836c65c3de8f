"""What an account's requests came to: how many, how they were answered, how long they and the waits took.

One tally for each time that an account is opened; its line in the log is what the vendor's dashboard is made of.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from planster_sync.http.messages import Answer, NoAnswer, Request, Transport
from planster_sync.ports.platform import Clock

_NO_STATUS = 0


@dataclass(frozen=True, slots=True)
class Tally:
    """Threads add to it at once; each does so by one append."""

    answers: list[tuple[int, float]] = field(default_factory=list)
    """Status and seconds of each request; status 0 where there was no whole answer."""
    waits: list[float] = field(default_factory=list)
    tokens: list[datetime] = field(default_factory=list)
    """When the vendor was asked for an access token."""

    def summary(self) -> Mapping[str, float]:
        """Counts, seconds waited for allowance or before another try, and the 95th percentile of the answers."""
        statuses = [status for status, _ in self.answers]
        times = sorted(seconds for _, seconds in self.answers)
        return {
            "calls": len(statuses),
            "throttled": statuses.count(429),
            "unavailable": sum(500 <= status < 600 for status in statuses),
            "unanswered": statuses.count(_NO_STATUS),
            "tokens": len(self.tokens),
            "waited": round(sum(self.waits), 3),
            "p95_ms": round(1000 * times[int(0.95 * (len(times) - 1))]) if times else 0,
        }


@dataclass(frozen=True, slots=True)
class TalliedTransport:
    """Carries requests as `transport` does."""

    transport: Transport
    tally: Tally
    clock: Clock

    def exchange(self, request: Request, ends: datetime) -> Answer:
        begun = self.clock.now()
        try:
            answer = self.transport.exchange(request, ends)
        except NoAnswer:
            self._note(_NO_STATUS, begun)
            raise
        self._note(answer.status, begun)
        return answer

    def close(self) -> None:
        self.transport.close()

    def _note(self, status: int, begun: datetime) -> None:
        self.tally.answers.append((status, (self.clock.now() - begun).total_seconds()))


@dataclass(frozen=True, slots=True)
class TalliedClock:
    """Waits as `clock` does."""

    clock: Clock
    tally: Tally

    def now(self) -> datetime:
        return self.clock.now()

    def wait(self, seconds: float) -> None:
        self.tally.waits.append(seconds)
        self.clock.wait(seconds)
