"""What the issuer says of a person, judged before it is believed.

Both tokens come from the issuer's token endpoint itself, over TLS: that stands in for the check of their signatures
(OpenID Connect Core 1.0, 3.1.3.7, step 6). Everything else that the section asks for is checked here.
"""

from __future__ import annotations

import base64
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Any

from planster_sync.errors import SignInFailed

LARGEST_TOKEN = 16_384
SKEW = timedelta(seconds=60)
_LONGEST = 255
_FORGED = "The sign-in service gave an answer that is not about this sign-in."


@dataclass(frozen=True, slots=True)
class Tokens:
    """The token endpoint's answer; `access` is None where it is no JWT."""

    identity: str = field(repr=False)
    access: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Person:
    """Who has signed in, and what they may do: each scope as the token has it."""

    organisation: str
    subject: str
    scopes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Expected:
    """What a token must say to be the one that was asked for."""

    issuer: str
    client: str
    nonce: str
    now: datetime


def person_in(tokens: Tokens, expected: Expected) -> Person:
    """Who it is. The organisation may stand in either token, the scopes in the access token first.

    Raises:
        SignInFailed: a token is not what was asked for, or the account has no organisation or scope.
    """
    identity = _claims(tokens.identity)
    _judge(identity, expected)
    access = _claims(tokens.access) if tokens.access is not None else {}
    _judge_access(access, identity, expected)
    return Person(
        organisation=_organisation(identity, access),
        subject=identity["sub"],
        scopes=_scopes(access.get("scope", identity.get("scope"))),
    )


def _judge(claims: Mapping[str, Any], expected: Expected) -> None:
    """OpenID Connect Core 1.0, 3.1.3.7: steps 2 to 5, 9 to 11."""
    audience = claims.get("aud")
    audiences = [audience] if isinstance(audience, str) else audience
    nonce, subject = claims.get("nonce"), claims.get("sub")
    is_ours = (
        claims.get("iss") == expected.issuer
        and isinstance(audiences, list)
        and expected.client in audiences
        and claims.get("azp", expected.client) == expected.client
        and (len(audiences) == 1 or "azp" in claims)
        and isinstance(nonce, str)
        and compare_digest(nonce.encode(), expected.nonce.encode())
        and isinstance(subject, str)
        and 0 < len(subject) <= _LONGEST
    )
    if not is_ours:
        raise SignInFailed(_FORGED)
    _judge_times(claims, expected.now)


def _judge_times(claims: Mapping[str, Any], now: datetime) -> None:
    ends, made = _moment(claims.get("exp")), _moment(claims.get("iat"))
    if ends <= (now - SKEW).timestamp() or made > (now + SKEW).timestamp():
        raise SignInFailed("What the sign-in service said is out of date.")


def _judge_access(access: Mapping[str, Any], identity: Mapping[str, Any], expected: Expected) -> None:
    same = (access.get("iss", expected.issuer), access.get("sub", identity["sub"]))
    if same != (expected.issuer, identity["sub"]):
        raise SignInFailed(_FORGED)


def _organisation(identity: Mapping[str, Any], access: Mapping[str, Any]) -> str:
    named = {claims["organisation"] for claims in (identity, access) if isinstance(claims.get("organisation"), str)}
    if len(named) > 1:
        raise SignInFailed(_FORGED)
    organisation = next(iter(named), "")
    if not 0 < len(organisation) <= _LONGEST:
        raise SignInFailed(
            "Your account belongs to no organisation in Planster.",
            remedy="Ask your administrator: your account needs the claim `organisation`.",
        )
    return organisation


def _scopes(claim: object) -> tuple[str, ...]:
    words = claim.split() if isinstance(claim, str) else ()
    scopes = tuple(dict.fromkeys(word for word in words if word.startswith("planster/")))
    if not scopes:
        raise SignInFailed(
            "Your account may not do anything in Planster.",
            remedy="Ask your administrator: your account needs a scope, at least `planster/read`.",
        )
    return scopes


def _claims(token: str) -> dict[str, Any]:
    """A JWT's payload; a token that says of itself that nobody signed it is none."""
    head, payload = _parts(token)
    algorithm = head.get("alg")
    if not isinstance(algorithm, str) or algorithm.lower() in ("", "none"):
        raise SignInFailed(_FORGED)
    return payload


def _parts(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    pieces = token.split(".")
    if len(pieces) != 3 or not all(pieces) or len(token) > LARGEST_TOKEN:
        raise SignInFailed(_FORGED)
    try:
        head, payload = (json.loads(_bytes(piece)) for piece in pieces[:2])
    except (ValueError, RecursionError) as broken:
        raise SignInFailed(_FORGED) from broken
    if not isinstance(head, dict) or not isinstance(payload, dict):
        raise SignInFailed(_FORGED)
    return head, payload


def _bytes(piece: str) -> bytes:
    return base64.b64decode(piece + "=" * (-len(piece) % 4), altchars=b"-_", validate=True)


def _moment(value: object) -> float:
    """Seconds since 1970. JSON as Python reads it knows numbers that are none, and no comparison would refuse them."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise SignInFailed(_FORGED)
    return value
