"""One signed request to an HTTP API of AWS."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import quote

from planster_sync.ports.platform import Clock
from planster_sync.wire.connection import Answer
from planster_sync.wire.connections import Connections
from planster_sync.wire.signing import Signer

Prove = Callable[[str, str, Mapping[str, str], bytes], Mapping[str, str]]
"""Method, path, headers and body in; all headers out, the proof of who asks among them."""


@dataclass(frozen=True, slots=True)
class Gateway:
    """`path` is sent as it is given: its segments are quoted by the caller."""

    connections: Connections
    prove: Prove

    def ask(self, method: str, path: str, body: bytes = b"") -> Answer:
        """The answer, whatever its status.

        Raises:
            NoAnswer: no whole answer came; the request may have acted.
        """
        headers = {"content-type": "application/json"} if body else {}
        return self.connections.exchange(method, path, self.prove(method, path, headers, body), body)


def signed_by(signer: Signer, clock: Clock) -> Prove:
    """By Signature Version 4, which quotes a path once more than it is sent (AWS: Create a signed request; not S3)."""

    def prove(method: str, path: str, headers: Mapping[str, str], body: bytes) -> Mapping[str, str]:
        return signer.signed(method, quote(path, safe="/~"), "", headers, sha256(body).hexdigest(), clock.now())

    return prove
