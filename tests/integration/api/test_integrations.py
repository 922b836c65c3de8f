"""The status page over HTTP, on a system that really synced."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from planster_sync.connectors import registry
from planster_sync.errors import CredentialsRejected
from planster_sync.model.data_types import DataType
from planster_sync.model.integrations import IntegrationStatus
from planster_sync.model.runs import Problem
from planster_sync.ports.source import Capabilities
from tests.engine.world import World
from tests.integration.api.caller import HOME, Api


def by_type(body: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {entry["data_type"]: entry for entry in body["data_types"]}


def synced(**changes: Any) -> World:
    world = World(**changes)
    world.source.order("o1", shipments=["s1"], channel="ch1=Shop")
    world.source.order("o2", broken=True)
    world.night()
    return world


def test_health_answers_without_looking_at_a_store() -> None:
    answer = Api(changes={"integrations": None}).get("/v1/health")

    assert (answer.status, answer.body) == (200, {"status": "ok"})


def test_the_list_shows_every_integration_with_its_worst_data_type() -> None:
    answer = Api(synced()).get(HOME)

    (only,) = answer.body["integrations"]
    assert answer.status == 200
    assert (only["id"], only["health"], only["blocking"]) == ("int1", "attention", False)
    assert only["freshness"]["orders"] == "on_time"
    assert only["freshness"]["bills"] == "unsupported"
    assert only["next_due_at"] == "2026-03-02T02:00:00Z"


def test_an_integration_of_an_unknown_connector_is_shown_broken_and_hides_no_other() -> None:
    world = synced()
    declared = world.source.declared
    world.stores.integrations.put(replace(world.integration, id="int2", connector="misspelt"))

    def capabilities(name: str) -> Capabilities:
        return registry.capabilities(name) if name == "misspelt" else declared

    api = Api(world, {"capabilities": capabilities})
    answer, detail = api.get(HOME), api.get(f"{HOME}/int2")

    assert [(each["id"], each["health"]) for each in answer.body["integrations"]] == [
        ("int1", "attention"),
        ("int2", "broken"),
    ]
    assert (detail.status, detail.body["problem"]["code"], detail.body["blocking"]) == (200, "settings_invalid", True)


def test_an_organisation_without_integrations_has_an_empty_list() -> None:
    answer = Api().get("/v1/organisations/org9/integrations")

    assert (answer.status, answer.body) == (200, {"integrations": []})


def test_the_detail_shows_all_thirteen_data_types_with_counts() -> None:
    answer = Api(synced()).get(f"{HOME}/int1")

    types = by_type(answer.body)
    assert answer.status == 200
    assert list(types) == [data_type.value for data_type in DataType]
    orders = types["orders"]
    assert (orders["live"], orders["quarantined"], orders["state"]) == (1, 1, "warning")
    assert orders["last_counts"]["fetched"] == 2
    assert orders["last_success_run"] == "20260301T020000Z"
    assert [warning["code"] for warning in orders["warnings"]] == ["records_quarantined"]
    assert types["warehouses"]["state"] == "ok"
    assert types["returns"]["health"] == "not_counted"


def test_a_run_in_progress_is_named() -> None:
    api = Api(synced())
    run = api.post(f"{HOME}/int1/sync").body["run"]

    answer = api.get(f"{HOME}/int1")

    assert answer.body["active_runs"] == [run]


def test_refused_credentials_block_the_whole_integration() -> None:
    world = synced()
    problem = Problem.of(CredentialsRejected("The warehouse system refused the credentials."))
    world.stores.integrations.needs_reauth("org1", "int1", problem, world.clock.now())

    answer = Api(world).get(f"{HOME}/int1")

    assert (answer.body["health"], answer.body["blocking"]) == ("broken", True)
    assert answer.body["problem"]["code"] == "credentials_rejected"
    assert answer.body["problem"]["whose_move"] == "you"


def test_a_paused_integration_says_that_nothing_is_synced() -> None:
    answer = Api(World(status=IntegrationStatus.PAUSED)).get(f"{HOME}/int1")

    assert answer.body["sentence"] == "The integration is paused; nothing is synced."
    assert answer.body["next_due_at"] is None


def test_the_oldest_success_speaks_for_the_whole_only_once_all_have_one() -> None:
    world = World()
    world.sync(DataType.WAREHOUSES)

    answer = Api(world).get(f"{HOME}/int1")

    assert by_type(answer.body)["warehouses"]["last_success_at"] is not None
    assert answer.body["last_success_at"] is None


def test_an_unknown_integration_is_not_found() -> None:
    answer = Api().get(f"{HOME}/int9")

    assert (answer.status, answer.body["code"]) == (404, "not_found")
    assert answer.headers["Content-Type"] == "application/problem+json"
