"""A vendor on 127.0.0.1 that answers by script, and clients for it."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from planster_sync.errors import SyncError
from planster_sync.http.addresses import AddressPolicy, Origin
from planster_sync.http.client import Auth, HeaderAuth, HttpClient
from planster_sync.http.limits import AnswerLimits
from planster_sync.http.retries import RetryPolicy
from planster_sync.http.transport import RequestsTransport
from planster_sync.ports.platform import Clock


class Exchange(BaseHTTPRequestHandler):
    """One request at the vendor, with the means to answer it badly."""

    protocol_version = "HTTP/1.1"
    timeout = 10
    vendor: Vendor

    def do_GET(self) -> None:
        self.vendor.serve(self)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("content-length", 0)))
        self.vendor.serve(self)

    def finish(self) -> None:
        super().finish()
        self.vendor.ended.release()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Tests do not print."""

    def reply(self, status: int = 200, body: bytes = b"{}", headers: Mapping[str, str] | None = None) -> None:
        head = {"Content-Length": str(len(body))} | dict(headers or {})
        self.send_response(status)
        for name, value in head.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def reset(self) -> None:
        self.close_connection = True
        broken = socket.socket(fileno=self.connection.detach())
        broken.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        broken.close()


Step = Callable[[Exchange], None]


def status(code: int, body: bytes = b"{}", **headers: str) -> Step:
    """An answer of that status; `retry_after="3"` becomes the header retry-after."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda exchange: exchange.reply(code, body, named)


@dataclass
class Vendor:
    """Answers each request with the next step of the script; the last step repeats.

    `ended` is released for every closed connection.
    """

    port: int = 0
    script: list[Step] = field(default_factory=lambda: [status(200)])
    paths: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    peers: set[tuple[str, int]] = field(default_factory=set)
    left: threading.Event = field(default_factory=threading.Event)
    ended: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/api"

    def answers(self, *steps: Step) -> None:
        self.script = list(steps)

    def serve(self, exchange: Exchange) -> None:
        step = self.script[min(len(self.paths), len(self.script) - 1)]
        self.paths.append(exchange.path)
        self.headers.append({name.lower(): value for name, value in exchange.headers.items()})
        self.peers.add(exchange.client_address)
        step(exchange)


class ScriptedServer(ThreadingHTTPServer):
    daemon_threads = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up early is part of these tests."""


class OpenBudget:
    """Always gives leave; remembers what it was told."""

    def __init__(self) -> None:
        self.taken = 0
        self.heard: list[datetime] = []

    def take(self, deadline: datetime | None) -> None:
        self.taken += 1

    def learned(self, until: datetime) -> None:
        self.heard.append(until)


@dataclass
class ClientMaker:
    """Makes clients of the vendor; what a test does not care about has a plain value."""

    vendor: Vendor
    clock: Clock
    budget: OpenBudget
    made: list[HttpClient] = field(default_factory=list)

    def __call__(
        self,
        *,
        url: str | None = None,
        auth: Auth | None = None,
        limits: AnswerLimits | None = None,
        retries: RetryPolicy | None = None,
        addresses: AddressPolicy | None = None,
        statuses: Mapping[int, type[SyncError]] | None = None,
        clock: Clock | None = None,
        random: Callable[[], float] = lambda: 1.0,
        ends: datetime | None = None,
    ) -> HttpClient:
        bounds = limits or AnswerLimits(connect=5, read=5, total=10)
        origin = Origin.parse(url or self.vendor.url)
        client = HttpClient(
            RequestsTransport(origin, addresses or AddressPolicy.loopback(), bounds, clock or self.clock),
            auth or HeaderAuth({"x-api-key": "k-123"}),
            self.budget,
            clock or self.clock,
            retries or RetryPolicy(),
            bounds,
            statuses or {},
            random,
            ends,
        )
        self.made.append(client)
        return client
