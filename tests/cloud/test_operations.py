"""The operators' commands as a person types them, on the deployed stack."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from local_cloud.deployment import STACK, Deployment
from local_cloud.drill import PATIENCE, reaching
from local_cloud.kills.rounds import READ_TYPES, SWITCHED_OFF
from local_cloud.scene import ORGANISATION, Scene, connect
from local_cloud.vendors import Vendor
from operations.commands import main
from planster_sync.model.runs import RunStatus

pytestmark = pytest.mark.cloud
NAME = "operated"
GOOD = (RunStatus.SUCCEEDED, RunStatus.SUCCEEDED_WITH_WARNINGS)


@dataclass
class Terminal:
    capture: pytest.CaptureFixture[str]

    def __call__(self, *command: str) -> tuple[int, list[dict[str, str]]]:
        """The exit code, and the lines of the document."""
        self.capture.readouterr()
        ended = main(["--stack", STACK, "--json", "--yes", *command])
        told: dict[str, Any] = json.loads(self.capture.readouterr().out or '{"lines": []}')
        return ended, told["lines"]


@pytest.fixture(scope="module")
def scene(deployment: Deployment, stocked: Vendor) -> Scene:
    """A night is behind it."""
    made = connect(deployment, stocked, NAME, size=12, disabled=SWITCHED_OFF)
    assert made.night(seconds=PATIENCE).status in GOOD
    return made


@pytest.fixture
def terminal(deployment: Deployment, capsys: pytest.CaptureFixture[str]) -> Iterator[Terminal]:
    with reaching(deployment.cloud):
        yield Terminal(capsys)


def test_dead_letter_of_an_ended_run_is_left_by_a_dry_run_and_dropped_afterwards(
    deployment: Deployment, scene: Scene, terminal: Terminal
) -> None:
    run = scene.run()
    assert run is not None
    body = {"version": 1, "organisation": ORGANISATION, "integration": NAME, "run": run.id, "read": "products"}
    sqs, url = deployment.cloud.sqs, deployment.outputs["ManualDeadLettersUrl"]
    sqs.send_message(QueueUrl=url, MessageBody=json.dumps({**body, "segment": 0, "lane": "manual"}))

    code, looked = terminal("redrive", "manual", "--dry-run")
    _, done = terminal("redrive", "manual", "--rate", "50")
    _, nothing = terminal("redrive", "manual")

    mine = f"{ORGANISATION}/{NAME}/products run {run.id} part 0"
    assert code == 0
    assert [line["done"] for line in looked if line["what"] == mine] == ["would be dropped"]
    assert [(line["done"], line["why"]) for line in done if line["what"] == mine] == [
        ("dropped", f"the run has ended: {run.status.value}")
    ]
    assert [line for line in nothing if line["what"] == mine] == []


def test_distrusted_index_is_rebuilt_by_a_run_done_again(scene: Scene, terminal: Terminal) -> None:
    before = scene.run()
    assert before is not None

    _, agreed = terminal("check-index", ORGANISATION, NAME)
    code, distrusted = terminal("rebuild-index", ORGANISATION, NAME)
    _, rebuilding = terminal("check-index", ORGANISATION, NAME)
    _, started = terminal("re-run", ORGANISATION, NAME, before.id)
    run = scene.ended(seconds=PATIENCE)
    _, again = terminal("check-index", ORGANISATION, NAME)

    reads = len(READ_TYPES)
    assert code == 0
    assert [line["done"] for line in agreed] == ["agrees"] * reads
    assert [line["done"] for line in distrusted] == ["index distrusted"] * reads
    assert [line["done"] for line in rebuilding] == ["to be rebuilt"] * reads
    assert {line["done"] for line in started} == {"started"}
    assert (run.id == before.id, run.status in GOOD) == (False, True)
    assert sum(task.record_writes for task in run.tasks.values()) == 0
    assert [line["done"] for line in again] == ["agrees"] * reads
    assert scene.report().equal, scene.report().text()


def test_what_cannot_be_done_is_refused_with_a_code_and_a_remedy(
    scene: Scene, terminal: Terminal, capsys: pytest.CaptureFixture[str]
) -> None:
    run = scene.run()
    assert run is not None
    refused = [
        ("cancel", ORGANISATION, NAME, run.id),
        ("resend", ORGANISATION, NAME, run.id),
        ("re-run", ORGANISATION, NAME, "20260101T020000Z"),
        ("rebuild-index", ORGANISATION, "nobody"),
        ("replace-table", "records", "--by", "another"),
    ]

    codes = []
    for command in refused:
        assert main(["--stack", STACK, "--json", "--yes", *command]) == 4
        problem = json.loads(capsys.readouterr().err)
        assert problem["what"]
        assert problem["remedy"]
        codes.append(problem["code"])

    assert codes == ["conflict", "conflict", "not_found", "not_found", "conflict"]
    assert main(["--stack", STACK, "--json", "cancel", ORGANISATION, NAME, run.id]) == 2
    assert main(["--stack", "no-such-stack", "--yes", "stop"]) == 4
