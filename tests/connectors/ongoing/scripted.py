"""A connector whose requests are answered from a list, by path."""

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

CREDENTIALS = {"warehouse": "demo", "username": "WSI-1", "password": "password-for-tests", "goods_owner_id": 77}


class ScriptedClient:
    """Gives each path's answers in order (JSON values, bytes, or errors to raise), the last one again and again.

    A path without answers is an empty list. What was asked is remembered.
    """

    def __init__(self, answers: Mapping[str, Sequence[Any]]) -> None:
        self.answers = {path: list(given) for path, given in answers.items()}
        self.asked: list[Request] = []
        self.opened_at = ""
        self.headers: Mapping[str, str] = {}

    def send(self, request: Request, *, deadline: datetime | None) -> Answer:
        self.asked.append(request)
        given = self.answers.get(request.path, [[]])
        answer = given.pop(0) if len(given) > 1 else given[0]
        if isinstance(answer, SyncError):
            raise answer
        if isinstance(answer, Answer):
            return answer
        return Answer(200, {}, answer if isinstance(answer, bytes) else json.dumps(answer).encode())

    def params(self, path: str) -> list[dict[str, str]]:
        """The parameters of every request for a path, without the goods owner's."""
        return [
            {name: value for name, value in each.params if name != "goodsOwnerId"}
            for each in self.asked
            if each.path == path
        ]


def scripted(
    answers: Mapping[str, Sequence[Any]], *, clock: ManualClock | None = None, **settings: Any
) -> tuple[Connector, ScriptedClient]:
    """A connector whose requests meet these answers."""
    client = ScriptedClient(answers)

    def opened(base_url: str, auth: Auth, statuses: Mapping[int, type[SyncError]]) -> HttpClient:
        client.opened_at = base_url
        client.headers = auth.sign(Request("GET", "/")).headers
        return cast(HttpClient, client)

    clock = clock or ManualClock()
    account = Account(CREDENTIALS, settings, clock, opened, OwnTokens(clock))
    return registry.build("ongoing", account), client


def orders(*ids: Any) -> list[dict[str, Any]]:
    """A page of orders that are only an id."""
    return [{"orderInfo": {"orderId": each}} for each in ids]


def articles(*ids: int) -> list[dict[str, Any]]:
    """A page of articles that are only an id."""
    return [{"articleSystemId": each} for each in ids]
