"""events/ holds what today's code is called with, and every handler takes it: an event that rots fails here."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.manual_sync_api import handler as api
from functions.sync_dispatcher import handler as dispatcher
from functions.sync_worker import handler as worker
from local_cloud.env_file import FUNCTIONS
from planster_sync.aws.messages import parse_message
from simulators.trackstar.config import AccountSpec
from tests.architecture.repository import ROOT
from tests.events.bodies import INTEGRATION, ORGANISATION, READ, RUN
from tests.events.write_events import FOLDER, current
from tests.integration.api.caller import http_event
from tests.integration.deployment import Context, Deployment, deployment

FILES = sorted(path.stem for path in FOLDER.glob("*.json"))
MESSAGES = [name for name in FILES if name.startswith("sqs_")]


def event(name: str) -> dict[str, Any]:
    return dict(json.loads((FOLDER / f"{name}.json").read_text()))


@pytest.fixture(scope="module")
def system() -> Iterator[Deployment]:
    """The organisation of the events, whose integration was due when their tick came."""
    api.app.cache_clear()
    api.console.cache_clear()
    account = AccountSpec("con-1", "token-con-1", seed=5, size=2)
    with pytest.MonkeyPatch.context() as patch, deployment(patch, account) as running:
        running.register(INTEGRATION, "con-1", organisation=ORGANISATION)
        found = running.made.integrations.get(ORGANISATION, INTEGRATION)
        assert found is not None
        running.made.integrations.put(replace(found, due_at=datetime(2026, 3, 29, 2, tzinfo=UTC)))
        yield running
    api.app.cache_clear()
    api.console.cache_clear()


def asked(name: str) -> Any:
    return api.handler(event(name), LambdaContext())


@pytest.mark.parametrize("name", sorted({*FILES, *current()}))
def test_event_is_what_is_sent_today(name: str) -> None:
    """`python -m tests.events.write_events` writes them anew."""
    assert (FOLDER / f"{name}.json").read_text() == current()[name]


def test_every_event_has_its_line_in_the_list() -> None:
    listed = (FOLDER / "README.md").read_text()

    assert [name for name in FILES if f"`{name}.json`" not in listed] == []


@pytest.mark.parametrize("name", MESSAGES)
def test_message_of_an_event_is_one_that_is_understood(name: str) -> None:
    (record,) = event(name)["Records"]

    assert parse_message(record["body"]).organisation == ORGANISATION


def test_env_file_names_the_functions_of_the_template() -> None:
    template = (ROOT / "template.yaml").read_text()

    declared = [
        line.strip().removesuffix(":")
        for line, kind in zip(template.splitlines(), template.splitlines()[1:], strict=False)
        if kind.strip() == "Type: AWS::Serverless::Function"
    ]
    assert declared == list(FUNCTIONS)


@pytest.mark.moto
def test_tick_starts_the_run_whose_task_the_next_event_holds(system: Deployment) -> None:
    answer = dispatcher.handler(event("scheduled_tick"), Context())

    run = system.last_run(INTEGRATION, ORGANISATION)
    assert (answer["started"], run.id) == (1, RUN)
    assert worker.handler(event("sqs_task"), Context()) == {"batchItemFailures": []}
    done = system.last_run(INTEGRATION, ORGANISATION).tasks[READ]
    assert done.state.is_good, done.problem


@pytest.mark.moto
@pytest.mark.parametrize("name", [name for name in MESSAGES if name not in ("sqs_task", "sqs_write_back")])
def test_worker_takes_a_message_about_what_is_not_there(system: Deployment, name: str) -> None:
    """It is done with it: a message about what has been erased meanwhile must not come back for ever."""
    assert worker.handler(event(name), Context()) == {"batchItemFailures": []}


@pytest.mark.moto
def test_worker_sends_the_write_back_that_was_asked_for(system: Deployment) -> None:
    body = json.dumps({"reference": "PO-1", "lines": [{"sku": "NO-SUCH-SKU", "quantity": 1}]})
    address = f"/v1/organisations/{ORGANISATION}/integrations/{INTEGRATION}/inbound-shipments"
    assert api.handler(http_event("POST", address, body), LambdaContext())["statusCode"] == 202

    assert worker.handler(event("sqs_write_back"), Context()) == {"batchItemFailures": []}
    done = system.made.writes.get(ORGANISATION, INTEGRATION, "PO-1")
    assert done is not None
    assert done.state.is_final


@pytest.mark.moto
def test_worker_answers_the_questions_of_the_api(system: Deployment) -> None:
    checked = worker.handler(event("question_check"), Context())
    seen = worker.handler(event("question_look_up"), Context())

    assert checked["problem"] is None
    assert READ in checked["reads"]
    assert (seen["problem"], [each["is_there"] for each in seen["sightings"]]) == (None, [False])


@pytest.mark.moto
def test_api_answers_requests(system: Deployment) -> None:
    listed, started, page = asked("http_get"), asked("http_post"), asked("http_console")

    assert listed["statusCode"] == 200
    assert [each["id"] for each in json.loads(listed["body"])["integrations"]] == [INTEGRATION]
    assert started["statusCode"] == 202
    assert page["statusCode"] in (200, 303)
