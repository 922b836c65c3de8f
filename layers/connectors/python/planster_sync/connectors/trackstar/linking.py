"""Trackstar's link: a token opens its dialogue, in which the customer picks a warehouse system; its code is exchanged.

Source: docs.trackstarhq.com, trackstar-link. Both calls need the organisation's key alone, here the deployment's. A
connection that is installed again keeps its id and its token. How long a code lasts, and how a wrong one is refused, is
not documented (assumption: minutes; any 4xx but 401 and 403 means the code).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from planster_sync.connectors.trackstar.capabilities import BASE_URL
from planster_sync.errors import AnswerBroken, CredentialsRejected, SettingsInvalid
from planster_sync.http.auth import HeaderAuth
from planster_sync.http.messages import Replay, Request

if TYPE_CHECKING:
    from planster_sync.http.authorization import Open

T = TypeVar("T")
_JSON = {"content-type": "application/json", "accept": "application/json"}
_STRANGERS = frozenset({401, 403})
_REFUSED = frozenset({400, 404, 409, 410, 422}) | _STRANGERS


class Registration(msgspec.Struct, frozen=True):
    """The deployment's organisation at Trackstar."""

    api_key: str
    base_url: str = BASE_URL


class _LinkToken(msgspec.Struct):
    link_token: str


class _Linked(msgspec.Struct):
    access_token: str
    connection_id: str


def registration_of(told: Mapping[str, Any]) -> Registration:
    """Raises SettingsInvalid where a part is missing."""
    try:
        return msgspec.convert(dict(told), Registration)
    except msgspec.ValidationError:
        raise SettingsInvalid("Planster's registration with Trackstar is not complete.") from None


def linker_of(open_client: Open, registration: Mapping[str, Any]) -> TrackstarLinker:
    return TrackstarLinker(open_client, registration_of(registration))


class TrackstarLinker:
    """One deployment's side of the link."""

    def __init__(self, open_client: Open, registration: Registration) -> None:
        self._client = open_client(registration.base_url, HeaderAuth({"x-trackstar-api-key": registration.api_key}), {})

    def begin(self, known: Mapping[str, Any] | None) -> str:
        """Raises CredentialsRejected where the connection to be installed again is not there any more."""
        connection = (known or {}).get("connection_id")
        body = {"connection_id": connection} if connection else {}
        gone = CredentialsRejected("Trackstar does not know this connection any more.", remedy="Connect it anew.")
        return self._asked("/link/token", body, _LinkToken, gone).link_token

    def exchange(self, code: str) -> Mapping[str, Any]:
        refused = CredentialsRejected("Trackstar does not accept the code.", remedy="Go through its dialogue again.")
        linked = self._asked("/link/exchange", {"auth_code": code}, _Linked, refused)
        return {"access_token": linked.access_token, "connection_id": linked.connection_id}

    def _asked(self, path: str, body: Mapping[str, Any], kind: type[T], refused: CredentialsRejected) -> T:
        request = Request(
            "POST", path, headers=_JSON, body=json.dumps(body).encode(), replay=Replay.NEVER, expects=_REFUSED
        )
        answer = self._client.send(request, deadline=None)
        if answer.status in _STRANGERS:
            raise SettingsInvalid(
                "Trackstar does not accept Planster's own key.",
                remedy="Nothing to do for you: tell Planster's support.",
            )
        if answer.status in _REFUSED:
            raise refused
        try:
            return msgspec.json.decode(answer.body, type=kind)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            raise AnswerBroken("Trackstar's answer to a link cannot be read.", detail=path) from None
