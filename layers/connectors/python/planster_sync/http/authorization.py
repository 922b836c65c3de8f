"""The authorisation-code flow, whatever the vendor: where to consent, the code for a token, and the next token.

Sources: RFC 6749 (4.1 flow, 5.2 errors, 6 refresh), RFC 7636 (S256). The proof is made from the state and the client's
secret, so that it need not be kept while somebody consents.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from hashlib import sha256
from hmac import digest
from typing import Any
from urllib.parse import urlencode, urlsplit

import msgspec

from planster_sync.errors import AnswerBroken, CredentialsRejected, SettingsInvalid, SyncError
from planster_sync.http.auth import Auth, HeaderAuth
from planster_sync.http.client import HttpClient
from planster_sync.http.messages import Answer, Replay, Request
from planster_sync.http.tokens import AskVendor
from planster_sync.ports.connecting import Authorization
from planster_sync.ports.tokens import Grant

DEFAULT_SECONDS = 3600.0
"""How long a token lives where the answer does not say."""

_FORM = {"content-type": "application/x-www-form-urlencoded", "accept": "application/json"}
_REFUSED = frozenset({400, 401, 403})
_VOID = frozenset({"invalid_grant", "access_denied"})

Open = Callable[[str, Auth, Mapping[int, type[SyncError]]], HttpClient]


class App(msgspec.Struct, frozen=True):
    """What this deployment is registered as at the vendor; addresses only where they differ from the documented."""

    client_id: str
    client_secret: str
    redirect_uri: str
    consent_url: str | None = None
    exchange_url: str | None = None


class _Granted(msgspec.Struct):
    access_token: str
    expires_in: float = DEFAULT_SECONDS
    refresh_token: str | None = None


class _Refusal(msgspec.Struct):
    error: str


class CodeFlow:
    """One deployment's side of a vendor's flow.

    Raises:
        SettingsInvalid: the registration lacks a part.
    """

    def __init__(self, authorization: Authorization, registration: Mapping[str, Any]) -> None:
        self._authorization = authorization
        try:
            self._app = msgspec.convert(dict(registration), App)
        except msgspec.ValidationError:
            raise SettingsInvalid(
                "Planster's registration with this system is not complete.",
                remedy="Ask Planster to complete it; docs/configuration.md names its parts.",
            ) from None

    def address(self, state: str) -> str:
        """Where a person consents."""
        asked = {
            "response_type": "code",
            "client_id": self._app.client_id,
            "redirect_uri": self._app.redirect_uri,
            "scope": " ".join(self._authorization.scopes),
            "state": state,
            "code_challenge": _text(sha256(self._proof(state).encode()).digest()),
            "code_challenge_method": "S256",
        }
        address = self._app.consent_url or self._authorization.consent_url
        return f"{address}{'&' if '?' in address else '?'}{urlencode(asked)}"

    def exchanged(self, open_client: Open, code: str, state: str) -> Grant:
        """What the vendor grants for a code; sent once, for a code is good for one use.

        Raises:
            CredentialsRejected: the code is wrong, used or too old.
            SettingsInvalid: the vendor does not know this deployment.
            SourceUnavailable, Throttled, AnswerBroken: it gave no answer that says something.
        """
        form = {"grant_type": "authorization_code", "code": code, "code_verifier": self._proof(state)}
        return self._asked(open_client, form, Replay.NEVER)

    def renewing(self, open_client: Open, first: str) -> AskVendor:
        """Asks with the newest refresh token, with `first` where there is none yet."""

        def ask(refresh: str | None) -> Grant:
            form = {"grant_type": "refresh_token", "refresh_token": refresh or first}
            return self._asked(open_client, form, Replay.SAFE)

        return ask

    def _asked(self, open_client: Open, form: Mapping[str, str], replay: Replay) -> Grant:
        address = urlsplit(self._app.exchange_url or self._authorization.exchange_url)
        app = self._app
        own = {"client_id": app.client_id, "client_secret": app.client_secret, "redirect_uri": app.redirect_uri}
        client = open_client(f"{address.scheme}://{address.netloc}", HeaderAuth({}), {})
        body = urlencode({**form, **own}).encode()
        request = Request("POST", address.path, headers=_FORM, body=body, replay=replay, expects=_REFUSED)
        answer = client.send(request, deadline=None)
        if answer.status in _REFUSED:
            raise _refusal(answer)
        return _grant(answer)

    def _proof(self, state: str) -> str:
        return _text(digest(self._app.client_secret.encode(), f"proof {state}".encode(), "sha256"))


def _grant(answer: Answer) -> Grant:
    try:
        granted = msgspec.json.decode(answer.body, type=_Granted)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        # Without a cause: a parser's message could quote the token.
        raise AnswerBroken("The warehouse system's grant cannot be read.", detail="token answer") from None
    return Grant(granted.access_token, granted.expires_in, granted.refresh_token)


def _refusal(answer: Answer) -> SyncError:
    try:
        error = msgspec.json.decode(answer.body, type=_Refusal).error
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return AnswerBroken("The warehouse system refused a token and did not say why.", detail=f"{answer.status}")
    if error in _VOID:
        return CredentialsRejected(
            "The warehouse system no longer grants access.", remedy="Reconnect the integration and consent anew."
        )
    return SettingsInvalid(
        "The warehouse system does not accept Planster's registration.",
        remedy="Nothing to do for you: tell Planster's support.",
    )


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()
