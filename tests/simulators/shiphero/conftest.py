"""The simulated vendor on a real port, and a client that speaks plain GraphQL to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests

from simulators.serving.account import Account
from simulators.serving.limits import Bucket, Limiter
from simulators.serving.server import RunningServer, serve
from simulators.serving.simulation import Simulation
from simulators.shiphero.__main__ import credentials
from simulators.shiphero.vendor import Shiphero

BASE = datetime(2026, 3, 1, tzinfo=UTC)


class HandClock:
    """A clock that moves only when a test moves it."""

    def __init__(self) -> None:
        self.moment = BASE + timedelta(days=1, hours=3)

    def __call__(self) -> datetime:
        return self.moment

    def forward(self, **duration: float) -> None:
        self.moment += timedelta(**duration)


class Client:
    """An account's view of the server."""

    def __init__(self, server: RunningServer[Account], clock: HandClock) -> None:
        self.server = server
        self.clock = clock
        self.session = requests.Session()

    def post(self, path: str, body: Any) -> requests.Response:
        return self.session.post(self.server.url + path, json=body, timeout=10)

    def log_in(self) -> None:
        granted = self.post("/auth/refresh", {"refresh_token": credentials(1)["refresh_token"]}).json()
        self.session.headers["Authorization"] = f"Bearer {granted['access_token']}"

    def ask(self, document: str, **variables: Any) -> requests.Response:
        return self.post("/graphql", {"query": document, "variables": variables})

    def answer(self, document: str, **variables: Any) -> Any:
        answer = self.ask(document, **variables)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def data(self, document: str, **variables: Any) -> Any:
        told = self.answer(document, **variables)
        assert "errors" not in told, told
        return told["data"]

    def nodes(self, document: str, **variables: Any) -> list[Any]:
        """What the first list of a document holds."""
        (found,) = self.data(document, **variables).values()
        return [edge["node"] for edge in found["data"]["edges"]]

    def control(self, path: str, body: Mapping[str, Any] | None = None) -> Any:
        return self.post(f"/_sim/{path}", body or {}).json()


Starter = Callable[..., Client]


@pytest.fixture
def start() -> Iterator[Starter]:
    """Starts a server with one account and gives its client, logged in."""
    clients: list[Client] = []

    def begin(*, bucket: Bucket | None = None, requests_: Limiter | None = None, **account: Any) -> Client:
        clock = HandClock()
        told = {"connection_id": "con-1", "credentials": credentials(1), "size": 40, **account}
        clients.append(Client(serve(Simulation(Shiphero(bucket, requests_), BASE, clock), [told]), clock))
        clients[-1].log_in()
        return clients[-1]

    yield begin
    for client in clients:
        client.session.close()
        client.server.stop()


@pytest.fixture
def client(start: Starter) -> Client:
    return start()
