"""What this deployment is registered as at a vendor: one SSM SecureString for each connector that needs it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from planster_sync.aws.failures import Asking, Retries, code_of
from planster_sync.errors import SettingsInvalid
from planster_sync.ports.platform import Clock
from planster_sync.wire.endpoint import Endpoint, Refused

KEPT = timedelta(minutes=5)
_BUSY = "The secret store is busy."
_MISSING = frozenset({"ParameterNotFound", "ParameterVersionNotFound"})
_REMEDY = "Ask Planster to register this deployment there; docs/configuration.md says how."


class SsmRegistrations:
    """Kept in memory for five minutes. They are Planster's own secrets: no integration's settings lead here."""

    def __init__(self, parameters: Endpoint, prefix: str, clock: Clock, retries: Retries) -> None:
        self._asking = Asking(parameters, retries, _BUSY)
        self._prefix = prefix
        self._clock = clock
        self._kept: dict[str, tuple[datetime, Mapping[str, Any]]] = {}

    def read(self, connector: str) -> Mapping[str, Any]:
        """The registration with a connector's vendor.

        Raises:
            SettingsInvalid: there is none, or it is no JSON object.
            StoreBusy: the secret store is throttled.
        """
        until, found = self._kept.get(connector, (None, {}))
        if until is None or until <= self._clock.now():
            found = self._found(connector)
            self._kept[connector] = (self._clock.now() + KEPT, found)
        return dict(found)

    def _found(self, connector: str) -> Mapping[str, Any]:
        wanted = {"Name": f"{self._prefix}/{connector}", "WithDecryption": True}
        try:
            text = str(self._asking.until_answered("GetParameter", wanted)["Parameter"]["Value"])
        except Refused as refused:
            if code_of(refused) not in _MISSING:
                raise
            raise SettingsInvalid("Planster is not registered with this system.", remedy=_REMEDY) from refused
        try:
            told = json.loads(text)
        except ValueError:
            told = None
        if not isinstance(told, dict):
            # Without a cause: a parser's message would quote the secret.
            raise SettingsInvalid("Planster's registration with this system cannot be read.", remedy=_REMEDY) from None
        return told
