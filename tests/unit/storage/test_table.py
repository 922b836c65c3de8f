"""How a table is written to: in which pieces, and at whose pace."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planster_sync.errors import StoreBusy
from planster_sync.storage.backoff import Backoff
from planster_sync.storage.lanes import Result, Work
from planster_sync.storage.table import Change, Table
from planster_sync.wire.endpoint import NoAnswer, Refused
from tests.fakes.clock import START, ManualClock


def _one_after_the_other(do: Callable[[Work], Result], work: Sequence[Work]) -> list[Result]:
    return [do(piece) for piece in work]


@dataclass(slots=True)
class LimitedTable:
    """Takes so many items a second, one second's worth at once, and hands the others back."""

    clock: ManualClock
    per_second: float
    left: float = 0
    bodies: list[bytes] = field(default_factory=list)
    stored: set[str] = field(default_factory=set)
    _filled_at: float = 0

    def call(self, operation: str, body: bytes) -> bytes:
        assert operation == "BatchWriteItem"
        self.bodies.append(body)
        self._fill()
        rest = [request for request in json.loads(body)["RequestItems"]["records"] if not self._takes(request)]
        return json.dumps({"UnprocessedItems": {"records": rest} if rest else {}}).encode()

    def _fill(self) -> None:
        now = (self.clock.now() - START).total_seconds()
        self.left = min(self.per_second, self.left + (now - self._filled_at) * self.per_second)
        self._filled_at = now

    def _takes(self, request: dict[str, Any]) -> bool:
        if self.left < 1:
            return False
        self.left -= 1
        self.stored.add(request["PutRequest"]["Item"]["pk"]["S"])
        return True


def _items(count: int, text: str = "") -> list[bytes]:
    return [json.dumps({"pk": {"S": str(number)}, "text": {"S": text}}).encode() for number in range(count)]


def _table(endpoint: Any, clock: ManualClock) -> Table:
    return Table(endpoint, "records", Backoff(clock, lambda: 0.5), _one_after_the_other)


@pytest.mark.parametrize("per_second", [2, 40, 500])
def test_a_table_at_its_limit_gets_everything_at_the_pace_that_the_limit_dictates(per_second: float) -> None:
    clock = ManualClock()
    endpoint = LimitedTable(clock, per_second)

    _table(endpoint, clock).put_all(_items(2000))

    took = (clock.now() - START).total_seconds()
    assert len(endpoint.stored) == 2000
    assert 2000 <= took * per_second <= 1.3 * 2000


def test_a_table_that_takes_nothing_any_more_is_given_up_after_bounded_attempts() -> None:
    clock = ManualClock()
    endpoint = LimitedTable(clock, per_second=0, left=0)

    with pytest.raises(StoreBusy, match="busy"):
        _table(endpoint, clock).put_all(_items(1))

    assert len(endpoint.bodies) == 8


@given(st.lists(st.integers(0, 1_500_000), min_size=1, max_size=30))
def test_no_batch_passes_the_limits_of_a_request(sizes: list[int]) -> None:
    clock = ManualClock()
    endpoint = LimitedTable(clock, per_second=1000, left=1000)
    items = [_items(1, "x" * size)[0].replace(b'"0"', b'"%d"' % place) for place, size in enumerate(sizes)]

    _table(endpoint, clock).put_all(items)

    assert len(endpoint.stored) == len(sizes)
    assert all(len(body) < 16 * 1024 * 1024 for body in endpoint.bodies)
    assert all(len(json.loads(body)["RequestItems"]["records"]) <= 25 for body in endpoint.bodies)


@dataclass(slots=True)
class Scripted:
    """Raises its failures one by one, then answers."""

    failures: list[Exception]
    answer: bytes = b'{"Attributes":{}}'

    def call(self, operation: str, body: bytes) -> bytes:
        if self.failures:
            raise self.failures.pop(0)
        return self.answer


def test_what_is_our_own_mistake_is_not_tried_again() -> None:
    clock = ManualClock()
    mistake = Refused("ValidationException", "wrong", b"{}")

    with pytest.raises(Refused, match="ValidationException: wrong"):
        _table(Scripted([mistake]), clock).get({"pk": "a", "sk": "b"})

    assert not clock.waits


def test_a_refused_change_tells_whether_it_may_be_its_own_effect() -> None:
    refusal = Refused("ConditionalCheckFailedException", "no", b'{"Item":{"owner":{"S":"me"}}}')

    certain = _table(Scripted([refusal]), ManualClock()).change({"pk": "a", "sk": "b"}, Change("x"))
    doubted = _table(Scripted([NoAnswer("lost"), refusal]), ManualClock()).change({"pk": "a", "sk": "b"}, Change("x"))

    assert (certain.accepted, certain.doubted, certain.item) == (False, False, {"owner": "me"})
    assert (doubted.accepted, doubted.doubted, doubted.item) == (False, True, {"owner": "me"})
