"""Rate limits: what is left to an account, under one small interface."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Allowance:
    """One request's allowance. `remaining` is what is left after it; `wait_seconds` how long until more is there."""

    granted: bool
    limit: float
    remaining: float
    wait_seconds: float


class Limiter(Protocol):
    """Counts requests, or what they cost, per key: an account's name, or that with a kind. Safe for several threads."""

    def take(self, key: str, now: datetime, cost: float = 1) -> Allowance: ...

    def release(self, key: str) -> None:
        """The request is answered."""


class Unlimited:
    """Grants everything."""

    def take(self, key: str, now: datetime, cost: float = 1) -> Allowance:  # noqa: ARG002 - the protocol's shape
        return Allowance(True, 0, 0, 0)

    def release(self, key: str) -> None:
        """Nothing is held."""


class Windows:
    """So much per whole window since the epoch: per second, minute or day."""

    def __init__(self, limit: float, seconds: int = 1) -> None:
        self.limit = limit
        self.seconds = seconds
        self._used: dict[str, tuple[int, float]] = {}
        self._lock = Lock()

    def take(self, key: str, now: datetime, cost: float = 1) -> Allowance:
        with self._lock:
            seen = self._seen(key, now)
            granted = seen.remaining >= cost
            left = seen.remaining - cost if granted else seen.remaining
            self._used[key] = (int(now.timestamp()) // self.seconds, self.limit - left)
            return Allowance(granted, self.limit, left, seen.wait_seconds)

    def left(self, key: str, now: datetime) -> Allowance:
        """What is left, without taking any; granted when that is one request."""
        with self._lock:
            return self._seen(key, now)

    def release(self, key: str) -> None:
        """A window forgets nothing before it ends."""

    def _seen(self, key: str, now: datetime) -> Allowance:
        second = now.timestamp()
        window = int(second) // self.seconds
        began, used = self._used.get(key, (window, 0))
        left = self.limit - (used if began == window else 0)
        return Allowance(left >= 1, self.limit, left, (window + 1) * self.seconds - second)


class EveryWindow:
    """Several windows at once, as so many per minute and so many per day; a refused request counts in none."""

    def __init__(self, windows: Sequence[Windows]) -> None:
        self._windows = tuple(windows)
        self._lock = Lock()

    def take(self, key: str, now: datetime, cost: float = 1) -> Allowance:
        with self._lock:
            short = [left for left in (each.left(key, now) for each in self._windows) if left.remaining < cost]
            if short:
                tightest = max(short, key=lambda left: left.wait_seconds)
                return Allowance(False, tightest.limit, tightest.remaining, tightest.wait_seconds)
            return min((each.take(key, now, cost) for each in self._windows), key=lambda left: left.remaining)

    def release(self, key: str) -> None:
        """A window forgets nothing before it ends."""


class Bucket:
    """A bucket of tokens or credits that fills up at a steady rate."""

    def __init__(self, capacity: float, per_second: float) -> None:
        self.capacity = capacity
        self.per_second = per_second
        self._held: dict[str, tuple[datetime, float]] = {}
        self._lock = Lock()

    def take(self, key: str, now: datetime, cost: float = 1) -> Allowance:
        with self._lock:
            since, held = self._held.get(key, (now, self.capacity))
            held = min(self.capacity, held + max(0.0, (now - since).total_seconds()) * self.per_second)
            granted = held >= cost
            left = held - cost if granted else held
            self._held[key] = (now, left)
            return Allowance(granted, self.capacity, left, max(0.0, cost - left) / self.per_second)

    def release(self, key: str) -> None:
        """A bucket fills by time alone."""


class Concurrent:
    """So many requests at one time."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._running: Counter[str] = Counter()
        self._lock = Lock()

    def take(self, key: str, now: datetime, cost: float = 1) -> Allowance:  # noqa: ARG002 - the protocol's shape
        with self._lock:
            granted = self._running[key] < self.most
            self._running[key] += granted
            return Allowance(granted, self.most, self.most - self._running[key], 1)

    def release(self, key: str) -> None:
        with self._lock:
            self._running[key] -= 1
