"""Makes the worker's part of webhooks, apart from the rest of its wiring: it brings the API's views with it."""

from __future__ import annotations

from planster_sync.connectors import registry
from planster_sync.engine.announcing import Announcer
from planster_sync.engine.delivering import Courier
from planster_sync.engine.failed_writes import FailureTeller
from planster_sync.entry.parts import Parts
from planster_sync.entry.webhooks.judging import StatusJudge
from planster_sync.entry.webhooks.wording import JsonWording
from planster_sync.entry.worker import WebhookWork
from planster_sync.http.webhooks import sender


def failure_teller(made: Parts) -> FailureTeller:
    return FailureTeller(
        made.integrations,
        made.webhooks,
        JsonWording(),
        made.queue,
        made.events,
        made.clock,
        made.settings.timings,
        made.journal,
    )


def webhook_work(made: Parts) -> WebhookWork:
    timings = made.settings.timings
    announcer = Announcer(
        made.webhooks,
        made.integrations,
        made.runs,
        StatusJudge(registry.capabilities),
        JsonWording(),
        made.queue,
        made.clock,
        made.identity,
        timings,
        made.journal,
    )
    send = sender(made.webhook_secrets.read, made.addresses, made.clock)
    return WebhookWork(announcer, Courier(made.webhooks, send, made.queue, made.clock, timings, made.journal))
