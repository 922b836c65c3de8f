"""Makes the API from the environment, apart from the workers' wiring: nobody pays for the others' imports."""

from __future__ import annotations

from datetime import timedelta

from planster_sync.connectors import registry
from planster_sync.engine.write_requests import WriteRequests
from planster_sync.entry.api.app import build_app
from planster_sync.entry.api.cooldown import Cooldowns
from planster_sync.entry.api.routing import ApiResolver
from planster_sync.entry.api.shop import ApiShop
from planster_sync.entry.parts import parts
from planster_sync.storage.asked_syncs import DynamoAskedSyncs
from planster_sync.storage.erasure import DynamoDisconnections
from planster_sync.storage.quarantine import DynamoQuarantine
from planster_sync.storage.records_reader import RecordsReader


def build_api() -> ApiResolver:
    made = parts()
    return build_app(
        ApiShop(
            integrations=made.integrations,
            runs=made.runs,
            streams=made.streams,
            records=RecordsReader(made.records_table),
            quarantine=DynamoQuarantine(made.records_table),
            asked_syncs=DynamoAskedSyncs(made.control),
            disconnections=DynamoDisconnections(made.control),
            starter=made.starter,
            writer=WriteRequests(made.writes, made.queue, made.clock, made.settings.timings),
            capabilities=registry.capabilities,
            clock=made.clock,
            journal=made.journal,
            spread_seconds=made.settings.slot_spread_seconds,
            cooldowns=Cooldowns(
                timedelta(seconds=made.settings.sync_cooldown_seconds),
                timedelta(seconds=made.settings.full_sync_cooldown_seconds),
            ),
        )
    )
