"""Extensiv's answers out of a list, for shapes that a simulator would have to be broken to give."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from planster_sync.connectors import registry
from planster_sync.connectors.extensiv.client import ExtensivConnector
from planster_sync.errors import SyncError
from planster_sync.http.account import Account
from planster_sync.http.auth import Auth
from planster_sync.http.client import HttpClient
from planster_sync.http.messages import Answer, Request
from tests.connectors.extensiv.subject import SETTINGS
from tests.fakes.clock import ManualClock
from tests.fakes.own_tokens import OwnTokens

CREDENTIALS = {"client_id": "client-for-tests", "client_secret": "secret-for-tests", "user_login": "planster"}
REL = "http://api.3plCentral.com/rels/"


class ScriptedClient:
    """Gives the answers in order (JSON values, bytes, whole answers, or errors to raise), remembers what was asked."""

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
        """The body that went out."""
        found: dict[str, Any] = json.loads(self.asked[index].body or b"")
        return found


def scripted(*answers: Any, **settings: Any) -> tuple[ExtensivConnector, ScriptedClient]:
    """A connector whose requests meet these answers."""
    client = ScriptedClient(answers)

    def opened(base_url: str, auth: Auth, statuses: Mapping[int, type[SyncError]]) -> HttpClient:
        return cast(HttpClient, client)

    clock = ManualClock()
    account = Account(CREDENTIALS, {**SETTINGS, **settings}, clock, opened, OwnTokens(clock))
    return cast(ExtensivConnector, registry.build("extensiv", account)), client


def orders(*ids: int, total: int | None = None) -> dict[str, Any]:
    """A list answer whose records are only an id."""
    return listing("orders/order", [{"readOnly": {"orderId": each}} for each in ids], total)


def listing(rel: str, records: Sequence[dict[str, Any]], total: int | None = None) -> dict[str, Any]:
    return {"totalResults": len(records) if total is None else total, "_embedded": {f"{REL}{rel}": records}}


def stock(*rows: tuple[int, str, int, int], total: int | None = None) -> dict[str, Any]:
    """A page of the stock summary: item, qualifier, facility and on hand of each row."""
    summaries = [
        {"itemIdentifier": {"sku": f"S{item}", "id": item}, "qualifier": qualifier, "facilityId": facility, "onHand": n}
        for item, qualifier, facility, n in rows
    ]
    return {"totalResults": len(rows) if total is None else total, "summaries": summaries}
