"""Authorisation codes: what a browser carries to the client; good once, for a minute, for the client that asked."""

from __future__ import annotations

import hashlib
import re
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass

from local_cloud.issuer.people import Bearer

LIFETIME_SECONDS = 60
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")


@dataclass(frozen=True, slots=True)
class Grant:
    """What a code stands for. `challenge` is the hash of the verifier that its redeemer must know (RFC 7636, 4.2)."""

    bearer: Bearer
    client: str
    redirect: str
    challenge: str
    scope: str | None
    nonce: str | None


class Codes:
    """Those that are out. `now` gives seconds since 1970."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._out: dict[str, tuple[Grant, float]] = {}

    def issue(self, grant: Grant) -> str:
        code = secrets.token_urlsafe(32)
        self._out[code] = (grant, self._now() + LIFETIME_SECONDS)
        return code

    def redeem(self, code: str, *, client: str, redirect: str, verifier: str) -> Grant | None:
        """The grant, once; None for whoever is not the one that it was given to. Either way the code is used up."""
        grant, until = self._out.pop(code, (None, 0.0))
        if grant is None or self._now() > until or (grant.client, grant.redirect) != (client, redirect):
            return None
        return grant if _VERIFIER.fullmatch(verifier) and challenge_of(verifier) == grant.challenge else None


def challenge_of(verifier: str) -> str:
    """S256 of RFC 7636."""
    return urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
