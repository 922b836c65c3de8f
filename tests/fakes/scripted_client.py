"""A vendor's answers out of a list, for shapes that a simulator would have to be broken to give."""

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
from tests.fakes.clock import ManualClock
from tests.fakes.own_tokens import OwnTokens


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
        return Answer(200, {}, answer if isinstance(answer, bytes) else json.dumps(answer).encode())

    def params(self, index: int) -> dict[str, str]:
        return dict(self.asked[index].params)

    def sent(self, index: int) -> Any:
        """The JSON body of a request."""
        return json.loads(self.asked[index].body or b"null")


def connected(
    name: str, client: object, credentials: Mapping[str, Any], settings: Mapping[str, Any], clock: ManualClock
) -> Any:
    """A connector whose requests all meet this client, whichever address they go to."""

    def opened(base_url: str, auth: Auth, statuses: Mapping[int, type[SyncError]]) -> HttpClient:
        return cast(HttpClient, client)

    return registry.build(name, Account(credentials, settings, clock, opened, OwnTokens(clock)))
