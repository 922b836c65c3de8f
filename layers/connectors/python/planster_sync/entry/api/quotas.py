"""How many requests an organisation may make in a minute, whichever environments of the function they reach.

    first UNCOUNTED of a minute ─► from memory
    every further BATCH         ─► one conditional write, which takes BATCH of the organisation's minute
    refused once                ─► from memory, until the minute is over

Who looks at a page now and then costs no write; who asks without end costs one for BATCH requests, and nothing once
it is too much. Over all environments the limit is kept exactly, but for the UNCOUNTED of each. Minutes are the clock's.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Protocol

from planster_sync.errors import TooManyRequests
from planster_sync.ports.platform import Clock

UNCOUNTED = 20
BATCH = 20
_MINUTE = 60
_LONGEST_NAME = 128


class RequestCounter(Protocol):
    """What all environments have taken together."""

    def take(self, organisation: str, minute: datetime, count: int, most: int) -> bool:
        """Adds `count` to what was taken of this minute, unless that would be more than `most`: False then."""
        ...


class Quotas:
    def __init__(self, counter: RequestCounter, clock: Clock, per_minute: int) -> None:
        self._counter = counter
        self._clock = clock
        self._per_minute = per_minute
        self._minute = 0
        self._left: dict[str, int] = {}

    def take(self, organisation: str) -> None:
        """One request. Raises TooManyRequests until the next minute begins, StoreBusy where nobody can count."""
        name = organisation[:_LONGEST_NAME]
        minute = int(self._clock.now().timestamp()) // _MINUTE
        if minute != self._minute:
            self._minute, self._left = minute, {}
        left = self._left.get(name, min(UNCOUNTED, self._per_minute))
        if left == 0:
            began = datetime.fromtimestamp(minute * _MINUTE, UTC)
            left = BATCH if self._counter.take(name, began, BATCH, self._per_minute) else -1
        self._left[name] = max(left - 1, -1)
        if left < 0:
            until = datetime.fromtimestamp((minute + 1) * _MINUTE, UTC)
            raise TooManyRequests(f"These are more than {self._per_minute} requests in a minute.", until=until)
