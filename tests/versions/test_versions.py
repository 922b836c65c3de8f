"""A deploy in the middle of a night: what older code has left is finished by today's, and older code can read today's.

version-1.json was recorded from real handlers in the middle of a night (`tests.versions.record`): rows, index and
journal objects, and messages, one of them the continuation of a task that was cut.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from enum import StrEnum

import pytest

from local_cloud.oracle import compare
from planster_sync.model.exports import ExportState
from planster_sync.model.integrations import IntegrationStatus
from planster_sync.model.runs import Lane, Mode, RunStatus, TaskState, Trigger
from planster_sync.model.streams import Phase
from planster_sync.ports.write_backs import WriteState
from simulators.trackstar.readings import READINGS
from tests.integration.deployment import Deployment, deployment
from tests.integration.test_night_on_moto import advance_a_day, truth
from tests.versions.forms import forms
from tests.versions.record import ACCOUNT, BASE, FINISHED, record
from tests.versions.snapshot import FOLDER, Snapshot, restored, stored

VERSIONS = sorted(path.stem for path in FOLDER.glob("version-*.json"))


@pytest.fixture
def system(monkeypatch: pytest.MonkeyPatch) -> Iterator[Deployment]:
    """Nothing in its tables; the same source as when the recordings were made, and the secret of its account."""
    with deployment(monkeypatch, ACCOUNT, base_date=BASE) as running:
        running.register("main", "con-1")
        yield running


def with_more(snapshot: Snapshot) -> Snapshot:
    """As code of tomorrow would leave it: an attribute in every row, and a member in every message, nobody knows."""
    rows = {
        table: [{**row, "of_tomorrow": {"M": {"any": {"S": "thing"}}}} for row in items]
        for table, items in snapshot.rows.items()
    }
    messages = {
        queue: [json.dumps({**json.loads(body), "of_tomorrow": [1]}) for body in bodies]
        for queue, bodies in snapshot.messages.items()
    }
    return replace(snapshot, rows=rows, messages=messages)


def equals_its_source(system: Deployment) -> bool:
    report = compare(READINGS, truth(system), system.stored())
    assert report.equal, report.text()
    return True


def finished(system: Deployment, snapshot: Snapshot) -> bool:
    """Its messages are worked on to the end of the one run that was begun; then the store equals the source."""
    assert len([row for row in snapshot.rows["control"] if "tasks" in row]) == 1
    restored(system, snapshot)
    system.work()
    run = system.last_run()
    assert run.status is RunStatus.SUCCEEDED, {name: task.problem for name, task in run.tasks.items()}
    return equals_its_source(system)


@pytest.mark.moto
@pytest.mark.parametrize("version", VERSIONS)
def test_night_that_other_code_began_is_finished_by_todays(system: Deployment, version: str) -> None:
    """Nothing is lost, and what was indexed stays so: the night after writes only what changed."""
    assert finished(system, stored(version))

    advance_a_day(system)
    run = system.night_later()
    counts = [count for task in run.tasks.values() for count in task.counts.values()]
    writes = sum(task.record_writes for task in run.tasks.values())
    assert 0 < writes <= 1.1 * sum(count.changed for count in counts)
    assert equals_its_source(system)


@pytest.mark.moto
@pytest.mark.parametrize("version", VERSIONS)
def test_what_code_of_tomorrow_adds_is_passed_over(system: Deployment, version: str) -> None:
    assert finished(system, with_more(stored(version)))


@pytest.mark.moto
@pytest.mark.parametrize("version", VERSIONS)
def test_todays_code_leaves_all_that_older_readers_need(version: str) -> None:
    """They pass over what is new to them. What they know must still be there, in the same kinds of values."""
    known, today = forms(stored(version)), forms(record())

    assert {kind: sorted(paths - today.get(kind, frozenset())) for kind, paths in known.items()} == {
        kind: [] for kind in known
    }


@pytest.mark.parametrize("version", VERSIONS)
def test_recording_is_of_the_middle_of_a_night(version: str) -> None:
    """Otherwise the tests above would show little."""
    snapshot = stored(version)
    streams = [row for row in snapshot.rows["control"] if "#STREAM#" in row["sk"]["S"]]
    bodies = [json.loads(body) for body in snapshot.messages["night"]]

    assert sum("last_success_run" in row for row in streams) == FINISHED
    assert [row["sk"]["S"].rpartition("#")[2] for row in streams if "checkpoint" in row] == [
        body["read"] for body in bodies if body["segment"]
    ]
    assert {"index", "journal"} & {key.partition("/")[0] for key in snapshot.objects}


KEPT_WORDS: Mapping[type[StrEnum], str] = {
    IntegrationStatus: "active paused needs_reauth disconnecting",
    RunStatus: "queued running succeeded succeeded_with_warnings failed cancelled",
    TaskState: "queued running waiting succeeded succeeded_with_warnings failed skipped cancelled",
    Trigger: "schedule catch_up manual",
    Mode: "auto snapshot refresh",
    Lane: "night manual",
    Phase: "read bury",
    WriteState: "requested sending unknown succeeded failed",
    ExportState: "requested writing ready failed",
}
"""Those that code which is deployed somewhere can read in rows and messages."""


@pytest.mark.parametrize("words", KEPT_WORDS)
def test_a_new_word_in_a_row_is_first_deployed_as_one_that_is_read(words: type[StrEnum]) -> None:
    """Older code cannot read a row with a word that it does not know. Deploy the word unused, then use it, then add it
    here (docs/deployment.md)."""
    assert [word.value for word in words] == KEPT_WORDS[words].split()
