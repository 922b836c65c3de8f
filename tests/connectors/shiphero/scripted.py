"""ShipHero's answers out of a list, for shapes that a simulator would have to be broken to give."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from planster_sync.connectors import registry
from planster_sync.errors import SyncError
from planster_sync.http.account import Account
from planster_sync.http.auth import Auth
from planster_sync.http.client import HttpClient
from planster_sync.http.messages import Answer, Request
from planster_sync.ports.source import Connector
from planster_sync.ports.writing import InboundShipmentWriter
from tests.fakes.clock import ManualClock
from tests.fakes.own_tokens import OwnTokens


class ScriptedClient:
    """Gives the answers in order (JSON values, or bytes) and remembers what was asked."""

    def __init__(self, answers: Sequence[Any]) -> None:
        self.answers = list(answers)
        self.asked: list[Request] = []

    def send(self, request: Request, *, deadline: datetime | None) -> Answer:
        self.asked.append(request)
        answer = self.answers.pop(0)
        return Answer(200, {}, answer if isinstance(answer, bytes) else json.dumps(answer).encode())

    def document(self, index: int) -> str:
        return str(self._body(index)["query"])

    def variables(self, index: int) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self._body(index)["variables"]
        return found

    def _body(self, index: int) -> Mapping[str, Any]:
        found: Mapping[str, Any] = json.loads(self.asked[index].body or b"")
        return found


class ScriptedConnector(Connector, InboundShipmentWriter):
    """A connector that writes, for the type checker."""


def scripted(*answers: Any, **settings: Any) -> tuple[ScriptedConnector, ScriptedClient, ManualClock]:
    """A connector whose requests meet these answers; tokens are not asked for."""
    client, clock = ScriptedClient(answers), ManualClock()

    def opened(base_url: str, auth: Auth, statuses: Mapping[int, type[SyncError]]) -> HttpClient:
        return cast(HttpClient, client)

    account = Account({"refresh_token": "for-tests"}, settings, clock, opened, OwnTokens(clock))
    return cast(ScriptedConnector, registry.build("shiphero", account)), client, clock


def connection(*nodes: Any, more: str | None = None) -> dict[str, Any]:
    """A connection of these nodes, with the cursor of the next page where there is one."""
    info = {"hasNextPage": more is not None, "endCursor": more}
    return {"pageInfo": info, "edges": [{"node": node} for node in nodes]}


def answer(query: str, data: Any) -> dict[str, Any]:
    return {"data": {query: {"request_id": "r", "complexity": 1, "data": data}}}


def failure(query: str, **error: Any) -> dict[str, Any]:
    """What the vendor answers, with status 200, where an operation fails."""
    told = {"message": "It failed", "operation": query, "request_id": "r", **error}
    return {"errors": [told], "data": {query: None}}
