"""The issuer of tokens, as OpenID Connect has it: where it signs people in, and what it gives for their code."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from planster_sync.entry.console.id_token import Tokens
from planster_sync.errors import RetrySoon, SignInFailed, SourceUnavailable, SyncError
from planster_sync.http.addresses import AddressPolicy, Origin
from planster_sync.http.client import HttpClient, Replay, Request
from planster_sync.ports.platform import Clock

KNOWN_FOR = timedelta(hours=1)
ANSWER_SECONDS = 8.0
SCOPES = "openid planster/read planster/operate planster/admin"

_ADDRESS = re.compile(r"[!$-\[\]_a-z~]+")
"""As it may stand in a header: no spaces, no backslash, no fragment."""

Open = Callable[[Origin], HttpClient]
"""A client of one origin, to be closed by whoever opened it."""


@dataclass(frozen=True, slots=True)
class Client:
    """How the console is registered at its issuer: a public client, whose proof is PKCE (RFC 7636)."""

    issuer: str
    id: str


@dataclass(frozen=True, slots=True)
class _Places:
    authorize: str
    token: Origin
    known_until: datetime


class Issuer:
    """Asks one issuer; what it says of itself is asked for once an hour and environment."""

    def __init__(self, client: Client, addresses: AddressPolicy, open_: Open, clock: Clock) -> None:
        self.client = client
        self._addresses = addresses
        self._open = open_
        self._clock = clock
        self._places: _Places | None = None

    def sign_in_address(self, *, state: str, nonce: str, challenge: str, redirect_uri: str) -> str:
        """Where a browser is sent to sign in.

        Raises:
            SourceUnavailable: the issuer does not say where.
            SignInFailed: what it says cannot be used.
        """
        asked = {
            "response_type": "code",
            "client_id": self.client.id,
            "redirect_uri": redirect_uri,
            "scope": SCOPES,
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        address = self._known().authorize
        return f"{address}{'&' if '?' in address else '?'}{urlencode(asked)}"

    def exchange(self, *, code: str, verifier: str, redirect_uri: str) -> Tokens:
        """The tokens for a code. Sent once: a code is good for one exchange.

        Raises:
            SourceUnavailable: the issuer does not answer.
            SignInFailed: it refuses the code, or answers what cannot be used.
        """
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "client_id": self.client.id,
            "code_verifier": verifier,
        }
        headers = {"content-type": "application/x-www-form-urlencoded", "accept": "application/json"}
        answer = self._asked(
            self._known().token,
            Request("POST", "/", headers=headers, body=urlencode(form).encode(), replay=Replay.NEVER),
        )
        identity, access = answer.get("id_token"), answer.get("access_token")
        if not isinstance(identity, str):
            raise _unusable()
        return Tokens(identity, access if isinstance(access, str) and access.count(".") == 2 else None)

    def _known(self) -> _Places:
        now = self._clock.now()
        if self._places is None or now >= self._places.known_until:
            self._places = self._discovered(now)
        return self._places

    def _discovered(self, now: datetime) -> _Places:
        """OpenID Connect Discovery 1.0, 4: the document must name the very issuer that was asked."""
        own = Origin.parse(self.client.issuer)
        place = replace(own, path=f"{own.path}/.well-known/openid-configuration")
        said = self._asked(place, Request("GET", "/", headers={"accept": "application/json"}))
        authorize, token = said.get("authorization_endpoint"), said.get("token_endpoint")
        if said.get("issuer") != self.client.issuer or not isinstance(authorize, str) or not isinstance(token, str):
            raise _unusable()
        if not _ADDRESS.fullmatch(authorize):
            raise _unusable()
        try:
            self._addresses.check(Origin.parse(authorize.partition("?")[0]))
            return _Places(authorize, Origin.parse(token), now + KNOWN_FOR)
        except SyncError as wrong:
            raise _unusable() from wrong

    def _asked(self, place: Origin, request: Request) -> Mapping[str, Any]:
        """`place` is the whole address; the request's path is taken from it."""
        try:
            client = self._open(replace(place, path=""))
            try:
                answer = client.send(replace(request, path=place.path or "/"), deadline=None)
            finally:
                client.close()
        except RetrySoon as silent:
            raise SourceUnavailable(
                "The sign-in service does not answer.", until=silent.until, remedy="Try again in a minute."
            ) from silent
        except SyncError as refused:
            raise SignInFailed("The sign-in service did not complete the sign-in.") from refused
        return _document(answer.body)


def _document(body: bytes) -> Mapping[str, Any]:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError) as broken:
        raise _unusable() from broken
    if not isinstance(document, dict):
        raise _unusable()
    return document


def _unusable() -> SignInFailed:
    return SignInFailed(
        "The sign-in service gave an answer that cannot be used.",
        remedy="Tell whoever runs this deployment: its issuer is not set up for the console.",
    )
