"""Introduces the rooms to each other, once per execution environment.

Importing this does no work; each `build_*` reads the environment, so that a template's mistake is named by the first
event. Collaborators that AWS charges time for (clients) are made once and shared.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property

from aws_lambda_powertools import Logger

from planster_sync.aws.clients import events_client, sqs_client, ssm_client
from planster_sync.aws.clock import SystemClock
from planster_sync.aws.events import EventBridgeEvents
from planster_sync.aws.failures import PartialRetries
from planster_sync.aws.identity import RandomIdentity
from planster_sync.aws.journal import PowertoolsJournal
from planster_sync.aws.queue import SqsReceipts, SqsTaskQueue
from planster_sync.aws.secrets import AwsSecrets
from planster_sync.aws.settings import Settings, VendorNetwork
from planster_sync.connectors import registry
from planster_sync.engine.dispatch import Dispatcher
from planster_sync.engine.ending import Ending
from planster_sync.engine.starting import Starter
from planster_sync.engine.sweep import Sweep
from planster_sync.engine.task import Worker, Workshop
from planster_sync.entry.dispatcher import DispatcherEntry
from planster_sync.entry.worker import WorkerEntry
from planster_sync.http.account import Account
from planster_sync.http.addresses import AddressPolicy
from planster_sync.http.limits import AnswerLimits
from planster_sync.http.opening import Clients
from planster_sync.http.read_ahead import read_ahead
from planster_sync.model.integrations import Integration
from planster_sync.model.runs import StreamKey
from planster_sync.ports.source import Connector
from planster_sync.storage.adjustments import DynamoAdjustments
from planster_sync.storage.backoff import Backoff
from planster_sync.storage.clients import dynamodb_client, s3_client
from planster_sync.storage.index_objects import S3IndexObjects
from planster_sync.storage.integrations import DynamoIntegrations
from planster_sync.storage.quarantine import DynamoQuarantine
from planster_sync.storage.rate_budget import DynamoRateBudget
from planster_sync.storage.records import DynamoRecords
from planster_sync.storage.runs import DynamoRuns
from planster_sync.storage.streams import DynamoStreams
from planster_sync.storage.table import Table

WORKERS_PER_ACCOUNT = 4
"""How many workers usually share one account's allowance: sets the size of a reservation, not a limit."""


@dataclass(frozen=True)
class Parts:
    """Every collaborator, made on first use from the settings of this deployment."""

    settings: Settings

    @cached_property
    def clock(self) -> SystemClock:
        return SystemClock()

    @cached_property
    def identity(self) -> RandomIdentity:
        return RandomIdentity()

    @cached_property
    def journal(self) -> PowertoolsJournal:
        return PowertoolsJournal(Logger())

    @cached_property
    def retries(self) -> PartialRetries:
        return PartialRetries(self.clock, random.random)

    @cached_property
    def control(self) -> Table:
        return Table(dynamodb_client(), self.settings.control_table, Backoff(self.clock, random.random))

    @cached_property
    def records_table(self) -> Table:
        return Table(dynamodb_client(), self.settings.records_table, Backoff(self.clock, random.random))

    @cached_property
    def integrations(self) -> DynamoIntegrations:
        return DynamoIntegrations(self.control)

    @cached_property
    def runs(self) -> DynamoRuns:
        return DynamoRuns(self.control)

    @cached_property
    def streams(self) -> DynamoStreams:
        return DynamoStreams(self.control)

    @cached_property
    def queue(self) -> SqsTaskQueue:
        return SqsTaskQueue(sqs_client(), self.settings.queue_urls, self.retries)

    @cached_property
    def events(self) -> EventBridgeEvents:
        return EventBridgeEvents(events_client(), self.settings.event_bus, self.retries)

    @cached_property
    def secrets(self) -> AwsSecrets:
        return AwsSecrets(ssm_client(), self.settings.secret_prefix, self.clock)

    @cached_property
    def starter(self) -> Starter:
        return Starter(self.runs, self.queue, self.clock, self.identity, self.settings.timings)

    @cached_property
    def ending(self) -> Ending:
        return Ending(self.runs, self.streams, self.queue, self.events, self.clock, self.settings.timings, self.journal)

    @cached_property
    def records(self) -> DynamoRecords:
        return DynamoRecords(
            dynamodb_client(),
            records=self.settings.records_table,
            control=self.settings.control_table,
            clock=self.clock,
            random=random.random,
        )

    @contextmanager
    def connect(self, integration: Integration) -> Iterator[Connector]:
        """The integration's connector with its credentials; its connections are closed on every path."""
        clients = self._clients(integration)
        try:
            account = Account(self.secrets.read(integration), integration.settings, self.clock, clients.open)
            yield registry.build(integration.connector, account)
        finally:
            clients.close()

    def _clients(self, integration: Integration) -> Clients:
        timings = self.settings.timings
        is_local = self.settings.vendor_network is VendorNetwork.LOOPBACK
        budget = DynamoRateBudget(
            self.control,
            StreamKey(integration.organisation, integration.id, ""),
            per_second=registry.capabilities(integration.connector).rate.per_second,
            workers=WORKERS_PER_ACCOUNT,
            short_wait=timings.short_wait,
            clock=self.clock,
        )
        limits = AnswerLimits(
            connect=min(10.0, timings.http_timeout),
            read=timings.http_timeout,
            total=timings.http_timeout,
            past_deadline=0.0,
            short_wait=timings.short_wait,
        )
        addresses = AddressPolicy.loopback() if is_local else AddressPolicy.public()
        return Clients(budget, self.clock, random.random, addresses=addresses, limits=limits)


def parts() -> Parts:
    return Parts(Settings.from_environment(os.environ))


def build_dispatcher() -> DispatcherEntry:
    made = parts()
    timings = made.settings.timings
    sweep = Sweep(made.runs, made.streams, made.queue, made.starter, made.ending, made.clock, timings, made.journal)
    dispatcher = Dispatcher(
        made.integrations,
        made.runs,
        made.starter,
        sweep,
        registry.capabilities,
        made.clock,
        made.journal,
        made.settings.slot_spread_seconds,
    )
    return DispatcherEntry(dispatcher, made.clock, made.journal)


def build_worker() -> WorkerEntry:
    made = parts()
    shop = Workshop(
        integrations=made.integrations,
        runs=made.runs,
        streams=made.streams,
        records=made.records,
        quarantine=DynamoQuarantine(made.records_table),
        adjustments=DynamoAdjustments(made.records_table),
        objects=S3IndexObjects(s3_client(), made.settings.index_bucket),
        queue=made.queue,
        events=made.events,
        clock=made.clock,
        identity=made.identity,
        journal=made.journal,
        timings=made.settings.timings,
        capabilities=registry.capabilities,
        connect=made.connect,
        open_pages=read_ahead,
    )
    receipts = SqsReceipts(sqs_client(), made.settings.queue_urls)
    return WorkerEntry(Worker(shop), receipts, made.clock, made.settings.timings, made.journal)
