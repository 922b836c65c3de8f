"""One account's allowance, shared by its workers through one counter: the time of the next free request.

    next_at ──┬─ reserve n ──► next_at + n/rate      the worker owns n moments, 1/rate apart, and waits for each
              └─ learned ────► the vendor's moment   never backwards

A batch is at most rate / workers requests, so that it costs a fraction of a write for each request and no worker holds
more than its share of a second; a worker whose answers take longer than the distance between two moments reserves one
at a time, for it would miss the others. A reservation is made only when it begins within the short wait: a worker that
would not wait anyway takes nobody's place.

Late is as bad as early: a request behind its moment comes together with the next ones. So a moment is never nearer than
a reservation takes, and a worker that wakes up too late for its moment lets it pass and takes another. A reservation
whose answer was lost, and which is sent again, gives up the moments of the first: the account is used less, never more.
"""

from __future__ import annotations

from collections import deque
from datetime import UTC, datetime, timedelta
from threading import Lock

from planster_sync.errors import StoreBusy, Throttled
from planster_sync.model.runs import StreamKey
from planster_sync.ports.platform import Clock
from planster_sync.storage import keys as layout
from planster_sync.storage.table import Change, Table

SHARE_OF_RATE = 0.92
"""What is used of a vendor's documented rate: at 10 a second, eleven moments then span 1.087 s, so that a request may
arrive 87 ms late before eleven fall into one second. docs/shared-limit.md has what is measured."""

_LATE = timedelta(seconds=0.03)
"""A moment that was missed by more is let pass; the rest of the 87 ms is left to the way to the vendor."""

_LONGEST_LEAD = timedelta(seconds=0.5)
_TURNS = 5
_LOOKED_BACK = 8


class DynamoRateBudget:
    """`short_wait` is the longest wait inside `take`, in seconds; `workers` how many share the account."""

    def __init__(
        self, control: Table, stream: StreamKey, *, per_second: float, workers: int, short_wait: float, clock: Clock
    ) -> None:
        self._table = control
        self._key = layout.rate_key(stream.organisation, stream.integration)
        self._spacing = 1 / per_second
        self._batch = max(1, int(per_second / max(1, workers)))
        self._short_wait = timedelta(seconds=short_wait)
        self._clock = clock
        self._reserved: deque[datetime] = deque()
        self._last: datetime | None = None
        self._was_behind = False
        """How the last reservation went, which is how the next one is first asked for: mostly one write does."""
        self._pauses: deque[float] = deque(maxlen=_LOOKED_BACK)
        self._reserving_takes: deque[timedelta] = deque(maxlen=_LOOKED_BACK)
        self._one_at_a_time = Lock()

    def take(self, deadline: datetime | None) -> None:
        for _ in range(_TURNS):
            moment = self._moment_for(deadline)
            left = (moment - self._clock.now()).total_seconds()
            if left > 0:
                self._clock.wait(left)
            if self._clock.now() <= moment + _LATE:
                return
        # A machine that is late each time is asked to work all the same; the vendor's own refusal still counts.

    def _moment_for(self, deadline: datetime | None) -> datetime:
        now = self._clock.now()
        bound = now + self._short_wait if deadline is None else min(deadline, now + self._short_wait)
        with self._one_at_a_time:
            moment = self._next(now, bound)
            self._last = max(moment, now)
        return moment

    def learned(self, until: datetime) -> None:
        with self._one_at_a_time:
            self._reserved.clear()
        at = _micros(until)
        change = Change("attribute_not_exists(#next_at) OR #next_at < :at", sets={"next_at": at}, values={"at": at})
        self._table.change(self._key, change)

    def _next(self, now: datetime, bound: datetime) -> datetime:
        if self._last is not None:
            self._pauses.append((now - self._last).total_seconds())
        self._drop_missed(now)
        if not self._reserved:
            self._reserve(bound)
        if self._reserved[0] > bound:
            raise Throttled("The account's allowance is spent for now.", until=self._reserved[0])
        return self._reserved.popleft()

    def _drop_missed(self, now: datetime) -> None:
        """Missed moments are not made up for: that would be a burst."""
        while self._reserved and self._reserved[0] < now - _LATE:
            self._reserved.popleft()

    @property
    def _worth_reserving(self) -> int:
        """How many moments this worker will not miss, going by how long its last requests kept it away."""
        in_time = self._pauses and max(self._pauses) <= self._spacing
        return self._batch if in_time else 1

    def _reserve(self, bound: datetime) -> None:
        count = self._worth_reserving
        span = round(self._spacing * count * 1_000_000)
        for queue_up in ((_behind, _fresh) if self._was_behind else (_fresh, _behind)) * _TURNS:
            asked_at = self._clock.now()
            earliest = asked_at + min(max(self._reserving_takes, default=timedelta(0)), _LONGEST_LEAD)
            outcome = self._table.change(self._key, queue_up(_micros(earliest), _micros(max(bound, earliest)), span))
            self._reserving_takes.append(self._clock.now() - asked_at)
            next_at = int((outcome.item or {}).get("next_at", 0))
            if outcome.accepted:
                self._was_behind = queue_up is _behind
                self._reserved.extend(self._moments(next_at - span, count))
                return
            if next_at > _micros(bound):
                raise Throttled("The account's allowance is spent for now.", until=_moment(next_at))
        raise StoreBusy("The account's allowance is asked for by too many workers at once.")

    def _moments(self, first: int, count: int) -> list[datetime]:
        return [_moment(first + round(place * self._spacing * 1_000_000)) for place in range(count)]


def _behind(earliest: int, bound: int, span: int) -> Change:
    """Takes the next moments of those that are waiting their turn."""
    values = {"now": earliest, "bound": bound}
    return Change("#next_at BETWEEN :now AND :bound", adds={"next_at": span}, values=values)


def _fresh(earliest: int, bound: int, span: int) -> Change:  # noqa: ARG001  as `_behind` is called
    """Takes the first moments there are, where nobody is waiting."""
    condition = "attribute_not_exists(#next_at) OR #next_at < :now"
    return Change(condition, sets={"next_at": earliest + span}, values={"now": earliest})


def _micros(moment: datetime) -> int:
    return round(moment.timestamp() * 1_000_000)


def _moment(micros: int) -> datetime:
    return datetime.fromtimestamp(micros / 1_000_000, tz=UTC)
