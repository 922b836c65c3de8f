"""Signing in and out: the authorization code flow of OpenID Connect, with PKCE, state and nonce."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from hmac import compare_digest
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

from aws_lambda_powertools.event_handler import Response, content_types
from aws_lambda_powertools.shared.cookies import Cookie

from planster_sync.entry.console import cookies
from planster_sync.entry.console.id_token import Expected, person_in
from planster_sync.entry.console.issuer import Issuer
from planster_sync.entry.console.origin import origin_of
from planster_sync.entry.console.sessions import NewSecret, SessionVisitors
from planster_sync.errors import SignInFailed
from planster_sync.ports.platform import Clock
from planster_sync.ports.sessions import Sessions, SignIn

HOME = "/console"
CALLBACK = "/console/callback"
LASTS = timedelta(minutes=10)
_LONGEST = 2048
_MOST_PARAMETERS = 20
_ADDRESS = re.compile(r"/console(?:/[A-Za-z0-9._~%!$&'()*+,;=:@-]+)*/?(?:\?[A-Za-z0-9._~%!$&'()*+,;=:@/?-]*)?")
_OWN_DOORS = re.compile(r"/console/(?:login|callback|logout)(?![A-Za-z0-9._~%-])")


@dataclass(frozen=True, slots=True)
class Login:
    """The way in and out. `new_secret` gives 256 random bits, as base64url."""

    issuer: Issuer
    sessions: Sessions
    visitors: SessionVisitors
    clock: Clock
    new_secret: NewSecret

    def sign_in(self, event: Mapping[str, Any]) -> Response[str]:
        """Sends the browser to the issuer, and remembers which browser it was and where it wanted to go.

        Raises:
            SourceUnavailable: the issuer does not answer.
        """
        browser = cookies.secret_in(event, cookies.BROWSER) or self.new_secret()
        state, nonce, verifier = self.new_secret(), self.new_secret(), self.new_secret()
        address = self.issuer.sign_in_address(
            state=state, nonce=nonce, challenge=_challenge(verifier), redirect_uri=_callback(event)
        )
        returns_to = own_page(_query(event).get("next", ""))
        self.sessions.begin(state, SignIn(self.clock.now() + LASTS, returns_to, browser, nonce, verifier))
        return _to(address, cookies.planted(cookies.BROWSER, browser, LASTS))

    def callback(self, event: Mapping[str, Any]) -> Response[str]:
        """Where the issuer sends the browser back to: its code becomes a session.

        Raises:
            SignInFailed: nobody is on the way in with this browser, the issuer refused, or its answer is not about it.
            SourceUnavailable: the issuer does not answer.
        """
        query = _query(event)
        sign_in = self._awaited(event, query.get("state", ""))
        if query.get("iss", self.issuer.client.issuer) != self.issuer.client.issuer:
            raise SignInFailed("Another sign-in service answered than the one that was asked.")
        if "error" in query or not query.get("code"):
            raise SignInFailed("The sign-in service did not let you in.")
        tokens = self.issuer.exchange(code=query["code"], verifier=sign_in.verifier, redirect_uri=_callback(event))
        client = self.issuer.client
        person = person_in(tokens, Expected(client.issuer, client.id, sign_in.nonce, self.clock.now()))
        return _to(sign_in.returns_to, self.visitors.begin(event, person))

    def _awaited(self, event: Mapping[str, Any], state: str) -> SignIn:
        """The sign-in under way, once only, and for the browser that began it."""
        browser = cookies.secret_in(event, cookies.BROWSER)
        sign_in = self.sessions.take(state) if state and browser is not None else None
        if sign_in is None or browser is None or self.clock.now() >= sign_in.ends_at:
            raise SignInFailed("This sign-in took too long, or was begun in another browser.")
        if not compare_digest(sign_in.browser.encode(), browser.encode()):
            raise SignInFailed("This sign-in was begun in another browser.")
        return sign_in


def own_page(address: str) -> str:
    """The address, if it is one of the console's own pages; otherwise where the console begins.

    Whatever leads elsewhere, by a host, a scheme, a backslash, an escaped slash or dots, is none.
    """
    is_own = len(address) <= _LONGEST and _ADDRESS.fullmatch(address) and not _OWN_DOORS.match(address)
    has_dots = {".", ".."} & set(address.partition("?")[0].lower().replace("%2e", ".").split("/"))
    return address if is_own and not has_dots else HOME


def _callback(event: Mapping[str, Any]) -> str:
    return f"{origin_of(event)}{CALLBACK}"


def _query(event: Mapping[str, Any]) -> Mapping[str, str]:
    """Raises SignInFailed for a parameter that is given twice (RFC 6749, 3.1), and for more than anybody sends."""
    try:
        pairs = parse_qsl(str(event.get("rawQueryString") or ""), max_num_fields=_MOST_PARAMETERS)
    except ValueError as error:
        raise SignInFailed("The address of the sign-in cannot be read.") from error
    if len(dict(pairs)) < len(pairs):
        raise SignInFailed("The address of the sign-in cannot be read.")
    return dict(pairs)


def _challenge(verifier: str) -> str:
    """RFC 7636, 4.2: S256."""
    return base64.urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def _to(address: str, *planted: Cookie) -> Response[str]:
    headers = {"Location": address, "Cache-Control": "no-store"}
    return Response(HTTPStatus.SEE_OTHER, content_types.TEXT_PLAIN, "", headers=headers, cookies=list(planted))
