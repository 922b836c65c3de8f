"""A small HTTP/1.1 server on the loopback address for measuring: kept-alive connections, whole bodies, late answers.

One thread, no framework: an answer costs some 50 µs, so that a program that is measured never waits for it.
"""

from __future__ import annotations

import asyncio
import gc
import re
import signal
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

LOOPBACK = "127.0.0.1"
READY = "READY"

_LENGTH = re.compile(rb"\r\ncontent-length:\s*(\d+)", re.IGNORECASE)
_PATIENT = re.compile(rb"\r\nexpect:\s*100-continue", re.IGNORECASE)
_PHRASES = {200: "OK", 201: "Created", 204: "No Content", 206: "Partial Content"}


@dataclass(frozen=True, slots=True)
class Asked:
    """One request. `head` holds the header lines as they came, `target` path and query."""

    method: str
    target: str
    head: bytes
    body: bytes

    def header(self, name: str) -> str | None:
        found = re.search(rb"\r\n" + name.encode() + rb":[ \t]*([^\r]*)", self.head, re.IGNORECASE)
        return found[1].decode() if found else None


@dataclass(frozen=True, slots=True)
class Reply:
    """`after` is how many seconds the answer is held back; connections do not wait for each other."""

    body: bytes = b""
    status: int = 200
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "application/json"),)
    after: float = 0.0

    def wire(self, method: str) -> bytes:
        lines = [f"HTTP/1.1 {self.status} {_PHRASES.get(self.status, 'Refused')}"]
        lines += [f"{name}: {value}" for name, value in self.headers]
        if not any(name == "Content-Length" for name, _ in self.headers):
            lines.append(f"Content-Length: {len(self.body)}")
        head = ("\r\n".join(lines) + "\r\n\r\n").encode()
        return head if method == "HEAD" else head + self.body


Handle = Callable[[Asked], Reply]


class _Connection(asyncio.Protocol):
    def __init__(self, handle: Handle) -> None:
        self._handle = handle
        self._waiting = bytearray()
        self._needed = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101  for the types
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._waiting += data
        while len(self._waiting) >= self._needed:
            asked = self._next()
            if asked is None:
                return
            self._answer(asked)

    def _next(self) -> Asked | None:
        end = self._waiting.find(b"\r\n\r\n")
        if end < 0:
            return None
        head = bytes(self._waiting[:end])
        length = _LENGTH.search(head)
        whole = end + 4 + (int(length[1]) if length else 0)
        if len(self._waiting) < whole:
            if not self._needed and _PATIENT.search(head):
                self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            self._needed = whole
            return None
        body = bytes(self._waiting[end + 4 : whole])
        del self._waiting[:whole]
        self._needed = 0
        method, target, _ = head.partition(b"\r\n")[0].decode().split(" ", 2)
        return Asked(method, target, head, body)

    def _answer(self, asked: Asked) -> None:
        try:
            reply = self._handle(asked)
        except Exception as error:  # the seam of one request: whoever measures must see it, and the server must live
            reply = Reply(f"{type(error).__name__}: {error}".encode(), 500)
        if reply.after:
            asyncio.get_running_loop().call_later(reply.after, self._transport.write, reply.wire(asked.method))
        else:
            self._transport.write(reply.wire(asked.method))


def serve(handle: Handle, port: int) -> None:
    """Serves until SIGTERM; prints READY and the port once it listens. Port 0 takes a free one."""
    gc.disable()  # nothing here makes cycles, and a pause of the collector would be measured as the other side's
    asyncio.run(_serve(handle, port))


async def _serve(handle: Handle, port: int) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(partial(_Connection, handle), LOOPBACK, port)
    over = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, over.set)
    print(READY, server.sockets[0].getsockname()[1], flush=True)
    await over.wait()
    server.close()
