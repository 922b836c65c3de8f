"""The function as Lambda calls it, on the real stores and after a real night."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.manual_sync_api import handler as api
from simulators.trackstar.config import AccountSpec
from tests.integration.api.caller import http_event
from tests.integration.deployment import Deployment, deployment

pytestmark = pytest.mark.moto

MAIN = "/v1/organisations/acme/integrations/main"
EVENTS = Path(__file__).parents[3] / "events"


@pytest.fixture
def system(monkeypatch: pytest.MonkeyPatch) -> Iterator[Deployment]:
    api.app.cache_clear()
    with deployment(monkeypatch, AccountSpec("con-1", "token-con-1", seed=5, size=12)) as running:
        running.register("main", "con-1")
        yield running
    api.app.cache_clear()


def call(method: str, address: str, body: dict[str, Any] | None = None) -> tuple[int, Any]:
    event = http_event(method, address, None if body is None else json.dumps(body))
    answer = api.handler(event, LambdaContext())
    return answer["statusCode"], json.loads(answer["body"])


def every_record(address: str) -> list[dict[str, Any]]:
    records, after = [], ""
    while True:
        status, body = call("GET", f"{address}{after}")
        assert status == 200
        records += body["records"]
        if body["after"] is None:
            return records
        after = f"&after={body['after']}"


def test_the_status_page_counts_what_is_stored(system: Deployment) -> None:
    system.night()

    status, body = call("GET", MAIN)

    stored = system.stored()
    assert status == 200
    live = {entry["data_type"]: entry["live"] for entry in body["data_types"] if entry["live"]}
    assert live == {kind: len(stored[kind]) for kind in live}
    assert live["orders"] > 0
    assert {entry["freshness"] for entry in body["data_types"]} <= {"on_time", "unsupported"}


def test_pages_and_changes_give_every_stored_record_once(system: Deployment) -> None:
    system.night()
    stored = sorted(item["id"] for item in system.stored()["orders"])

    paged = every_record(f"{MAIN}/records/orders?limit=5")
    changed = every_record(f"{MAIN}/records/orders?limit=5&updated_since=2020-01-01T00:00:00Z")

    assert sorted(record["id"] for record in paged) == stored
    assert sorted(record["id"] for record in changed) == stored


def test_a_record_is_found_by_id_and_by_sku(system: Deployment) -> None:
    system.night()
    level = every_record(f"{MAIN}/records/inventory_levels?limit=100")[0]

    one = call("GET", f"{MAIN}/records/inventory_levels/{quote(level['id'], safe='')}")
    by_sku = every_record(f"{MAIN}/records/inventory_levels?sku={quote(level['sku'], safe='')}")

    assert one == (200, level)
    assert level in by_sku


def test_a_sync_by_hand_runs_to_its_end(system: Deployment) -> None:
    status, accepted = call("POST", f"{MAIN}/sync", {"data_types": ["orders"]})
    _, joined = call("POST", f"{MAIN}/sync", {"data_types": ["orders"]})
    system.work()

    _, run = call("GET", f"{MAIN}/runs/{accepted['run']}")
    _, runs = call("GET", f"{MAIN}/runs?trigger=manual")
    assert (status, accepted["placement"]) == (202, "started")
    assert (joined["placement"], joined["run"]) == ("joined", accepted["run"])
    assert run["state"] in ("succeeded", "succeeded_with_warnings")
    assert run["totals"]["created"] > 0
    assert [entry["id"] for entry in runs["runs"]] == [accepted["run"]]


@pytest.mark.parametrize(("name", "status"), [("http_get.json", 200), ("http_post.json", 404)])
def test_the_sample_events_are_answered(system: Deployment, name: str, status: int) -> None:
    event = json.loads((EVENTS / name).read_text(encoding="utf-8"))

    answer = api.handler(event, LambdaContext())

    assert answer["statusCode"] == status
