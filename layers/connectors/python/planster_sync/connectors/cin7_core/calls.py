"""One request to Cin7 Core, and what its answer means.

The vendor answers unknown paths with a page in HTML and status 200, and errors as `{"ErrorCode", "Exception"}`, alone
or in a list, with 400 and now and then with 200. 403 means wrong credentials. Beyond 60 calls a minute it says 429 with
`Retry-After: 60 Seconds`, or, in older accounts, 503 with the same sentence and no header.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import msgspec

from planster_sync.errors import (
    AnswerBroken,
    CredentialsRejected,
    Forbidden,
    InvalidRequest,
    NotFound,
    SyncError,
    Throttled,
    Unsupported,
)
from planster_sync.http.messages import Answer, Replay, Request
from planster_sync.http.retries import sentence_of
from planster_sync.ports.platform import Clock

if TYPE_CHECKING:
    from planster_sync.http.client import HttpClient

Params = Sequence[tuple[str, str]]

STATUSES: Mapping[int, type[SyncError]] = MappingProxyType({403: CredentialsRejected, 405: Unsupported})

_JUDGED_HERE = frozenset({400, 403, 404, 503})
_JSON: Mapping[str, str] = MappingProxyType({"content-type": "application/json"})
_ENCODER = msgspec.json.Encoder(decimal_format="number")
_PAUSE = timedelta(seconds=60)
"""The vendor counts calls in windows of a minute; an answer without `Retry-After` is waited out for a whole one."""

_LIMIT = b"API limit"
_NO_PERMISSION = re.compile(rb"permission|not allowed|access denied", re.IGNORECASE)
"""The reference knows no scopes (assumption: a refusal that speaks of permission is one of rights, not of keys)."""

_MISSING = re.compile(r"not found|does not exist|doesn't exist|could not find", re.IGNORECASE)
_NOT_FOUND = 404


class Refusal(Exception):
    """What the vendor says against a request, in its own words, which may hold what was sent."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(f"ErrorCode {code}")
        self.code = code
        self.text = text


@dataclass(frozen=True, slots=True)
class Calls:
    """The requests of one account."""

    client: HttpClient
    clock: Clock

    def get(self, path: str, params: Params = (), deadline: datetime | None = None) -> bytes:
        """The body of one answer to a question.

        Raises:
            NotFound: the vendor has no such document.
            InvalidRequest: it refuses the question.
            AnswerBroken: not JSON.
            Throttled, SourceUnavailable, CredentialsRejected, Forbidden: as the client says.
        """
        try:
            return self._body(Request("GET", path, params), deadline)
        except Refusal as refusal:
            kind = NotFound if refusal.code == _NOT_FOUND or _MISSING.search(refusal.text) else InvalidRequest
            raise kind(sentence_of(kind), detail=f"{path}: ErrorCode {refusal.code}") from None

    def change(self, method: str, path: str, document: Mapping[str, Any]) -> bytes:
        """The body of the answer to a change, which is sent once.

        Raises:
            Refusal: the vendor does not take it.
            SourceUnavailable: it is not known whether it was made.
            Others as `get`.
        """
        body = _ENCODER.encode(document)
        return self._body(Request(method, path, (), _JSON, body, Replay.NEVER), None)

    def _body(self, request: Request, deadline: datetime | None) -> bytes:
        answer = self.client.send(replace(request, expects=_JUDGED_HERE), deadline=deadline)
        if answer.status == 503:
            if _LIMIT in answer.body:
                raise Throttled(sentence_of(Throttled), until=self.clock.now() + _PAUSE, detail=request.path)
            answer = self.client.send(replace(request, expects=_JUDGED_HERE - {503}), deadline=deadline)
        return _judged(answer, request.path)


def _judged(answer: Answer, path: str) -> bytes:
    if answer.status == 403:
        refused = Forbidden if _NO_PERMISSION.search(answer.body) else CredentialsRejected
        raise refused(sentence_of(refused), detail=path)
    refusal = _refusal(answer)
    if refusal is not None:
        raise refusal
    if answer.body.lstrip()[:1] not in (b"{", b"["):
        raise AnswerBroken("The source's answer is not what its documentation says.", detail=f"{path}: not JSON")
    return answer.body


def _refusal(answer: Answer) -> Refusal | None:
    """The error that a body holds, whatever its status is."""
    if answer.status == 200 and b'"ErrorCode"' not in answer.body[:200]:
        return None
    try:
        found = msgspec.json.decode(answer.body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return Refusal(answer.status, "") if answer.status != 200 else None
    first = found[0] if isinstance(found, list) and found else found
    if not isinstance(first, dict) or "ErrorCode" not in first:
        return Refusal(answer.status, "") if answer.status != 200 else None
    code = first["ErrorCode"]
    return Refusal(code if isinstance(code, int) else answer.status, str(first.get("Exception") or ""))
