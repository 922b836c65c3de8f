"""The vendor's rate limit: so many requests per second and token, told in headers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from threading import Lock


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left of a token's current second."""

    limit: int
    remaining: int
    reset: int
    granted: bool

    def headers(self) -> Mapping[str, str]:
        """The documented headers; `retry-after` only with a refusal. An unlimited server sends none."""
        if self.limit == 0:
            return {}
        told = {
            "x-ratelimit-limit": str(self.limit),
            "x-ratelimit-remaining": str(self.remaining),
            "x-ratelimit-reset": str(self.reset),
        }
        return told if self.granted else {**told, "retry-after": "1"}


class RateLimiter:
    """Counts requests in whole seconds per token and kind (reads and writes apart)."""

    def __init__(self) -> None:
        self._used: dict[tuple[str, str], tuple[int, int]] = {}
        self._lock = Lock()

    def take(self, token: str, kind: str, limit: int, now: datetime) -> Allowance:
        """One request's allowance; a limit of 0 always grants."""
        second = int(now.timestamp())
        if limit == 0:
            return Allowance(0, 0, second + 1, granted=True)
        with self._lock:
            began, used = self._used.get((token, kind), (second, 0))
            used = used if began == second else 0
            granted = used < limit
            self._used[token, kind] = (second, used + granted)
            return Allowance(limit, limit - used - granted, second + 1, granted)
