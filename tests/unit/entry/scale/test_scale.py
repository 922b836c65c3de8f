"""What breaks first: docs/scale.md is what the generator says, and its facts are those of the template and the code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cfnlint.decode.cfn_yaml import load

from planster_cli.main import main
from planster_sync.engine.nights import LATE
from planster_sync.entry.documents import BEGIN, END
from planster_sync.entry.scale import report
from planster_sync.entry.scale.limits import limits
from planster_sync.model.integrations import Schedule

ROOT = Path(__file__).parents[4]


def test_document_holds_what_is_generated() -> None:
    """`planster scale --markdown` prints it anew."""
    text = (ROOT / "docs" / "scale.md").read_text()

    assert text.partition(BEGIN)[2].partition(END)[0].strip() == report.tables().strip()


def test_zones_are_shares_of_a_whole() -> None:
    assert sum(limits().zones.values()) == pytest.approx(1)


def test_settings_as_shipped_are_the_templates() -> None:
    template = load(str(ROOT / "template.yaml"))
    parameters, functions = template["Parameters"], template["Resources"]
    facts = limits().night

    assert parameters["TickRate"]["Default"] == f"rate({facts.ticks_every_minutes} minutes)"
    assert parameters["WorkerConcurrency"]["Default"] == facts.workers
    assert parameters["SlotSpreadSeconds"]["Default"] == facts.spread_seconds
    assert functions["SyncDispatcher"]["Properties"]["MemorySize"] == facts.dispatcher_mb
    assert functions["SyncDispatcher"]["Properties"]["Timeout"] == facts.tick_seconds + 10
    assert parameters["ApiRequestsPerSecond"]["Default"] == limits().limits["api"].value
    assert Schedule().hours == (facts.local_hour,)
    assert LATE.total_seconds() < facts.promised_hours * 3600


def test_a_limit_that_is_passed_is_said_with_what_moves_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["scale", "--integrations", "20000"]) == 0
    lines = capsys.readouterr().out.splitlines()

    (parameters,) = (line for line in lines if "SSM, standard parameters" in line)
    assert "20,000 of 10,000  OVER: the advanced tier" in parameters


def test_programs_get_the_same_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["scale", "--integrations", "1000", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)

    shares = [each["used"] / each["value"] for each in told["limits"]]
    assert shares == sorted(shares, reverse=True)
    assert told["minutes_as_shipped"] < limits().night.promised_hours * 60


def test_what_no_stack_can_do_is_said() -> None:
    large = report.scale_of("large")

    assert large.settings(100_000) is None
    assert report.facts_of(large, 100_000)["minutes_as_shipped"] is None
    assert "more stacks" in report.outlook(large, 100_000)
