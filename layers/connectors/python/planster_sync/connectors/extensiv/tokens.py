"""Asking for an access token: OAuth client credentials, the client in the header, the user in the body.

Source: the vendor's auth page; older clients send `user_login_id` and `tpl`. There are no refresh tokens. Refusals are
`{"Message": ...}` with 400 or 401.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from planster_sync.connectors.extensiv.capabilities import ExtensivCredentials, ExtensivSettings
from planster_sync.errors import AnswerBroken, CredentialsRejected, SyncError
from planster_sync.http.auth import HeaderAuth
from planster_sync.http.messages import Request
from planster_sync.http.tokens import AskVendor
from planster_sync.ports.tokens import Grant

if TYPE_CHECKING:
    from planster_sync.http.account import Account

PATH = "/AuthServer/api/Token"
SHORTEST = 1800
"""Seconds that a token lives at least, where the answer does not say (help centre: 30 to 60 minutes)."""

_STATUSES: Mapping[int, type[SyncError]] = MappingProxyType({400: CredentialsRejected, 401: CredentialsRejected})


def asking(account: Account, credentials: ExtensivCredentials, settings: ExtensivSettings) -> AskVendor:
    """Asks with the integration's own credentials.

    Raises:
        CredentialsRejected: neither of the two ways to name the user is filled, or both are.
    """
    if (credentials.user_login is None) == (credentials.user_login_id is None):
        raise CredentialsRejected(
            "The credentials must name one user of the warehouse.", remedy="Give user_login, or else user_login_id."
        )
    secret = credentials.client_secret.get_secret_value()
    basic = b64encode(f"{credentials.client_id}:{secret}".encode()).decode()
    client = account.open(settings.base_url, HeaderAuth({"authorization": f"Basic {basic}"}), _STATUSES)
    named = {"user_login": credentials.user_login, "user_login_id": credentials.user_login_id, "tpl": credentials.tpl}
    body = {"grant_type": "client_credentials", **{name: value for name, value in named.items() if value is not None}}
    headers = {"content-type": "application/json", "accept": "application/json"}
    request = Request("POST", PATH, headers=headers, body=json.dumps(body).encode())

    def ask(_refresh: str | None) -> Grant:
        return _granted(client.send(request, deadline=None).body)

    return ask


def _granted(body: bytes) -> Grant:
    try:
        told = json.loads(body)
        return Grant(access=str(told["access_token"]), seconds=float(told.get("expires_in") or SHORTEST))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise AnswerBroken("The warehouse system's answer holds no token.", detail="token") from error
