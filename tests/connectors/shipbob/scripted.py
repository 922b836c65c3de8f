"""ShipBob's answers out of a list, for shapes that a simulator would have to be broken to give."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from planster_sync.connectors.shipbob.client import ShipbobConnector
from planster_sync.errors import SyncError
from planster_sync.http.messages import Answer, Request
from tests.fakes.clock import ManualClock
from tests.fakes.scripted_client import connected


@dataclass(frozen=True)
class Said:
    """An answer with headers, or with a status that is not 200."""

    body: Any
    headers: Mapping[str, str] = field(default_factory=dict)
    status: int = 200


class ScriptedClient:
    """Gives the answers in order (JSON values, `Said`, or errors to raise) and remembers what was asked."""

    def __init__(self, answers: Sequence[Any]) -> None:
        self.answers = list(answers)
        self.asked: list[Request] = []

    def send(self, request: Request, *, deadline: datetime | None) -> Answer:
        self.asked.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, SyncError):
            raise answer
        said = answer if isinstance(answer, Said) else Said(answer)
        return Answer(said.status, dict(said.headers), json.dumps(said.body).encode())

    def params(self, index: int) -> dict[str, str]:
        return dict(self.asked[index].params)

    def sent(self, index: int) -> Any:
        """The JSON body of a request."""
        return json.loads(self.asked[index].body or b"null")

    @property
    def paths(self) -> list[str]:
        return [request.path for request in self.asked]


def scripted(*answers: Any, settings: Mapping[str, Any] | None = None) -> tuple[ShipbobConnector, ScriptedClient]:
    """A connector whose requests meet these answers."""
    client = ScriptedClient(answers)

    return connected("shipbob", client, {"token": "token-for-tests"}, settings or {}, ManualClock()), client


def items(*records: Any, following: str | None = None) -> dict[str, Any]:
    """An envelope; `following` is its link to the next page, or its token."""
    return {"first": None, "items": list(records), "last": None, "next": following, "prev": None}


def numbered(page: int, pages: int, total: int, *records: Any) -> Said:
    """A page of a numbered list, with the headers that count it."""
    headers = {"page-number": str(page), "total-pages": str(pages), "total-count": str(total)}
    return Said(list(records), headers)
