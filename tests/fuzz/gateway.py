"""API Gateway's part for tests: HTTP requests as events of payload version 2, and the answers back.

A request carries `Authorization: Bearer <organisation>/<subject>`, which stands for a token that the JWT authorizer has
verified; a request without one is turned away as the authorizer does it (AWS: HTTP APIs, JWT authorizers).
"""

from __future__ import annotations

import threading
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qsl, unquote

from tests.fakes.loopback import Asked, Reply, served

Handle = Callable[[dict[str, Any]], Mapping[str, Any]]

SCOPES = "planster/read planster/operate planster/admin"
_UNAUTHORIZED: Mapping[str, Any] = {
    "statusCode": 401,
    "headers": {"content-type": "application/json", "www-authenticate": "Bearer"},
    "body": '{"message":"Unauthorized"}',
}


def bearer(organisation: str, subject: str = "planner-7") -> str:
    return f"{organisation}/{subject}"


@contextmanager
def gateway(handle: Handle) -> Iterator[str]:
    """Serves a handler on the loopback address, one request at a time; gives the address."""

    def answer(asked: Asked) -> Reply:
        found = _answered(handle, asked)
        body = found.get("body") or ""
        content = b64decode(body) if found.get("isBase64Encoded") else body.encode()
        headers = {name: str(value) for name, value in found["headers"].items()}
        return Reply(content, int(found["statusCode"]), headers)

    with served(answer, "gateway") as address:
        yield address


_ONE_AT_A_TIME = threading.Lock()
"""As an instance of a Lambda function works."""


def _answered(handle: Handle, asked: Asked) -> Mapping[str, Any]:
    event = event_of(asked)
    claims = _claims(event["headers"].get("authorization", ""))
    if claims is None:
        return _UNAUTHORIZED
    event["requestContext"]["authorizer"] = {"jwt": {"claims": claims, "scopes": None}}
    with _ONE_AT_A_TIME:
        return handle(event)


def event_of(asked: Asked) -> dict[str, Any]:
    """Path and query come decoded, repeated names joined by commas, a body that is no text in base64."""
    target, _, query = asked.target.partition("?")
    path = unquote(target)
    http = {"method": asked.method, "path": path, "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1"}
    parameters: dict[str, str] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        parameters[name] = f"{parameters[name]},{value}" if name in parameters else value
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": "ANY /v1/{proxy+}",
        "rawPath": path,
        "rawQueryString": query,
        "headers": dict(asked.headers),
        "requestContext": {"requestId": "request-1", "stage": "$default", "accountId": "000000000000", "http": http},
        "isBase64Encoded": False,
    }
    return event | ({"queryStringParameters": parameters} if parameters else {}) | _body(asked.body)


def _body(content: bytes) -> dict[str, Any]:
    if not content:
        return {}
    try:
        return {"body": content.decode()}
    except UnicodeDecodeError:
        return {"body": b64encode(content).decode(), "isBase64Encoded": True}


def _claims(authorization: str) -> dict[str, str] | None:
    kind, _, token = authorization.partition(" ")
    organisation, _, subject = token.partition("/")
    if kind.lower() != "bearer" or not organisation or not subject:
        return None
    return {"organisation": organisation, "sub": subject, "scope": SCOPES, "exp": "4102444800"}
