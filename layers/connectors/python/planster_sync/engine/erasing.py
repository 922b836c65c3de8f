"""Disconnecting: everything of an integration is erased, place by place, until a whole pass finds nothing.

It begins one lease after it was asked for. By then every invocation that still took the integration for a connected one
has been ended by the platform, so that nobody writes behind the eraser's back (docs/architecture.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from planster_sync.model.integrations import Disconnection, Integration
from planster_sync.model.runs import ERASURE, Lane, TaskMessage
from planster_sync.model.timings import Timings
from planster_sync.ports.erasing import Disconnections, Trace
from planster_sync.ports.platform import Clock, Journal, TaskQueue
from planster_sync.ports.stores import Integrations


def disconnection_of(integration: Integration, timings: Timings) -> Disconnection:
    """The proof of an integration that is being disconnected, as it stands before anything was erased."""
    asked_at = integration.disconnecting_at or integration.created_at
    return Disconnection(
        integration.organisation,
        integration.id,
        integration.connector,
        asked_at,
        integration.disconnecting_by or "",
        asked_at + timedelta(seconds=timings.lease),
    )


def send_erasure(queue: TaskQueue, organisation: str, integration: str, delay_seconds: float = 0) -> None:
    message = TaskMessage(organisation, integration, ERASURE, ERASURE, 0, Lane.MANUAL)
    queue.send([message], lane=Lane.MANUAL, delay_seconds=delay_seconds)


@dataclass(frozen=True, slots=True)
class Erasing:
    """`traces` are the places in which an integration leaves something, by name."""

    integrations: Integrations
    disconnections: Disconnections
    traces: Mapping[str, Trace]
    queue: TaskQueue
    clock: Clock
    timings: Timings
    journal: Journal

    def handle(self, integration: Integration, message: TaskMessage, until: datetime) -> float | None:
        """Takes a message of an integration that is being disconnected; gives in how many seconds it must come back.

        Every message but the erasure's own is dropped: its work is wanted no more.
        """
        if message.run != ERASURE:
            return None
        proof = disconnection_of(integration, self.timings)
        early = (proof.begins_at - self.clock.now()).total_seconds()
        if early > 0:
            return early
        self.disconnections.begin(proof)
        while (found := self._pass(integration, proof, until)) != 0:
            if found is None:
                send_erasure(self.queue, integration.organisation, integration.id)
                return None
        self.disconnections.complete(proof, self.clock.now())
        self.integrations.remove(integration.organisation, integration.id)
        self.journal.event("integration_erased", organisation=integration.organisation, integration=integration.id)
        return None

    def _pass(self, integration: Integration, proof: Disconnection, until: datetime) -> int | None:
        """How much a pass over every place has erased; None where the time was over first."""
        found = 0
        for place, erase in self.traces.items():
            if self.clock.now() >= until:
                return None
            count = erase(integration, until)
            if count:
                self.disconnections.note(proof, place, count)
            found += count
        return found if self.clock.now() < until else None  # a place may have stopped in the middle
