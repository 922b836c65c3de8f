"""The backends that the store contract is checked on: memory, simulated services, moto, the local cloud's emulator."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol
from uuid import uuid4

import boto3
from moto import mock_aws

from planster_sync.aws.clock import SystemClock
from planster_sync.model.runs import StreamKey
from planster_sync.ports.connecting import Consents
from planster_sync.ports.erasing import Disconnections
from planster_sync.ports.freshness import Nights
from planster_sync.ports.platform import RateBudget
from planster_sync.ports.sessions import Sessions
from planster_sync.ports.stores import (
    Adjustment,
    Adjustments,
    AskedSyncs,
    IndexObjects,
    Integrations,
    Quarantine,
    QuarantineEntry,
    RecordKey,
    RecordStore,
    Runs,
    Streams,
)
from planster_sync.ports.write_backs import WriteBacks
from planster_sync.storage.adjustments import DynamoAdjustments
from planster_sync.storage.asked_syncs import DynamoAskedSyncs
from planster_sync.storage.backoff import Backoff
from planster_sync.storage.consents import DynamoConsents
from planster_sync.storage.erasure import DynamoDisconnections, DynamoTraces
from planster_sync.storage.freshness import DynamoNights
from planster_sync.storage.index_objects import S3IndexObjects
from planster_sync.storage.integrations import DynamoIntegrations
from planster_sync.storage.lanes import ThreadLanes
from planster_sync.storage.quarantine import DynamoQuarantine
from planster_sync.storage.rate_budget import DynamoRateBudget
from planster_sync.storage.records import DynamoRecords
from planster_sync.storage.records_reader import RecordsReader
from planster_sync.storage.runs import DynamoRuns
from planster_sync.storage.sessions import DynamoSessions
from planster_sync.storage.streams import DynamoStreams
from planster_sync.storage.table import Table
from planster_sync.storage.webhooks import DynamoWebhooks
from planster_sync.storage.write_backs import DynamoWriteBacks
from planster_sync.wire.bucket import Bucket
from planster_sync.wire.connecting import bucket_from, endpoint_from
from planster_sync.wire.endpoint import Endpoint
from tests.contract.stores.faults import FaultyEndpoint
from tests.contract.stores.over_http import moto_over_http
from tests.contract.stores.tables import create_tables, described
from tests.fakes.as_bucket import AsBucket
from tests.fakes.clock import ManualClock
from tests.fakes.memory_platform import CountedIdentity
from tests.fakes.memory_stores import MemoryStores
from tests.fakes.simulated_dynamodb import SimulatedDynamoDB
from tests.fakes.simulated_s3 import SimulatedS3
from tests.fakes.simulated_tables import table_layout

if TYPE_CHECKING:
    pass

REGION: Final = "eu-central-1"
_NOBODY = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}


@dataclass(frozen=True, slots=True)
class Aws:
    """A test's AWS. `create(control, records, bucket)` makes the tables and the bucket of these names."""

    dynamodb: Endpoint
    bucket: Callable[[str], Bucket]
    create: Callable[[str, str, str], None]


class MakesAdjustments(Adjustments, Protocol):
    def make(self, organisation: str, integration: str, adjustment: Adjustment) -> None: ...


class ShowsQuarantine(Quarantine, Protocol):
    def entries(self, stream: StreamKey) -> list[QuarantineEntry]: ...
    def page(
        self, stream: StreamKey, *, limit: int, after: str | None = None
    ) -> tuple[Sequence[QuarantineEntry], str | None]: ...


@dataclass(frozen=True, slots=True)
class Seen:
    """What lies in the store for one record, whatever the backend."""

    attributes: dict[str, Any]
    changed_at: str
    deleted: bool
    quarantined: bool


class Stores(Protocol):
    """One backend's stores and the clock that they share. Every backend starts empty."""

    clock: ManualClock

    @property
    def records(self) -> RecordStore: ...
    @property
    def quarantine(self) -> ShowsQuarantine: ...
    @property
    def adjustments(self) -> MakesAdjustments: ...
    @property
    def indexes(self) -> IndexObjects: ...
    @property
    def streams(self) -> Streams: ...
    @property
    def runs(self) -> Runs: ...
    @property
    def asked_syncs(self) -> AskedSyncs: ...
    @property
    def disconnections(self) -> Disconnections: ...
    @property
    def consents(self) -> Consents: ...
    @property
    def integrations(self) -> Integrations: ...
    @property
    def nights(self) -> Nights: ...
    @property
    def writes(self) -> WriteBacks: ...
    @property
    def sessions(self) -> Sessions: ...
    def seen(self, stream: StreamKey, key: RecordKey) -> Seen | None: ...


