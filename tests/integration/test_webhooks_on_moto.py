"""A webhook from its registration to a receiver that verifies it, through all three functions and the bus's rule."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.manual_sync_api import handler as api
from planster_sync.model.runs import RunStatus
from simulators.trackstar.config import AccountSpec
from tests.contract.stores.tables import template
from tests.fakes.webhook_receiver import Receiver, receiving
from tests.integration.api.caller import http_event
from tests.integration.deployment import REGION, Deployment, deployment

pytestmark = pytest.mark.moto

HOOKS = "/v1/organisations/acme/webhooks"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


@pytest.fixture
def system(monkeypatch: pytest.MonkeyPatch) -> Iterator[Deployment]:
    api.app.cache_clear()
    with deployment(monkeypatch, AccountSpec("con-1", "token-con-1", seed=5, size=6)) as found:
        found.register("main", "con-1")
        make_rule()
        yield found
    api.app.cache_clear()


def make_rule() -> None:
    """The template's rule, to the manual queue."""
    pattern = template()["Resources"]["RunsEnded"]["Properties"]["EventPattern"]
    events = boto3.client("events")
    events.put_rule(Name="runs-ended", EventPattern=json.dumps(pattern), State="ENABLED")
    queue = f"arn:aws:sqs:{REGION}:123456789012:manual"
    events.put_targets(Rule="runs-ended", Targets=[{"Id": "worker", "Arn": queue}])


def call(method: str, address: str, body: Any = None) -> tuple[int, Any]:
    text = None if body is None else json.dumps(body)
    answer = api.handler(http_event(method, address, text), LambdaContext())
    return answer["statusCode"], json.loads(answer["body"])


def not_due_before_tomorrow(system: Deployment) -> None:
    """So that a tick has nothing to do but its sweeps."""
    found = system.made.integrations.get("acme", "main")
    assert found is not None
    system.made.integrations.put(replace(found, due_at=datetime.now(UTC) + timedelta(days=1)))


def secrets() -> list[str]:
    found = boto3.client("ssm").describe_parameters(
        ParameterFilters=[{"Key": "Name", "Option": "BeginsWith", "Values": ["/planster/test/webhooks/"]}]
    )["Parameters"]
    assert {each["Type"] for each in found} <= {"SecureString"}
    return [each["Name"] for each in found]


def test_a_night_is_told_to_a_receiver_that_verifies_the_signature(system: Deployment, receiver: Receiver) -> None:
    status, webhook = call("POST", HOOKS, {"url": receiver.url})
    system.work()

    run = system.night()

    told = [json.loads(each.body) for each in receiver.received]
    (completed,) = (each["data"] for each in told if each["type"] == "run.completed")
    last = [each["data"]["now"] for each in told if each["type"] == "state.changed"][-1]
    assert status == 201
    assert all(each.is_signed_with(webhook["secret"]) for each in receiver.received)
    assert (completed["run"], completed["status"]) == (run.id, run.status.value)
    assert last == {"state": "ok", "health": "healthy"}
    _, deliveries = call("GET", f"{HOOKS}/{webhook['id']}/deliveries")
    assert {(each["state"], each["status"]) for each in deliveries["deliveries"]} == {("delivered", 204)}


def test_an_event_that_was_lost_is_made_up_for_by_the_tick(system: Deployment, receiver: Receiver) -> None:
    call("POST", HOOKS, {"url": receiver.url, "kinds": ["run.completed"]})
    system.work()
    boto3.client("events").remove_targets(Rule="runs-ended", Ids=["worker"])
    run = system.by_hand()
    assert receiver.received == []

    not_due_before_tomorrow(system)
    system.tick()
    system.work()

    assert [json.loads(each.body)["data"]["run"] for each in receiver.received] == [run.id]


def test_a_receiver_that_is_down_harms_no_run(system: Deployment, receiver: Receiver) -> None:
    receiver.answers = [500]
    _, webhook = call("POST", HOOKS, {"url": receiver.url})
    system.work()

    run = system.by_hand()

    assert run.status in (RunStatus.SUCCEEDED, RunStatus.SUCCEEDED_WITH_WARNINGS)
    _, deliveries = call("GET", f"{HOOKS}/{webhook['id']}/deliveries")
    assert {(each["state"], each["status"], each["attempt"]) for each in deliveries["deliveries"]} == {
        ("waiting", 500, 1)
    }
    assert call("GET", f"{HOOKS}/{webhook['id']}")[1]["failing_since"] is not None


def test_a_receiver_that_answers_410_is_told_no_more(system: Deployment, receiver: Receiver) -> None:
    receiver.answers = [410]
    _, webhook = call("POST", HOOKS, {"url": receiver.url, "kinds": ["run.completed"]})
    system.work()
    system.by_hand()

    system.by_hand()

    assert len(receiver.received) == 1
    assert call("GET", f"{HOOKS}/{webhook['id']}")[1]["state"] == "ended"


def test_a_fresh_secret_and_the_one_before_both_sign_and_removing_erases_them(
    system: Deployment, receiver: Receiver
) -> None:
    _, webhook = call("POST", HOOKS, {"url": receiver.url})
    _, rotated = call("POST", f"{HOOKS}/{webhook['id']}/rotate")

    status, _ = call("POST", f"{HOOKS}/{webhook['id']}/test")
    system.work()

    (received,) = receiver.received
    assert status == 202
    assert [received.is_signed_with(each["secret"]) for each in (webhook, rotated)] == [True, True]
    assert len(secrets()) == 2
    call("DELETE", f"{HOOKS}/{webhook['id']}")
    assert secrets() == []


def test_what_was_told_of_an_integration_is_erased_with_it(system: Deployment, receiver: Receiver) -> None:
    _, webhook = call("POST", HOOKS, {"url": receiver.url})
    system.work()
    system.by_hand()
    assert call("GET", f"{HOOKS}/{webhook['id']}/deliveries")[1]["deliveries"]

    call("POST", "/v1/organisations/acme/integrations/main/disconnect", {"integration": "main"})
    system.erase()

    assert call("GET", f"{HOOKS}/{webhook['id']}/deliveries")[1]["deliveries"] == []
    assert system.made.webhooks.board("acme").told == {}
    assert [each["id"] for each in call("GET", HOOKS)[1]["webhooks"]] == [webhook["id"]]
