"""Task messages on SQS."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from moto import mock_aws

from planster_sync.aws.failures import Retries
from planster_sync.aws.messages import message_body, parse_message, write_body
from planster_sync.aws.queue import SqsReceipts, SqsTaskQueue
from planster_sync.errors import InvalidRequest, StoreBusy
from planster_sync.model.runs import Lane, TaskMessage
from planster_sync.model.webhooks import DeliveryMessage, LookMessage
from planster_sync.ports.write_backs import WriteMessage
from tests.fakes.as_endpoint import AsEndpoint
from tests.fakes.clock import ManualClock

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

WRITE = WriteMessage("acme", "warehouse-1", "PO/7 #1")
MESSAGE = TaskMessage("acme", "warehouse-1", "run-1", "orders", 3, lane=Lane.MANUAL)


@pytest.fixture
def sqs() -> Iterator[SQSClient]:
    with mock_aws():
        session = boto3.Session(aws_access_key_id="test", aws_secret_access_key="test", region_name="eu-central-1")
        yield session.client("sqs")


@pytest.fixture
def urls(sqs: SQSClient) -> dict[Lane, str]:
    return {lane: sqs.create_queue(QueueName=f"{lane}-queue")["QueueUrl"] for lane in Lane}


def queue_on(sqs: SQSClient, urls: dict[Lane, str], clock: ManualClock) -> SqsTaskQueue:
    return SqsTaskQueue(AsEndpoint(sqs), urls, Retries(clock, lambda: 0.5))


def receipts_on(sqs: SQSClient, urls: dict[Lane, str]) -> SqsReceipts:
    return SqsReceipts(AsEndpoint(sqs), urls, Retries(ManualClock(), lambda: 0.5))


def received(sqs: SQSClient, url: str) -> list[Any]:
    found: list[Any] = []
    while True:
        answer = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, AttributeNames=["All"])
        if not answer.get("Messages"):
            return found
        found += answer["Messages"]


def task_in(message: Any) -> TaskMessage:
    parsed = parse_message(message["Body"])
    assert isinstance(parsed, TaskMessage)
    return parsed


def test_a_message_comes_back_as_it_was() -> None:
    assert parse_message(message_body(MESSAGE)) == MESSAGE


def test_a_body_holds_ids_and_a_version_only() -> None:
    assert json.loads(message_body(MESSAGE)) == {
        "version": 1,
        "organisation": "acme",
        "integration": "warehouse-1",
        "run": "run-1",
        "read": "orders",
        "segment": 3,
        "lane": "manual",
    }


def test_a_write_backs_message_comes_back_as_it_was_and_is_told_from_a_tasks() -> None:
    assert parse_message(write_body(WRITE)) == WRITE
    assert json.loads(write_body(WRITE)) == {
        "version": 1,
        "organisation": "acme",
        "integration": "warehouse-1",
        "write": "PO/7 #1",
    }


def test_write_backs_travel_through_the_manual_queue(sqs: SQSClient, urls: dict[Lane, str]) -> None:
    queue_on(sqs, urls, ManualClock()).send_writes([WRITE])

    (message,) = received(sqs, urls[Lane.MANUAL])
    assert parse_message(message["Body"]) == WRITE
    assert message["Attributes"]["MessageGroupId"] == "acme"
    assert not received(sqs, urls[Lane.NIGHT])


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "null",
        "{}",
        "{",
        message_body(MESSAGE).replace('"version":1', '"version":2'),
        message_body(MESSAGE).replace('"segment":3', '"segment":-1'),
        message_body(MESSAGE).replace('"segment":3', '"segment":"3"'),
        message_body(MESSAGE).replace('"segment":3', '"segment":true'),
        message_body(MESSAGE).replace('"acme"', "7"),
        message_body(MESSAGE).replace('"manual"', '"express"'),
        message_body(replace(MESSAGE, run="")),
        write_body(replace(WRITE, reference="")),
        write_body(WRITE).replace('"version":1', '"version":2'),
        write_body(WRITE).replace('"acme"', "7"),
    ],
)
def test_any_other_body_is_refused(body: str) -> None:
    with pytest.raises(InvalidRequest):
        parse_message(body)


def test_every_message_of_a_long_list_is_sent_once(sqs: SQSClient, urls: dict[Lane, str]) -> None:
    messages = [replace(MESSAGE, read=f"read-{number}") for number in range(23)]

    queue_on(sqs, urls, ManualClock()).send(messages, lane=Lane.NIGHT)

    bodies = [task_in(message).read for message in received(sqs, urls[Lane.NIGHT])]
    assert sorted(bodies) == sorted(message.read for message in messages)
    assert not received(sqs, urls[Lane.MANUAL])


def test_the_organisation_is_the_message_group_so_that_tenants_are_served_fairly(
    sqs: SQSClient, urls: dict[Lane, str]
) -> None:
    queue_on(sqs, urls, ManualClock()).send([MESSAGE], lane=Lane.MANUAL)

    (message,) = received(sqs, urls[Lane.MANUAL])

    assert message["Attributes"]["MessageGroupId"] == "acme"


@pytest.mark.parametrize(("asked", "sent"), [(0, 0), (0.2, 1), (59.5, 60), (4000, 900), (-5, 0)])
def test_a_delay_is_rounded_up_and_bounded(sqs: SQSClient, urls: dict[Lane, str], asked: float, sent: int) -> None:
    seen: list[int] = []
    sqs.meta.events.register(
        "provide-client-params.sqs.SendMessageBatch",
        lambda params, **_: seen.extend(entry["DelaySeconds"] for entry in params["Entries"]),
    )

    queue_on(sqs, urls, ManualClock()).send([MESSAGE], lane=Lane.NIGHT, delay_seconds=asked)

    assert seen == [sent]


def refuse_first_entry(sqs: SQSClient, *, times: int) -> list[int]:
    sizes: list[int] = []

    def refuse(parsed: dict[str, Any], **_: Any) -> None:
        sizes.append(len(parsed["Successful"]))
        if len(sizes) <= times:
            parsed["Failed"] = [{"Id": parsed["Successful"].pop(0)["Id"], "SenderFault": False, "Code": "Busy"}]

    sqs.meta.events.register("after-call.sqs.SendMessageBatch", refuse)
    return sizes


def test_only_the_refused_part_of_a_batch_is_sent_again(sqs: SQSClient, urls: dict[Lane, str]) -> None:
    sizes = refuse_first_entry(sqs, times=2)
    clock = ManualClock()

    queue_on(sqs, urls, clock).send([replace(MESSAGE, segment=n) for n in range(4)], lane=Lane.NIGHT)

    assert sizes == [4, 1, 1]
    assert clock.waits == pytest.approx([0.075, 0.15])


def test_a_queue_that_keeps_refusing_is_store_busy(sqs: SQSClient, urls: dict[Lane, str]) -> None:
    refuse_first_entry(sqs, times=1000)

    with pytest.raises(StoreBusy):
        queue_on(sqs, urls, ManualClock()).send([MESSAGE], lane=Lane.NIGHT)


def test_an_unfinished_message_is_visible_again_when_asked(sqs: SQSClient, urls: dict[Lane, str]) -> None:
    queue_on(sqs, urls, ManualClock()).send([MESSAGE], lane=Lane.NIGHT)
    (message,) = received(sqs, urls[Lane.NIGHT])
    record = {
        "eventSourceARN": "arn:aws:sqs:eu-central-1:123456789012:night-queue",
        "receiptHandle": message["ReceiptHandle"],
    }

    receipts_on(sqs, urls).come_back(record, 0)

    assert len(received(sqs, urls[Lane.NIGHT])) == 1


def test_a_receipt_that_has_run_out_needs_nothing(sqs: SQSClient, urls: dict[Lane, str]) -> None:
    record = {"eventSourceARN": "arn:aws:sqs:eu-central-1:123456789012:night-queue", "receiptHandle": "long-gone"}

    receipts_on(sqs, urls).come_back(record, 30)

    assert not received(sqs, urls[Lane.NIGHT])


DELIVERY = DeliveryMessage("acme", "target-1", "20260301T020000Z-n")
RUN_ENDED = {
    "version": "0",
    "source": "planster.sync",
    "detail-type": "sync run finished",
    "detail": {"organisation": "acme", "integration": "warehouse-1", "run": "run-1", "status": "failed"},
}


def test_what_concerns_webhooks_travels_through_the_manual_queue(sqs: SQSClient, urls: dict[Lane, str]) -> None:
    queue = queue_on(sqs, urls, ManualClock())

    queue.send_deliveries([DELIVERY])
    queue.send_looks([LookMessage("acme")])

    bodies = [message["Body"] for message in received(sqs, urls[Lane.MANUAL])]
    assert received(sqs, urls[Lane.NIGHT]) == []
    assert {parse_message(body) for body in bodies} == {DELIVERY, LookMessage("acme")}


def test_the_end_of_a_run_as_the_bus_tells_it_asks_for_a_look_at_its_integration() -> None:
    assert parse_message(json.dumps(RUN_ENDED)) == LookMessage("acme", "warehouse-1")


@pytest.mark.parametrize(
    "body",
    [
        {**RUN_ENDED, "source": "aws.ec2"},
        {**RUN_ENDED, "detail-type": "sync task finished"},
        {**RUN_ENDED, "detail": {"organisation": "acme"}},
        {**RUN_ENDED, "detail": None},
        {"version": 1, "organisation": "acme", "look": "integration-1"},
        {"version": 2, "organisation": "acme", "look": "all"},
        {"version": 1, "organisation": "acme", "delivery": "n"},
        {"version": 1, "organisation": "", "target": "t", "delivery": "n"},
        {"version": 1, "organisation": "acme", "target": "t", "delivery": 7},
    ],
)
def test_a_message_of_webhooks_that_is_not_whole_is_refused(body: dict[str, Any]) -> None:
    with pytest.raises(InvalidRequest):
        parse_message(json.dumps(body))
