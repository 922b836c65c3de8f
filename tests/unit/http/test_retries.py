"""How long a vendor asks to wait, in every spelling that was seen."""

from __future__ import annotations

from datetime import timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planster_sync.http.retries import RetryPolicy, until_of
from tests.fakes.clock import START

EPOCH = int(START.timestamp())


@pytest.mark.parametrize(
    ("name", "value", "seconds"),
    [
        ("retry-after", "3", 3),
        ("retry-after", " 1.5 ", 1.5),
        ("retry-after", "60 Seconds", 60),
        ("retry-after", "250ms", 0.25),
        ("retry-after", "2 minutes", 120),
        ("retry-after", "Sun, 01 Mar 2026 02:00:09 GMT", 9),
        ("retry-after", "Sun, 01 Mar 2026 01:00:00 GMT", 0),
        ("retry-after", "99999999", 86_400),
        ("x-retry-after", "4", 4),
        ("x-rate-limit-retry-after", "5", 5),
        ("x-ratelimit-retry-after", "6", 6),
        ("x-ratelimit-reset", str(EPOCH + 7), 7),
        ("x-ratelimit-reset", str((EPOCH + 7) * 1000), 7),
        ("x-ratelimit-reset", "8", 8),
        ("x-rate-limit-reset", str(EPOCH - 9), 0),
        ("ratelimit-reset", "10", 10),
    ],
)
def test_wait_is_read(name: str, value: str, seconds: float) -> None:
    assert until_of({name: value}, START) == START + timedelta(seconds=seconds)


@pytest.mark.parametrize("value", ["", "soon", "-5", "5 parsecs", "1e9", "NaN", "Sun, 99 Mar 2026 02:00:09 GMT"])
def test_wait_that_cannot_be_read_is_none(value: str) -> None:
    assert until_of({"retry-after": value}, START) is None


def test_second_header_is_read_when_the_first_is_nonsense() -> None:
    headers = {"retry-after": "soon", "x-ratelimit-reset": "8"}

    assert until_of(headers, START) == START + timedelta(seconds=8)


@given(st.text(max_size=40), st.sampled_from(["retry-after", "x-ratelimit-reset"]))
def test_no_text_breaks_the_reading_or_parks_the_account(text: str, name: str) -> None:
    until = until_of({name: text}, START)

    assert until is None or START <= until <= START + timedelta(hours=24)


@given(st.integers(0, 86_400))
def test_every_http_date_is_read(seconds: int) -> None:
    moment = START + timedelta(seconds=seconds)

    assert until_of({"retry-after": format_datetime(moment, usegmt=True)}, START) == moment


@given(st.integers(1, 10_000), st.floats(0, 1))
def test_jitter_stays_within_the_ceiling(failures: int, drawn: float) -> None:
    assert 0 <= RetryPolicy(ceiling=7).wait_after(failures, lambda: drawn) <= 7
