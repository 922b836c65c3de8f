"""Each test of the contract runs on every backend: memory, simulated services, moto, the local cloud's emulator."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.contract.stores.backends import InMemory, OnAws, Stores, on_emulator, on_moto, simulated
from tests.fakes.clock import ManualClock

_MOTO = pytest.param("moto", marks=pytest.mark.moto)
_EMULATOR = pytest.param("emulator", marks=pytest.mark.cloud)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture(params=["memory", "simulated", _MOTO, _EMULATOR])
def stores(request: pytest.FixtureRequest, clock: ManualClock) -> Iterator[Stores]:
    if request.param == "memory":
        yield InMemory(clock)
    else:
        yield from _on_aws(request, clock)


@pytest.fixture(params=["simulated", _MOTO, _EMULATOR])
def aws(request: pytest.FixtureRequest, clock: ManualClock) -> Iterator[OnAws]:
    """For what only the stored form can show: the reader, the rate budget, the layout."""
    yield from _on_aws(request, clock)


@pytest.fixture
def emulator(endpoint: str, clock: ManualClock) -> OnAws:
    """For what needs real concurrency in the store, or DynamoDB's own limits."""
    return OnAws(clock, on_emulator(endpoint))


def _on_aws(request: pytest.FixtureRequest, clock: ManualClock) -> Iterator[OnAws]:
    if request.param == "simulated":
        yield OnAws(clock, simulated())
    elif request.param == "moto":
        with on_moto() as aws:
            yield OnAws(clock, aws)
    else:
        yield OnAws(clock, on_emulator(request.getfixturevalue("endpoint")))
