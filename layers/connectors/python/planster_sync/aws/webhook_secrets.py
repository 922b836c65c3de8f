"""Signing secrets of webhooks: an SSM SecureString each. The API writes them, the worker reads them."""

from __future__ import annotations

import secrets as random_source
from base64 import b64encode
from collections.abc import Sequence
from datetime import datetime, timedelta

from planster_sync.aws.failures import Asking, Retries, code_of
from planster_sync.errors import NotFound
from planster_sync.ports.platform import Clock
from planster_sync.wire.endpoint import Endpoint, Refused

PREFIX = "whsec_"
BYTES = 32
KEPT = timedelta(minutes=5)
_MISSING = frozenset({"ParameterNotFound"})


def new_secret() -> str:
    """256 random bits as Standard Webhooks write them: a prefix, then base64."""
    return PREFIX + b64encode(random_source.token_bytes(BYTES)).decode()


class SsmWebhookSecrets:
    """A number is never used again, so that what was read may be kept in memory for five minutes."""

    def __init__(self, parameters: Endpoint, prefix: str, clock: Clock, retries: Retries) -> None:
        self._asking = Asking(parameters, retries, "The secret store is busy.")
        self._prefix = prefix.rstrip("/")
        self._clock = clock
        self._kept: dict[tuple[str, int], tuple[datetime, str]] = {}

    def put(self, target: str, number: int, secret: str) -> None:
        wanted = {"Name": self._name(target, number), "Value": secret, "Type": "SecureString", "Overwrite": True}
        self._asking.until_answered("PutParameter", wanted)

    def erase(self, target: str, numbers: Sequence[int]) -> None:
        for number in numbers:
            try:
                self._asking.until_answered("DeleteParameter", {"Name": self._name(target, number)})
            except Refused as refused:
                if code_of(refused) not in _MISSING:
                    raise

    def read(self, target: str, number: int) -> str:
        """Raises NotFound where it was erased, StoreBusy where the secret store is throttled."""
        until, secret = self._kept.get((target, number), (None, ""))
        if until is None or until <= self._clock.now():
            secret = self._stored(target, number)
            self._kept[target, number] = (self._clock.now() + KEPT, secret)
        return secret

    def _stored(self, target: str, number: int) -> str:
        name = self._name(target, number)
        try:
            answer = self._asking.until_answered("GetParameter", {"Name": name, "WithDecryption": True})
        except Refused as refused:
            if code_of(refused) not in _MISSING:
                raise
            raise NotFound("The webhook's secret is not there.", remedy="Rotate the webhook's secret.") from refused
        return str(answer["Parameter"]["Value"])

    def _name(self, target: str, number: int) -> str:
        return f"{self._prefix}/{target}/{number}"
