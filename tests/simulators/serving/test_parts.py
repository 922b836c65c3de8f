"""The parts that vendors put together: rate limits, token grants, and reading requests."""

from __future__ import annotations

import base64

import pytest

from simulators.serving.asking import basic, bearer, form, parameters
from simulators.serving.exchange import Request
from simulators.serving.grants import Grants
from simulators.serving.limits import Bucket, Concurrent, EveryWindow, Unlimited, Windows
from tests.simulators.serving.conftest import HandClock


def _request(query: str = "", body: bytes = b"", **headers: str) -> Request:
    return Request("GET", "/", query, headers, body)


def test_window_counts_per_key_and_starts_again(clock: HandClock) -> None:
    limiter = Windows(2, 60)

    taken = [limiter.take("one", clock()) for _ in range(3)]
    other = limiter.take("two", clock())
    clock.forward(seconds=45)
    late = limiter.take("one", clock())
    clock.forward(seconds=15)

    assert [each.granted for each in taken] == [True, True, False]
    assert [each.remaining for each in taken] == [1, 0, 0]
    assert other.granted
    assert (late.granted, late.wait_seconds) == (False, 15)
    assert limiter.take("one", clock()).granted


def test_every_window_must_allow_and_a_refusal_counts_in_none(clock: HandClock) -> None:
    limiter = EveryWindow([Windows(2, 60), Windows(3, 86_400)])

    minute = [limiter.take("one", clock()).granted for _ in range(4)]
    clock.forward(seconds=60)
    day = [limiter.take("one", clock()) for _ in range(2)]

    assert minute == [True, True, False, False]
    assert [each.granted for each in day] == [True, False]
    assert day[1].wait_seconds == 86_400 - 3 * 3600 - 60


def test_bucket_fills_by_time_and_says_how_long(clock: HandClock) -> None:
    limiter = Bucket(capacity=100, per_second=5)

    first, second = limiter.take("one", clock(), 90), limiter.take("one", clock(), 30)
    clock.forward(seconds=4)
    third = limiter.take("one", clock(), 30)
    clock.forward(hours=1)

    assert (first.granted, first.remaining) == (True, 10)
    assert (second.granted, second.remaining, second.wait_seconds) == (False, 10, 4)
    assert (third.granted, third.remaining) == (True, 0)
    assert limiter.take("one", clock(), 0).remaining == 100


def test_concurrent_limit_counts_what_is_not_released(clock: HandClock) -> None:
    limiter = Concurrent(2)

    taken = [limiter.take("one", clock()).granted for _ in range(3)]
    limiter.release("one")

    assert taken == [True, True, False]
    assert limiter.take("one", clock()).granted
    assert all(Unlimited().take("one", clock()).granted for _ in range(100))


def test_access_token_ends_with_its_life_and_is_still_known(clock: HandClock) -> None:
    grants = Grants(clock)
    grant = grants.issue("con-1", life_seconds=60, scope="read")
    alive = grants.holder(grant.access_token)

    clock.forward(seconds=60)

    assert alive == "con-1"
    assert grants.holder(grant.access_token) is None
    assert grants.grant(grant.access_token) == grant
    assert grants.grant("invented") is None
    assert grants.holder(None) is None


def test_renewing_keeps_the_refresh_token_and_rotating_uses_it_up(clock: HandClock) -> None:
    grants = Grants(clock)
    first = grants.issue("con-1", 60, scope="read")

    second = grants.renewed(first.refresh_token, 60)
    third = grants.rotated(first.refresh_token, 60)

    assert second is not None
    assert third is not None
    assert second.refresh_token == first.refresh_token != third.refresh_token
    assert {grants.holder(each.access_token) for each in (first, second, third)} == {"con-1"}
    assert third.scope == "read"
    assert grants.rotated(first.refresh_token, 60) is None
    assert grants.renewed(first.refresh_token, 60) is None


def test_refresh_token_ends_with_its_own_life_or_when_told(clock: HandClock) -> None:
    grants = Grants(clock)
    short = grants.issue("con-1", 60, refresh_seconds=100)
    clock.forward(seconds=100)
    lasting, other = grants.issue("con-1", 60), grants.issue("con-2", 60)

    ended = (grants.expire("con-1", "refresh"), grants.expire("con-1", "access"))

    assert grants.rotated(short.refresh_token, 60) is None
    assert ended == (2, 2)
    assert grants.renewed(lasting.refresh_token, 60) is None
    assert grants.holder(lasting.access_token) is None
    assert grants.holder(other.access_token) == "con-2"
    assert grants.renewed(other.refresh_token, 60) is not None


def test_requests_are_read_as_they_were_meant() -> None:
    assert parameters(_request("a=1&b=%C4%8C&c=")) == {"a": "1", "b": "Č", "c": ""}
    assert form(_request(body=b"grant_type=refresh_token&x=a+b")) == {"grant_type": "refresh_token", "x": "a b"}
    assert bearer(_request(authorization="bearer abc")) == "abc"
    assert basic(_request(authorization=f"Basic {base64.b64encode(b'user:p:w').decode()}")) == ("user", "p:w")


@pytest.mark.parametrize("header", ["", "Bearer", "Basic !", "Basic dXNlcg==", "Digest abc"])
def test_credentials_that_are_none_are_none(header: str) -> None:
    assert bearer(_request(authorization=header)) is None
    assert basic(_request(authorization=header)) is None
