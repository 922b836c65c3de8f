"""One execution environment: the product's own parts, put together as the functions do, over simulated services.

An environment outlives its invocations, as on Lambda: caches, clients and connections are shared by what runs in it,
one invocation after the other, whichever tenant it is for.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from random import Random
from typing import Any, NoReturn, TypeVar

from planster_sync.aws.events import EventBridgeEvents
from planster_sync.aws.failures import Retries
from planster_sync.aws.journal import LogLines
from planster_sync.aws.metrics import MetricLines
from planster_sync.aws.queue import SqsReceipts, SqsTaskQueue
from planster_sync.aws.secrets import AwsSecrets
from planster_sync.connectors import registry
from planster_sync.engine.answering import Respondent
from planster_sync.engine.dispatch import Dispatcher
from planster_sync.engine.ending import Ending
from planster_sync.engine.erasing import Erasing
from planster_sync.engine.night_sweep import NightSweep
from planster_sync.engine.starting import Starter
from planster_sync.engine.sweep import Sweep, Sweeps
from planster_sync.engine.task import Worker, Workshop
from planster_sync.engine.write_back import WriteWorker
from planster_sync.entry.dispatcher import DispatcherEntry
from planster_sync.entry.worker import WorkerEntry
from planster_sync.errors import CredentialsRejected, SourceUnavailable
from planster_sync.http.account import Account
from planster_sync.http.limits import AnswerLimits
from planster_sync.http.opening import Clients
from planster_sync.model.integrations import Integration
from planster_sync.model.runs import Lane, StreamKey
from planster_sync.model.timings import Timings
from planster_sync.ports.source import Capabilities, Connector, DeletionEvidence, Mapped, Page, Read
from planster_sync.storage.adjustments import DynamoAdjustments
from planster_sync.storage.backoff import Backoff
from planster_sync.storage.erasure import DynamoDisconnections, DynamoTraces
from planster_sync.storage.freshness import DynamoNights
from planster_sync.storage.index_objects import S3IndexObjects
from planster_sync.storage.integrations import DynamoIntegrations
from planster_sync.storage.quarantine import DynamoQuarantine
from planster_sync.storage.rate_budget import SHARE_OF_RATE, DynamoRateBudget
from planster_sync.storage.records import DynamoRecords
from planster_sync.storage.runs import DynamoRuns
from planster_sync.storage.streams import DynamoStreams
from planster_sync.storage.table import Table
from planster_sync.storage.write_backs import DynamoWriteBacks
from tests.chaos.cloud import CloudBus, CloudEndpoint, CloudObjects, CloudParameters, CloudQueue, Throttle
from tests.chaos.hub import Hub, HubClock
from tests.chaos.mail import Mail
from tests.chaos.perils import Perils
from tests.chaos.plan import Plan
from tests.chaos.vendor import Vendor, VendorTransport
from tests.fakes.as_bucket import AsBucket
from tests.fakes.as_endpoint import AsEndpoint
from tests.fakes.memory_connecting import ScriptedExchanges
from tests.fakes.own_tokens import OwnTokens
from tests.fakes.simulated_dynamodb import SimulatedDynamoDB
from tests.fakes.simulated_s3 import SimulatedS3

Work = TypeVar("Work")
Result = TypeVar("Result")

CONTROL, RECORDS, BUCKET, PREFIX = "control", "records", "index", "/planster/chaos/integrations"
SLOWEST = 1.5
"""How many times the plan's `slow_vendor` a request takes at most."""


@dataclass(eq=False)
class Region:
    """What all environments share: the services, the vendor and the fate of every call."""

    hub: Hub
    plan: Plan
    perils: Perils
    tables: SimulatedDynamoDB
    objects: SimulatedS3
    mail: Mail
    vendor: Vendor
    throttle: Throttle
    parameters: dict[str, str]
    random: Random
    timings: Timings = field(default_factory=Timings)
    events: list[dict[str, Any]] = field(default_factory=list)
    log: list[tuple[str, Any]] = field(default_factory=list)
    metrics: io.StringIO = field(default_factory=io.StringIO)
    ids: int = 0


