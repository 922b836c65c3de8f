"""Makes the API from the environment, apart from the workers' wiring: nobody pays for the others' imports."""

from __future__ import annotations

import os
from datetime import timedelta
from functools import partial

from planster_sync.aws.settings import ApiAuthorization
from planster_sync.aws.webhook_secrets import new_secret
from planster_sync.aws.worker_function import WorkerFunction
from planster_sync.connectors import registry
from planster_sync.engine.webhook_desk import WebhookDesk
from planster_sync.engine.write_requests import WriteRequests
from planster_sync.entry.api.app import build_app
from planster_sync.entry.api.caller import TRUSTED_MACHINE
from planster_sync.entry.api.cooldown import Cooldowns
from planster_sync.entry.api.overlays import OverlaidRecords
from planster_sync.entry.api.quotas import Quotas
from planster_sync.entry.api.routing import ApiResolver
from planster_sync.entry.api.shop import ApiShop
from planster_sync.entry.parts import Parts, parts
from planster_sync.entry.webhooks.wording import JsonWording
from planster_sync.http.webhook_addresses import check_url
from planster_sync.storage.asked_syncs import DynamoAskedSyncs
from planster_sync.storage.consents import DynamoConsents
from planster_sync.storage.corrections import DynamoCorrections
from planster_sync.storage.erasure import DynamoDisconnections
from planster_sync.storage.exports import DynamoExports, S3ExportFiles
from planster_sync.storage.quarantine import DynamoQuarantine
from planster_sync.storage.records_reader import RecordsReader
from planster_sync.storage.request_counts import DynamoRequestCounts
from planster_sync.wire.connecting import functions_from

WORKER_SECONDS = 20.0
"""How long an answer of the worker is waited for; the API's own time ends after 29."""


def build_api() -> ApiResolver:
    return build_app(api_shop())


def api_shop() -> ApiShop:
    """What the API works with, and the console over it."""
    made = parts()
    functions = functions_from(os.environ, made.clock, WORKER_SECONDS)
    book = DynamoCorrections(made.records_table)
    return ApiShop(
        integrations=made.integrations,
        nights=made.nights,
        runs=made.runs,
        streams=made.streams,
        records=OverlaidRecords(RecordsReader(made.records_table), book),
        adjustments=book,
        worker=WorkerFunction(functions, made.settings.worker_function),
        quarantine=DynamoQuarantine(made.records_table),
        asked_syncs=DynamoAskedSyncs(made.control),
        exports=DynamoExports(made.control),
        files=S3ExportFiles(made.bucket, made.backoff, made.clock),
        disconnections=DynamoDisconnections(made.control),
        starter=made.starter,
        writer=WriteRequests(made.writes, made.queue, made.clock, made.settings.timings),
        webhooks=_webhook_desk(made),
        capabilities=registry.capabilities,
        connectors=registry.names,
        keeper=made.secret_keeper,
        consents=DynamoConsents(made.control, made.identity),
        clock=made.clock,
        timings=made.settings.timings,
        journal=made.journal,
        anonymous=TRUSTED_MACHINE if made.settings.api_authorization is ApiAuthorization.NONE else None,
        quotas=Quotas(DynamoRequestCounts(made.control), made.clock, made.settings.organisation_requests_per_minute),
        spread_seconds=made.settings.slot_spread_seconds,
        cooldowns=Cooldowns(
            timedelta(seconds=made.settings.sync_cooldown_seconds),
            timedelta(seconds=made.settings.full_sync_cooldown_seconds),
        ),
    )


def _webhook_desk(made: Parts) -> WebhookDesk:
    return WebhookDesk(
        made.webhooks,
        made.webhook_secrets,
        made.queue,
        JsonWording(),
        made.clock,
        made.identity,
        made.settings.timings,
        partial(check_url, addresses=made.addresses),
        new_secret,
    )
