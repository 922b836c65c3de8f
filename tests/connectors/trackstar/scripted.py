"""Trackstar's answers out of a list, for shapes that a simulator would have to be broken to give."""

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
from tests.fakes.clock import ManualClock
from tests.fakes.own_tokens import OwnTokens

CREDENTIALS = {"api_key": "key-for-tests", "access_token": "token-for-tests"}


class ScriptedClient:
    """Gives the answers in order (JSON values, bytes, or errors to raise) and remembers what was asked."""

    def __init__(self, answers: Sequence[Any]) -> None:
        self.answers = list(answers)
        self.asked: list[Request] = []

    def send(self, request: Request, *, deadline: datetime | None) -> Answer:
        self.asked.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, SyncError):
            raise answer
        body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        return Answer(200, {}, body)

    def params(self, index: int) -> dict[str, str]:
        return dict(self.asked[index].params)


def scripted(*answers: Any, settings: Mapping[str, Any] | None = None) -> tuple[Connector, ScriptedClient]:
    """A connector whose requests meet these answers."""
    client = ScriptedClient(answers)

    def opened(base_url: str, auth: Auth, statuses: Mapping[int, type[SyncError]]) -> HttpClient:
        return cast(HttpClient, client)

    clock = ManualClock()
    account = Account(CREDENTIALS, settings or {}, clock, opened, OwnTokens(clock))
    return registry.build("trackstar", account), client


def page(*ids: Any, token: str | None = None, **envelope: Any) -> dict[str, Any]:
    """A list answer whose records are only an id."""
    data = [{"id": each} for each in ids]
    return {"data": data, "next_token": token, "total_count": len(data), **envelope}
