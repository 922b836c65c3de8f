"""A deployed stack as an operator reaches it: the functions' own settings, and the stores made from them.

The settings are read from the worker's environment, so that an operator acts on the tables and queues that the worker
uses, restored ones included.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from operations.desk import Desk
from operations.halting import Halt
from operations.tables import Tables
from planster_sync.aws.settings import Settings
from planster_sync.connectors import registry
from planster_sync.entry.parts import Parts
from planster_sync.errors import InvalidRequest, NotFound
from planster_sync.storage.index_objects import S3IndexObjects
from planster_sync.storage.quarantine import DynamoQuarantine
from planster_sync.storage.records import DynamoRecords

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_lambda.type_defs import FunctionConfigurationResponseTypeDef
    from mypy_boto3_sqs import SQSClient

LIVE = "live"
"""The alias by which everything calls the functions: what it leads to is at work, whatever is being deployed."""
DEAD_LETTERS = {"night": "NightDeadLettersUrl", "manual": "ManualDeadLettersUrl"}
"""By the queue that they come from, the stack's output."""


@dataclass(frozen=True)
class Stack:
    """`session` has the operator's credentials; AWS_ENDPOINT_URL leads everything to a local cloud."""

    name: str
    session: boto3.Session

    @cached_property
    def outputs(self) -> Mapping[str, str]:
        """Raises NotFound where there is no such stack in this account and region."""
        client = self.session.client("cloudformation")
        try:
            (described,) = client.describe_stacks(StackName=self.name)["Stacks"]
        except ClientError as refused:
            raise NotFound(
                f"There is no stack {self.name} in this account and region, or it may not be seen.",
                remedy="Name the stack (--stack or STACK), and check AWS_PROFILE and AWS_REGION.",
                detail=str(refused),
            ) from refused
        except BotoCoreError as failed:
            raise InvalidRequest(
                f"AWS could not be asked: {failed}.", remedy="Check AWS_PROFILE, AWS_REGION and the network."
            ) from failed
        return {str(one["OutputKey"]): str(one["OutputValue"]) for one in described.get("Outputs", ())}

    @cached_property
    def worker(self) -> FunctionConfigurationResponseTypeDef:
        return self.session.client("lambda").get_function_configuration(
            FunctionName=self.outputs["SyncWorker"], Qualifier=LIVE
        )

    @cached_property
    def parts(self) -> Parts:
        return Parts(Settings.from_environment(self.worker["Environment"]["Variables"]))

    @cached_property
    def sqs(self) -> SQSClient:
        return self.session.client("sqs")

    @cached_property
    def dynamodb(self) -> DynamoDBClient:
        return self.session.client("dynamodb")

    @property
    def halt(self) -> Halt:
        events, functions = self.session.client("events"), self.session.client("lambda")
        return Halt(self.name, self.worker["FunctionArn"], events, functions, self.desk.clock)

    @property
    def tables(self) -> Tables:
        return Tables(self.dynamodb, self.desk.clock)

    def table(self, which: str) -> str:
        """The name of the table of `control` or `records`."""
        settings = self.parts.settings
        return settings.control_table if which == "control" else settings.records_table

    def dead_letters_of(self, queue: str) -> str:
        return self.outputs[DEAD_LETTERS[queue]]

    @cached_property
    def desk(self) -> Desk:
        made: Any = self.parts
        return Desk(
            integrations=made.integrations,
            runs=made.runs,
            streams=made.streams,
            writes=made.writes,
            webhooks=made.webhooks,
            queue=made.queue,
            control=made.control,
            records=DynamoRecords(made.records_table, made.control, made.clock),
            quarantine=DynamoQuarantine(made.records_table),
            objects=S3IndexObjects(made.bucket, made.backoff, made.lanes),
            starter=made.starter,
            capabilities=registry.capabilities,
            clock=made.clock,
            timings=made.settings.timings,
        )
