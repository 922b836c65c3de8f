"""A simulated Cin7 Core on a real port, and a client that speaks plain HTTP to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests

from simulators.cin7_core.vendor import credentials, make
from simulators.serving.server import RunningServer, serve
from simulators.serving.simulation import Simulation

BASE = datetime(2026, 3, 1, tzinfo=UTC)


class Client:
    """One application's view of the server."""

    def __init__(self, server: RunningServer[Any]) -> None:
        self.server = server
        self.session = requests.Session()
        own = credentials(1)
        self.session.headers["api-auth-accountid"] = own["account_id"]
        self.session.headers["api-auth-applicationkey"] = own["application_key"]

    def send(self, method: str, path: str, body: Any = None, **parameters: str) -> requests.Response:
        url = f"{self.server.url}/ExternalApi/v2/{path}"
        return self.session.request(method, url, json=body, params=parameters, timeout=10)

    def told(self, method: str, path: str, body: Any = None, **parameters: str) -> Any:
        answer = self.send(method, path, body, **parameters)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def rows(self, path: str, key: str, **parameters: str) -> list[dict[str, Any]]:
        """A whole list, a hundred rows a page."""
        found: list[dict[str, Any]] = []
        while True:
            page = self.told("GET", path, Page=str(len(found) // 100 + 1), Limit="100", **parameters)
            found += page[key]
            if len(found) >= page["Total"]:
                return found


Starter = Callable[..., Client]


@pytest.fixture
def start() -> Iterator[Starter]:
    clients: list[Client] = []

    def begin(rate: float | None = 0, size: int = 60) -> Client:
        account = {"connection_id": "con-1", "credentials": credentials(1), "size": size}
        moment = BASE + timedelta(days=1, hours=3)
        clients.append(Client(serve(Simulation(make(rate), BASE, lambda: moment), [account])))
        return clients[-1]

    yield begin
    for client in clients:
        client.session.close()
        client.server.stop()
