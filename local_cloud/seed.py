"""Three organisations with their integrations, registered as in production: a secret, and a row each."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from local_cloud.deployment import Deployment
from local_cloud.vendors import Account, Vendor
from planster_sync.aws.clock import SystemClock
from planster_sync.model.integrations import Integration, IntegrationStatus, Schedule
from planster_sync.storage.backoff import Backoff
from planster_sync.storage.integrations import DynamoIntegrations
from planster_sync.storage.lanes import ThreadLanes
from planster_sync.storage.table import Table
from planster_sync.wire.connecting import endpoint_from

ORGANISATIONS = ("alder", "birch", "maple")


@dataclass(frozen=True, slots=True)
class Connected:
    """An integration with the simulated account behind it."""

    integration: Integration
    vendor: Vendor
    account: Account

    @property
    def name(self) -> str:
        return f"{self.integration.organisation}/{self.integration.id}"


def control_table(deployment: Deployment) -> Table:
    return _table(deployment, "ControlTable")


def records_table(deployment: Deployment) -> Table:
    return _table(deployment, "RecordsTable")


def register(deployment: Deployment, vendors: Sequence[Vendor]) -> list[Connected]:
    """Stores the secrets and integrations of every account; each is due at once.

    The hour of the schedule is the one that has begun, so that the slot of "this night" is in the past: what is then
    seen is the ordinary start of a night by a tick, not a special one.
    """
    register_at(deployment, vendors)
    now = datetime.now(UTC)
    integrations = DynamoIntegrations(control_table(deployment))
    connected = list(_connected(vendors, now))
    for one in connected:
        deployment.cloud.ssm.put_parameter(
            Name=f"{deployment.outputs['SecretPrefix']}/{one.name}",
            Value=json.dumps(dict(one.account.credentials)),
            Type="SecureString",
            Overwrite=True,
        )
        integrations.put(one.integration)
    return connected


def register_at(deployment: Deployment, vendors: Sequence[Vendor]) -> None:
    """Stores what the deployment is registered as at the vendors where accounts are connected by a consent."""
    for vendor in vendors:
        if not vendor.registration:
            continue
        parts = {name: text.replace("{api}", deployment.api_url) for name, text in vendor.registration.items()}
        deployment.cloud.ssm.put_parameter(
            Name=f"{deployment.outputs['RegistrationPrefix']}/{vendor.connector}",
            Value=json.dumps(parts),
            Type="SecureString",
            Overwrite=True,
        )


def _connected(vendors: Sequence[Vendor], now: datetime) -> Iterator[Connected]:
    accounts = [(vendor, number, account) for vendor in vendors for number, account in enumerate(vendor.accounts, 1)]
    for place, (vendor, number, account) in enumerate(accounts):
        integration = Integration(
            organisation=ORGANISATIONS[place * len(ORGANISATIONS) // len(accounts)],
            id=f"{vendor.connector}-{number}",
            connector=vendor.connector,
            name=f"Warehouse {place + 1}",
            status=IntegrationStatus.ACTIVE,
            schedule=Schedule(zone="UTC", hours=(now.hour,)),
            created_at=now - timedelta(days=1),
            settings=dict(account.settings),
            due_at=now,
        )
        yield Connected(integration, vendor, account)


def _table(deployment: Deployment, output: str) -> Table:
    clock = SystemClock()
    endpoint = endpoint_from(deployment.cloud.environment(), clock)
    return Table(endpoint, deployment.outputs[output], Backoff(clock, random.random), ThreadLanes())
