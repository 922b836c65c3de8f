"""The services that the same assertions are made about: the simulated ones, moto, and the local cloud's emulator."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Protocol, cast
from uuid import uuid4

import boto3
import msgspec
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import ClientError

from planster_sync.wire.endpoint import Refused
from tests.contract.stores.tables import create_tables, described
from tests.fakes.clock import ManualClock
from tests.fakes.simulated_dynamodb import SimulatedDynamoDB
from tests.fakes.simulated_s3 import SimulatedS3
from tests.fakes.simulated_sqs import QueueLayout, SimulatedSQS
from tests.fakes.simulated_tables import table_layout

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs import SQSClient

REGION: Final = "eu-central-1"
Answer = dict[str, Any]


class Calls(Protocol):
    def __call__(self, operation: str, request: Mapping[str, Any]) -> Answer:
        """Request and answer in the wire's form. Raises Refused."""
        ...


@dataclass(frozen=True, slots=True)
class Dynamo:
    """Both tables of the template, empty, on one backend."""

    backend: str
    control: str
    records: str
    call: Calls

    def do(self, operation: str, table: str | None = None, **request: Any) -> Answer:
        """`table` is the records table unless another is named."""
        return self.call(operation, {"TableName": table or self.records, **request})

    def refusal(self, operation: str, table: str | None = None, **request: Any) -> Refused | None:
        try:
            self.do(operation, table, **request)
        except Refused as refused:
            return refused
        return None

    def outcome(self, operation: str, table: str | None = None, **request: Any) -> str:
        """ "accepted", or the code of the refusal."""
        refused = self.refusal(operation, table, **request)
        return "accepted" if refused is None else refused.code

    def batch_outcome(self, operation: str, items: Mapping[str, Any]) -> str:
        try:
            self.call(operation, {"RequestItems": items})
        except Refused as refused:
            return refused.code
        return "accepted"

    def put(self, **attributes: Any) -> None:
        """Into the records table."""
        self.do("PutItem", Item=attributes)

    def get(self, pk: str = "p", sk: str = "s") -> Answer | None:
        answer = self.do("GetItem", Key={"pk": {"S": pk}, "sk": {"S": sk}}, ConsistentRead=True)
        return answer.get("Item")


def simulated_dynamo() -> Dynamo:
    simulated = SimulatedDynamoDB(
        [table_layout(name, description) for name, description in described(control="control", records="records")],
        created_at=1_772_330_400.0,
    )

    def call(operation: str, request: Mapping[str, Any]) -> Answer:
        answer: Answer = msgspec.json.decode(simulated.call(operation, msgspec.json.encode(request)))
        return answer

    return Dynamo("simulated", "control", "records", call)


def dynamo_on(backend: str, client: DynamoDBClient) -> Dynamo:
    name = uuid4().hex[:12]
    create_tables(client, control=f"control-{name}", records=f"records-{name}")

    def call(operation: str, request: Mapping[str, Any]) -> Answer:
        try:
            answer: Answer = getattr(client, xform_name(operation))(**request)
        except ClientError as error:
            raise _refused(error) from None
        except (IndexError, KeyError, TypeError, ValueError) as crash:  # moto runs in this process, mistakes and all
            raise Refused(f"crashed with {type(crash).__name__}", str(crash), b"{}") from crash
        answer.pop("ResponseMetadata")
        return answer

    return Dynamo(backend, f"control-{name}", f"records-{name}", call)


def _refused(error: ClientError) -> Refused:
    answer: Any = {name: value for name, value in error.response.items() if name != "ResponseMetadata"}
    return Refused(answer["Error"]["Code"], answer["Error"]["Message"], msgspec.json.encode(answer))


class Clients:
    """boto3's clients of one backend, each made once; of moto, while it is in force, without an endpoint."""

    def __init__(self, endpoint: str | None) -> None:
        self._endpoint = endpoint
        self._session = boto3.Session(aws_access_key_id="test", aws_secret_access_key="test", region_name=REGION)

    @cached_property
    def dynamodb(self) -> DynamoDBClient:
        # Without the client's own validation, so that the service is asked.
        plain = Config(parameter_validation=False)
        return self._session.client("dynamodb", endpoint_url=self._endpoint, config=plain)

    @cached_property
    def s3(self) -> S3Client:
        return self._session.client("s3", endpoint_url=self._endpoint, config=Config(parameter_validation=False))

    @cached_property
    def sqs(self) -> SQSClient:
        return self._session.client("sqs", endpoint_url=self._endpoint)


