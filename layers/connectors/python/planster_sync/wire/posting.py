"""The real Endpoint: one signed POST for each operation. boto3 costs ten times the CPU."""

from __future__ import annotations

import json

from planster_sync.ports.platform import Clock
from planster_sync.wire.connections import Connections
from planster_sync.wire.endpoint import Refused
from planster_sync.wire.signing import Service, Signer

_STATUS_CODES = {429: "ThrottlingException", 503: "ServiceUnavailable"}


class HttpEndpoint:
    """One service; threads may share it."""

    def __init__(self, service: Service, connections: Connections, signer: Signer, clock: Clock) -> None:
        self.service = service
        self._connections = connections
        self._signer = signer
        self._clock = clock
        self._content_type = f"application/x-amz-json-{service.version}"

    def call(self, operation: str, body: bytes) -> bytes:
        named = {"content-type": self._content_type, "x-amz-target": f"{self.service.api}.{operation}"}
        headers = self._signer.signed("POST", "/", "", named, body, self._clock.now())
        status, content = self._connections.exchange("POST", "/", headers, body)
        if status != 200:
            raise _refusal(status, content)
        return content


def _refusal(status: int, content: bytes) -> Refused:
    try:
        answer = json.loads(content)
    except ValueError:
        answer = {}
    code = str(answer.get("__type", "")).rpartition("#")[2]
    if not code:
        code = _STATUS_CODES.get(status, "InternalServerError" if status >= 500 else f"Http{status}")
    return Refused(code, str(answer.get("message") or answer.get("Message") or ""), content)
