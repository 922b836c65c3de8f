"""Dashboards, saved queries and metrics, held to what the functions really printed in recorded nights."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

import pytest

from tests.watch import insights
from tests.watch.documented import DOCUMENTED
from tests.watch.lines import Line
from tests.watch.points import points_of
from tests.watch.stack import Stack
from tests.watch.widgets import shown

pytestmark = pytest.mark.moto

WIDGETS = list(Stack().widgets())
FILTERS = Stack().of("AWS::Logs::MetricFilter")
QUERIES = Stack().of("AWS::Logs::QueryDefinition")


def _of(kind: str) -> list[Any]:
    return [
        pytest.param(widget["properties"], id=f"{dashboard}: {widget['properties']['title']}")
        for dashboard, widget in WIDGETS
        if widget["type"] == kind
    ]


def test_there_are_three_dashboards_of_known_kinds_of_widgets() -> None:
    assert {dashboard for dashboard, _ in WIDGETS} == {"MorningDashboard", "PipelineDashboard", "VendorsDashboard"}
    assert {widget["type"] for _, widget in WIDGETS} == {"alarm", "log", "metric"}


@pytest.mark.parametrize("properties", _of("log"))
def test_query_of_a_widget_finds_something_in_every_column(properties: Any, recorded: Sequence[Line]) -> None:
    rows = insights.run(properties["query"], recorded)

    assert rows
    empty = [name for name in rows[0]["@shown"] if all(row.get(name) is None for row in rows)]
    assert empty == []


@pytest.mark.parametrize("properties", _of("metric"))
def test_metric_of_a_widget_has_values_or_is_a_documented_one_of_aws(properties: Any, recorded: Sequence[Line]) -> None:
    found = list(shown(properties, points_of(recorded, FILTERS.values())))

    hidden = [metric for metric in properties["metrics"] if '"visible": false' in json.dumps(metric)]
    assert len(found) >= len(properties["metrics"]) - len(hidden)
    assert [each.label for each in found if not each.values and each.service is None] == []
    assert {each.service for each in found if each.service is not None} <= set(DOCUMENTED)


def _service_metrics() -> list[tuple[str, str, tuple[str, ...]]]:
    found: list[tuple[str, str, tuple[str, ...]]] = []
    for _, widget in WIDGETS:
        for metric in widget["properties"].get("metrics", ()):
            texts = [each for each in metric if isinstance(each, str)]
            if texts and texts[0].startswith("AWS/"):
                found.append((texts[0], texts[1], tuple(texts[2::2])))
    for alarm in Stack().alarms.values():
        for each in [alarm, *(one["MetricStat"]["Metric"] for one in alarm.get("Metrics", ()) if "MetricStat" in one)]:
            if str(each.get("Namespace", "")).startswith("AWS/"):
                names = tuple(dimension["Name"] for dimension in each["Dimensions"])
                found.append((each["Namespace"], each["MetricName"], names))
    return found


def test_metrics_of_services_are_called_as_their_pages_call_them() -> None:
    found = _service_metrics()

    wrong = [
        (namespace, name, dimensions)
        for namespace, name, dimensions in found
        if namespace not in DOCUMENTED
        or dimensions != (DOCUMENTED[namespace][0],)
        or name not in DOCUMENTED[namespace][1]
    ]
    assert len(found) > 30
    assert wrong == []


def test_alarms_that_dashboards_show_exist() -> None:
    names = {alarm["AlarmName"] for alarm in [*Stack().alarms.values(), Stack().composite]}

    told = {arn.rpartition(":")[2] for _, widget in WIDGETS for arn in widget["properties"].get("alarms", ())}

    assert told
    assert told <= names


@pytest.mark.parametrize("name", QUERIES)
def test_saved_query_finds_something(name: str, recorded: Sequence[Line]) -> None:
    """Its blanks are filled in as somebody on call would, from a line that was found before."""
    query = QUERIES[name]
    found = next(line.content for line in recorded if line.content.get("message") == "segment_begun")
    blanks = {"run": found["fields"]["run"], "trace": found["trace"], "integration": "int1"}
    text = re.sub(r"<(\w+)>", lambda blank: str(blanks[blank[1]]), query["QueryString"])

    rows = insights.run(text, [line for line in recorded if line.group in query["LogGroupNames"]])

    assert rows


def test_one_run_is_followed_from_its_tick_to_its_last_write(recorded: Sequence[Line]) -> None:
    (first,) = [line for line in recorded if line.content.get("message") == "slot_started"][:1]
    text = QUERIES["OneRun"]["QueryString"].replace("<run>", first.content["fields"]["run"])

    rows = insights.run(text, recorded)

    assert [row["message"] for row in rows] == ["slot_started", "segment_begun", "task_ended", "run_ended"]
    assert rows[2]["fields.record_writes"] > 0
    assert len({row["trace"] for row in rows}) == 2  # the dispatcher's invocation and the worker's


def test_metrics_have_no_dimension_but_data_type_and_connector(recorded: Sequence[Line]) -> None:
    embedded = [each for line in recorded for each in line.content.get("_aws", {}).get("CloudWatchMetrics", ())]

    names = {metric["Name"] for each in embedded for metric in each["Metrics"]}
    assert {"tasks_succeeded", "nights_fresh", "nights_missed"} <= names
    assert {str(each["Dimensions"]) for each in embedded} == {str([["data_type"], ["connector", "data_type"]])}
    assert [name for name, each in FILTERS.items() if "Dimensions" in each["MetricTransformations"][0]] == []


def test_every_metric_filter_matches_something(recorded: Sequence[Line]) -> None:
    """A pattern that never matches makes an alarm that never rings."""
    lines = [line for line in recorded if "_aws" not in line.content]

    assert [name for name, each in FILTERS.items() if not points_of(lines, [each])] == []
