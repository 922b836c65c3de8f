"""The deployed system without a cloud: the real handlers on moto, against a real simulator over HTTP."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import boto3
import pytest
from boto3.dynamodb.types import TypeDeserializer
from moto import mock_aws

from functions.sync_dispatcher import handler as dispatcher
from functions.sync_worker import handler as worker
from planster_sync.connectors import registry
from planster_sync.engine.erasing import send_erasure
from planster_sync.entry.parts import Parts, parts
from planster_sync.model.data_types import DataType
from planster_sync.model.integrations import Integration, IntegrationStatus, Schedule
from planster_sync.model.runs import Mode, Run
from planster_sync.wire.signing import DYNAMODB, EVENTS, SQS, SSM
from simulators.serving.server import RunningServer
from simulators.trackstar.account import Account
from simulators.trackstar.config import AccountSpec, ServerConfig
from simulators.trackstar.server import serve
from tests.contract.stores.over_http import moto_over_http
from tests.contract.stores.tables import create_tables

if TYPE_CHECKING:
    from mypy_boto3_sqs.type_defs import MessageTypeDef

REGION: Final = "eu-central-1"
QUEUES = ("night", "manual")


@dataclass
class Context:
    """What Lambda tells a handler of its time."""

    seconds: float = 300

    def get_remaining_time_in_millis(self) -> int:
        return int(self.seconds * 1000)


@dataclass
class Deployment:
    """Two accounts on one simulator; `ticks` and `works` are what EventBridge and SQS would do."""

    simulator: RunningServer[Account]
    urls: dict[str, str]
    made: Parts

    def register(self, integration: str, connection: str, *, organisation: str = "acme", token: str = "") -> None:
        """Connects an account: its secret first, then the integration, due at once."""
        secret = {"api_key": "sim-api-key", "access_token": token or f"token-{connection}"}
        boto3.client("ssm").put_parameter(
            Name=f"/planster/test/integrations/{organisation}/{integration}",
            Value=json.dumps(secret),
            Type="SecureString",
            Overwrite=True,
        )
        now = datetime.now(UTC)
        self.made.integrations.put(
            Integration(
                organisation,
                integration,
                "trackstar",
                connection,
                IntegrationStatus.ACTIVE,
                Schedule(),
                now,
                settings={"base_url": self.simulator.url},
                due_at=now,
            )
        )

    def tick(self, now: datetime | None = None) -> dict[str, Any]:
        time = (now or datetime.now(UTC)).isoformat()
        event = {"source": "aws.events", "detail-type": "Scheduled Event", "time": time}
        return dispatcher.handler(event, Context())

    def work(self, context: Context | None = None) -> None:
        """Hands every waiting message to the worker, as the event source mapping does, until the queues are empty."""
        sqs = boto3.client("sqs")
        found = True
        while found:
            found = False
            for name in QUEUES:
                answer = sqs.receive_message(QueueUrl=self.urls[name], MaxNumberOfMessages=1)
                for message in answer.get("Messages", ()):
                    found = True
                    self.hand_over(name, message, context or Context())

    def hand_over(self, name: str, message: MessageTypeDef, context: Context) -> None:
        record = {
            "messageId": message["MessageId"],
            "receiptHandle": message["ReceiptHandle"],
            "body": message["Body"],
            "eventSourceARN": f"arn:aws:sqs:{REGION}:123456789012:{name}",
        }
        answer = worker.handler({"Records": [record]}, context)
        if not answer["batchItemFailures"]:
            boto3.client("sqs").delete_message(QueueUrl=self.urls[name], ReceiptHandle=message["ReceiptHandle"])

    def night(self, integration: str = "main", organisation: str = "acme") -> Run:
        """Ticks, works, and gives the run; the integration is due as it was registered."""
        self.tick()
        self.work()
        return self.last_run(integration, organisation)

    def by_hand(self, integration: str = "main", organisation: str = "acme") -> Run:
        """Syncs two data types now, as the API does for a planner."""
        found = self.made.integrations.get(organisation, integration)
        assert found is not None
        self.made.starter.by_hand(
            found,
            registry.capabilities(found.connector),
            (DataType.WAREHOUSES, DataType.PRODUCTS),
            Mode.AUTO,
            "planner",
        )
        self.work()
        return self.last_run(integration, organisation)

    def night_later(self, integration: str = "main", organisation: str = "acme") -> Run:
        """The night after, as the dispatcher sees it: the event's own time is what counts."""
        found = self.made.integrations.get(organisation, integration)
        assert found is not None
        assert found.due_at is not None
        self.tick(found.due_at)
        self.work()
        return self.last_run(integration, organisation)

    def make_due(self, integration: str = "main", organisation: str = "acme") -> None:
        """Lets the dispatcher look at the integration again, as a second delivery of the same tick would."""
        found = self.made.integrations.get(organisation, integration)
        assert found is not None
        self.made.integrations.put(replace(found, due_at=datetime.now(UTC), last_slot_at=None))

    def erase(self, integration: str = "main", organisation: str = "acme") -> None:
        """Has a disconnected integration erased, as if it had been disconnected an hour ago."""
        found = self.made.integrations.get(organisation, integration)
        assert found is not None
        assert found.disconnecting_at is not None
        self.made.integrations.put(replace(found, disconnecting_at=found.disconnecting_at - timedelta(hours=1)))
        send_erasure(self.made.queue, organisation, integration)
        self.work()

    def last_run(self, integration: str = "main", organisation: str = "acme") -> Run:
        return self.made.runs.recent(organisation, integration, 1, None)[0][0]

    def stored(self, integration: str = "main", organisation: str = "acme") -> dict[str, list[dict[str, Any]]]:
        """Every item of the records table of one integration, by data type, as any client reads it."""
        deserializer = TypeDeserializer()
        found: dict[str, list[dict[str, Any]]] = {}
        pages = boto3.client("dynamodb").get_paginator("scan").paginate(TableName="records")
        for page in pages:
            for item in page["Items"]:
                plain = {name: deserializer.deserialize(value) for name, value in item.items()}
                owner, account, kind = plain["pk"].split("#")[:3]
                if (owner, account) == (organisation, integration):
                    found.setdefault(kind, []).append(plain)
        return found


