"""V2's access tokens: granted for the refresh token of the app's installation, which stays valid."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

import msgspec

from planster_sync.connectors.deposco.assumptions import TOKEN_SECONDS
from planster_sync.errors import AnswerBroken, CredentialsRejected
from planster_sync.http.messages import Request
from planster_sync.ports.tokens import Grant

if TYPE_CHECKING:
    from planster_sync.connectors.deposco.capabilities import DeposcoCredentials
    from planster_sync.http.client import HttpClient
    from planster_sync.http.tokens import AskVendor

_FORM = {"content-type": "application/x-www-form-urlencoded", "accept": "application/json"}


class _Granted(msgspec.Struct):
    access_token: str
    expires_in: float = TOKEN_SECONDS
    refresh_token: str | None = None


def granting(client: HttpClient, credentials: DeposcoCredentials) -> AskVendor:
    """Asks with the newest refresh token, the integration's own at first."""

    def ask(refresh: str | None) -> Grant:
        form = {"grant_type": "refresh_token", "refresh_token": refresh or _told(credentials.refresh_token)}
        form |= {"client_id": credentials.client_id or "", "client_secret": _told(credentials.client_secret)}
        request = Request(
            "POST", "/oauth2/token", headers=_FORM, body=urlencode(form).encode(), expects=frozenset({400, 401})
        )
        answer = client.send(request, deadline=None)
        if answer.status in (400, 401):
            raise CredentialsRejected("The warehouse system no longer grants access to its app.")
        return _granted(answer.body)

    return ask


def _granted(body: bytes) -> Grant:
    try:
        granted = msgspec.json.decode(body, type=_Granted)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise AnswerBroken("The source's grant cannot be read.", detail="token answer") from error
    return Grant(granted.access_token, granted.expires_in, granted.refresh_token)


def _told(secret: object) -> str:
    return secret.get_secret_value() if hasattr(secret, "get_secret_value") else ""
