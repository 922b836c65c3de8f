"""Tokens from an OpenID provider: for a person by authorization code and PKCE, for a machine by its own secret.

Discovery: OpenID Connect Discovery 1.0, 4; the code flow: RFC 6749, 4.1 with RFC 7636 and RFC 8252, 7.3;
client credentials: RFC 6749, 4.4; renewing: RFC 6749, 6; the issuer in the answer: RFC 9207.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote_plus, urlencode, urlsplit

import requests

from planster_client.identity import Token
from planster_client.problems import Refused
from planster_client.transport import unreachable

SCOPES = ("openid", "planster/read", "planster/operate", "planster/admin")
OFFLINE = "offline_access"
"""Asks for a refresh token (OpenID Connect Core 1.0, 11), of those issuers that know the word."""
TIMEOUT = (5.0, 15.0)
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


def is_private(url: str) -> bool:
    """Whether what is sent there can be read by nobody on the way."""
    parts = urlsplit(url)
    return bool(parts.hostname) and (
        parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
    )


@dataclass(frozen=True, slots=True)
class Challenge:
    """What one login keeps to itself until it gets its answer."""

    state: str
    nonce: str
    verifier: str

    @classmethod
    def fresh(cls, draw: Callable[[int], str] = secrets.token_urlsafe) -> Challenge:
        return cls(draw(24), draw(24), draw(48))

    @property
    def digest(self) -> str:
        hashed = hashlib.sha256(self.verifier.encode()).digest()
        return base64.urlsafe_b64encode(hashed).rstrip(b"=").decode()


@dataclass(frozen=True, slots=True)
class Issuer:
    """One OpenID provider, as its own discovery document describes it."""

    name: str
    authorization_endpoint: str
    token_endpoint: str
    now: Callable[[], datetime]
    scopes: tuple[str, ...] = SCOPES

    @classmethod
    def found_at(cls, name: str, now: Callable[[], datetime]) -> Issuer:
        """The provider of this name.

        Raises:
            Refused: what is there is no such provider, or names an address that can be read on the way.
            Unreachable: nothing is there.
        """
        found = _json("GET", f"{name.rstrip('/')}/.well-known/openid-configuration")
        authorization, token = (str(found.get(f"{each}_endpoint") or "") for each in ("authorization", "token"))
        if str(found.get("issuer", "")).rstrip("/") != name.rstrip("/"):
            raise Refused(f"{name} calls itself {found.get('issuer')}.", "Check the target's issuer.")
        if not (is_private(authorization) and is_private(token)):
            raise Refused("The issuer names an address without TLS.", "Use an issuer that is served over https.")
        offered = found.get("scopes_supported")
        lasting = isinstance(offered, list) and OFFLINE in offered
        return cls(str(found["issuer"]), authorization, token, now, (*SCOPES, OFFLINE) if lasting else SCOPES)

    def address(self, client_id: str, redirect: str, challenge: Challenge) -> str:
        """Where a person logs in."""
        asked = {
            "response_type": "code",
            "client_id": client_id,
            "redirect_uri": redirect,
            "scope": " ".join(self.scopes),
            "state": challenge.state,
            "nonce": challenge.nonce,
            "code_challenge": challenge.digest,
            "code_challenge_method": "S256",
        }
        return f"{self.authorization_endpoint}?{urlencode(asked)}"

    def redeem(self, client_id: str, redirect: str, challenge: Challenge, answer: Mapping[str, str]) -> Token:
        """The token for what the browser brought back.

        Raises:
            Refused: somebody said no, or the answer belongs to another login.
        """
        if not secrets.compare_digest(answer.get("state", ""), challenge.state):
            raise Refused("The answer belongs to another login.", "Run `planster login` again.")
        if answer.get("iss", self.name) != self.name:
            raise Refused("The answer comes from another issuer.", "Run `planster login` again.")
        if "code" not in answer:
            why = answer.get("error_description") or answer.get("error") or "no code came"
            raise Refused(f"The issuer did not log you in: {why}.", "Run `planster login` again.")
        return self._token(
            {
                "grant_type": "authorization_code",
                "code": answer["code"],
                "redirect_uri": redirect,
                "client_id": client_id,
                "code_verifier": challenge.verifier,
            }
        )

    def for_machine(self, client_id: str, secret: str) -> Token:
        """The token of a program that has a secret of its own."""
        scope = " ".join(SCOPES[1:])
        proof = quote_plus(client_id), quote_plus(secret)  # RFC 6749, 2.3.1: encoded before they are joined
        return self._token({"grant_type": "client_credentials", "scope": scope}, proof)

    def renewed(self, client_id: str, refresh_token: str) -> Token:
        """The next token of a person's session (RFC 6749, 6); the refresh token stays, unless the issuer gave another.

        Raises:
            Refused: the session is over.
        """
        form = {"grant_type": "refresh_token", "refresh_token": refresh_token, "client_id": client_id}
        token = self._token(form)
        return token if token.refresh_token else replace(token, refresh_token=refresh_token)

    def _token(self, form: Mapping[str, str], proof: tuple[str, str] | None = None) -> Token:
        asked_at = self.now()
        found = _json("POST", self.token_endpoint, data=form, auth=proof)
        if not found.get("access_token"):
            why = found.get("error_description") or found.get("error") or "no token came"
            raise Refused(f"The issuer gives no token: {why}.", "Check the client id, and log in again.")
        life = found.get("expires_in")
        ends = asked_at + timedelta(seconds=float(life)) if life else ends_at(found["access_token"])
        refresh = found.get("refresh_token")
        return Token(str(found["access_token"]), ends, str(refresh) if refresh else None)


def ends_at(token: str) -> datetime | None:
    """When a JWT ends by its own words, to be told to people; None for any other token. Nothing is verified."""
    try:
        payload = token.split(".")[1]
        told = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))["exp"]
        return datetime.fromtimestamp(float(told), UTC)
    except (IndexError, ValueError, KeyError, TypeError):
        return None


def _json(method: str, address: str, **more: Any) -> dict[str, Any]:
    """The answer's object, an error's too: RFC 6749, 5.2 has its reasons in it."""
    try:
        answer = requests.request(method, address, timeout=TIMEOUT, allow_redirects=False, **more)
        found = answer.json()
    except requests.JSONDecodeError as misfit:
        raise Refused(f"{address} does not answer as an issuer does.", "Check the target's issuer.") from misfit
    except requests.RequestException as lost:
        raise unreachable(address, lost) from lost
    if not isinstance(found, dict):
        raise Refused(f"{address} does not answer as an issuer does.", "Check the target's issuer.")
    return found