@contextmanager
def deployment(
    monkeypatch: pytest.MonkeyPatch, *accounts: AccountSpec, base_date: datetime | None = None
) -> Iterator[Deployment]:
    """`base_date` is when the simulated business's first day ends, for a source that must be the same each time."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    with ExitStack() as stack:
        stack.enter_context(mock_aws())
        simulator = stack.enter_context(serve(ServerConfig(accounts, base_date=base_date, rate_get=0)))
        for name, variable in (*((each.name, each.variable) for each in (DYNAMODB, SQS, SSM, EVENTS)), ("s3", "S3")):
            url = stack.enter_context(moto_over_http(f"https://{name}.{REGION}.amazonaws.com/"))
            monkeypatch.setenv(f"AWS_ENDPOINT_URL_{variable}", url)
        boto3.client("s3").create_bucket(Bucket="indexes", CreateBucketConfiguration={"LocationConstraint": REGION})
        create_tables(boto3.client("dynamodb"), control="control", records="records")
        sqs = boto3.client("sqs")
        urls = {
            name: sqs.create_queue(QueueName=name, Attributes={"VisibilityTimeout": "1800"})["QueueUrl"]
            for name in QUEUES
        }
        environment = {
            "CONTROL_TABLE": "control",
            "RECORDS_TABLE": "records",
            "INDEX_BUCKET": "indexes",
            "NIGHT_QUEUE_URL": urls["night"],
            "MANUAL_QUEUE_URL": urls["manual"],
            "EVENT_BUS": "default",
            "WORKER_FUNCTION": "sync-worker",
            "SECRET_PREFIX": "/planster/test/integrations",
            "WEBHOOK_SECRET_PREFIX": "/planster/test/webhooks",
            "VENDOR_NETWORK": "loopback",
            "API_AUTHORIZATION": "NONE",
            "SLOT_SPREAD_SECONDS": "0",
        }
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        dispatcher.entry.cache_clear()
        worker.entry.cache_clear()
        yield Deployment(simulator, urls, parts())
        dispatcher.entry.cache_clear()
        worker.entry.cache_clear()
