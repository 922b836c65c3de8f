"""Each test has its own vendor on a free port, its own budget, and a clock that only moves when told."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from tests.fakes.clock import ManualClock
from tests.unit.http.scripted_vendor import ClientMaker, Exchange, OpenBudget, ScriptedServer, Vendor


@pytest.fixture
def vendor() -> Iterator[Vendor]:
    made = Vendor()
    server = ScriptedServer(("127.0.0.1", 0), type("BoundExchange", (Exchange,), {"vendor": made}))
    made.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield made
    made.left.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def budget() -> OpenBudget:
    return OpenBudget()


@pytest.fixture
def make_client(vendor: Vendor, clock: ManualClock, budget: OpenBudget) -> Iterator[ClientMaker]:
    maker = ClientMaker(vendor, clock, budget)
    yield maker
    for client in maker.made:
        client.close()
