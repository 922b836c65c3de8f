"""Whole nights of the engine over real HTTP, within the vendor's limit: long loads, limits met, what a night costs."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any, cast
from urllib.request import Request, urlopen

import pytest

from local_cloud.oracle import Report, compare
from planster_sync.model.data_types import DataType
from planster_sync.model.runs import Run, TaskState
from planster_sync.ports.source import Capabilities, Connector
from simulators.cin7_core.readings import READINGS
from tests.connectors.cin7_core.simulated import SIMULATED
from tests.contract.over_http.simulated import Meeting
from tests.engine.world import World
from tests.fakes.scripted_source import ScriptedSource


class _Source:
    """The connector, as the world knows sources."""

    def __init__(self, connector: Connector) -> None:
        self._connector = connector

    @property
    def declared(self) -> Capabilities:
        return self._connector.capabilities

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connector, name)


@pytest.fixture
def meeting() -> Iterator[Meeting]:
    with ExitStack() as closing:
        yield Meeting("cin7_core", SIMULATED, closing, rate=None)


@pytest.fixture
def world(meeting: Meeting, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr("tests.engine.world.ManualClock", lambda: meeting.clock)  # one clock for both sides
    made = World(connector="cin7_core")
    made.source = cast(ScriptedSource, _Source(meeting.connector()))
    return made


def requests(meeting: Meeting) -> Counter[str]:
    """The requests that the vendor answered since the last time, by path."""
    with urlopen(f"{meeting.url}/_sim/requests") as answer:
        last = json.load(answer)["last"]
    with urlopen(Request(f"{meeting.url}/_sim/requests", method="DELETE")):
        pass
    return Counter(each["path"].rsplit("v2/", 1)[-1] for each in last if each["status"] == 200)


def judged(meeting: Meeting, world: World) -> Report:
    """What is stored, held against what the vendor has."""
    return compare(READINGS, meeting.truth(), {str(each): list(world.live(each).values()) for each in DataType})


def states(run: Run) -> set[TaskState]:
    return {task.state for task in run.tasks.values()}


def test_a_first_load_that_is_longer_than_a_slice_goes_on_behind_the_last_document(
    meeting: Meeting, world: World
) -> None:
    run = world.night(slice_seconds=20)

    report = judged(meeting, world)
    assert states(run) == {TaskState.SUCCEEDED}
    assert report.equal, report.text()
    assert requests(meeting)["sale"] == len(world.live(DataType.ORDERS))


def test_a_limit_that_others_have_used_up_costs_a_minute_and_no_document(meeting: Meeting, world: World) -> None:
    meeting.fault("orders", "status_429", retry_after=60, after_requests=25, times=3)

    run = world.night()

    report = judged(meeting, world)
    assert states(run) == {TaskState.SUCCEEDED}
    assert report.equal, report.text()
    assert requests(meeting)["sale"] == len(world.live(DataType.ORDERS))


def test_an_ordinary_night_asks_only_for_the_documents_that_changed(meeting: Meeting, world: World) -> None:
    world.night()
    world.night()
    requests(meeting)
    before = world.live(DataType.ORDERS)
    meeting.control("day/advance")

    run = world.night()

    after = world.live(DataType.ORDERS)
    changed = {own for own, record in after.items() if record["updated_at"] != before.get(own, {}).get("updated_at")}
    report = judged(meeting, world)
    asked = requests(meeting)
    assert states(run) == {TaskState.SUCCEEDED}
    assert (report.missing, report.different) == ((), ()), report.text()  # a deletion is seen by a snapshot only
    assert asked["sale"] == len(changed) > 0
    assert asked["salelist"] == asked["salecreditnotelist"] == 1
    assert sum(asked.values()) < 40
