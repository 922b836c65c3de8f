"""Each test of the contract runs on every backend; the emulator only where PLANSTER_CLOUD_ENDPOINT names one."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.contract.stores.backends import ENDPOINT, InMemory, OnAws, Stores, aws_clients
from tests.fakes.clock import ManualClock

_EMULATOR = pytest.param(
    "emulator", marks=pytest.mark.skipif(not os.environ.get(ENDPOINT), reason=f"{ENDPOINT} names no emulator")
)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture(params=["memory", "moto", _EMULATOR])
def stores(request: pytest.FixtureRequest, clock: ManualClock) -> Iterator[Stores]:
    if request.param == "memory":
        yield InMemory(clock)
    else:
        with aws_clients(request.param) as clients:
            yield OnAws(clock, *clients)


@pytest.fixture(params=["moto", _EMULATOR])
def aws(request: pytest.FixtureRequest, clock: ManualClock) -> Iterator[OnAws]:
    """For what only the stored form can show: the reader, the rate budget, the layout."""
    with aws_clients(request.param) as clients:
        yield OnAws(clock, *clients)


@pytest.fixture
def emulator(clock: ManualClock) -> Iterator[OnAws]:
    """For what needs real concurrency in the store."""
    if not os.environ.get(ENDPOINT):
        pytest.skip(f"{ENDPOINT} names no emulator")
    with aws_clients("emulator") as clients:
        yield OnAws(clock, *clients)
