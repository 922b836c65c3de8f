"""Every alarm rings when its fault is done to the system, falls silent when it is mended, and is explained."""

from __future__ import annotations

import json
import re

import pytest

from planster_sync.entry.cost.facts import HERE
from planster_sync.model.timings import Timings
from tests.architecture.repository import ROOT
from tests.watch.faults import FAULTS, verdict
from tests.watch.stack import STACK, Stack, template

RUNBOOK = ROOT / "docs" / "runbook.md"
SECTION = re.compile(r"^### (?P<title>.+?)\n(?P<body>.*?)(?=^##|\Z)", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"^    (?:aws|curl|planster|ask) ", re.MULTILINE)


def _titles() -> dict[str, str]:
    return {found["title"]: found["body"] for found in SECTION.finditer(RUNBOOK.read_text())}


def _names() -> dict[str, str]:
    """Every alarm's name without the stack's, by logical id."""
    found = {alarm: each["AlarmName"] for alarm, each in Stack().alarms.items()}
    found["SyncUnhealthy"] = Stack().composite["AlarmName"]
    return {alarm: name.removeprefix(f"{STACK} ") for alarm, name in found.items()}


@pytest.mark.parametrize("alarm", Stack().alarms)
def test_alarm_rings_with_its_fault_and_falls_silent_when_it_is_mended(alarm: str) -> None:
    found = verdict(alarm)

    assert found.states == ("OK", "ALARM", "OK"), found


def test_every_fault_is_that_of_an_alarm() -> None:
    assert set(FAULTS) == set(Stack().alarms)


def test_alarms_page_through_the_composite_or_open_a_ticket_and_never_both() -> None:
    told = Stack({"TicketTopic": "arn:topic"})
    paging = set(re.findall(rf'ALARM\("{STACK} ([^"]+)"\)', told.composite["AlarmRule"]))
    names = _names()

    assert paging == {
        "night did not start",
        "night not finished",
        "runs stuck",
        "oldest message",
        "many dead letters",
        "verification failed",
        "freshness burns fast",
    }
    for alarm, properties in told.of("AWS::CloudWatch::Alarm").items():
        assert (names[alarm] in paging) is ("TicketTopic" not in json.dumps(_raw(alarm))), alarm
        assert properties["TreatMissingData"] in ("breaching", "notBreaching", "ignore")


def _raw(alarm: str) -> object:
    return template()["Resources"][alarm]["Properties"].get("AlarmActions", "")


def test_every_alarm_has_a_section_of_its_name_in_the_runbook_and_no_section_has_no_alarm() -> None:
    titles = {title.lower() for title in _titles()}

    assert titles == set(_names().values())


@pytest.mark.parametrize("name", _names().values())
def test_section_says_what_it_means_where_to_look_and_how_to_mend_it(name: str) -> None:
    body = {title.lower(): body for title, body in _titles().items()}[name]

    assert "**For planners.**" in body
    assert "**Mend.**" in body
    assert len(COMMAND.findall(body)) == 3


def test_descriptions_lead_to_the_sections() -> None:
    anchors = {alarm: name.replace(" ", "-") for alarm, name in _names().items()}

    for alarm, each in [*Stack().alarms.items(), ("SyncUnhealthy", Stack().composite)]:
        assert each["AlarmDescription"].endswith(f"docs/runbook.md#{anchors[alarm]}"), alarm


def test_runbook_names_every_saved_query_and_no_other() -> None:
    saved = {each["Name"].removeprefix(f"{STACK}/") for each in Stack().of("AWS::Logs::QueryDefinition").values()}

    named = set(re.findall(r'^    ask "([^"]+)"', RUNBOOK.read_text(), flags=re.MULTILINE))

    assert named == saved


def test_age_that_rings_is_twice_the_visibility() -> None:
    assert float(Stack().alarms["OldestMessage"]["Threshold"]) == 2 * Timings().visibility


def test_cost_model_counts_the_alarms_and_signals_of_the_template() -> None:
    """An alarm on several metrics is billed for each, the composite like five."""
    month = json.loads((HERE / "measured.json").read_text())["month"]
    filters = Stack().of("AWS::Logs::MetricFilter").values()

    watched = sum(len(each.get("Metrics", (0, 0))) - 1 for each in Stack().alarms.values())

    assert month["alarm_month"] == watched + 5
    assert month["metric_month"] == len({each["MetricTransformations"][0]["MetricName"] for each in filters})
