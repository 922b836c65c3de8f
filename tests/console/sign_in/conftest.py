"""An issuer, a console that signs in there, and a browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.console.sign_in.browsing import Browser, Console
from tests.console.sign_in.small_issuer import SmallIssuer, small_issuer
from tests.fakes.clock import ManualClock


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def issuer(clock: ManualClock) -> Iterator[SmallIssuer]:
    with small_issuer(clock) as issuer:
        yield issuer


@pytest.fixture
def console(issuer: SmallIssuer, clock: ManualClock) -> Console:
    return Console(issuer, clock)


@pytest.fixture
def browser(console: Console) -> Browser:
    return Browser(console)
