"""The simulated vendor on a real port, and a client that speaks plain HTTP to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests

from simulators.serving.account import Account
from simulators.serving.server import RunningServer, serve
from simulators.serving.simulation import Simulation
from simulators.shipbob.vendor import ShipBob

BASE = datetime(2026, 3, 1, tzinfo=UTC)
V = "/2026-07"


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
        self.url = server.url
        self.token = "sim-pat-1"

    def ask(self, method: str, path: str, **more: Any) -> requests.Response:
        headers = {"authorization": f"Bearer {self.token}", **more.pop("headers", {})}
        return requests.request(method, f"{self.url}{path}", headers=headers, timeout=10, **more)

    def get(self, path: str, **params: Any) -> requests.Response:
        return self.ask("GET", f"{V}/{path}", params=params)

    def items(self, path: str, **params: Any) -> list[dict[str, Any]]:
        """Every item of a linked list, from link to link."""
        answer = self.get(path, **params).json()
        found = list(answer["items"])
        while answer["next"] is not None:
            link = answer["next"]
            answer = self.ask("GET", link.removeprefix(self.url)).json()
            found += answer["items"]
        return found

    def control(self, path: str, body: object) -> Any:
        return requests.post(f"{self.url}/_sim/{path}", json=body, timeout=10).json()


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def opened(clock: HandClock) -> Iterator[Callable[..., Client]]:
    """Starts a server with one account of 30 items."""
    running: list[RunningServer[Account]] = []

    def start(rate: float | None = 0) -> Client:
        account = {"connection_id": "con-1", "credentials": {"token": "sim-pat-1"}, "size": 30}
        running.append(serve(Simulation(ShipBob(rate), BASE, clock), [account]))
        return Client(running[-1])

    yield start
    for server in running:
        server.stop()


@pytest.fixture
def client(opened: Callable[..., Client]) -> Client:
    return opened()
