"""Alarms of the deployed template ring and fall silent; dashboards' queries find what real processes logged."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from local_cloud.deployment import STACK, Deployment
from local_cloud.scene import connect, wait_until
from local_cloud.vendors import Vendor
from planster_sync.model.runs import RunStatus
from tests.watch import insights
from tests.watch.lines import Line, lines_of
from tests.watch.stack import Stack

pytestmark = pytest.mark.cloud

RARE = {
    "What needs somebody",
    "Why tasks failed",
    "Who was not fresh by six",
    "Leases held, fences refused, tasks taken up again",
}
"""Widgets that are empty in a good night, besides those about segments that stopped."""


def logged(deployment: Deployment, resource: str) -> Sequence[Line]:
    """What a log group holds, in the emulator's own words about each start and end left out."""
    group = f"/aws/lambda/{STACK}-{resource}"
    pages = deployment.cloud.logs.get_paginator("filter_log_events").paginate(logGroupName=group)
    texts = [event["message"].strip() for page in pages for event in page["events"]]
    named = {"sync-dispatcher": "dispatcher", "sync-worker": "worker"}[resource]
    json_lines = "\n".join(text for text in texts if text.startswith("{"))
    return list(lines_of(f"/aws/lambda/watched-sync-{named}", json_lines))


def test_queries_of_the_dashboards_find_a_night_of_real_processes(deployment: Deployment, stocked: Vendor) -> None:
    run = connect(deployment, stocked, "watched").night(seconds=240)
    lines = [*logged(deployment, "sync-dispatcher"), *logged(deployment, "sync-worker")]

    queries = {
        widget["properties"]["title"]: widget["properties"]["query"]
        for _, widget in Stack().widgets()
        if widget["type"] == "log" and "segment_stopped" not in widget["properties"]["query"]
    }
    silent = [title for title, query in queries.items() if title not in RARE and not insights.run(query, lines)]

    assert run.status is RunStatus.SUCCEEDED
    assert silent == []
    assert {line.content["trace"] for line in lines if "trace" in line.content} != {None}


def test_deployed_alarms_ring_and_fall_silent_with_their_metrics(deployment: Deployment) -> None:
    """All at once: the emulator looks at whatever was put within an alarm's periods, whatever its dimensions.

    What rings is put at the periods' far end, so that a few seconds later only what clears it is left. The composite,
    which the emulator does not deploy, is made of the template's own rule, without the alarms that it does not deploy.
    """
    cloud = deployment.cloud
    metrics: Any = cloud.session.client("cloudwatch", endpoint_url=cloud.endpoint, config=cloud.config)
    deployed = metrics.describe_alarms(AlarmTypes=["MetricAlarm"], AlarmNamePrefix=STACK)["MetricAlarms"]
    composite = f"{STACK} sync unhealthy"
    parts = Stack().composite["AlarmRule"].replace("watched", STACK).split(" OR ")
    there = {f'ALARM("{alarm["AlarmName"]}")' for alarm in deployed}
    rule = " OR ".join(part.strip() for part in parts if part.strip() in there)
    assert len(parts) == rule.count("ALARM") + 1  # that of freshness is made by a formula
    metrics.put_composite_alarm(AlarmName=composite, AlarmRule=rule)

    def put(alarm: dict[str, Any], value: float, ago: float) -> None:
        at = datetime.now(UTC) - timedelta(seconds=ago)
        datum = {
            "MetricName": alarm["MetricName"],
            "Value": value,
            "Timestamp": at,
            "Dimensions": alarm.get("Dimensions", []),
        }
        metrics.put_metric_data(Namespace=alarm["Namespace"], MetricData=[datum])

    def states() -> set[str]:
        found = metrics.describe_alarms(AlarmNamePrefix=STACK, AlarmTypes=["MetricAlarm", "CompositeAlarm"])
        return {each["StateValue"] for kind in ("MetricAlarms", "CompositeAlarms") for each in found[kind]}

    def clear() -> bool:
        for alarm in deployed:
            put(alarm, float(alarm["ComparisonOperator"] == "LessThanThreshold"), 0)
        return states() == {"OK"}

    for alarm in deployed:
        bad = 0.0 if alarm["ComparisonOperator"] == "LessThanThreshold" else alarm["Threshold"] + 1
        put(alarm, bad, alarm["Period"] * alarm["EvaluationPeriods"] - 8)
    wait_until(lambda: states() == {"ALARM"}, seconds=30)
    wait_until(clear, seconds=60)

    assert {alarm["AlarmName"].removeprefix(f"{STACK} ") for alarm in deployed} == {
        each["AlarmName"].removeprefix("watched ") for each in Stack().alarms.values() if "Metrics" not in each
    }
