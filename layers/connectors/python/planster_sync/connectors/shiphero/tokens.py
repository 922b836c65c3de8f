"""Access tokens: 28 days long, got with the refresh token that the customer gave. Source: getting-started."""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import msgspec

from planster_sync.connectors.shiphero.capabilities import ShipheroCredentials
from planster_sync.errors import AnswerBroken, CredentialsRejected, SyncError
from planster_sync.http.messages import Request
from planster_sync.http.tokens import AskVendor
from planster_sync.ports.tokens import Grant

if TYPE_CHECKING:
    from planster_sync.http.client import HttpClient

STATUSES: Mapping[int, type[SyncError]] = MappingProxyType(
    dict.fromkeys((400, 401, 403, 404, 422), CredentialsRejected)
)
"""Whatever the vendor says against a refresh token, a person must bring another one (assumption: bodies unseen)."""

_SECONDS = 28 * 24 * 3600
"""How long a token lasts where the answer does not say; the documentation's sample does."""


def asking(client: HttpClient, credentials: ShipheroCredentials) -> AskVendor:
    """Asks `/auth/refresh`. The vendor usually keeps the refresh token; where it gives another, that one counts."""

    def ask(refresh: str | None) -> Grant:
        used = refresh or credentials.refresh_token.get_secret_value()
        body = json.dumps({"refresh_token": used}).encode()
        answer = client.send(
            Request("POST", "/auth/refresh", headers={"content-type": "application/json"}, body=body), deadline=None
        )
        return _grant(answer.body)

    return ask


def _grant(body: bytes) -> Grant:
    try:
        told: Any = msgspec.json.decode(body)
        access, seconds, refresh = told["access_token"], told.get("expires_in", _SECONDS), told.get("refresh_token")
    except (msgspec.MsgspecError, UnicodeDecodeError, TypeError, KeyError, AttributeError):
        raise AnswerBroken("The source granted no token that can be read.", detail="/auth/refresh") from None
    if not isinstance(access, str) or not access or type(seconds) not in (int, float):
        raise AnswerBroken("The source granted no token that can be read.", detail="/auth/refresh")
    return Grant(access, float(seconds), refresh if isinstance(refresh, str) and refresh else None)
