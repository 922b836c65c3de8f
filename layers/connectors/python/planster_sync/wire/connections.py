"""Kept connections to one host: an exchange waits for its answer, and says whether the request may have acted."""

from __future__ import annotations

import ssl
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from weakref import finalize
from zlib import crc32

from planster_sync.errors import SettingsInvalid
from planster_sync.ports.platform import Clock
from planster_sync.wire.connection import Answer, Broken, Connection, connect
from planster_sync.wire.endpoint import NoAnswer

CONNECT_SECONDS = 3.0
SILENT_SECONDS = 10.0
IDLE = timedelta(seconds=20)
"""A connection that rested longer is not used again: its far end may have forgotten it while this one was frozen."""

_PORTS = {"http": 80, "https": 443}

Idle = deque[tuple[Connection, datetime]]


class Connections:
    """Threads may share it; each exchange has a connection for itself.

    `url` is scheme, host and port; `silence` bounds each wait for an answer, in seconds. Idle connections are closed by
    `close` and at the latest with this object.
    """

    def __init__(
        self, url: str, clock: Clock, tls: ssl.SSLContext | None = None, silence: float = SILENT_SECONDS
    ) -> None:
        parts = urlsplit(url)
        if parts.scheme not in _PORTS or parts.hostname is None:
            raise SettingsInvalid(f"The address of an AWS service is none: {url}", remedy="Correct the endpoint's URL.")
        self._address = (parts.hostname, parts.port or _PORTS[parts.scheme])
        self._tls = (tls or ssl.create_default_context()) if parts.scheme == "https" else None
        self._clock = clock
        self._silence = silence
        self._idle: Idle = deque()
        self.close = finalize(self, _close_all, self._idle)

    def exchange(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """The answer, whatever its status.

        Raises:
            NoAnswer: no whole answer came; the request may have acted.
        """
        lines = "".join([f"{name}: {value}\r\n" for name, value in headers.items()])
        head = f"{method} {target} HTTP/1.1\r\n{lines}content-length: {len(body)}\r\n\r\n"
        with self._connection() as connection:
            answer = connection.ask(head.encode("latin-1") + body)
        _check(answer)
        return answer

    @contextmanager
    def _connection(self) -> Iterator[Connection]:
        """Kept for the next call if this one goes through; what breaks it casts doubt on the idle ones as well."""
        connection: Connection | None = None
        try:
            connection = self._kept() or connect(
                self._address, self._tls, within=CONNECT_SECONDS, silence=self._silence
            )
            yield connection
            if connection.is_open:
                self._idle.append((connection, self._clock.now()))
                connection = None
        except (OSError, Broken) as error:
            _close_all(self._idle)
            raise NoAnswer(f"{type(error).__name__}: {error}") from error
        finally:
            if connection is not None:
                connection.close()

    def _kept(self) -> Connection | None:
        """The connection that was used last, unless it has gone stale."""
        while self._idle:
            try:
                connection, since = self._idle.pop()
            except IndexError:  # another thread was quicker
                return None
            if self._clock.now() - since < IDLE and not connection.is_stale:
                return connection
            connection.close()
        return None


def _close_all(idle: Idle) -> None:
    while idle:
        try:
            connection, _ = idle.pop()
        except IndexError:
            return
        connection.close()


def _check(answer: Answer) -> None:
    """Raises NoAnswer for an answer that was damaged on its way."""
    expected = answer.headers.get("x-amz-crc32")
    if expected is not None and expected != str(crc32(answer.content)):
        raise NoAnswer("ChecksumMismatch")
