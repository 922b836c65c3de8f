"""Deposco's answers out of a list, for shapes that a simulator would have to be broken to give."""

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

CREDENTIALS = {
    "username": "user-for-tests",
    "password": "password-for-tests",
    "client_id": "client-for-tests",
    "client_secret": "secret-for-tests",
    "refresh_token": "refresh-for-tests",
}
SETTINGS = {"stock_url": "https://t.example.test/integration/T", "business_unit": "KNIT"}


class ScriptedClient:
    """Gives the answers in order (JSON values, bytes, `Answer`s, errors to raise) and remembers what was asked."""

    def __init__(self, answers: Sequence[Any]) -> None:
        self.answers = list(answers)
        self.asked: list[Request] = []

    def send(self, request: Request, *, deadline: datetime | None) -> Answer:
        self.asked.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, SyncError):
            raise answer
        if isinstance(answer, Answer):
            return answer
        body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        return Answer(200, {}, body)

    def params(self, index: int) -> dict[str, str]:
        return dict(self.asked[index].params)

    def sent(self, index: int) -> dict[str, Any]:
        """The body of a write."""
        found: dict[str, Any] = json.loads(self.asked[index].body or b"{}")
        return found


def scripted(
    *answers: Any, settings: Mapping[str, Any] | None = None, credentials: Mapping[str, Any] | None = None
) -> tuple[Connector, ScriptedClient]:
    """A connector whose requests meet these answers, whichever API they go to."""
    client = ScriptedClient(answers)

    def opened(base_url: str, auth: Auth, statuses: Mapping[int, type[SyncError]]) -> HttpClient:
        return cast(HttpClient, client)

    clock = ManualClock()
    account = Account(
        CREDENTIALS if credentials is None else credentials,
        {**SETTINGS, **(settings or {})},
        clock,
        opened,
        OwnTokens(clock),
    )
    return registry.build("deposco", account), client


def page(*ids: int, coming: str | None = None, pages: int = 0, path: str = "/latest/items", **more: Any) -> Any:
    """A V2 page whose records are only an id; `coming` is the next link's searchId."""
    links = [{"rel": "next", "href": f"https://api.deposco.com{path}?searchId={coming}"}] if coming else []
    data = [{"self": {"id": each}} for each in ids]
    return {"data": data, "links": links, "complete": coming is None, "pages": pages, **more}


def stock(*numbers: str) -> Any:
    """A page of V1 stock."""
    return {"enterpriseInventory": [{"itemNumber": each} for each in numbers]}
