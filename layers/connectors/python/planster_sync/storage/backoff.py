"""Bounded waiting between attempts, on the clock and the randomness that it is given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from planster_sync.errors import StoreBusy
from planster_sync.ports.platform import Clock


@dataclass(frozen=True, slots=True)
class Backoff:
    """Eight attempts with waits of 50 ms doubling up to 5 s, each between half and all of it: under 7 s together.

    `random` gives a number in [0, 1).
    """

    clock: Clock
    random: Callable[[], float]
    attempts: int = 8
    first: float = 0.05
    longest: float = 5.0

    def begin(self, headway: Headway | None = None) -> Attempts:
        """For one piece of work; `headway` is shared with pieces that compete with it for the same throughput."""
        return Attempts(self, headway or Headway())


@dataclass(slots=True)
class Headway:
    """Counts what got through. A table at its limit takes a little of everybody's: none of it is in vain."""

    parts: int = 0


@dataclass(slots=True)
class Attempts:
    """The attempts at one piece of work. Waits grow with its own, the end comes when nobody makes headway."""

    bounds: Backoff
    headway: Headway
    doubted: bool = False
    """Whether the answer to one of them was lost."""
    _waits: int = 0
    _in_vain: int = 0
    _seen: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self._seen = self.headway.parts

    def again(self, why: str) -> None:
        """Waits for the next attempt, after one that brought nothing or not all.

        Raises:
            StoreBusy: that was the last one; `why` is its detail.
        """
        if self.headway.parts != self._seen:
            self._seen, self._in_vain = self.headway.parts, 0
        else:
            self._in_vain += 1
        if self._in_vain >= self.bounds.attempts:
            raise StoreBusy("The store is busy.", detail=f"{why}, {self._in_vain} times")
        wait = min(self.bounds.longest, self.bounds.first * 2**self._waits)
        self._waits += 1
        self.bounds.clock.wait(wait * (0.5 + self.bounds.random() / 2))

    def progressed(self) -> None:
        """An attempt brought a part: the next wait is a step shorter than the last, so that lanes find their pace."""
        self.headway.parts += 1
        self._waits = max(0, self._waits - 2)
