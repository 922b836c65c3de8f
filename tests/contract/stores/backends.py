"""The backends that the store contract is checked on: memory, moto, and the local cloud's emulator."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol
from uuid import uuid4

import boto3
from moto import mock_aws

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
from planster_sync.storage.quarantine import DynamoQuarantine
from planster_sync.storage.rate_budget import DynamoRateBudget
from planster_sync.storage.records import DynamoRecords
from planster_sync.storage.records_reader import RecordsReader
from planster_sync.storage.runs import DynamoRuns
from planster_sync.storage.streams import DynamoStreams
from planster_sync.storage.table import Table
from tests.contract.stores.tables import create_tables
from tests.fakes.clock import ManualClock
from tests.fakes.memory_stores import MemoryStores

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_s3 import S3Client

REGION = "eu-central-1"


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
    """The real stores; `reader` and `budget` have no twin in memory."""

    def __init__(self, clock: ManualClock, dynamodb: DynamoDBClient, s3: S3Client) -> None:
        name = uuid4().hex[:12]
        self.clock = clock
        create_tables(dynamodb, control=f"control-{name}", records=f"records-{name}")
        s3.create_bucket(Bucket=f"index-{name}", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
        backoff = Backoff(clock, lambda: 0.5)
        self.dynamodb = dynamodb
        self.control = Table(dynamodb, f"control-{name}", backoff)
        self.table = Table(dynamodb, f"records-{name}", backoff)
        self.records = DynamoRecords(
            dynamodb, records=self.table.name, control=self.control.name, clock=clock, random=lambda: 0.5
        )
        self.quarantine = DynamoQuarantine(self.table)
        self.adjustments = DynamoAdjustments(self.table)
        self.indexes = S3IndexObjects(s3, f"index-{name}")
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
def moto_clients() -> Iterator[tuple[DynamoDBClient, S3Client]]:
    with mock_aws():
        yield aws_clients(None)


def aws_clients(endpoint: str | None) -> tuple[DynamoDBClient, S3Client]:
    """Clients on moto, while it is in force (None), or on an emulator."""
    session = boto3.Session(aws_access_key_id="test", aws_secret_access_key="test", region_name=REGION)
    return session.client("dynamodb", endpoint_url=endpoint), session.client("s3", endpoint_url=endpoint)
