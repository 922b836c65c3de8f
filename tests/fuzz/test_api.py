"""The API keeps its own OpenAPI document, whatever is asked: bounded and seeded; `make fuzz` asks longer, deployed."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.manual_sync_api import handler as api
from simulators.trackstar.config import AccountSpec
from tests.fuzz.campaign import PHASES, Outcome, Plan, run, told
from tests.fuzz.gateway import bearer, gateway
from tests.fuzz.samples import WEBHOOK, samples_for
from tests.integration.api.caller import Api, http_event, token
from tests.integration.api.stocked import stocked
from tests.integration.deployment import Deployment, deployment
from tests.integration.worker_over_http import worker_over_http

SEED = 20260504
NO_PROBLEMS = ('401 {"message":"Unauthorized"}', "422 <!doctype html>")
"""What the gateway answers, and the page for somebody who comes back from a vendor."""


def nothing_is_wrong(outcome: Outcome) -> bool:
    return not outcome.findings and not outcome.errors and all(each.startswith(NO_PROBLEMS) for each in outcome.foreign)


def test_every_bound_and_every_broken_value_is_answered_as_documented() -> None:
    world = stocked("a", "b")
    world.source.fill(5)
    world.night()
    known = {"organisation": ["org1"], "integration": ["int1"], "run": [world.last_run().id], "record": ["a", "o000"]}
    plan = Plan(SEED, 1, known, token=lambda: bearer("org1"), phases=("coverage",))

    with gateway(Api(world).raw) as url:
        outcome = run(url, plan)

    assert nothing_is_wrong(outcome), told(outcome)
    assert outcome.requests > 1000


def registered(organisation: str) -> str:
    """The id of a webhook that is there."""
    event = http_event(
        "POST", f"/v1/organisations/{organisation}/webhooks", json.dumps(WEBHOOK), authorizer=token(organisation)
    )
    return str(json.loads(api.handler(event, LambdaContext())["body"])["id"])


@pytest.fixture
def system(monkeypatch: pytest.MonkeyPatch) -> Iterator[Deployment]:
    api.app.cache_clear()
    account = AccountSpec("con-1", "token-con-1", seed=5, size=12)
    with deployment(monkeypatch, account) as running, worker_over_http() as url:
        monkeypatch.setenv("AWS_ENDPOINT_URL_LAMBDA", url)
        monkeypatch.setenv("ORGANISATION_REQUESTS_PER_MINUTE", "100000")
        running.register("main", "con-1")
        running.night()
        yield running
    api.app.cache_clear()


@pytest.mark.moto
def test_requests_on_real_stores_and_along_every_link_are_answered_as_documented(system: Deployment) -> None:
    stored = system.stored()
    records = [item["id"] for kind in ("products", "orders", "inventory_levels") for item in stored[kind][:2]]
    known = {"organisation": ["acme"], "integration": ["main"], "run": [system.last_run().id], "record": records}
    known["webhook"] = [registered("acme")]
    phases = [each for each in PHASES if each != "coverage"]
    plan = Plan(SEED, 3, known, samples_for("main", known), token=lambda: bearer("acme"), phases=phases)

    with gateway(lambda event: api.handler(event, LambdaContext())) as url:
        outcome = run(url, plan)

    assert nothing_is_wrong(outcome), told(outcome)
    assert sum(outcome.links.values()) > 0, told(outcome)
    assert [each for each in outcome.never_succeeded if not each.endswith(OUT_OF_REACH)] == [], told(outcome)


OUT_OF_REACH = (
    "/held/{data_type}/approve",
    "/held/{data_type}/reject",
    "/runs/{run}/cancel",
    "POST /v1/organisations/{organisation}/integrations",
    "/reconnect",
    "/connect/{connector}/begin",
    "/connect/{connector}/exchange",
    "GET /v1/connect/callback",
    "/export-files/{export}",
    "DELETE /v1/organisations/{organisation}/integrations/{integration}/adjustments/{data_type}/{record}",
)
"""Nothing is held, the run has ended, connecting needs a vendor that knows the account, and no example names the id."""
