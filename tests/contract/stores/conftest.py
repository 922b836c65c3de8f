"""Each test of the contract runs on every backend: in memory, on moto, and on the local cloud's emulator."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from local_cloud.cloud import start_cloud
from local_cloud.processes import Children, free_port
from tests.contract.stores.backends import Aws, InMemory, OnAws, Stores, on_emulator, on_moto
from tests.fakes.clock import ManualClock

_MOTO = pytest.param("moto", marks=pytest.mark.moto)
_EMULATOR = pytest.param("emulator", marks=pytest.mark.cloud)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture(scope="session")
def emulated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aws]:
    """An emulator of this process's own; it is up in half a second."""
    with Children(tmp_path_factory.mktemp("store-logs")) as children:
        cloud = start_cloud(children, port=free_port(), scratch=tmp_path_factory.mktemp("store"))
        yield on_emulator(cloud.endpoint)


@pytest.fixture(params=["memory", _MOTO, _EMULATOR])
def stores(request: pytest.FixtureRequest, clock: ManualClock) -> Iterator[Stores]:
    if request.param == "memory":
        yield InMemory(clock)
    else:
        yield from _on_aws(request, clock)


@pytest.fixture(params=[_MOTO, _EMULATOR])
def aws(request: pytest.FixtureRequest, clock: ManualClock) -> Iterator[OnAws]:
    """For what only the stored form can show: the reader, the rate budget, the layout."""
    yield from _on_aws(request, clock)


@pytest.fixture
def emulator(emulated: Aws, clock: ManualClock) -> OnAws:
    """For what needs real concurrency in the store, or DynamoDB's own limits."""
    return OnAws(clock, emulated)


def _on_aws(request: pytest.FixtureRequest, clock: ManualClock) -> Iterator[OnAws]:
    if request.param == "moto":
        with on_moto() as aws:
            yield OnAws(clock, aws)
    else:
        yield OnAws(clock, request.getfixturevalue("emulated"))
