"""Makes the worker's part of webhooks, apart from the rest of its wiring: it brings the API's views with it."""

from __future__ import annotations

import os

from planster_sync.aws.topics import SnsTopic
from planster_sync.connectors import registry
from planster_sync.engine.announcing import Announcer, Looker, Lookers
from planster_sync.engine.delivering import Courier
from planster_sync.engine.digesting import Digester
from planster_sync.engine.failed_writes import FailureTeller
from planster_sync.entry.parts import Parts
from planster_sync.entry.webhooks.digest import PlainDigest
from planster_sync.entry.webhooks.house import HouseSender
from planster_sync.entry.webhooks.judging import StatusJudge
from planster_sync.entry.webhooks.wording import JsonWording
from planster_sync.entry.worker import WebhookWork
from planster_sync.http.webhooks import sender
from planster_sync.ports.webhooks import Webhooks
from planster_sync.storage.house import DynamoHouse
from planster_sync.wire.connecting import topic_connections_from


def failure_teller(made: Parts) -> FailureTeller:
    return FailureTeller(
        made.integrations,
        (made.webhooks, DynamoHouse(made.control, made.clock, made.journal)),
        JsonWording(),
        made.queue,
        made.clock,
        made.settings.timings,
        made.journal,
    )


def webhook_work(made: Parts) -> WebhookWork:
    timings, house = made.settings.timings, DynamoHouse(made.control, made.clock, made.journal)
    judge, topic = StatusJudge(registry.capabilities), _topic(made)

    def announcer(webhooks: Webhooks) -> Announcer:
        return Announcer(
            webhooks,
            made.integrations,
            made.runs,
            judge,
            JsonWording(),
            made.queue,
            made.clock,
            made.identity,
            timings,
            made.journal,
        )

    digester = Digester(
        house,
        made.integrations,
        judge,
        PlainDigest(registry.capabilities),
        made.queue,
        made.clock,
        made.identity,
        timings,
    )
    lookers: list[Looker] = [announcer(made.webhooks), announcer(house)]
    if topic is not None:
        lookers.append(digester)
    send = HouseSender(sender(made.webhook_secrets.read, made.addresses, made.clock), made.events, topic)
    return WebhookWork(Lookers(lookers), Courier(house, send, made.queue, made.clock, timings, made.journal))


def _topic(made: Parts) -> SnsTopic | None:
    """Where digests go; its ARN names its region."""
    arn = made.settings.digest_topic
    if not arn:
        return None
    connections, signer = topic_connections_from(os.environ, made.clock, arn.split(":")[3])
    return SnsTopic(connections, signer, made.clock, arn, made.retries)
