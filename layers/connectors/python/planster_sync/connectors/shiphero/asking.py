"""Sends GraphQL documents, and judges their answers: 200 is no success where `errors` says otherwise."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import msgspec

from planster_sync.connectors.shiphero.queries import Question
from planster_sync.connectors.shiphero.refusals import errors_in, refusal
from planster_sync.errors import CredentialsRejected, SyncError
from planster_sync.http.messages import Replay, Request
from planster_sync.mapping import salvage
from planster_sync.mapping.pages import inner
from planster_sync.ports.platform import Clock

if TYPE_CHECKING:
    from planster_sync.http.client import HttpClient

STATUSES: Mapping[int, type[SyncError]] = MappingProxyType({401: CredentialsRejected, 403: CredentialsRejected})
"""Both are said of tokens; after one renewal they count."""

_MEMBERS = msgspec.json.Decoder(dict[str, msgspec.Raw])
_JSON: Mapping[str, str] = MappingProxyType({"content-type": "application/json"})


@dataclass(frozen=True, slots=True)
class Told:
    """An answer's data, unparsed (`null` where there is none), and its errors."""

    data: bytes
    errors: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Asking:
    """One account's way to `/graphql`."""

    client: HttpClient
    clock: Clock

    def data(self, asked: Question, deadline: datetime | None = None, replay: Replay = Replay.SAFE) -> bytes:
        """The data of an answer without errors.

        Raises:
            Throttled: the credits are spent; `until` is when the vendor says that they suffice again.
            Forbidden: the token lacks a scope.
            NotFound: what was asked for by id does not exist.
            SettingsInvalid: a page costs more than an account can hold.
            SourceUnavailable, InvalidRequest: any other error, with or without a code.
            AnswerBroken: it is no GraphQL answer.
        """
        told = self.told(asked, deadline, replay)
        if told.errors:
            raise refusal(told.errors, self.clock.now())
        return told.data

    def told(self, asked: Question, deadline: datetime | None = None, replay: Replay = Replay.SAFE) -> Told:
        """The answer with its errors, for whoever reads both."""
        body = json.dumps({"query": asked.document, "variables": dict(asked.variables)}).encode()
        request = Request("POST", "/graphql", headers=_JSON, body=body, replay=replay)
        answer = self.client.send(request, deadline=deadline).body
        return Told(_data(answer), errors_in(_members(answer).get("errors")))


def _data(answer: bytes) -> bytes:
    members = _members(answer)
    return members.get("data", b"null") if "errors" in members else inner(answer, "data")


def _members(answer: bytes) -> Mapping[str, bytes]:
    """The answer's outermost members, also where a record inside is malformed."""
    try:
        return {name: bytes(raw) for name, raw in _MEMBERS.decode(answer).items()}
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return salvage.members(answer)
