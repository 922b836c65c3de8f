"""Delivers what the house tells: an event's detail to the bus, a digest to its topic; all else goes to webhooks."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from planster_sync.errors import SettingsInvalid
from planster_sync.model.runs import Problem
from planster_sync.model.webhooks import BUS, DIGEST, Delivery, Reply, Target
from planster_sync.ports.platform import Events
from planster_sync.ports.webhooks import Publishes, Send
from planster_sync.wire.endpoint import Refused

TAKEN = 200
_NO_BUS = Problem(
    "event_refused", "The event bus refuses the event.", "Mend the bus or the worker's role.", retryable=True
)


@dataclass(frozen=True, slots=True)
class HouseSender:
    """`topic` is None where the deployment has none."""

    webhooks: Send
    events: Events
    topic: Publishes | None

    def __call__(self, target: Target, delivery: Delivery, at: datetime) -> Reply:
        """Raises StoreBusy where bus or topic are throttled; the message comes back."""
        if target.id == BUS:
            return self._event(delivery)
        if target.id == DIGEST:
            return self._digest(delivery)
        return self.webhooks(target, delivery, at)

    def _event(self, delivery: Delivery) -> Reply:
        try:
            self.events.publish(delivery.kind.value, json.loads(delivery.body))
        except Refused:
            return Reply(None, _NO_BUS)
        return Reply(TAKEN)

    def _digest(self, delivery: Delivery) -> Reply:
        subject, _, text = delivery.body.partition("\n\n")
        try:
            if self.topic is None:
                raise SettingsInvalid("There is no topic for digests any more.")
            self.topic.publish(subject, f"{text}\n\nDigest {delivery.id}", delivery.organisation)
        except SettingsInvalid as refused:
            return Reply(None, Problem.of(refused))
        return Reply(TAKEN)
