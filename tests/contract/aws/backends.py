"""The services that the same assertions are made about: the simulated ones, moto, and the local cloud's emulator."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol
from uuid import uuid4

import boto3
import msgspec
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import ClientError

from planster_sync.storage.endpoint import Refused
from tests.contract.stores.tables import create_tables, described
from tests.fakes.simulated_dynamodb import SimulatedDynamoDB
from tests.fakes.simulated_tables import table_layout

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs import SQSClient

REGION = "eu-central-1"
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
        return self._session.client("s3", endpoint_url=self._endpoint)

    @cached_property
    def sqs(self) -> SQSClient:
        return self._session.client("sqs", endpoint_url=self._endpoint)
