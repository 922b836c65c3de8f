"""Events from a night to a consumer, over the bus, a rule and a queue; digests over SNS; both by the real handlers."""

from __future__ import annotations

import importlib.util
import json
import os
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import boto3
import pytest
from moto import mock_aws

from planster_sync.aws.failures import Retries
from planster_sync.aws.topics import SnsTopic
from planster_sync.errors import SettingsInvalid
from planster_sync.model.runs import Run
from planster_sync.model.webhooks import Kind
from planster_sync.wire.connecting import topic_connections_from
from simulators.trackstar.config import AccountSpec
from tests.architecture.repository import ROOT
from tests.contract.stores.over_http import moto_over_http
from tests.fakes.clock import ManualClock
from tests.integration.deployment import REGION, Deployment, deployment
from tests.integration.test_webhooks_on_moto import make_rule
from tests.unit.entry.webhooks.test_versions import faults, today

pytestmark = pytest.mark.moto

CONSUMER = ROOT / "examples" / "events_consumer" / "consumer.py"
KINDS = [kind.value for kind in Kind if kind is not Kind.TEST]


@pytest.fixture(scope="module")
def consumer() -> ModuleType:
    spec = importlib.util.spec_from_file_location("consumer", CONSUMER)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def system(monkeypatch: pytest.MonkeyPatch) -> Iterator[Deployment]:
    with deployment(monkeypatch, AccountSpec("con-1", "token-con-1", seed=5, size=6)) as found:
        found.register("main", "con-1")
        make_rule()
        yield found


def queue(name: str) -> tuple[str, str]:
    """Its address and its ARN."""
    return boto3.client("sqs").create_queue(QueueName=name)["QueueUrl"], f"arn:aws:sqs:{REGION}:123456789012:{name}"


def rule_to(arn: str) -> None:
    events = boto3.client("events")
    pattern = {"source": ["planster.sync"], "detail-type": KINDS}
    events.put_rule(Name="planster-events", EventPattern=json.dumps(pattern))
    events.put_targets(Rule="planster-events", Targets=[{"Id": "queue", "Arn": arn}])


def bodies(url: str) -> list[Any]:
    """Everything that waits, which stays hidden for a while."""
    sqs, found = boto3.client("sqs"), []
    while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        found += [json.loads(each["Body"]) for each in messages]
    return found


@pytest.fixture
def topic(monkeypatch: pytest.MonkeyPatch, system: Deployment) -> Iterator[tuple[str, str]]:
    """A topic with a subscribed queue: its ARN, and the queue's address."""
    with moto_over_http(f"https://sns.{REGION}.amazonaws.com/") as url:
        monkeypatch.setenv("AWS_ENDPOINT_URL_SNS", url)
        sns = boto3.client("sns", endpoint_url=url)
        arn = sns.create_topic(Name="digests")["TopicArn"]
        address, queue_arn = queue("digests")
        sns.subscribe(TopicArn=arn, Protocol="sqs", Endpoint=queue_arn)
        monkeypatch.setenv("DIGEST_TOPIC", arn)
        yield arn, address


def test_two_nights_reach_a_consumer_over_the_bus_and_a_reader_by_a_digest(
    system: Deployment, topic: tuple[str, str], consumer: ModuleType
) -> None:
    url, arn = queue("planster-events")
    rule_to(arn)
    run = system.night()
    system.night_later()

    told = bodies(url)
    _are_what_their_schemas_say(told, run)
    _are_done_once(consumer, url, told)
    (digest,) = bodies(topic[1])  # the second night changed no state
    assert digest["Subject"] == "Planster Sync: all that changed is well"
    assert digest["Message"].startswith("main (Trackstar) is up to date.")
    assert digest["MessageAttributes"]["organisation"]["Value"] == "acme"
    assert "token-con-1" not in json.dumps([digest, told])


def _are_what_their_schemas_say(told: list[Any], run: Run) -> None:
    assert {each["detail-type"] for each in told} == {"run.completed", "state.changed"}
    assert [fault for each in told for fault in faults(today(Kind(each["detail-type"])), each["detail"])] == []
    ended = {each["detail"]["data"]["run"]: each["detail"] for each in told if each["detail-type"] == "run.completed"}
    assert len(ended) == 2
    assert ended[run.id]["data"]["status"] == run.status.value


def _are_done_once(consumer: ModuleType, url: str, told: list[Any]) -> None:
    """Although each comes twice."""
    for body in told * 2:
        boto3.client("sqs").send_message(QueueUrl=url, MessageBody=json.dumps(body))
    said: list[str] = []

    taken = consumer.drain(url, seen := consumer.SeenInFile(":memory:"), said.append)

    assert taken == 2 * len(told)
    assert [line for line in said if line.startswith("acme/main: fetch ") and line.endswith(", then plan again")]
    assert said.count("acme/main: orders is ok; use it") == 1
    assert all(body["detail"]["id"] in seen for body in told)


@mock_aws
def test_the_example_as_a_function_hands_back_what_it_does_not_understand(
    consumer: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    key: Any = {"AttributeName": "id", "KeyType": "HASH"}
    boto3.client("dynamodb").create_table(
        TableName="seen",
        KeySchema=[key],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    monkeypatch.setenv("SEEN_TABLE", "seen")
    data = {"organisation": "acme", "integration": "main", "connector": "trackstar", "what": "It.", "remedy": "Act."}
    event = {"version": 1, "id": "1", "timestamp": "", "type": "action.needed", "data": {**data, "new": 1}}
    later = {**event, "id": "2", "version": 2}
    records = [
        {"messageId": f"m{place}", "body": json.dumps({"source": "planster.sync", "detail": each})}
        for place, each in enumerate([event, event, later, {"run": "r"}])
    ]

    answer = consumer.handler({"Records": records}, None)

    assert answer == {"batchItemFailures": [{"itemIdentifier": "m2"}]}
    assert capsys.readouterr().out.splitlines() == [
        "acme/main: a task for a planner: It. Act.",
        "m2: UnknownVersion: action.needed is of version 2",
    ]


def test_a_topic_that_is_gone_is_a_setting_that_is_wrong(topic: tuple[str, str]) -> None:
    clock = ManualClock()
    connections, signer = topic_connections_from(os.environ, clock, REGION)
    gone = SnsTopic(connections, signer, clock, f"{topic[0]}-gone", Retries(clock, lambda: 0.5))

    with pytest.raises(SettingsInvalid):
        gone.publish("Subject", "Text", "acme")
