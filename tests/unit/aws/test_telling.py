"""Log, metrics and events: enough to find out why, and nothing that must not be told."""

from __future__ import annotations

import json
from datetime import datetime
from io import StringIO
from typing import Any

import boto3
import pytest
from moto import mock_aws

from planster_sync.aws.events import EventBridgeEvents
from planster_sync.aws.failures import Retries
from planster_sync.aws.identity import RandomIdentity
from planster_sync.aws.journal import LogLines
from planster_sync.aws.metrics import MetricLines
from planster_sync.errors import StoreBusy
from planster_sync.model.data_types import DataType
from tests.fakes.as_endpoint import AsEndpoint
from tests.fakes.clock import ManualClock


@pytest.fixture
def output() -> StringIO:
    return StringIO()


@pytest.fixture
def journal(output: StringIO) -> LogLines:
    trace = {"_X_AMZN_TRACE_ID": "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1"}
    return LogLines("planster-sync", ManualClock(), output, trace)


def test_an_event_is_one_line_with_its_fields(journal: LogLines, output: StringIO) -> None:
    journal.event("task_ended", run="run-1", stream="acme/w-1/orders", pages=3, code=None)

    line = json.loads(output.getvalue())
    assert (line["level"], line["service"], line["message"]) == ("INFO", "planster-sync", "task_ended")
    assert line["trace"] == "1-5759e988-bd862e3fe1be46a994272793"
    assert datetime.fromisoformat(line["timestamp"]) == ManualClock().now()
    assert line["fields"] == {"run": "run-1", "stream": "acme/w-1/orders", "pages": 3}


def test_a_line_outside_of_a_trace_names_none(output: StringIO) -> None:
    LogLines("planster-sync", ManualClock(), output, {}).event("tick")

    assert json.loads(output.getvalue())["trace"] is None


def test_a_field_that_is_not_on_the_list_is_named_and_left_out(journal: LogLines, output: StringIO) -> None:
    journal.event("task_ended", run="run-1", body={"name": "Jane Example"}, token="t-123")

    assert json.loads(output.getvalue())["fields"] == {"run": "run-1", "left_out": ["body", "token"]}
    assert "Jane" not in output.getvalue()
    assert "t-123" not in output.getvalue()


def test_sentences_are_redacted(journal: LogLines, output: StringIO) -> None:
    journal.event("message_postponed", what="Ask jane@example.test, Bearer abcdef123456")

    assert "jane@" not in output.getvalue()
    assert "abcdef123456" not in output.getvalue()


def test_an_unknown_failure_is_logged_with_its_traceback_redacted(journal: LogLines, output: StringIO) -> None:
    try:
        raise ValueError("password=hunter2-very-long")
    except ValueError as error:
        journal.failure("internal", error, run="run-1")

    fields = json.loads(output.getvalue())["fields"]
    assert (fields["run"], fields["error"]) == ("run-1", "ValueError")
    assert "test_telling.py" in fields["traceback"]
    assert "hunter2" not in output.getvalue()


def test_metrics_are_dimensioned_by_data_type_and_connector_only(output: StringIO) -> None:
    MetricLines("PlansterSync", ManualClock(), output).count("example", DataType.ORDERS, {"created": 3, "deleted": 1})

    line = json.loads(output.getvalue())
    (described,) = line["_aws"]["CloudWatchMetrics"]
    assert described["Dimensions"] == [["data_type"], ["connector", "data_type"]]
    assert [metric["Name"] for metric in described["Metrics"]] == ["created", "deleted"]
    assert (line["connector"], line["data_type"], line["created"]) == ("example", "orders", 3)


def test_counts_of_zero_are_not_sent(output: StringIO) -> None:
    MetricLines("PlansterSync", ManualClock(), output).count("example", DataType.ORDERS, {"created": 3, "held": 0})

    line = json.loads(output.getvalue())
    assert [metric["Name"] for metric in line["_aws"]["CloudWatchMetrics"][0]["Metrics"]] == ["created"]
    assert "held" not in line


@pytest.mark.parametrize("values", [{}, {"created": 0}])
def test_no_counts_write_no_line(output: StringIO, values: dict[str, int]) -> None:
    MetricLines("PlansterSync", ManualClock(), output).count("example", DataType.ORDERS, values)

    assert output.getvalue() == ""


def test_ids_are_url_safe_and_never_the_same() -> None:
    ids = {RandomIdentity().new_id() for _ in range(1000)}

    assert len(ids) == 1000
    assert all(one.replace("-", "").replace("_", "").isalnum() for one in ids)


def _bus_that_fails(times: int) -> tuple[Any, list[dict[str, Any]]]:
    session = boto3.Session(aws_access_key_id="test", aws_secret_access_key="test", region_name="eu-central-1")
    client = session.client("events")
    sent: list[dict[str, Any]] = []

    def watch(params: dict[str, Any], **_: Any) -> None:
        sent.append(params["Entries"][0])

    def fail(parsed: dict[str, Any], **_: Any) -> None:
        parsed["FailedEntryCount"] = int(len(sent) <= times)

    client.meta.events.register("provide-client-params.events.PutEvents", watch)
    client.meta.events.register("after-call.events.PutEvents", fail)
    return client, sent


@mock_aws
def test_a_refused_event_is_sent_again() -> None:
    client, sent = _bus_that_fails(1)

    EventBridgeEvents(AsEndpoint(client), "default", Retries(ManualClock(), lambda: 0.5)).publish(
        "run ended", {"run": "r"}
    )

    assert len(sent) == 2
    assert (sent[0]["Source"], sent[0]["DetailType"], sent[0]["Detail"]) == (
        "planster.sync",
        "run ended",
        '{"run": "r"}',
    )


@mock_aws
def test_a_bus_that_keeps_refusing_is_store_busy() -> None:
    client, _ = _bus_that_fails(1000)

    with pytest.raises(StoreBusy):
        EventBridgeEvents(AsEndpoint(client), "default", Retries(ManualClock(), lambda: 0.5)).publish("run ended", {})
