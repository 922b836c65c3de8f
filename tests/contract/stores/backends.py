"""The backends that the store contract is checked on: memory, moto, and the local cloud's emulator."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol
from uuid import uuid4

import boto3
from moto import mock_aws

from planster_sync.aws.clock import SystemClock
from planster_sync.model.runs import StreamKey
from planster_sync.ports.platform import RateBudget
from planster_sync.ports.stores import (
    Adjustment,
    Adjustments,
    IndexObjects,
    Integrations,
    Quarantine,
    QuarantineEntry,
    RecordKey,
    RecordStore,
    Runs,
    Streams,
)
from planster_sync.storage.adjustments import DynamoAdjustments
from planster_sync.storage.backoff import Backoff
from planster_sync.storage.index_objects import S3IndexObjects
from planster_sync.storage.integrations import DynamoIntegrations
from planster_sync.storage.lanes import ThreadLanes
from planster_sync.storage.quarantine import DynamoQuarantine
from planster_sync.storage.rate_budget import DynamoRateBudget
from planster_sync.storage.records import DynamoRecords
from planster_sync.storage.records_reader import RecordsReader
from planster_sync.storage.runs import DynamoRuns
from planster_sync.storage.streams import DynamoStreams
from planster_sync.storage.table import Table
from planster_sync.wire.connecting import bucket_from, endpoint_from
from tests.contract.stores.faults import FaultyEndpoint
from tests.contract.stores.over_http import moto_over_http
from tests.contract.stores.tables import create_tables
from tests.fakes.clock import ManualClock
from tests.fakes.memory_stores import MemoryStores

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_s3 import S3Client

REGION = "eu-central-1"
_NOBODY = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}


@dataclass(frozen=True, slots=True)
class Aws:
    """Where a test's AWS is; the clients are for arranging and looking."""

    dynamodb_url: str
    s3_url: str
    dynamodb: DynamoDBClient
    s3: S3Client

    def environment(self) -> dict[str, str]:
        """As a function would have it."""
        there = {"AWS_ENDPOINT_URL_DYNAMODB": self.dynamodb_url, "AWS_ENDPOINT_URL_S3": self.s3_url}
        return {**_NOBODY, "AWS_REGION": REGION, **there}


class MakesAdjustments(Adjustments, Protocol):
    def make(self, organisation: str, integration: str, adjustment: Adjustment) -> None: ...


class ShowsQuarantine(Quarantine, Protocol):
    def entries(self, stream: StreamKey) -> list[QuarantineEntry]: ...


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
    def integrations(self) -> Integrations: ...
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
    """The real stores on the real endpoint; `reader` and `budget` have no twin in memory."""

    def __init__(self, clock: ManualClock, aws: Aws) -> None:
        name = uuid4().hex[:12]
        self.clock = clock
        self.dynamodb = aws.dynamodb
        create_tables(aws.dynamodb, control=f"control-{name}", records=f"records-{name}")
        aws.s3.create_bucket(Bucket=f"index-{name}", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
        backoff, lanes = Backoff(clock, lambda: 0.5), ThreadLanes()
        environment = aws.environment()
        self.endpoint = FaultyEndpoint(endpoint_from(environment, SystemClock()))
        self.control = Table(self.endpoint, f"control-{name}", backoff, lanes)
        self.table = Table(self.endpoint, f"records-{name}", backoff, lanes)
        self.records = DynamoRecords(self.table, self.control, clock)
        self.quarantine = DynamoQuarantine(self.table)
        self.adjustments = DynamoAdjustments(self.table)
        bucket = bucket_from(environment, SystemClock(), f"index-{name}")
        self.indexes = S3IndexObjects(bucket, backoff, lanes)
        self.streams = DynamoStreams(self.control)
        self.runs = DynamoRuns(self.control)
        self.integrations = DynamoIntegrations(self.control)
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


def _aws(dynamodb_url: str, s3_url: str, endpoint: str | None) -> Aws:
    session = boto3.Session(aws_access_key_id="test", aws_secret_access_key="test", region_name=REGION)
    dynamodb = session.client("dynamodb", endpoint_url=endpoint)
    return Aws(dynamodb_url, s3_url, dynamodb, session.client("s3", endpoint_url=endpoint))
