"""The HTTP server on 127.0.0.1: reads requests, asks the routes, sends answers and breaks connections when told to."""

from __future__ import annotations

import socket
import socketserver
import struct
import sys
import threading
import uuid
from collections.abc import Mapping
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from simulators.trackstar.account import Account
from simulators.trackstar.answers import Answer, Refusal, refused
from simulators.trackstar.config import ServerConfig
from simulators.trackstar.control import control
from simulators.trackstar.faults import Serve, struck
from simulators.trackstar.routes import Call, Request, connections_answer, find, permit
from simulators.trackstar.state import SimulatorState

HOST = "127.0.0.1"
IDLE_SECONDS = 60
LARGEST_BODY = 8 * 1024 * 1024


class SimulatorServer(ThreadingHTTPServer):
    """A threading server that remembers open connections, so that stopping it leaves none behind."""

    daemon_threads = False
    request_queue_size = 128

    def __init__(self, state: SimulatorState, port: int) -> None:
        self.state = state
        self.stopping = threading.Event()
        self._open: set[socket.socket] = set()
        self._open_lock = threading.Lock()
        super().__init__((HOST, port), Handler)

    def server_bind(self) -> None:
        """Binds without asking the name service who we are."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = HOST, int(self.server_address[1])

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._open_lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._open_lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no news; anything else is printed with its traceback."""
        if not isinstance(sys.exc_info()[1], ConnectionError | TimeoutError):
            super().handle_error(request, client_address)

    def hang_up(self) -> None:
        """Ends every open connection, so that its thread ends too."""
        self.stopping.set()
        with self._open_lock:
            for each in self._open:
                try:
                    each.shutdown(socket.SHUT_RDWR)
                except OSError:
                    continue  # the client was faster


class Handler(BaseHTTPRequestHandler):
    """One connection's requests, one after the other."""

    protocol_version = "HTTP/1.1"
    server_version = "TrackstarSimulator"
    sys_version = ""
    timeout = IDLE_SECONDS
    wbufsize = -1
    disable_nagle_algorithm = True
    server: SimulatorServer

    def do_GET(self) -> None:
        self._answer()

    do_POST = do_PUT = do_PATCH = do_DELETE = do_GET  # noqa: N815 - the base class looks for these names

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class names it so
        """Silent: `/_sim/requests` keeps the log."""

    def _answer(self) -> None:
        arrived = self.server.state.now()
        path, _, query = self.path.partition("?")
        length = int(self.headers.get("content-length") or 0)
        if length > LARGEST_BODY:
            self.close_connection = True
            self._send(refused(413, "Body too large").answer)
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(self.command, path, query, headers, self.rfile.read(length))
        state = self.server.state
        account = state.holder(headers.get("x-trackstar-access-token"))
        answer = self._served(request, account)
        if not path.startswith("/_sim/"):
            connection = account.spec.connection_id if account else None
            state.log.note(connection, self.command, path, query, answer.status, arrived)
        self._send(answer)

    def _served(self, request: Request, account: Account | None) -> Answer:
        try:
            if request.path.startswith("/_sim/"):
                return control(self.server.state, request)
            return vendor_answer(self.server.state, request, account, self.server.stopping)
        except Refusal as refusal:
            return refusal.answer

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(answer.body)))
        self.send_header("X-Request-Id", str(uuid.uuid4()))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.body if answer.sent is None else answer.body[: answer.sent])
        self.wfile.flush()
        if answer.sent is not None:
            self.close_connection = True
            # Linger 0 makes close() send RST: the client sees the connection reset, not a tidy end.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def vendor_answer(
    state: SimulatorState, request: Request, account: Account | None, stopping: threading.Event
) -> Answer:
    """The vendor's answer to a request, rate headers included.

    Raises:
        Refusal: any of the documented error answers that come before the rate limit.
    """
    serve = _route(state, request, account)
    told = _allowance(state, request, account)
    connection = account.spec.connection_id if account else None
    rule = state.faults.strike(request.path, connection, state.now())
    try:
        answer = serve() if rule is None else struck(rule, serve, stopping.wait)
    except Refusal as refusal:
        answer = refusal.answer
    return replace(answer, headers={**told, **answer.headers})


def _route(state: SimulatorState, request: Request, account: Account | None) -> Serve:
    """What will answer the request, once its keys are checked."""
    segments = request.path.removeprefix("/").split("/")
    if request.method == "GET" and segments[0] == "connections" and len(segments) <= 2:
        _require_key(state, request)
        named = segments[1] if len(segments) == 2 else None
        return lambda: connections_answer(state.accounts(), request, named)
    route, ids = find(request.method, request.path)
    _require_key(state, request)
    if account is None or account.revoked:
        raise refused(401, "Invalid access token")
    call = Call(account, ids, request, state.now)

    def serve() -> Answer:
        permit(account, route.action)
        return route.serve(call)

    return serve


def _require_key(state: SimulatorState, request: Request) -> None:
    if request.headers.get("x-trackstar-api-key") != state.config.api_key:
        raise refused(401, "Invalid API key")


def _allowance(state: SimulatorState, request: Request, account: Account | None) -> Mapping[str, str]:
    """The rate headers of a data call; calls without a connection are not limited."""
    if account is None:
        return {}
    now = state.now()
    account.used(now)
    reading = request.method == "GET"
    reads = state.config.rate_get if account.spec.rate_get is None else account.spec.rate_get
    limit = reads if reading else state.config.rate_write
    allowance = state.limiter.take(account.spec.access_token, "read" if reading else "write", limit, now)
    if not allowance.granted:
        raise Refusal(429, {"error": "Rate limit exceeded", "origin": "trackstar"}, allowance.headers())
    return allowance.headers()


class RunningServer:
    """A server that answers in a thread of its own until it is stopped."""

    def __init__(self, server: SimulatorServer) -> None:
        self._server = server
        self.url = f"http://{HOST}:{server.server_port}"
        self.state = server.state
        self._thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stops listening, hangs up on every client and waits for the threads."""
        self._server.shutdown()
        self._server.hang_up()
        self._server.server_close()
        self._thread.join()

    def __enter__(self) -> RunningServer:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def serve(config: ServerConfig) -> RunningServer:
    """Starts a server and returns once it listens.

    Raises:
        OSError: the port is taken.
    """
    return RunningServer(SimulatorServer(SimulatorState(config), config.port))
