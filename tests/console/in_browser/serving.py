"""An HTTP server in this process that hands requests to a handler as API Gateway does, payload version 2."""

from __future__ import annotations

import threading
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote

Handler = Callable[[dict[str, Any]], dict[str, Any]]


@contextmanager
def serving(handler: Handler) -> Iterator[str]:
    """The address of a running server on this machine alone; one request is handled at a time, as in a function."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _gateway(handler))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _gateway(handler: Handler) -> type[BaseHTTPRequestHandler]:
    one_at_a_time = threading.Lock()

    class Gateway(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._answer()

        def do_POST(self) -> None:
            self._answer()

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the server's name for it
            """Says nothing."""

        def _answer(self) -> None:
            size = int(self.headers.get("Content-Length") or 0)
            event = http_event_of(self.command, self.path, dict(self.headers.items()), self.rfile.read(size))
            with one_at_a_time:
                answer = handler(event)
            body = str(answer.get("body") or "").encode()
            content = b64decode(body) if answer.get("isBase64Encoded") else body
            self.send_response(int(answer["statusCode"]))
            for name, value in answer.get("headers", {}).items():
                self.send_header(name, str(value))
            for cookie in answer.get("cookies", ()):
                self.send_header("Set-Cookie", cookie)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    return Gateway


def http_event_of(method: str, target: str, headers: dict[str, str], body: bytes) -> dict[str, Any]:
    """What API Gateway makes of a request: names in lower case, the path decoded, cookies apart, a form in base64."""
    path, _, query = target.partition("?")
    named = {name.lower(): value for name, value in headers.items()}
    cookies = [each.strip() for each in named.pop("cookie", "").split(";") if each.strip()]
    http = {"method": method, "path": unquote(path), "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1"}
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": "ANY /console/{proxy+}",
        "rawPath": unquote(path),
        "rawQueryString": query,
        "headers": named,
        "requestContext": {"requestId": "request-1", "stage": "$default", "http": http},
        "isBase64Encoded": bool(body),
    }
    packed = {"body": b64encode(body).decode()} if body else {}
    asked = {"queryStringParameters": dict(parse_qsl(query, keep_blank_values=True))} if query else {}
    return {**event, **({"cookies": cookies} if cookies else {}), **asked, **packed}
