"""Bounded waiting between attempts, on the clock and the randomness that it is given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

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

    def begin(self) -> Attempts:
        return Attempts(self)


@dataclass(slots=True)
class Attempts:
    """The attempts at one piece of work."""

    bounds: Backoff
    in_vain: int = 0
    """How many attempts have brought nothing since the last that did."""
    doubted: bool = False
    """Whether the answer to one of them was lost."""

    def again(self, why: str) -> None:
        """Waits for the next attempt, after one that brought nothing.

        Raises:
            StoreBusy: that was the last one; `why` is its detail.
        """
        self.in_vain += 1
        if self.in_vain >= self.bounds.attempts:
            raise StoreBusy("The store is busy.", detail=f"{why}, {self.in_vain} times")
        wait = min(self.bounds.longest, self.bounds.first * 2 ** (self.in_vain - 1))
        self.bounds.clock.wait(wait * (0.5 + self.bounds.random() / 2))

    def progressed(self) -> None:
        """An attempt brought a part: the waits begin anew, with the shortest."""
        self.in_vain = 0
