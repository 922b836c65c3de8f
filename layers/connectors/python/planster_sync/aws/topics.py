"""Messages to an SNS topic, by its form-encoded protocol.

Source: Amazon SNS API Reference, "Publish". Each message carries its organisation as an attribute, so that a
subscription can take one organisation's only.
"""

from __future__ import annotations

from hashlib import sha256
from urllib.parse import urlencode

from planster_sync.aws.failures import Retries
from planster_sync.errors import SettingsInvalid
from planster_sync.ports.platform import Clock
from planster_sync.wire.connections import Connections
from planster_sync.wire.endpoint import NoAnswer
from planster_sync.wire.signing import Signer

VERSION = "2010-03-31"
LONGEST_SUBJECT = 99
_BUSY = "The topic for digests is busy."
_FORM = "application/x-www-form-urlencoded; charset=utf-8"


class SnsTopic:
    def __init__(self, connections: Connections, signer: Signer, clock: Clock, arn: str, retries: Retries) -> None:
        self._connections = connections
        self._signer = signer
        self._clock = clock
        self._arn = arn
        self._retries = retries

    def publish(self, subject: str, text: str, organisation: str) -> None:
        """May arrive twice where an answer was lost.

        Raises:
            StoreBusy: it was refused past the bounded retries.
            SettingsInvalid: there is no such topic, or it may not be published to.
        """
        body = urlencode(
            {
                "Action": "Publish",
                "Version": VERSION,
                "TopicArn": self._arn,
                "Subject": subject[:LONGEST_SUBJECT],
                "Message": text,
                "MessageAttributes.entry.1.Name": "organisation",
                "MessageAttributes.entry.1.Value.DataType": "String",
                "MessageAttributes.entry.1.Value.StringValue": organisation,
            }
        ).encode()
        for _ in self._retries.rounds(_BUSY):
            status = self._once(body)
            if status == 200:
                return
            if status is not None and 400 <= status < 500 and status != 429:
                raise SettingsInvalid("The topic for digests refuses messages.", detail=f"status {status}")

    def _once(self, body: bytes) -> int | None:
        """The answer's status; None where there was none."""
        named, now = {"content-type": _FORM}, self._clock.now()
        headers = self._signer.signed("POST", "/", "", named, sha256(body).hexdigest(), now)
        try:
            return self._connections.exchange("POST", "/", headers, body).status
        except NoAnswer:
            return None
