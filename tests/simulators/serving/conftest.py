"""The made-up vendor on a real port, and a client that speaks plain HTTP to it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests

from simulators.serving.account import Account
from simulators.serving.limits import Limiter
from simulators.serving.server import RunningServer, serve
from simulators.serving.simulation import Simulation
from tests.simulators.serving.corner import Corner

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

    def __init__(self, server: RunningServer[Account]) -> None:
        self.server = server
        self.url = server.url
        self.session = requests.Session()

    def send(self, method: str, path: str, body: Any = None, **options: Any) -> requests.Response:
        return self.session.request(method, self.url + path, json=body, timeout=10, **options)

    def get(self, path: str, **parameters: str) -> requests.Response:
        return self.send("GET", path, params=parameters)

    def told(self, method: str, path: str, body: Any = None) -> Any:
        answer = self.send(method, path, body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def log_in(self, number: int = 1) -> requests.Response:
        answer = self.send("POST", "/token", auth=(f"client-{number}", f"secret-{number}"))
        self.session.headers["Authorization"] = f"Bearer {answer.json().get('access_token')}"
        return answer

    def truth(self, connection: str = "con-1") -> list[dict[str, Any]]:
        answer = self.get(f"/_sim/truth/{connection}/articles")
        assert answer.status_code == 200, answer.text
        return [json.loads(line) for line in answer.content.splitlines()]


def account(number: int = 1, **changes: Any) -> dict[str, Any]:
    secrets = {"client_id": f"client-{number}", "client_secret": f"secret-{number}"}
    return {"connection_id": f"con-{number}", "credentials": secrets, "size": 60, **changes}


Starter = Callable[..., Client]


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def start(clock: HandClock) -> Iterator[Starter]:
    """Starts a server for one or more accounts and gives the first account's client, logged in."""
    clients: list[Client] = []

    def begin(*accounts: dict[str, Any], limiter: Limiter | None = None) -> Client:
        server = serve(Simulation(Corner(limiter), BASE, clock), accounts or (account(),))
        clients.append(Client(server))
        clients[-1].log_in()
        return clients[-1]

    yield begin
    for client in clients:
        client.session.close()
        client.server.stop()
