"""A gate on the way of the functions' requests: it sees each one, and lets a process be killed around exactly that one.

It stands before the emulator and before a vendor's simulator. Product code knows nothing of it: functions find it under
AWS_ENDPOINT_URL, or as the integration's base URL.
"""

from __future__ import annotations

import http.client
import socket
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

from local_cloud.processes import LOOPBACK

HOP_BY_HOP = frozenset({"connection", "content-length", "expect", "keep-alive", "transfer-encoding"})
PATIENCE_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Call:
    """One request. `operation` is an AWS operation's name, or the method where the path says the rest."""

    operation: str
    path: str
    body: bytes
    sender: tuple[str, int]

    def speaks_of(self, *words: str) -> bool:
        return all(word in self.path or word.encode() in self.body for word in words)


class Moment(Enum):
    """When a process is killed: before the call acts, with half of its answer on the way, or after it has acted."""

    BEFORE = "before"
    HALFWAY = "halfway"
    AFTER = "after"


class Sender(Enum):
    """What became of the one who sent a call."""

    KILLED = "killed"
    WAITS = "waits"
    HUNG_UP = "hung up"


@dataclass(slots=True)
class Trap:
    """Waits for calls, one kind after the other; around the last of them `kill` is called, once.

    `kill` gets the call and says what became of its sender. One that had hung up before is not there to be killed: the
    trap then waits for the next such call.
    """

    steps: tuple[Callable[[Call], bool], ...]
    moment: Moment
    kill: Callable[[Call], Sender]
    met: int = 0

    def meets(self, call: Call) -> bool:
        if self.met == len(self.steps) or not self.steps[self.met](call):
            return False
        self.met += 1
        return self.met == len(self.steps)

    def spring(self, call: Call) -> bool:
        """Whether nobody is left to be answered."""
        sender = self.kill(call)
        if sender is Sender.HUNG_UP:
            self.met -= 1
        return sender is not Sender.WAITS


class Gate:
    """Listens on a free port and passes everything on to `target`, a port of this machine."""

    def __init__(self, target: int) -> None:
        self.target = target
        self._trap: Trap | None = None
        self._lock = threading.Lock()
        handler = type("BoundPassage", (_Passage,), {"gate": self})
        self._server = _Server((LOOPBACK, 0), handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self._server.server_port}"

    def set(self, trap: Trap | None) -> None:
        """Arms a trap in place of the one before; None lets everything pass."""
        with self._lock:
            self._trap = trap

    def met(self, call: Call) -> Trap | None:
        """The trap, where this is the call that it waits for."""
        with self._lock:
            return self._trap if self._trap is not None and self._trap.meets(call) else None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Killed processes hang up in the middle; anything else is printed."""
        if not isinstance(sys.exc_info()[1], OSError | http.client.HTTPException):
            super().handle_error(request, client_address)


class _Passage(BaseHTTPRequestHandler):
    """One connection of a client, and one of its own to the target."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True
    gate: Gate

    def setup(self) -> None:
        super().setup()
        self._target = http.client.HTTPConnection(LOOPBACK, self.gate.target, timeout=PATIENCE_SECONDS)

    def finish(self) -> None:
        self._target.close()
        super().finish()

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        operation = (self.headers.get("x-amz-target") or self.command).rpartition(".")[2]
        call = Call(operation, self.path, body, self.client_address)
        trap = self.gate.met(call)
        if trap is not None and trap.moment is Moment.BEFORE and trap.spring(call):
            self._hang_up()
            return
        answer, content = self._ask(body)
        if trap is not None and trap.moment is Moment.HALFWAY:
            self._answer(answer, content, content[: len(content) // 2])
            trap.spring(call)
            self._hang_up()
        elif trap is not None and trap.moment is Moment.AFTER and trap.spring(call):
            self._hang_up()
        else:
            self._answer(answer, content, content)

    do_POST = do_PUT = do_DELETE = do_HEAD = do_GET  # noqa: N815  the base class looks for these names

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the base class names it so
        """Silent: what passes is the product's own affair."""

    def _ask(self, body: bytes) -> tuple[http.client.HTTPResponse, bytes]:
        """The target's answer. A connection that has grown old is opened anew: the target has closed it."""
        if self._target.sock is not None and _is_closed(self._target.sock):
            self._target.close()
        self._target.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
        for name, value in self.headers.items():
            if name.lower() not in HOP_BY_HOP:
                self._target.putheader(name, value)
        self._target.putheader("Content-Length", str(len(body)))
        self._target.endheaders(body)
        answer = self._target.getresponse()
        return answer, answer.read()

    def _answer(self, answer: http.client.HTTPResponse, whole: bytes, sent: bytes) -> None:
        self.send_response_only(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in HOP_BY_HOP:
                self.send_header(name, value)
        length = answer.getheader("content-length") if self.command == "HEAD" else None
        self.send_header("Content-Length", length or str(len(whole)))
        self.end_headers()
        self.wfile.write(sent)
        self.wfile.flush()

    def _hang_up(self) -> None:
        self.close_connection = True


def _is_closed(connection: socket.socket) -> bool:
    connection.setblocking(False)
    try:
        return connection.recv(1, socket.MSG_PEEK) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True
    finally:
        connection.settimeout(PATIENCE_SECONDS)