@dataclass(frozen=True, slots=True)
class Objects:
    """An empty bucket on one backend."""

    backend: str
    bucket: str
    client: S3Client


def objects_on(backend: str, clients: Clients) -> Objects:
    bucket = f"bucket-{uuid4().hex[:12]}"
    if backend == "simulated":
        return Objects(backend, bucket, cast("S3Client", SimulatedS3(bucket)))
    clients.s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
    return Objects(backend, bucket, clients.s3)


class Queues(Protocol):
    """A task queue and its dead letters, empty, as a sender and as Lambda's poller see them."""

    backend: str
    client: SQSClient
    url: str

    def receive(self) -> Answer | None:
        """The next visible message as a record of Lambda's event; None where there is none now."""
        ...

    def receive_dead(self) -> Answer | None: ...

    def delete(self, receipt: str) -> None: ...

    def purge(self) -> None: ...

    def wait_for_one(self) -> Answer | None:
        """A message that becomes visible within a few seconds: on a given clock where there is one."""
        ...


class SimulatedQueues:
    backend = "simulated"

    def __init__(self, *, visibility: int, max_receives: int) -> None:
        self._clock = ManualClock()
        self._sqs = SimulatedSQS(
            QueueLayout("tasks", visibility, max_receives, "dead"), QueueLayout("dead", visibility), clock=self._clock
        )
        self.client = cast("SQSClient", self._sqs)
        self.url = self._sqs.url("tasks")

    def receive(self) -> Answer | None:
        return self._sqs.take("tasks")

    def receive_dead(self) -> Answer | None:
        return self._sqs.take("dead")

    def delete(self, receipt: str) -> None:
        self._sqs.succeed(receipt)

    def purge(self) -> None:
        self._sqs.purge("tasks")

    def wait_for_one(self) -> Answer | None:
        self._clock.advance(5)
        return self.receive()


class RealQueues:
    """On moto or the emulator, in real time. A wait is a long poll, so that it is as short as can be."""

    def __init__(self, backend: str, client: SQSClient, *, visibility: int, max_receives: int) -> None:
        name = uuid4().hex[:12]
        self.backend = backend
        self.client = client
        self._dead = client.create_queue(QueueName=f"dead-{name}")["QueueUrl"]
        arn = client.get_queue_attributes(QueueUrl=self._dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        redrive = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": str(max_receives)})
        attributes: Any = {"VisibilityTimeout": str(visibility), "RedrivePolicy": redrive}
        self.url = client.create_queue(QueueName=f"tasks-{name}", Attributes=attributes)["QueueUrl"]

    def receive(self) -> Answer | None:
        return self._receive(self.url, 0)

    def receive_dead(self) -> Answer | None:
        return self._receive(self._dead, 0)

    def delete(self, receipt: str) -> None:
        self.client.delete_message(QueueUrl=self.url, ReceiptHandle=receipt)

    def purge(self) -> None:
        self.client.purge_queue(QueueUrl=self.url)

    def wait_for_one(self) -> Answer | None:
        for _ in range(30):
            found = self._receive(self.url, 1)
            if found is not None:
                return found
        return None

    def _receive(self, url: str, seconds: int) -> Answer | None:
        found: Any = self.client.receive_message(
            QueueUrl=url, MaxNumberOfMessages=1, AttributeNames=["All"], WaitTimeSeconds=seconds
        )
        for message in found.get("Messages", []):
            return {
                "messageId": message["MessageId"],
                "receiptHandle": message["ReceiptHandle"],
                "body": message["Body"],
                "attributes": message["Attributes"],
            }
        return None


def queues_on(backend: str, clients: Clients, *, visibility: int, max_receives: int) -> Queues:
    if backend == "simulated":
        return SimulatedQueues(visibility=visibility, max_receives=max_receives)
    return RealQueues(backend, clients.sqs, visibility=visibility, max_receives=max_receives)
