"""Where the browser brings the issuer's answer back to: a door on this machine that opens once (RFC 8252, 7.3)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qsl, urlsplit

from planster_client.problems import NotLoggedIn

PATH = "/callback"
_PAGE = (
    '<!doctype html><html lang="en"><meta charset="utf-8"><title>Planster</title>'
    "<style>body{font:1.1rem system-ui;margin:4rem auto;max-width:32rem;padding:0 1rem;color-scheme:light dark}</style>"
    "<h1>Planster</h1><p>The terminal has its answer. You may close this page.</p></html>"
)


class _Server(HTTPServer):
    answer: Mapping[str, str] | None = None
    is_late = False

    def handle_timeout(self) -> None:
        self.is_late = True


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = 5

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        is_answer = parts.path == PATH
        content = _PAGE.encode() if is_answer else b""
        self.send_response(200 if is_answer else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(content)
        if is_answer:
            self.server.answer = dict(parse_qsl(parts.query))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  its own name for it
        """Says nothing: the address holds the code."""


@dataclass(frozen=True, slots=True)
class Door:
    server: _Server

    @classmethod
    @contextmanager
    def open(cls) -> Iterator[Door]:
        """At a port that is free, on this machine only."""
        with _Server(("127.0.0.1", 0), _Handler) as server:
            yield cls(server)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}{PATH}"

    def wait(self, seconds: float) -> Mapping[str, str]:
        """What came back.

        Raises:
            NotLoggedIn: nothing did.
        """
        self.server.timeout = seconds
        while self.server.answer is None and not self.server.is_late:
            try:
                self.server.handle_request()
            except (TimeoutError, ConnectionError):
                continue  # somebody else knocked and went away
        if self.server.answer is None:
            raise NotLoggedIn(
                "Nobody has logged in.", "Run `planster login` again, and open the address within minutes."
            )
        return self.server.answer