@dataclass(eq=False)
class Sandbox:
    """`version` is the code that was deployed when it started: another one maps in another way."""

    region: Region
    version: int
    entry: Any = None

    def __post_init__(self) -> None:
        region = self.region
        self.clock = HubClock(region.hub)
        sqs = AsEndpoint(CloudQueue(region.mail.sqs, region.perils))
        urls = {Lane.NIGHT: region.mail.sqs.url("night"), Lane.MANUAL: region.mail.sqs.url("manual")}
        retries = Retries(self.clock, region.random.random)
        self.journal = LogLines("chaos", self.clock, _Log(region.log), {})
        self.control, self.records = self._table(CONTROL), self._table(RECORDS)
        self.runs = DynamoRuns(self.control, self.journal)
        self.integrations = DynamoIntegrations(self.control, self.journal)
        self.streams = DynamoStreams(self.control)
        self.adjustments = DynamoAdjustments(self.records, self.clock)
        self.quarantine = DynamoQuarantine(self.records)
        self.queue = SqsTaskQueue(sqs, urls, retries)
        self.receipts = SqsReceipts(sqs, urls, retries)
        self.events = EventBridgeEvents(AsEndpoint(CloudBus(region.events, region.perils)), "bus", retries)
        parameters = AsEndpoint(CloudParameters(region.parameters, region.perils))
        self.secrets = AwsSecrets(parameters, lambda _region: parameters, PREFIX, self.clock, retries)
        self.starter = Starter(self.runs, self.queue, self.clock, self, region.timings)

    def new_id(self) -> str:
        self.region.ids += 1
        return f"id{self.region.ids:06d}"

    def worker(self) -> WorkerEntry:
        region = self.region
        shop = Workshop(
            integrations=self.integrations,
            runs=self.runs,
            streams=self.streams,
            records=DynamoRecords(self.records, self.control, self.clock),
            quarantine=self.quarantine,
            adjustments=self.adjustments,
            objects=S3IndexObjects(
                AsBucket(CloudObjects(region.objects, region.perils), BUCKET),
                Backoff(self.clock, region.random.random),
                self.lanes,
            ),
            queue=self.queue,
            events=self.events,
            clock=self.clock,
            identity=self,
            journal=self.journal,
            metrics=MetricLines("Chaos", self.clock, region.metrics),
            erasing=self._erasing(),
            timings=region.timings,
            capabilities=self.capabilities,
            connect=self.connect,
            open_pages=one_ahead if region.plan.page_ahead else as_asked,
        )
        respondent = Respondent(self.integrations, self.capabilities, self.connect, self.clock, ScriptedExchanges())
        return WorkerEntry(
            Worker(shop),
            self._writer(),
            respondent,
            self.receipts,
            self.clock,
            region.timings,
            self.journal,
            _unasked,
            _unasked,
        )

    def _writer(self) -> WriteWorker:
        """Present as in Lambda; no plan asks it to write."""
        return WriteWorker(
            self.integrations,
            DynamoWriteBacks(self.control, self.journal),
            self.queue,
            self.clock,
            self,
            self.journal,
            self.region.timings,
            self.capabilities,
            self.connect,
            lambda _: _unasked(),
        )

    def _erasing(self) -> Erasing:
        traces = DynamoTraces(self.control, self.records, self.clock)
        return Erasing(
            self.integrations,
            DynamoDisconnections(self.control),
            {"records": traces.records, "rows": traces.rows},
            self.queue,
            self.clock,
            self.region.timings,
            self.journal,
        )

    def _objects(self) -> S3IndexObjects:
        bucket = AsBucket(CloudObjects(self.region.objects, self.region.perils), BUCKET)
        return S3IndexObjects(bucket, Backoff(self.clock, self.region.random.random), self.lanes)

    def dispatcher(self) -> DispatcherEntry:
        timings = self.region.timings
        ending = Ending(self.runs, self.streams, self.queue, self.events, self.clock, timings, self.journal)
        sweep = Sweep(self.runs, self.streams, self.queue, self.starter, ending, self.clock, timings, self.journal)
        kept, metrics = DynamoNights(self.control, self.journal), MetricLines("Chaos", self.clock, self.region.metrics)
        nights = NightSweep(kept, self.integrations, self.runs, self.capabilities, self.clock, metrics, self.journal)
        dispatcher = Dispatcher(
            self.integrations,
            self.runs,
            kept,
            self.starter,
            Sweeps((sweep, nights)),
            self.capabilities,
            self.clock,
            self.journal,
            0,
        )
        return DispatcherEntry(dispatcher, self.clock, self.journal)

    def capabilities(self, name: str) -> Capabilities:
        return adapted(name, self.region.plan.tight, self.region.plan.second_snapshot, self.version)

    @contextmanager
    def connect(self, integration: Integration) -> Iterator[Connector]:
        """As `entry.worker_wiring.connect_with`, over the simulated vendor."""
        clients = self._clients(integration)
        try:
            credentials = self.secrets.read(integration)
            account = Account(credentials, integration.settings, self.clock, clients.open, OwnTokens(self.clock))
            try:
                yield Deployed(registry.build(integration.connector, account), self)
            except CredentialsRejected as refused:
                if self.secrets.were_replaced(integration, credentials):
                    raise SourceUnavailable("The credentials were replaced while they were in use.") from refused
                raise
        finally:
            clients.close()

    def lanes(self, do: Callable[[Work], Result], work: Sequence[Work]) -> list[Result]:
        """One piece after the other in a drawn order: each piece is one effect, so that every interleaving is one."""
        results: dict[int, Result] = {}
        failure: Exception | None = None
        for place in self.region.random.sample(range(len(work)), len(work)):
            try:
                results[place] = do(work[place])
            except Exception as error:
                failure = failure or error
        if failure is not None:
            raise failure
        return [results[place] for place in range(len(work))]

    def _table(self, name: str) -> Table:
        region = self.region
        endpoint = CloudEndpoint(region.tables, region.perils, region.throttle)
        return Table(endpoint, name, Backoff(self.clock, region.random.random), self.lanes)

    def _clients(self, integration: Integration) -> Clients:
        region = self.region
        timings = region.timings
        key = StreamKey(integration.organisation, integration.id, "")
        rate = SHARE_OF_RATE * registry.capabilities(integration.connector).rate.per_second
        budget = DynamoRateBudget(
            self.control, key, per_second=rate, workers=4, short_wait=timings.short_wait, clock=self.clock
        )
        limits = AnswerLimits(10.0, timings.http_timeout, timings.http_timeout, 0.0, timings.short_wait)
        return Clients(budget, self.clock, region.random.random, lambda _: self.transport(), limits=limits)

    def transport(self) -> VendorTransport:
        region, process = self.region, self.region.hub.current

        def latency() -> float:
            return region.plan.slow_vendor * (SLOWEST - 1.0 + region.random.random())

        def stage() -> str:
            return "page" if process is not None and process.calls else "first page"

        def counted() -> None:
            if process is not None:
                process.calls += 1

        return VendorTransport(region.vendor, region.perils, latency, stage, counted)


