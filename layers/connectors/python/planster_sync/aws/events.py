"""Events on EventBridge, for whoever wants to know that tasks and runs ended."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from planster_sync.aws.failures import Asking, Retries
from planster_sync.wire.endpoint import Endpoint

SOURCE = "planster.sync"
_BUSY = "The event bus is busy."


class EventBridgeEvents:
    """Raises StoreBusy where the bus refuses an event past the bounded retries."""

    def __init__(self, endpoint: Endpoint, bus: str, retries: Retries) -> None:
        self._asking = Asking(endpoint, retries, _BUSY)
        self._bus = bus
        self._retries = retries

    def publish(self, kind: str, detail: Mapping[str, Any]) -> None:
        """`detail` must be plain JSON; times in it become ISO-8601 text."""
        text = json.dumps(dict(detail), default=str)
        entry = {"Source": SOURCE, "DetailType": kind, "Detail": text, "EventBusName": self._bus}
        for _ in self._retries.rounds(_BUSY):
            answer = self._asking.once("PutEvents", {"Entries": [entry]})
            if answer is not None and not answer.get("FailedEntryCount"):
                return
