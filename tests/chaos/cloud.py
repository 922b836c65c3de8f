"""AWS as one sandbox of a function sees it: the shared simulated services behind the perils of every call."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from botocore.exceptions import ClientError, ReadTimeoutError

from planster_sync.wire.endpoint import NoAnswer, Refused
from tests.chaos.perils import Perils
from tests.fakes.simulated_dynamodb import SimulatedDynamoDB
from tests.fakes.simulated_s3 import SimulatedS3
from tests.fakes.simulated_sqs import SimulatedSQS

_CONTENDED = frozenset({"PutItem", "UpdateItem", "TransactWriteItems"})


@dataclass(eq=False)
class Throttle:
    """Until when the tables are throttled, and how surely."""

    until: float = -1.0
    chance: float = 0.0
    leave: Collection[int] = field(default_factory=tuple)


UNFENCED_MARKS = (b"_deleted_at", b"_quarantined_at", b"#changed < :at")
"""In updates of records that carry no fence: like batches, they rely on the platform's end of a process."""


@dataclass(frozen=True, slots=True)
class CloudEndpoint:
    """DynamoDB for one process at a time."""

    tables: SimulatedDynamoDB
    perils: Perils
    throttle: Throttle

    def call(self, operation: str, body: bytes) -> bytes:
        perils = self.perils
        if perils.hub.current is None:
            return self.tables.call(operation, body)
        self._refuse(operation)
        if perils.happens("lost_request"):
            perils.hub.pause(3.0)
            raise NoAnswer("ReadTimeoutError")
        latency = 0.004 + perils.random.random() * 0.02
        try:
            answer = perils.around(_stage(operation, body), lambda: self._act(operation, body), latency)
        except Refused as refused:
            if refused.code == "ConditionalCheckFailedException":
                perils.hit("condition_failed")
            raise
        if perils.happens("lost_answer"):
            perils.hub.pause(3.0)
            raise NoAnswer("ReadTimeoutError")
        return answer

    def _act(self, operation: str, body: bytes) -> bytes:
        if operation == "BatchWriteItem" or any(mark in body for mark in UNFENCED_MARKS):
            self.perils.bounded()
        return self.tables.call(operation, body)

    def _refuse(self, operation: str) -> None:
        perils = self.perils
        if perils.calm:
            return
        if perils.hub.now < self.throttle.until and perils.random.random() < self.throttle.chance:
            perils.hit("throttle_burst")
            perils.hub.pause(0.01)
            raise _refused("ProvisionedThroughputExceededException")
        if operation in _CONTENDED and perils.happens("transaction_conflict"):
            perils.hub.pause(0.01)
            if operation == "TransactWriteItems":
                reasons = b'{"CancellationReasons":[{"Code":"TransactionConflict"},{"Code":"None"}]}'
                raise Refused("TransactionCanceledException", "cancelled", reasons)
            raise _refused("TransactionConflictException")


def _refused(code: str) -> Refused:
    return Refused(code, "simulated", b"{}")


def _stage(operation: str, body: bytes) -> str:
    """Which part of the work a request belongs to, from what it carries: only to name the fault point of a kill."""
    if operation == "BatchWriteItem":
        return "records"
    if operation in ("UpdateItem", "TransactWriteItems"):
        if b"_deleted_at" in body:
            return "burial"
        if b"last_success_run" in body or b"last_attempt_at" in body:
            return "end"
        if b"checkpoint" in body and b"STREAM#" in body:
            return "checkpoint"
        if b"RUNS#" in body:
            return "status"
    return "other"


@dataclass(frozen=True, slots=True)
class CloudObjects:
    """The part of boto3's S3 client that index objects use."""

    objects: SimulatedS3
    perils: Perils

    @property
    def exceptions(self) -> Any:
        return SimpleNamespace(ClientError=ClientError)

    def put_object(self, **arguments: Any) -> Any:
        perils = self.perils
        if perils.hub.current is not None and perils.happens("object_conflict"):
            perils.hub.pause(0.02)
            code = perils.random.choice(("ConditionalRequestConflict", "SlowDown"))
            raise ClientError({"Error": {"Code": code, "Message": "simulated"}}, "PutObject")
        answer = self._around("journal", lambda: self.objects.put_object(**arguments))
        if perils.hub.current is not None and perils.happens("object_lost_answer"):
            perils.hub.pause(3.0)
            raise ReadTimeoutError(endpoint_url="simulated")
        return answer

    def get_object(self, **arguments: Any) -> Any:
        return self._around("other", lambda: self.objects.get_object(**arguments))

    def delete_objects(self, **arguments: Any) -> Any:
        return self._around("other", lambda: self.objects.delete_objects(**arguments))

    def get_paginator(self, operation: str) -> Any:
        self._around("other", lambda: None)
        return self.objects.get_paginator(operation)

    def _around(self, stage: str, act: Any) -> Any:
        if self.perils.hub.current is None:
            return act()
        return self.perils.around(stage, act, 0.015 + self.perils.random.random() * 0.03)


@dataclass(frozen=True, slots=True)
class CloudQueue:
    """The part of boto3's SQS client that the task queue and its receipts use."""

    sqs: SimulatedSQS
    perils: Perils

    @property
    def exceptions(self) -> Any:
        return self.sqs.exceptions

    def send_message_batch(self, *, QueueUrl: str, Entries: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803
        refused = [entry for entry in Entries if self.perils.happens("send_refused")]
        sent = [entry for entry in Entries if entry not in refused]
        if sent:
            self._around("message", lambda: self.sqs.send_message_batch(QueueUrl=QueueUrl, Entries=sent))
            if self.perils.hub.current is not None and self.perils.happens("lost_answer"):
                raise ReadTimeoutError(endpoint_url="simulated")
        return {"Failed": [{"Id": entry["Id"], "Code": "InternalError"} for entry in refused]}

    def change_message_visibility(self, **arguments: Any) -> Any:
        return self._around("other", lambda: self.sqs.change_message_visibility(**arguments))

    def _around(self, stage: str, act: Any) -> Any:
        if self.perils.hub.current is None:
            return act()
        return self.perils.around(stage, act, 0.01)


@dataclass(frozen=True, slots=True)
class CloudParameters:
    """The part of boto3's SSM client that secrets use."""

    values: dict[str, str]
    perils: Perils

    def get_parameter(self, *, Name: str, WithDecryption: bool) -> dict[str, Any]:  # noqa: N803
        if self.perils.happens("secrets_throttled"):
            raise ClientError({"Error": {"Code": "ThrottlingException", "Message": "simulated"}}, "GetParameter")
        self.perils.hub.pause(0.02)
        if Name not in self.values or not WithDecryption:
            raise ClientError({"Error": {"Code": "ParameterNotFound", "Message": "simulated"}}, "GetParameter")
        return {"Parameter": {"Value": self.values[Name]}}


@dataclass(frozen=True, slots=True)
class CloudBus:
    """The part of boto3's EventBridge client that events use."""

    published: list[dict[str, Any]]
    perils: Perils

    def put_events(self, *, Entries: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803
        self.perils.hub.pause(0.005)
        if self.perils.happens("send_refused"):
            return {"FailedEntryCount": len(Entries)}
        self.published.extend(Entries)
        return {"FailedEntryCount": 0}