@dataclass(frozen=True, slots=True)
class Deployed:
    """The connector as one version of the code has it: version 2 maps names in another way."""

    connector: Connector
    sandbox: Sandbox

    @property
    def capabilities(self) -> Capabilities:
        return self.sandbox.capabilities(self.connector.capabilities.name)

    def check(self) -> None:
        self.connector.check()

    def pages(self, ask: Any) -> Iterator[Page]:
        return self.connector.pages(ask)

    def lookup(self, read: str, ids: Sequence[str]) -> Page:
        return self.connector.lookup(read, ids)

    def map(self, read: str, raw: bytes) -> Mapped:
        return self.connector.map(read, as_version(raw, self.sandbox.version))


def as_version(raw: bytes, version: int) -> bytes:
    return bytes(raw).replace(b"~m1~", b"~m%d~" % version)


@cache
def adapted(name: str, is_tight: bool, is_second_snapshot: bool, version: int) -> Capabilities:
    """The vendor's declaration under the schedule's own evidence, overlap and version of the mapping."""
    declared = registry.capabilities(name)
    reads = {read: _adapted(each, is_tight, is_second_snapshot) for read, each in declared.reads.items()}
    return replace(declared, reads=reads, mapping_version=version)


def _adapted(read: Read, is_tight: bool, is_second_snapshot: bool) -> Read:
    evidence = DeletionEvidence.SECOND_SNAPSHOT if is_second_snapshot else read.deletion
    if not is_tight:
        return replace(read, deletion=evidence, lookup_size=4)
    return replace(read, deletion=evidence, lookup_size=4, overlap=read.overlap * 0, lag=read.lag * 0)


@contextmanager
def as_asked(pages: Iterator[Page]) -> Iterator[Iterator[Page]]:
    """No page is asked for before it is wanted."""
    yield pages


@contextmanager
def one_ahead(pages: Iterator[Page]) -> Iterator[Iterator[Page]]:
    """The next page is always asked for before the present one is worked on, as production's reader may do."""

    def ahead() -> Iterator[Page]:
        waiting: list[Page] = []
        try:
            for page in pages:
                yield from waiting
                waiting = [page]
        except Exception:
            yield from waiting
            raise
        yield from waiting

    yield ahead()


@dataclass(frozen=True, slots=True)
class _Log:
    """Takes the log's lines apart again."""

    lines: list[tuple[str, Any]]

    def write(self, line: str, /) -> int:
        told = json.loads(line)
        self.lines.append((told["message"], told["fields"]))
        return len(line)


def _unasked() -> NoReturn:
    """No plan has webhooks or exports, and no message of theirs comes."""
    raise AssertionError("a message of webhooks or exports came")
