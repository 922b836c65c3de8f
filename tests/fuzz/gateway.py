"""API Gateway's part for tests: HTTP requests as events of payload version 2, and the answers back.

A request carries `Authorization: Bearer <organisation>/<subject>`, which stands for a token that the JWT authorizer has
verified; a request without one is turned away as the authorizer does it (AWS: HTTP APIs, JWT authorizers).
"""

from __future__ import annotations

import threading
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote

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

    class Request(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # headers and body in one packet

        def handle_any(self) -> None:
            answer = _answered(handle, self)
            body = answer.get("body") or ""
            content = b64decode(body) if answer.get("isBase64Encoded") else body.encode()
            self.send_response(int(answer["statusCode"]))
            for name, value in answer["headers"].items():
                self.send_header(name, str(value))
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(content)

        def __getattr__(self, name: str) -> Callable[[], None]:
            if name.startswith("do_"):
                return self.handle_any
            raise AttributeError(name)

        def log_message(self, *_: object) -> None:
            pass

    with _Server(("127.0.0.1", 0), Request) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, name="gateway")
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


class _Server(ThreadingHTTPServer):
    """Does not wait for the threads of kept connections, which end with their other side."""

    daemon_threads = True


_ONE_AT_A_TIME = threading.Lock()
"""As an instance of a Lambda function works."""


def _answered(handle: Handle, request: BaseHTTPRequestHandler) -> Mapping[str, Any]:
    event = event_of(request)
    claims = _claims(event["headers"].get("authorization", ""))
    if claims is None:
        return _UNAUTHORIZED
    event["requestContext"]["authorizer"] = {"jwt": {"claims": claims, "scopes": None}}
    with _ONE_AT_A_TIME:
        return handle(event)


def event_of(request: BaseHTTPRequestHandler) -> dict[str, Any]:
    """Path and query come decoded, repeated names joined by commas, a body that is no text in base64."""
    target, _, query = request.path.partition("?")
    path = unquote(target)
    http = {"method": request.command, "path": path, "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1"}
    asked: dict[str, str] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        asked[name] = f"{asked[name]},{value}" if name in asked else value
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": "ANY /v1/{proxy+}",
        "rawPath": path,
        "rawQueryString": query,
        "headers": {name.lower(): value for name, value in request.headers.items()},
        "requestContext": {"requestId": "request-1", "stage": "$default", "accountId": "000000000000", "http": http},
        "isBase64Encoded": False,
    }
    return event | ({"queryStringParameters": asked} if asked else {}) | _body(request)


def _body(request: BaseHTTPRequestHandler) -> dict[str, Any]:
    content = request.rfile.read(int(request.headers.get("content-length") or 0))
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
