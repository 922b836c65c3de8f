"""The handlers as Lambda calls them: a tick, messages, a worker, and a store that equals the source."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator

import boto3
import pytest

from local_cloud.oracle import compare
from planster_sync.model.integrations import IntegrationStatus
from planster_sync.model.runs import RunStatus, TaskState
from simulators.trackstar.config import AccountSpec
from simulators.trackstar.readings import READINGS
from tests.integration.deployment import Context, Deployment, deployment

pytestmark = pytest.mark.moto

ACCOUNT = AccountSpec("con-1", "token-con-1", seed=5, size=12)


@pytest.fixture
def system(monkeypatch: pytest.MonkeyPatch) -> Iterator[Deployment]:
    with deployment(monkeypatch, ACCOUNT) as running:
        running.register("main", "con-1")
        yield running


def truth(system: Deployment, connection: str = "con-1") -> dict[str, list[dict[str, object]]]:
    found = {}
    for collection in READINGS.collections:
        with urllib.request.urlopen(f"{system.simulator.url}/_sim/truth/{connection}/{collection}") as answer:
            found[collection] = [json.loads(line) for line in answer.read().splitlines()]
    return found


def advance_a_day(system: Deployment) -> None:
    request = urllib.request.Request(f"{system.simulator.url}/_sim/day/advance", data=b"{}", method="POST")
    with urllib.request.urlopen(request) as answer:
        answer.read()


def test_first_night_stores_what_the_source_has(system: Deployment) -> None:
    run = system.night()

    assert run.status in (RunStatus.SUCCEEDED, RunStatus.SUCCEEDED_WITH_WARNINGS), run
    report = compare(READINGS, truth(system), system.stored())
    assert report.equal, report.text()


def test_next_night_writes_only_what_changed_at_the_source(system: Deployment) -> None:
    system.night()
    advance_a_day(system)

    run = system.night_later()

    counts = [count for task in run.tasks.values() for count in task.counts.values()]
    changed = sum(count.changed for count in counts)
    writes = sum(task.record_writes for task in run.tasks.values())
    assert changed > 0
    assert any(count.deleted for count in counts)
    assert writes <= 1.1 * changed
    report = compare(READINGS, truth(system), system.stored())
    assert report.equal, report.text()


def test_five_ticks_at_once_start_one_run(system: Deployment) -> None:
    for _ in range(5):
        system.tick()
        system.make_due()

    assert len(system.made.runs.recent("acme", "main", 10, None)[0]) == 1


def test_wrong_credentials_stop_the_integration_without_hammering_the_vendor(system: Deployment) -> None:
    system.register("main", "con-1", token="wrong")

    run = system.night()

    assert run.status is RunStatus.FAILED
    assert {task.state for task in run.tasks.values()} == {TaskState.FAILED}
    found = system.made.integrations.get("acme", "main")
    assert found is not None
    assert found.status is IntegrationStatus.NEEDS_REAUTH
    assert sum(system.simulator.simulation.log.told()["counts"].values()) <= 2


def test_malformed_message_comes_back_at_once_for_the_dead_letter_queue(system: Deployment) -> None:
    sqs = boto3.client("sqs")
    sqs.send_message(QueueUrl=system.urls["night"], MessageBody="not a task")
    message = sqs.receive_message(QueueUrl=system.urls["night"])["Messages"][0]

    system.hand_over("night", message, Context())

    again = sqs.receive_message(QueueUrl=system.urls["night"])["Messages"]
    assert [one["MessageId"] for one in again] == [message["MessageId"]]


def test_new_credentials_count_at_once_in_a_function_that_has_seen_the_old_ones(system: Deployment) -> None:
    system.register("main", "con-1", token="wrong")
    system.night()
    system.register("main", "con-1")

    run = system.by_hand()

    found = system.made.integrations.get("acme", "main")
    states = [task.state for task in run.tasks.values()]
    assert found is not None
    assert (found.status, TaskState.FAILED in states) == (IntegrationStatus.ACTIVE, False)
    assert states.count(TaskState.WAITING) == 1
