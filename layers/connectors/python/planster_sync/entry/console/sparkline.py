"""The last runs as a row of bars: as high as the run was long, in the tone in which it ended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from planster_sync.entry.api.run_views import RunSummary
from planster_sync.entry.console import wording

HEIGHT, LEAST, STEP, WIDTH = 44, 5, 12, 8


@dataclass(frozen=True, slots=True)
class Bar:
    """A rectangle in the drawing's own units."""

    x: int
    y: float
    height: float
    run: RunSummary


@dataclass(frozen=True, slots=True)
class Bars:
    """Oldest first. `sentence` says the same in words."""

    bars: Sequence[Bar]
    sentence: str
    height: int = HEIGHT
    bar_width: int = WIDTH

    @property
    def width(self) -> int:
        return max(len(self.bars) * STEP - (STEP - WIDTH), 1)


def bars(newest_first: Sequence[RunSummary]) -> Bars:
    """Heights grow with the root of the duration, so that one long night does not flatten the others."""
    runs = list(reversed(newest_first))
    longest = max((run.duration_seconds or 0 for run in runs), default=0) or 1
    drawn = []
    for number, run in enumerate(runs):
        height = round(LEAST + (HEIGHT - LEAST) * sqrt((run.duration_seconds or 0) / longest), 1)
        drawn.append(Bar(number * STEP, round(HEIGHT - height, 1), height, run))
    return Bars(drawn, _sentence(runs))


def _sentence(runs: Sequence[RunSummary]) -> str:
    if not runs:
        return "No sync has run yet."
    ended = Counter(wording.RUNS[run.state].text.lower() for run in runs)
    told = ", ".join(f"{count} {word}" for word, count in ended.most_common())
    return f"The last {len(runs)} runs: {told}." if len(runs) > 1 else f"The only run: {told}."
