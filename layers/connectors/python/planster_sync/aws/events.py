"""Events on EventBridge, for whoever wants to know that tasks and runs ended."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from planster_sync.aws.failures import PartialRetries, busy_as_store_busy

if TYPE_CHECKING:
    from mypy_boto3_events import EventBridgeClient

SOURCE = "planster.sync"
_BUSY = "The event bus is busy."


class EventBridgeEvents:
    """Raises StoreBusy where the bus refuses an event past the bounded retries."""

    def __init__(self, client: EventBridgeClient, bus: str, retries: PartialRetries) -> None:
        self._client = client
        self._bus = bus
        self._retries = retries

    def publish(self, kind: str, detail: Mapping[str, Any]) -> None:
        """`detail` must be plain JSON; times in it become ISO-8601 text."""
        text = json.dumps(dict(detail), default=str)
        for _ in self._retries.rounds(_BUSY):
            with busy_as_store_busy(_BUSY):
                answer = self._client.put_events(
                    Entries=[{"Source": SOURCE, "DetailType": kind, "Detail": text, "EventBusName": self._bus}]
                )
            if not answer.get("FailedEntryCount"):
                return
