"""Reading requests: parameters, bodies, credentials. Nothing is refused here but by the refusal that a vendor gives."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Collection
from typing import Any
from urllib.parse import parse_qsl

from simulators.serving.exchange import Refusal, Request


def parameters(request: Request) -> dict[str, str]:
    """The query's parameters, decoded; of a repeated one the last."""
    return dict(parse_qsl(request.query, keep_blank_values=True))


def known_parameters(request: Request, known: Collection[str], refuse: Callable[[str], Refusal]) -> dict[str, str]:
    """The query's parameters when each is known.

    Raises:
        Refusal: what `refuse` makes of the first unknown name.
    """
    given = parameters(request)
    for name in given:
        if name not in known:
            raise refuse(name)
    return given


def form(request: Request) -> dict[str, str]:
    """The fields of a body in form encoding; empty when it is none."""
    return dict(parse_qsl(request.body.decode(errors="replace"), keep_blank_values=True))


def json_object(request: Request, refuse: Callable[[str], Refusal]) -> dict[str, Any]:
    """The body as a JSON object.

    Raises:
        Refusal: what `refuse` makes of the problem, in words.
    """
    try:
        parsed = json.loads(request.body)
    except ValueError as problem:
        raise refuse(str(problem)) from problem
    if not isinstance(parsed, dict):
        raise refuse("the body is no object")
    return parsed


def bearer(request: Request) -> str | None:
    """The bearer token, or None."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None


def basic(request: Request) -> tuple[str, str] | None:
    """User and password of basic authentication, or None."""
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        user, colon, password = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeError):
        return None
    return (user, password) if colon else None
