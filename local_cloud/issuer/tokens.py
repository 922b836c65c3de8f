"""What is signed: access tokens (RFC 9068) and id tokens (OpenID Connect Core 1.0, 2), RS256, ten minutes."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from jwt.algorithms import RSAAlgorithm

from local_cloud.issuer.people import AUDIENCE, Bearer

LIFETIME_SECONDS = 600


def new_key() -> RSAPrivateKey:
    return generate_private_key(public_exponent=65537, key_size=2048)


class Mint:
    """Signs with one key, which never leaves the process. `now` gives seconds since 1970."""

    def __init__(self, url: str, now: Callable[[], float], key: RSAPrivateKey) -> None:
        self.url = url
        self.key_id = secrets.token_hex(8)
        self._now = now
        self._key = key

    def key_set(self) -> dict[str, Any]:
        """The public half, as a JWK Set (RFC 7517)."""
        public = RSAAlgorithm.to_jwk(self._key.public_key(), as_dict=True)
        return {"keys": [{**public, "kid": self.key_id, "use": "sig", "alg": "RS256"}]}

    def claims(self, bearer: Bearer, audience: str) -> dict[str, Any]:
        """What every token about somebody says."""
        now = int(self._now())
        who = {"iss": self.url, "sub": bearer.subject, "aud": audience, "organisation": bearer.organisation}
        return {**who, "iat": now, "exp": now + LIFETIME_SECONDS}

    def access_token(self, bearer: Bearer, scopes: Sequence[str], client: str) -> str:
        more = {"client_id": client, "scope": " ".join(scopes), "jti": secrets.token_hex(16)}
        return self.sign(self.claims(bearer, AUDIENCE) | more, kind="at+jwt")

    def id_token(self, bearer: Bearer, client: str, nonce: str | None) -> str:
        more = {} if nonce is None else {"nonce": nonce}
        return self.sign(self.claims(bearer, client) | more, kind="JWT")

    def sign(self, claims: dict[str, Any], *, kind: str) -> str:
        return jwt.encode(claims, self._key, algorithm="RS256", headers={"kid": self.key_id, "typ": kind})
