"""Bounded waiting between attempts, on the clock and the randomness that it is given."""

from __future__ import annotations

from collections.abc import Callable, Iterator
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

    def rounds(self) -> Iterator[int]:
        """Attempt numbers, with a wait before each but the first.

        Raises:
            StoreBusy: the caller still wants another attempt after the last.
        """
        for attempt in range(self.attempts):
            if attempt:
                self.clock.wait(min(self.longest, self.first * 2 ** (attempt - 1)) * (0.5 + self.random() / 2))
            yield attempt
        raise StoreBusy("The store is busy.", detail=f"not done after {self.attempts} attempts")
