"""A virtual clock and the processes on it: one runs at a time, until it calls something outside of itself.

Every call to the cloud or to a vendor takes some virtual time; meanwhile others run. Who goes on first follows from the
latencies and, among equals, from the seed: the same seed gives the same order. A killed process is unwound where it
stands, and whatever its clean-up still tries to reach the world is refused, as it would be after `kill -9`.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

from greenlet import greenlet

START = datetime(2026, 3, 20, tzinfo=UTC)
"""Nine days before the clocks change in Europe: a dozen nights cross it."""


class Gone(BaseException):
    """The process has been killed; nothing that it still does has an effect."""


@dataclass(eq=False, slots=True)
class Process:
    """One invocation. `ends` (virtual seconds) is when the platform kills it; `skew` is how wrong its clock is.

    A `zombie` is one that the platform failed to kill: it wakes up long after, and only guards in the store stop it.
    """

    name: str
    ends: float
    skew: float = 0.0
    dead: bool = False
    zombie: bool = False
    tenant: str = ""
    body: greenlet | None = None
    calls: int = 0


@dataclass(eq=False)
class Hub:
    random: Random
    now: float = 0.0
    current: Process | None = None
    living: set[Process] = field(default_factory=set)
    steps: int = 0
    _queue: list[tuple[float, float, int, Process | Callable[[], None]]] = field(default_factory=list)
    _count: int = 0

    def __post_init__(self) -> None:
        self._main = greenlet.getcurrent()

    @property
    def moment(self) -> datetime:
        return START + timedelta(seconds=self.now)

    def clock_of_current(self) -> datetime:
        """What the clock of the running process shows."""
        return START + timedelta(seconds=self.now + (self.current.skew if self.current else 0.0))

    def at(self, when: float, action: Callable[[], None]) -> None:
        """Lets something happen in the world at a virtual time."""
        self._push(max(when, self.now), action)

    def spawn(self, name: str, do: Callable[[], None], *, ends: float, skew: float = 0.0) -> Process:
        """Starts an invocation; it begins at once, in its turn."""
        process = Process(name, ends, skew)

        def body() -> None:
            try:
                do()
            except Gone:
                pass
            finally:
                process.dead = True
                self.living.discard(process)

        process.body = greenlet(body, self._main)
        self.living.add(process)
        self._push(self.now, process)
        return process

    def pause(self, seconds: float) -> None:
        """The calling process waits; outside of any process it is nothing.

        Raises:
            Gone: it was killed meanwhile.
        """
        process = self.current
        if process is None:
            return
        if process.dead:
            raise Gone
        self._push(self.now + seconds, process)
        self._main.switch()
        if process.dead:
            raise Gone

    def kill(self, process: Process) -> None:
        """`kill -9`: also from within the process itself."""
        process.dead = True
        if self.current is process:
            raise Gone
        self._unwind(process)

    def run(self, until: float) -> None:
        """Lets time pass to a virtual moment."""
        while self._queue and self._queue[0][0] <= until:
            when, _, _, what = heapq.heappop(self._queue)
            self.now = max(self.now, when)
            self.steps += 1
            if isinstance(what, Process):
                self._resume(what)
            else:
                what()
        self.now = max(self.now, until)

    def end(self) -> None:
        """Kills whatever still lives, so that nothing is unwound by chance later."""
        for process in list(self.living):
            self.kill(process)

    def _resume(self, process: Process) -> None:
        if process.dead:
            return
        if self.now > process.ends and not process.zombie:
            process.dead = True
            self._unwind(process)
            return
        self.current = process
        try:
            assert process.body is not None
            process.body.switch()
        finally:
            self.current = None

    def _unwind(self, process: Process) -> None:
        before, self.current = self.current, process
        try:
            if process.body is not None and process.body and not process.body.dead:
                process.body.throw(Gone)
        finally:
            self.current = before
            self.living.discard(process)

    def _push(self, when: float, what: Process | Callable[[], None]) -> None:
        self._count += 1
        heapq.heappush(self._queue, (when, self.random.random(), self._count, what))


@dataclass(frozen=True, slots=True)
class HubClock:
    """One process's clock; a wait is a pause of the process."""

    hub: Hub

    def now(self) -> datetime:
        return self.hub.clock_of_current()

    def wait(self, seconds: float) -> None:
        self.hub.pause(max(0.0, seconds))
