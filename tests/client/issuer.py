"""A small OpenID provider over real HTTP: it keeps the rules that clients rely on, and breaks those it is told to."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from tests.client.served import Asked, Told, http


@dataclass
class Issuer:
    """One person, who says yes at once; one machine. `broken` changes what the discovery document says."""

    url: str = ""
    token: str = "access-of-user-7"
    broken: dict[str, Any] = field(default_factory=dict)
    refusal: dict[str, str] | None = None
    back: dict[str, str] = field(default_factory=dict)
    logins: dict[str, dict[str, str]] = field(default_factory=dict)
    forms: list[dict[str, str]] = field(default_factory=list)
    refresh: list[str] = field(default_factory=list)
    """The refresh tokens that are still to be given; each is good for one use."""
    given: str | None = None
    asked_scopes: list[str] = field(default_factory=list)

    def answer(self, asked: Asked) -> Told:
        parts = urlsplit(asked.path)
        if parts.path == "/.well-known/openid-configuration":
            return _told(200, {**self._discovery(), **self.broken})
        if parts.path == "/authorize":
            return self._authorized(dict(parse_qsl(parts.query)))
        if parts.path == "/token":
            return self._granted(asked)
        return Told(404)

    def _discovery(self) -> dict[str, str]:
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
        }

    def _authorized(self, login: dict[str, str]) -> Told:
        self.logins["code-1"] = login
        self.asked_scopes.append(login["scope"])
        answer = self.refusal or {"code": "code-1", "state": login["state"], **self.back}
        return Told(302, headers={"location": f"{login['redirect_uri']}?{urlencode(answer)}"})

    def _granted(self, asked: Asked) -> Told:
        form = dict(parse_qsl(asked.body))
        self.forms.append(form)
        if form["grant_type"] == "client_credentials":
            told = base64.b64decode(asked.headers["authorization"].removeprefix("Basic ")).decode()
            is_right = told == "machine%2F1:its+secret"
        elif form["grant_type"] == "refresh_token":
            is_right = form["refresh_token"] == self.given and form["client_id"] == "planster-cli"
        else:
            login = self.logins.pop(form["code"], {})
            digest = hashlib.sha256(form["code_verifier"].encode()).digest()
            is_right = (login.get("redirect_uri"), login.get("code_challenge")) == (
                form["redirect_uri"],
                base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
            )
        if not is_right:
            return _told(400, {"error": "invalid_grant", "error_description": "That is somebody else's."})
        self.given = self.refresh.pop(0) if self.refresh else None
        lasting = {"refresh_token": self.given} if self.given else {}
        return _told(200, {"access_token": self.token, "token_type": "Bearer", "expires_in": 900, **lasting})


def _told(status: int, document: dict[str, Any]) -> Told:
    return Told(status, json.dumps(document), {"content-type": "application/json"})


@contextmanager
def issuing() -> Iterator[Issuer]:
    found = Issuer()
    with http(found.answer) as url:
        found.url = url
        yield found
