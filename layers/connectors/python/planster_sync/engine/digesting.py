"""The digest: one message for an organisation and a look, and only where something stands otherwise than was told last.

What was told is moved on together with the message's row, in one transaction: a look that dies told nothing, and is
made up for by the next one. How things stood when the digests began is no news, but for an account of the last day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from planster_sync.engine.announcing import TRIES, notice_id
from planster_sync.model.integrations import Integration, IntegrationStatus
from planster_sync.model.timings import Timings
from planster_sync.model.webhooks import (
    DIGEST,
    Delivery,
    DigestChange,
    Judgement,
    Kind,
    LookMessage,
    Told,
)
from planster_sync.ports.platform import Clock, Identity
from planster_sync.ports.stores import Integrations
from planster_sync.ports.webhooks import Digests, DigestWording, Judge, WebhookQueue

MOST_CHANGES = 90
"""At once: less than a transaction's hundred writes; the others are the next look's."""

NEW = timedelta(days=1)
"""So long an account is new: its first words are news."""


@dataclass(frozen=True, slots=True)
class Digester:
    """Handles look messages, always of the whole organisation."""

    digests: Digests
    integrations: Integrations
    judge: Judge
    wording: DigestWording
    queue: WebhookQueue
    clock: Clock
    identity: Identity
    timings: Timings

    def handle(self, message: LookMessage) -> None:
        """Tells what has changed.

        Raises:
            StoreBusy: the stores were throttled; the message comes back.
        """
        for _ in range(TRIES):
            if self._look(message.organisation):
                return

    def _look(self, organisation: str) -> bool:
        """Whether what there is was told; False where another worker was quicker."""
        known = self.digests.told_in_digests(organisation)
        now = self.clock.now()
        found = [
            (known.get(integration.id) or _new(integration, now), integration, self.judge(integration, streams, now))
            for integration, streams in self.integrations.status_page(organisation)
            if integration.status is not IntegrationStatus.DISCONNECTING
        ]
        moved = [each for each in found if _has_moved(each[0], each[2])][:MOST_CHANGES]
        if not moved:
            return True
        changes = [
            DigestChange(integration.id, integration.connector, before, judged)
            for before, integration, judged in moved
            if before is not None
        ]
        delivery = self._delivery(organisation, changes, now) if changes else None
        told = [_told(before, integration, judged, now) for before, integration, judged in moved]
        if not self.digests.tell_digest(told, delivery):
            return False
        if delivery is not None:
            self.queue.send_deliveries([delivery.message])  # the sweep sends what is lost here
        return True

    def _delivery(self, organisation: str, changes: Sequence[DigestChange], now: datetime) -> Delivery:
        return Delivery(
            organisation,
            DIGEST,
            notice_id(now, self.identity),
            Kind.STATE_CHANGED,
            self.wording(changes, now),
            now,
            check_at=now + timedelta(seconds=self.timings.unsent),
            concerns=tuple(change.integration for change in changes),
        )


def _new(integration: Integration, now: datetime) -> Told | None:
    return Told(integration.organisation, integration.id, now) if integration.created_at >= now - NEW else None


def _has_moved(before: Told | None, judged: Judgement) -> bool:
    """States only: a sync that went as the one before is no news."""
    return before is None or (before.whole, before.data_types) != (judged.whole, judged.data_types)


def _told(before: Told | None, integration: Integration, judged: Judgement, now: datetime) -> Told:
    return Told(
        integration.organisation,
        integration.id,
        now,
        judged.whole,
        judged.data_types,
        version=(before.version if before else 0) + 1,
    )
