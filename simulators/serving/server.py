"""The HTTP server on 127.0.0.1: reads requests, asks the vendor, sends answers and breaks connections when told to."""

from __future__ import annotations

import socket
import socketserver
import struct
import sys
import threading
from collections.abc import Callable, Iterable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Generic

from simulators.business.spec import Record
from simulators.serving.control import PREFIX, control
from simulators.serving.exchange import Answer, Refusal, Request
from simulators.serving.simulation import Call, Simulation, T

HOST = "127.0.0.1"
IDLE_SECONDS = 60
POLL_SECONDS = 0.05
LARGEST_BODY = 8 * 1024 * 1024


class SimulatorServer(ThreadingHTTPServer):
    """A threading server that remembers open connections, so that stopping it leaves none behind."""

    daemon_threads = False
    request_queue_size = 128

    def __init__(self, simulation: Simulation[Any], port: int) -> None:
        self.simulation = simulation
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
        self.simulation.stopping.set()
        with self._open_lock:
            for each in self._open:
                try:
                    each.shutdown(socket.SHUT_RDWR)
                except OSError:
                    continue  # the client was faster


class Handler(BaseHTTPRequestHandler):
    """One connection's requests, one after the other."""

    protocol_version = "HTTP/1.1"
    timeout = IDLE_SECONDS
    wbufsize = -1
    disable_nagle_algorithm = True
    server: SimulatorServer

    def do_GET(self) -> None:
        self._answer()

    do_POST = do_PUT = do_PATCH = do_DELETE = do_GET  # noqa: N815 - the base class looks for these names

    def version_string(self) -> str:
        return f"{self.server.simulation.vendor.name}-simulator"

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class names it so
        """Silent: `/_sim/requests` keeps the log."""

    def _answer(self) -> None:
        simulation = self.server.simulation
        arrived = simulation.now()
        path, _, query = self.path.partition("?")
        length = int(self.headers.get("content-length") or 0)
        if length > LARGEST_BODY:
            self.close_connection = True
            self._send(simulation.vendor.failed(413))
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(self.command, path, query, headers, self.rfile.read(length))
        if path.startswith(PREFIX):
            self._send(_answered(lambda: control(simulation, request)))
            return
        holder = simulation.vendor.holder(request, simulation)
        answer = _answered(lambda: simulation.vendor.answer(Call(request, holder, simulation)))
        label, name = simulation.vendor.label(request), holder.name if holder is not None else None
        simulation.log.note(name, self.command, label, query, answer.status, arrived)
        self._send(answer)

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(answer.body)))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.body if answer.sent is None else answer.body[: answer.sent])
        self.wfile.flush()
        if answer.sent is not None:
            self.close_connection = True
            # Linger 0 makes close() send RST: the client sees the connection reset, not a tidy end.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def _answered(ask: Callable[[], Answer]) -> Answer:
    try:
        return ask()
    except Refusal as refusal:
        return refusal.answer


class RunningServer(Generic[T]):
    """A server that answers in a thread of its own until it is stopped."""

    def __init__(self, simulation: Simulation[T], port: int) -> None:
        self._server = SimulatorServer(simulation, port)
        self.url = f"http://{HOST}:{self._server.server_port}"
        self.simulation = simulation
        self._thread = threading.Thread(target=self._server.serve_forever, args=(POLL_SECONDS,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stops listening, hangs up on every client and waits for the threads."""
        self._server.shutdown()
        self._server.hang_up()
        self._server.server_close()
        self._thread.join()

    def __enter__(self) -> RunningServer[T]:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def serve(simulation: Simulation[T], accounts: Iterable[Record] = (), port: int = 0) -> RunningServer[T]:
    """Opens the accounts, starts a server and returns once it listens. Port 0 takes a free one.

    Raises:
        OSError: the port is taken.
        ValueError: an account cannot be made.
    """
    for told in accounts:
        simulation.open(told)
    return RunningServer(simulation, port)