class InMemory(MemoryStores):
    def __init__(self, clock: ManualClock) -> None:
        super().__init__(clock)
        self.clock = clock

    def seen(self, stream: StreamKey, key: RecordKey) -> Seen | None:
        row = self.records.stored(stream, key)
        if row is None:
            return None
        changed_at = row.changed_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        return Seen(row.attributes, changed_at, row.deleted_at is not None, row.quarantined_at is not None)


class OnAws:
    """The real stores; `reader` and `budget` have no twin in memory."""

    def __init__(self, clock: ManualClock, aws: Aws) -> None:
        name = uuid4().hex[:12]
        self.clock = clock
        aws.create(f"control-{name}", f"records-{name}", f"index-{name}")
        backoff, lanes = Backoff(clock, lambda: 0.5), ThreadLanes()
        self.endpoint = FaultyEndpoint(aws.dynamodb)
        self.control = Table(self.endpoint, f"control-{name}", backoff, lanes)
        self.table = Table(self.endpoint, f"records-{name}", backoff, lanes)
        self.records = DynamoRecords(self.table, self.control, clock)
        self.quarantine = DynamoQuarantine(self.table)
        self.adjustments = DynamoAdjustments(self.table, clock)
        self.indexes = S3IndexObjects(aws.bucket(f"index-{name}"), backoff, lanes)
        self.streams = DynamoStreams(self.control)
        self.runs = DynamoRuns(self.control)
        self.asked_syncs = DynamoAskedSyncs(self.control)
        self.disconnections = DynamoDisconnections(self.control)
        self.consents = DynamoConsents(self.control, CountedIdentity())
        self.traces = DynamoTraces(self.control, self.table, clock)
        self.integrations = DynamoIntegrations(self.control)
        self.nights = DynamoNights(self.control)
        self.writes = DynamoWriteBacks(self.control)
        self.sessions = DynamoSessions(self.control)
        self.webhooks = DynamoWebhooks(self.control)
        self.reader = RecordsReader(self.table)

    def budget(self, stream: StreamKey, *, per_second: float, workers: int, short_wait: float = 20) -> RateBudget:
        return DynamoRateBudget(
            self.control, stream, per_second=per_second, workers=workers, short_wait=short_wait, clock=self.clock
        )

    def seen(self, stream: StreamKey, key: RecordKey) -> Seen | None:
        shown = self.reader.get(stream.organisation, stream.integration, key)
        if shown is None:
            return None
        own = ("read_at", "changed_at", "deleted_at", "quarantined_at", "data_type")
        attributes = {name: value for name, value in shown.items() if name not in own}
        return Seen(attributes, shown["changed_at"], "deleted_at" in shown, "quarantined_at" in shown)


@contextmanager
def on_moto() -> Iterator[Aws]:
    with (
        mock_aws(),
        moto_over_http(f"https://dynamodb.{REGION}.amazonaws.com/") as dynamodb,
        moto_over_http(f"https://s3.{REGION}.amazonaws.com/") as s3,
    ):
        yield _aws(dynamodb, s3, None)


def on_emulator(endpoint: str) -> Aws:
    return _aws(endpoint, endpoint, endpoint)


def simulated() -> Aws:
    dynamodb, s3 = SimulatedDynamoDB([]), SimulatedS3()

    def create(control: str, records: str, bucket: str) -> None:
        for name, description in described(control=control, records=records):
            dynamodb.create(table_layout(name, description), created_at=0.0)
        s3.create(bucket)

    return Aws(dynamodb, lambda name: AsBucket(s3, name), create)


def _aws(dynamodb_url: str, s3_url: str, endpoint: str | None) -> Aws:
    session = boto3.Session(aws_access_key_id="test", aws_secret_access_key="test", region_name=REGION)
    dynamodb, s3 = session.client("dynamodb", endpoint_url=endpoint), session.client("s3", endpoint_url=endpoint)

    def create(control: str, records: str, bucket: str) -> None:
        create_tables(dynamodb, control=control, records=records)
        s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})

    there = {"AWS_ENDPOINT_URL_DYNAMODB": dynamodb_url, "AWS_ENDPOINT_URL_S3": s3_url}
    environment = {**_NOBODY, "AWS_REGION": REGION, **there}
    clock = SystemClock()
    return Aws(endpoint_from(environment, clock), lambda name: bucket_from(environment, clock, name), create)
