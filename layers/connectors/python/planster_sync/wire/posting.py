"""The real Endpoint: one signed POST for each operation. boto3 costs ten times the CPU."""

from __future__ import annotations

import json
import ssl

from planster_sync.ports.platform import Clock
from planster_sync.wire.connection import Answer
from planster_sync.wire.connections import Connections
from planster_sync.wire.endpoint import Refused
from planster_sync.wire.signing import Signer

_STATUS_CODES = {429: "ThrottlingException", 503: "ServiceUnavailable"}


class HttpEndpoint:
    """The service that `signer` signs for. Threads may share it; idle connections are closed by `close`."""

    def __init__(self, url: str, signer: Signer, clock: Clock, tls: ssl.SSLContext | None = None) -> None:
        self._connections = Connections(url, clock, tls)
        self._signer = signer
        self._clock = clock
        self.close = self._connections.close

    @property
    def service(self) -> str:
        return self._signer.service.name

    def call(self, operation: str, body: bytes) -> bytes:
        headers = self._signer.headers(operation, body, self._clock.now())
        answer = self._connections.exchange("POST", "/", headers, body)
        if answer.status != 200:
            raise _refusal(answer)
        return answer.content


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
