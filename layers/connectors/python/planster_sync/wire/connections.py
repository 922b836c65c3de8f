"""Kept connections to one host: an exchange waits for its answer, and says whether the request may have acted."""

from __future__ import annotations

import select
import ssl
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from urllib.parse import urlsplit
from weakref import finalize
from zlib import crc32

from planster_sync.errors import SettingsInvalid
from planster_sync.ports.platform import Clock
from planster_sync.wire.endpoint import NoAnswer

CONNECT_SECONDS = 3.0
READ_SECONDS = 10.0
IDLE = timedelta(seconds=20)
"""A connection that rested longer is not used again: its far end may have forgotten it while this one was frozen."""

Idle = deque[tuple[HTTPConnection, datetime]]


class Connections:
    """Threads may share it; each exchange has a connection for itself.

    `url` is scheme, host and port. Idle connections are closed with this object.
    """

    def __init__(self, url: str, clock: Clock, tls: ssl.SSLContext | None = None) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or parts.hostname is None:
            raise SettingsInvalid(f"The address of an AWS service is none: {url}", remedy="Correct the endpoint's URL.")
        self.host = parts.netloc
        self._host, self._port = parts.hostname, parts.port
        self._tls = (tls or ssl.create_default_context()) if parts.scheme == "https" else None
        self._clock = clock
        self._idle: Idle = deque()
        self.close = finalize(self, _close_all, self._idle)

    def exchange(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> tuple[int, bytes]:
        """Status and body of the answer.

        Raises:
            NoAnswer: no whole answer came; the request may have acted.
        """
        with self._connection() as connection:
            connection.request(method, target, body, dict(headers))
            response = connection.getresponse()
            content = response.read()
        _check(response, content)
        return response.status, content

    @contextmanager
    def _connection(self) -> Iterator[HTTPConnection]:
        """Kept for the next call if this one goes through; whatever breaks it casts doubt on the idle ones as well."""
        connection = self._kept() or self._fresh()
        try:
            yield connection
        except (OSError, HTTPException) as error:
            connection.close()
            _close_all(self._idle)
            raise NoAnswer(type(error).__name__) from error
        except BaseException:
            connection.close()
            raise
        if connection.sock is not None:
            self._idle.append((connection, self._clock.now()))

    def _kept(self) -> HTTPConnection | None:
        """The connection that was used last, unless it has gone stale."""
        while self._idle:
            try:
                connection, since = self._idle.pop()
            except IndexError:  # another thread was quicker
                return None
            if self._clock.now() - since < IDLE and not _is_readable(connection):
                return connection
            connection.close()
        return None

    def _fresh(self) -> HTTPConnection:
        if self._tls is None:
            connection = HTTPConnection(self._host, self._port, timeout=CONNECT_SECONDS)
        else:
            connection = HTTPSConnection(self._host, self._port, timeout=CONNECT_SECONDS, context=self._tls)
        try:
            connection.connect()
        except OSError as error:
            connection.close()
            raise NoAnswer(type(error).__name__) from error
        connection.sock.settimeout(READ_SECONDS)
        return connection


def _is_readable(connection: HTTPConnection) -> bool:
    """Whether something lies on an idle connection: its end, since nothing was asked."""
    poll = select.poll()
    poll.register(connection.sock, select.POLLIN)
    return bool(poll.poll(0))


def _close_all(idle: Idle) -> None:
    while idle:
        try:
            connection, _ = idle.pop()
        except IndexError:
            return
        connection.close()


def _check(response: HTTPResponse, content: bytes) -> None:
    """Raises NoAnswer for an answer that was damaged on its way."""
    expected = response.headers.get("x-amz-crc32")
    if expected is not None and expected != str(crc32(content)):
        raise NoAnswer("ChecksumMismatch")
