"""One kept HTTP/1.1 connection, as much of it as AWS speaks. `http.client` costs four times the CPU of the rest.

Source: RFC 9112. Every answer must say where it ends, by its length or in chunks; one that does not is no answer.
"""

from __future__ import annotations

import select
import socket
import ssl
from dataclasses import dataclass

LONGEST_HEAD = 65_536
NO_CONTENT = 204
_PIECE = 262_144


class Broken(Exception):
    """What came is no whole HTTP answer."""


@dataclass(frozen=True, slots=True)
class Answer:
    """`headers` have lower-case names."""

    status: int
    headers: dict[str, str]
    content: bytes


class Connection:
    """`is_open` says whether another request may follow. Any failure leaves it useless: it must then be closed."""

    def __init__(self, sock: socket.socket) -> None:
        self._socket = sock
        self.is_open = True

    @property
    def is_stale(self) -> bool:
        """Whether something lies on the idle connection: its end, since nothing was asked."""
        poll = select.poll()
        poll.register(self._socket, select.POLLIN)
        return bool(poll.poll(0))

    def ask(self, request: bytes) -> Answer:
        """Sends a whole request and reads its answer.

        Raises:
            OSError: the connection broke, or was silent for too long.
            Broken: the other side ended it too early, or does not speak HTTP.
        """
        self._socket.sendall(request)
        received = bytearray()
        while True:
            version, status, headers = self._head(received)
            if status >= 200:
                break
        content = b"" if status == NO_CONTENT else self._content(received, headers)
        self.is_open = version == "HTTP/1.1" and headers.get("connection", "").lower() != "close" and not received
        return Answer(status, headers, content)

    def close(self) -> None:
        self.is_open = False
        self._socket.close()

    def _head(self, received: bytearray) -> tuple[str, int, dict[str, str]]:
        """Takes the status line and the headers off what was received."""
        while (end := received.find(b"\r\n\r\n")) < 0:
            if len(received) > LONGEST_HEAD:
                raise Broken("endless headers")
            self._receive(received)
        first, *lines = received[:end].decode("latin-1").split("\r\n")
        del received[: end + 4]
        version, _, rest = first.partition(" ")
        if not version.startswith("HTTP/1.") or not rest[:3].isdigit():
            raise Broken("no status line")
        fields = (line.partition(":") for line in lines)
        return version, int(rest[:3]), {name.lower(): value.strip() for name, _, value in fields}

    def _content(self, received: bytearray, headers: dict[str, str]) -> bytes:
        if headers.get("transfer-encoding", "").lower() == "chunked":
            return b"".join(iter(lambda: self._chunk(received), b""))
        length = headers.get("content-length", "")
        if not length.isdigit() or "transfer-encoding" in headers:
            raise Broken("no length")
        return self._take(received, int(length))

    def _chunk(self, received: bytearray) -> bytes:
        """The next piece of a body whose length nobody knew beforehand; empty behind the last."""
        while (end := received.find(b"\r\n")) < 0:
            self._receive(received)
        size = bytes(received[:end]).partition(b";")[0].strip()
        del received[: end + 2]
        if not size or size.strip(b"0123456789abcdefABCDEF"):
            raise Broken("no chunk")
        piece = self._take(received, int(size, 16))
        if self._take(received, 2) != b"\r\n":
            raise Broken("no end of a chunk")
        return piece

    def _take(self, received: bytearray, size: int) -> bytes:
        while len(received) < size:
            self._receive(received)
        content = bytes(received[:size])
        del received[:size]
        return content

    def _receive(self, received: bytearray) -> None:
        piece = self._socket.recv(_PIECE)
        if not piece:
            raise Broken("ended early")
        received += piece


def connect(address: tuple[str, int], tls: ssl.SSLContext | None, *, within: float, silence: float) -> Connection:
    """A fresh connection; `within` bounds the making of it and `silence` each later wait, in seconds.

    Raises:
        OSError: nobody listens there, or the certificate is not the host's.
    """
    plain = socket.create_connection(address, timeout=within)
    try:
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        secured = tls.wrap_socket(plain, server_hostname=address[0]) if tls else plain
        secured.settimeout(silence)
    except BaseException:
        plain.close()
        raise
    return Connection(secured)
