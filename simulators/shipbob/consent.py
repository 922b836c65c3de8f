"""Consent and tokens: the authorisation-code flow with S256, codes of two minutes, refresh tokens that rotate.

The page on which a merchant signs in is a list of the simulated accounts here.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from html import escape
from itertools import count
from threading import Lock
from urllib.parse import urlencode, urlsplit

from simulators.serving.account import Account
from simulators.serving.asking import form, parameters
from simulators.serving.exchange import Answer, Refusal, refusal, told
from simulators.serving.grants import Grant
from simulators.serving.routing import Route
from simulators.serving.simulation import Call

APP: Mapping[str, str] = {"client_id": "sim-app", "client_secret": "sim-app-secret"}
"""The one application that is registered; it may be sent back to any address of this machine."""

CODE_SECONDS, ACCESS_SECONDS, REFRESH_SECONDS = 120, 3600.0, 30 * 24 * 3600.0
OFFLINE = "offline_access"


@dataclass(frozen=True, slots=True)
class Code:
    """What a merchant consented to."""

    account: str
    redirect: str
    challenge: str
    scope: str
    ends: datetime


class Consent:
    """The codes that were given and not used yet."""

    def __init__(self) -> None:
        self._codes: dict[str, Code] = {}
        self._numbers = count(1)
        self._lock = Lock()

    def routes(self) -> tuple[Route[Account], ...]:
        return (
            Route("GET", "/connect/authorize", self._authorize),
            Route("POST", "/connect/token", self._token),
        )

    def _authorize(self, call: Call[Account]) -> Answer:
        """The sign-in page; with `account` the merchant has chosen, and is sent back."""
        asked = parameters(call.request)
        _require_known(asked)
        chosen = asked.pop("account", None)
        if chosen is None:
            return _page(call, asked)
        if call.simulation.account(chosen) is None:
            return _back(asked, {"error": "access_denied"})
        with self._lock:
            code = f"sim-code-{chosen}-{next(self._numbers)}"
            ends = call.now + timedelta(seconds=CODE_SECONDS)
            self._codes[code] = Code(
                chosen, asked["redirect_uri"], asked["code_challenge"], asked.get("scope", ""), ends
            )
        return _back(asked, {"code": code})

    def _token(self, call: Call[Account]) -> Answer:
        asked = form(call.request)
        if any(asked.get(name) != value for name, value in APP.items()):
            raise _refused("invalid_client")
        match asked.get("grant_type"):
            case "authorization_code":
                return _granted(self._exchanged(call, asked))
            case "refresh_token":
                fresh = call.simulation.grants.rotated(asked.get("refresh_token", ""), ACCESS_SECONDS, REFRESH_SECONDS)
                if fresh is None:
                    raise _refused("invalid_grant")
                return _granted(fresh)
        raise _refused("unsupported_grant_type")

    def _exchanged(self, call: Call[Account], asked: Mapping[str, str]) -> Grant:
        with self._lock:
            code = self._codes.pop(asked.get("code", ""), None)
        if code is None or call.now >= code.ends or asked.get("redirect_uri") != code.redirect:
            raise _refused("invalid_grant")
        proof = urlsafe_b64encode(sha256(asked.get("code_verifier", "").encode()).digest()).rstrip(b"=").decode()
        if proof != code.challenge:
            raise _refused("invalid_grant")
        return call.simulation.grants.issue(code.account, ACCESS_SECONDS, REFRESH_SECONDS, code.scope)


def may(grant: Grant | None, scope: str) -> bool:
    """Whether a token may be used for a route; a personal access token, of which there is no grant, has every scope."""
    return grant is None or scope in grant.scope.split()


def _granted(grant: Grant) -> Answer:
    body = {"access_token": grant.access_token, "token_type": "Bearer", "expires_in": int(ACCESS_SECONDS)}
    offline = {"refresh_token": grant.refresh_token} if OFFLINE in grant.scope.split() else {}
    return told({**body, **offline, "scope": grant.scope})


def _require_known(asked: Mapping[str, str]) -> None:
    """A stranger, or an address that is not this machine's, is told here and never sent anywhere."""
    is_ours = urlsplit(asked.get("redirect_uri", "")).hostname == "127.0.0.1"
    proven = asked.get("code_challenge_method") == "S256" and asked.get("code_challenge")
    if asked.get("client_id") != APP["client_id"] or asked.get("response_type") != "code" or not (is_ours and proven):
        raise _refused("invalid_request")


def _page(call: Call[Account], asked: Mapping[str, str]) -> Answer:
    names = [account.name for account in call.simulation.accounts()]
    links = [(f"Consent as {name}", name) for name in names] + [("Do not consent", "-")]
    items = [
        f'<li><a href="/connect/authorize?{escape(urlencode({**asked, "account": name}))}">{escape(text)}</a></li>'
        for text, name in links
    ]
    body = f"<!doctype html><title>ShipBob, simulated</title><h1>Sign in</h1><ul>{''.join(items)}</ul>"
    return Answer(200, body.encode(), content_type="text/html; charset=utf-8")


def _back(asked: Mapping[str, str], result: Mapping[str, str]) -> Answer:
    state = {"state": asked["state"]} if "state" in asked else {}
    return Answer(302, b"", {"Location": f"{asked['redirect_uri']}?{urlencode({**result, **state})}"})


def _refused(error: str) -> Refusal:
    return refusal(400, {"error": error})
