"""Cin7 Core's answers out of a list, for shapes that a simulator would have to be broken to give."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from planster_sync.errors import SyncError
from planster_sync.http.messages import Answer, Request
from planster_sync.ports.source import Connector
from tests.fakes.clock import ManualClock
from tests.fakes.scripted_client import connected

CREDENTIALS = {"account_id": "account-for-tests", "application_key": "key-for-tests"}
Reply = Callable[[Mapping[str, str]], Any]


class ScriptedClient:
    """Gives each path's answers: JSON values, bytes, answers, errors to raise, or what a function makes of the query.

    The last answer of a path is given again and again. `asked` remembers path and query.
    """

    def __init__(self, answers: Mapping[str, list[Any]]) -> None:
        self.answers = {path: list(those) for path, those in answers.items()}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.sent: list[tuple[str, str, Any]] = []

    def send(self, request: Request, *, deadline: datetime | None) -> Answer:
        self.asked.append((request.path, dict(request.params)))
        if request.body is not None:
            self.sent.append((request.method, request.path, json.loads(request.body)))
        those = self.answers[request.path]
        answer = those.pop(0) if len(those) > 1 else those[0]
        found = answer(dict(request.params)) if callable(answer) else answer
        if isinstance(found, SyncError):
            raise found
        if isinstance(found, Answer):
            return found
        return Answer(200, {}, found if isinstance(found, bytes) else json.dumps(found).encode())

    def queries(self, path: str) -> list[dict[str, str]]:
        return [query for asked, query in self.asked if asked == path]


def scripted(
    answers: Mapping[str, list[Any]], settings: Mapping[str, Any] | None = None
) -> tuple[Connector, ScriptedClient, ManualClock]:
    """A connector whose requests meet these answers; it has no locations and transfers unless they say so."""
    nothing = {"/ref/location": [listed("LocationList")], "/stockTransferList": [listed("StockTransferList")]}
    client = ScriptedClient({**nothing, **answers})

    clock = ManualClock()
    return connected("cin7_core", client, CREDENTIALS, settings or {}, clock), client, clock


def listed(key: str, *rows: Mapping[str, Any], total: int | None = None) -> dict[str, Any]:
    """A page with all rows of a list, or with some of `total`."""
    return {"Total": len(rows) if total is None else total, "Page": 1, key: list(rows)}
