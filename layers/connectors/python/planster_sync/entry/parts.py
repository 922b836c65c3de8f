"""What the functions share, made on first use from the settings of this deployment.

Nothing is imported here that only one of them needs and that takes long to load: no HTTP of the workers, no framework
of the API, no boto3.
"""

from __future__ import annotations

import os
import random
import sys
from dataclasses import dataclass
from functools import cached_property

from planster_sync.aws.clock import SystemClock
from planster_sync.aws.events import EventBridgeEvents
from planster_sync.aws.failures import Retries
from planster_sync.aws.identity import RandomIdentity
from planster_sync.aws.journal import LogLines
from planster_sync.aws.metrics import MetricLines
from planster_sync.aws.queue import SqsTaskQueue
from planster_sync.aws.registrations import SsmRegistrations
from planster_sync.aws.secret_keeping import SsmSecretKeeper
from planster_sync.aws.secrets import AwsSecrets
from planster_sync.aws.settings import Settings, VendorNetwork
from planster_sync.aws.token_vault import SsmTokenVault
from planster_sync.aws.webhook_secrets import SsmWebhookSecrets
from planster_sync.engine.starting import Starter
from planster_sync.http.addresses import AddressPolicy
from planster_sync.storage.backoff import Backoff
from planster_sync.storage.freshness import DynamoNights
from planster_sync.storage.integrations import DynamoIntegrations
from planster_sync.storage.lanes import Lanes, ThreadLanes
from planster_sync.storage.runs import DynamoRuns
from planster_sync.storage.streams import DynamoStreams
from planster_sync.storage.table import Table
from planster_sync.storage.webhooks import DynamoWebhooks
from planster_sync.storage.write_backs import DynamoWriteBacks
from planster_sync.wire.bucket import HttpBucket
from planster_sync.wire.connecting import bucket_from, endpoint_from
from planster_sync.wire.endpoint import Endpoint
from planster_sync.wire.signing import DYNAMODB, EVENTS, SECRETS, SQS, SSM, Service

SERVICE, NAMESPACE = "planster-sync", "PlansterSync"
"""What log lines and metrics are found under."""


@dataclass(frozen=True)
class Parts:
    """Each is made once per environment, when it is first asked for."""

    settings: Settings

    @cached_property
    def clock(self) -> SystemClock:
        return SystemClock()

    @cached_property
    def identity(self) -> RandomIdentity:
        return RandomIdentity()

    @cached_property
    def journal(self) -> LogLines:
        return LogLines(SERVICE, self.clock, sys.stdout, os.environ)

    @cached_property
    def metrics(self) -> MetricLines:
        return MetricLines(NAMESPACE, self.clock, sys.stdout)

    @cached_property
    def retries(self) -> Retries:
        return Retries(self.clock, random.random)

    @cached_property
    def dynamodb(self) -> Endpoint:
        return self._endpoint(DYNAMODB)

    @cached_property
    def lanes(self) -> Lanes:
        return ThreadLanes()

    @cached_property
    def addresses(self) -> AddressPolicy:
        """Where connections may go that customers have given the address of."""
        is_local = self.settings.vendor_network is VendorNetwork.LOOPBACK
        return AddressPolicy.loopback() if is_local else AddressPolicy.public()

    @cached_property
    def bucket(self) -> HttpBucket:
        return bucket_from(os.environ, self.clock, self.settings.index_bucket)

    @cached_property
    def backoff(self) -> Backoff:
        return Backoff(self.clock, random.random)

    @cached_property
    def control(self) -> Table:
        return self._table(self.settings.control_table)

    @cached_property
    def records_table(self) -> Table:
        return self._table(self.settings.records_table)

    @cached_property
    def integrations(self) -> DynamoIntegrations:
        return DynamoIntegrations(self.control, self.journal)

    @cached_property
    def runs(self) -> DynamoRuns:
        return DynamoRuns(self.control, self.journal)

    @cached_property
    def nights(self) -> DynamoNights:
        return DynamoNights(self.control, self.journal)

    @cached_property
    def writes(self) -> DynamoWriteBacks:
        return DynamoWriteBacks(self.control, self.journal)

    @cached_property
    def webhooks(self) -> DynamoWebhooks:
        return DynamoWebhooks(self.control, self.journal)

    @cached_property
    def streams(self) -> DynamoStreams:
        return DynamoStreams(self.control)

    @cached_property
    def sqs(self) -> Endpoint:
        return self._endpoint(SQS)

    @cached_property
    def queue(self) -> SqsTaskQueue:
        return SqsTaskQueue(self.sqs, self.settings.queue_urls, self.retries)

    @cached_property
    def events(self) -> EventBridgeEvents:
        return EventBridgeEvents(self._endpoint(EVENTS), self.settings.event_bus, self.retries)

    @cached_property
    def secrets(self) -> AwsSecrets:
        return AwsSecrets(
            self._endpoint(SSM),
            lambda region: self._endpoint(SECRETS, region),
            self.settings.secret_prefix,
            self.clock,
            self.retries,
        )

    @cached_property
    def webhook_secrets(self) -> SsmWebhookSecrets:
        return SsmWebhookSecrets(self._endpoint(SSM), self.settings.webhook_secret_prefix, self.clock, self.retries)

    @cached_property
    def secret_keeper(self) -> SsmSecretKeeper:
        return SsmSecretKeeper(self._endpoint(SSM), self.settings.secret_prefix, self.retries)

    @cached_property
    def registrations(self) -> SsmRegistrations:
        return SsmRegistrations(self._endpoint(SSM), self.settings.registration_prefix, self.clock, self.retries)

    def token_vault(self, organisation: str, integration: str) -> SsmTokenVault:
        return SsmTokenVault(self._endpoint(SSM), self.settings.secret_prefix, organisation, integration, self.retries)

    @cached_property
    def starter(self) -> Starter:
        return Starter(self.runs, self.queue, self.clock, self.identity, self.settings.timings)

    def _endpoint(self, service: Service, region: str | None = None) -> Endpoint:
        return endpoint_from(os.environ, self.clock, service, region)

    def _table(self, name: str) -> Table:
        return Table(self.dynamodb, name, self.backoff, self.lanes)


def parts() -> Parts:
    """Raises SettingsInvalid naming every variable of the environment that is missing or malformed."""
    return Parts(Settings.from_environment(os.environ))
