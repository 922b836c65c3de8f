"""DynamoDB over HTTP by hand: kept connections, one signed POST for each operation. boto3 costs ten times the CPU."""

from __future__ import annotations

import json
import ssl
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from weakref import finalize
from zlib import crc32

from planster_sync.errors import SettingsInvalid
from planster_sync.ports.platform import Clock
from planster_sync.storage.connection import Answer, Broken, Connection, connect
from planster_sync.storage.endpoint import NoAnswer, Refused
from planster_sync.storage.signing import Signer

CONNECT_SECONDS = 3.0
SILENT_SECONDS = 10.0
IDLE = timedelta(seconds=20)
"""A connection that rested longer is not used again: its far end may have forgotten it while this one was frozen."""

_STATUS_CODES = {429: "ThrottlingException", 503: "ServiceUnavailable"}
_PORTS = {"http": 80, "https": 443}

Idle = deque[tuple[Connection, datetime]]


class HttpEndpoint:
    """The real Endpoint. Threads may share it; each call has a connection for itself.

    `url` is scheme, host and port. Idle connections are closed by `close` and at the latest with the endpoint.
    """

    def __init__(self, url: str, signer: Signer, clock: Clock, tls: ssl.SSLContext | None = None) -> None:
        parts = urlsplit(url)
        if parts.scheme not in _PORTS or parts.hostname is None:
            raise SettingsInvalid(f"The address of DynamoDB is none: {url}", remedy="Correct the endpoint's URL.")
        self._address = (parts.hostname, parts.port or _PORTS[parts.scheme])
        self._tls = (tls or ssl.create_default_context()) if parts.scheme == "https" else None
        self._signer = signer
        self._clock = clock
        self._idle: Idle = deque()
        self.close = finalize(self, _close_all, self._idle)

    def call(self, operation: str, body: bytes) -> bytes:
        headers = self._signer.headers(operation, body, self._clock.now())
        lines = "".join([f"{name}: {value}\r\n" for name, value in headers.items()])
        head = f"POST / HTTP/1.1\r\n{lines}content-length: {len(body)}\r\n\r\n"
        with self._connection() as connection:
            answer = connection.ask(head.encode("latin-1") + body)
        _check(answer)
        if answer.status != 200:
            raise _refusal(answer)
        return answer.content

    @contextmanager
    def _connection(self) -> Iterator[Connection]:
        """Kept for the next call if this one goes through; what breaks it casts doubt on the idle ones as well."""
        connection: Connection | None = None
        try:
            connection = self._kept() or connect(
                self._address, self._tls, within=CONNECT_SECONDS, silence=SILENT_SECONDS
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


def _refusal(answer: Answer) -> Refused:
    try:
        told = json.loads(answer.content)
    except ValueError:
        told = {}
    if not isinstance(told, dict):
        told = {}
    code = str(told.get("__type", "")).rpartition("#")[2]
    if not code:
        status = answer.status
        code = _STATUS_CODES.get(status, "InternalServerError" if status >= 500 else f"Http{status}")
    return Refused(code, str(told.get("message") or told.get("Message") or ""), answer.content)
