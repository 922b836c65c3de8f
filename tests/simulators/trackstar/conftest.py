"""A simulated server per test, and a client that speaks plain HTTP to it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests

from simulators.serving.server import RunningServer
from simulators.trackstar.account import Account
from simulators.trackstar.config import AccountSpec, ServerConfig
from simulators.trackstar.server import serve

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
    """A connection's view of the server."""

    def __init__(self, url: str, token: str) -> None:
        self.url = url
        self.session = requests.Session()
        self.session.headers.update({"x-trackstar-api-key": "sim-api-key", "x-trackstar-access-token": token})

    def get(self, path: str, **parameters: str) -> requests.Response:
        return self.session.get(self.url + path, params=parameters, timeout=10)

    def send(self, method: str, path: str, body: Any, **headers: str) -> requests.Response:
        return self.session.request(method, self.url + path, json=body, headers=headers, timeout=10)

    def post(self, path: str, body: Any) -> Any:
        answer = self.send("POST", path, body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def ids(self, path: str, **parameters: str) -> list[str]:
        """The ids of every page of a list."""
        found: list[str] = []
        while True:
            page = self.get(path, **parameters)
            assert page.status_code == 200, page.text
            found += [record["id"] for record in page.json()["data"]]
            if page.json()["next_token"] is None:
                return found
            parameters["page_token"] = page.json()["next_token"]

    def truth(self, collection: str, connection: str = "con-1") -> list[dict[str, Any]]:
        answer = self.get(f"/_sim/truth/{connection}/{collection}")
        return [json.loads(line) for line in answer.content.splitlines()]


def account(**changes: Any) -> AccountSpec:
    told: dict[str, Any] = {"connection_id": "con-1", "access_token": "token-1", "size": 60, **changes}
    return AccountSpec(**told)


Starter = Callable[..., Client]


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def start(clock: HandClock) -> Iterator[Starter]:
    """Starts a server for one or more accounts and gives the first account's client."""
    running: list[RunningServer[Account]] = []
    clients: list[Client] = []

    def begin(*accounts: AccountSpec, **options: Any) -> Client:
        told: dict[str, Any] = {"rate_get": 0, "rate_write": 0, "base_date": BASE, "clock": clock, **options}
        running.append(serve(ServerConfig(accounts or (account(),), **told)))
        clients.append(Client(running[-1].url, "token-1"))
        return clients[-1]

    yield begin
    for client in clients:
        client.session.close()
    for server in running:
        server.stop()
