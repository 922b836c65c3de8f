"""An account's requests are counted as they were answered."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from planster_sync.http.messages import Answer, NoAnswer, Request
from planster_sync.http.tally import TalliedClock, TalliedTransport, Tally
from tests.fakes.clock import ManualClock

GET = Request("GET", "/orders")


class Scripted:
    """Answers with these statuses, one after the other; 0 is no answer at all. Each takes its place in seconds."""

    def __init__(self, clock: ManualClock, statuses: list[int]) -> None:
        self.clock = clock
        self.statuses = statuses
        self.asked = 0
        self.is_closed = False

    def exchange(self, request: Request, ends: datetime) -> Answer:
        self.asked += 1
        self.clock.advance(self.asked)
        status = self.statuses.pop(0)
        if status == 0:
            raise NoAnswer(TimeoutError(), sent=True)
        return Answer(status, {}, b"")

    def close(self) -> None:
        self.is_closed = True


def test_requests_are_counted_by_how_they_were_answered() -> None:
    clock, tally = ManualClock(), Tally()
    scripted = Scripted(clock, [200, 429, 503, 500, 404])
    transport = TalliedTransport(scripted, tally, clock)

    statuses = [transport.exchange(GET, clock.now() + timedelta(minutes=1)).status for _ in range(5)]
    transport.close()

    assert statuses == [200, 429, 503, 500, 404]
    assert scripted.is_closed
    assert tally.summary() == {
        "calls": 5,
        "throttled": 1,
        "unavailable": 2,
        "unanswered": 0,
        "tokens": 0,
        "waited": 0,
        "p95_ms": 4000,
    }


def test_a_request_without_an_answer_counts_and_still_fails() -> None:
    clock, tally = ManualClock(), Tally()

    with pytest.raises(NoAnswer):
        TalliedTransport(Scripted(clock, [0]), tally, clock).exchange(GET, clock.now())

    assert (tally.summary()["calls"], tally.summary()["unanswered"], tally.summary()["p95_ms"]) == (1, 1, 1000)


def test_waits_are_made_and_added_up() -> None:
    clock, tally = ManualClock(), Tally()
    tallied = TalliedClock(clock, tally)

    tallied.wait(1.5)
    tallied.wait(2)

    assert clock.waits == [1.5, 2]
    assert tally.summary()["waited"] == 3.5


def test_an_account_that_was_not_asked_has_nothing_to_tell() -> None:
    assert set(Tally().summary().values()) == {0}
