"""Events of the deployed system: from a run of real processes over bus and rule to a queue, as their schemas say."""

from __future__ import annotations

import json
from typing import Any

import pytest

from local_cloud.deployment import Deployment
from local_cloud.scene import wait_until
from local_cloud.seed import Connected
from planster_sync.model.webhooks import Kind
from tests.cloud.calls import calling
from tests.unit.entry.webhooks.test_versions import faults, today

pytestmark = pytest.mark.cloud

KINDS = [kind.value for kind in Kind if kind is not Kind.TEST]


def queue_behind_a_rule(deployment: Deployment) -> str:
    sqs, events = deployment.cloud.sqs, deployment.cloud.events
    url = sqs.create_queue(QueueName="planster-events")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    pattern = {"source": ["planster.sync"], "detail-type": KINDS}
    events.put_rule(Name="planster-events", EventPattern=json.dumps(pattern))
    events.put_targets(Rule="planster-events", Targets=[{"Id": "queue", "Arn": arn}])
    return url


def test_a_run_is_told_on_the_bus_and_every_event_is_what_its_schema_says(
    deployment: Deployment, connected: list[Connected]
) -> None:
    url, told = queue_behind_a_rule(deployment), list[Any]()
    run = calling(deployment, connected[1])("sync", {"data_types": ["warehouses"]})["run"]

    def completed() -> Any:
        """Other tests' events come as well, and are held to the schemas, too."""
        answer = deployment.cloud.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)
        told.extend(json.loads(message["Body"]) for message in answer.get("Messages", ()))
        ended = [each["detail"]["data"] for each in told if each["detail-type"] == "run.completed"]
        return next((each for each in ended if each["run"] == run), None)

    found = wait_until(completed, seconds=240)

    integration = connected[1].integration
    assert (found["organisation"], found["integration"]) == (integration.organisation, integration.id)
    assert found["status"] in ("succeeded", "succeeded_with_warnings")
    assert [fault for each in told for fault in faults(today(Kind(each["detail-type"])), each["detail"])] == []
