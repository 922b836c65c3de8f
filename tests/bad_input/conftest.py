"""One emulator of AWS and one vendor for all cases; every case has tables of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from local_cloud.cloud import start_cloud
from local_cloud.processes import Children, free_port
from planster_sync.model.timings import Timings
from tests.bad_input.cases import HONEST
from tests.bad_input.plant import Plant
from tests.bad_input.vendor import Vendor, honestly, serving
from tests.contract.stores.backends import OnAws, on_emulator
from tests.fakes.clock import ManualClock

IMPATIENT = Timings(max_stalls=4, max_hops=3)
"""Production tries for longer; the ends are the same."""


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with Children(tmp_path_factory.mktemp("logs")) as children:
        yield start_cloud(children, port=free_port(), scratch=tmp_path_factory.mktemp("cloud")).endpoint


@pytest.fixture(scope="module")
def server() -> Iterator[Vendor]:
    with serving() as vendor:
        yield vendor


@pytest.fixture
def plant(endpoint: str, server: Vendor) -> Plant:
    """A vendor with twelve honest records, nothing of which has been read yet."""
    server.records, server.poison, server.asked = list(HONEST), honestly, 0
    server.looked_up.clear()
    return Plant(server, OnAws(ManualClock(), on_emulator(endpoint)), IMPATIENT)
