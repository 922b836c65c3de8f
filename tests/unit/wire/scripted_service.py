"""A DynamoDB on 127.0.0.1 that answers byte for byte as it is told."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum


class After(Enum):
    """What the service does with a connection once it has answered."""

    KEEP = "keep"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer in the pieces in which it is sent."""

    pieces: Sequence[bytes]
    after: After = After.KEEP


def answer(content: bytes = b"{}", status: str = "200 OK", after: After = After.KEEP, **headers: str) -> Reply:
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    head = f"HTTP/1.1 {status}\r\nContent-Length: {len(content)}\r\n{lines}\r\n"
    return Reply([head.encode() + content], after)


@dataclass(slots=True)
class Service:
    """Answers each request with the next reply of the script; the last one repeats.

    `asked` has the number of the connection, the head and the body of each request; `ended` is released for every
    connection that is over.
    """

    listener: socket.socket
    tls: ssl.SSLContext | None = None
    script: list[Reply] = field(default_factory=lambda: [answer()])
    asked: list[tuple[int, str, bytes]] = field(default_factory=list)
    ended: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    _connections: int = 0
    _threads: list[threading.Thread] = field(default_factory=list)
    _guard: threading.Lock = field(default_factory=threading.Lock)

    @property
    def url(self) -> str:
        return f"{'https' if self.tls else 'http'}://localhost:{self.listener.getsockname()[1]}"

    def accept(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:  # the listener was closed: the test is over
                break
            self._connections += 1
            thread = threading.Thread(target=self._serve, args=(connection, self._connections), name="service")
            self._threads.append(thread)
            thread.start()
        for thread in self._threads:
            thread.join()

    def _serve(self, plain: socket.socket, number: int) -> None:
        plain.settimeout(20)
        try:
            with self.tls.wrap_socket(plain, server_side=True) if self.tls else plain as connection:
                while (request := _request(connection)) is not None:
                    reply = self._next(number, *request)
                    for piece in reply.pieces:
                        connection.sendall(piece)
                    if reply.after is After.CLOSE:
                        break
        except OSError:  # the other side does not like the certificate, or left early
            pass
        finally:
            plain.close()
            self.ended.release()

    def _next(self, number: int, head: str, body: bytes) -> Reply:
        with self._guard:
            self.asked.append((number, head, body))
            return self.script.pop(0) if len(self.script) > 1 else self.script[0]


def _request(connection: socket.socket) -> tuple[str, bytes] | None:
    received = b""
    while b"\r\n\r\n" not in received:
        piece = connection.recv(65536)
        if not piece:
            return None
        received += piece
    head, _, body = received.partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
    while len(body) < length:
        body += connection.recv(65536)
    return head.decode(), body


@contextmanager
def service(*script: Reply, tls: ssl.SSLContext | None = None) -> Iterator[Service]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listening = Service(listener, tls)
        listening.script = list(script) or listening.script
        thread = threading.Thread(target=listening.accept, name="service")
        thread.start()
        try:
            yield listening
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            listener.close()
            thread.join()
