"""The organisation's page at a glance: the worst wins, what is not offered is no failure, and one query is enough."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from planster_sync.errors import CredentialsRejected, Forbidden, SourceUnavailable
from planster_sync.model.data_types import DataType
from planster_sync.model.integrations import IntegrationStatus
from planster_sync.model.runs import Problem, StreamKey
from tests.engine.world import World
from tests.integration.api.caller import Answer, Api, token

PAGE = "/v1/organisations/org1/status"
ONLY_STATUS = {"runs": None, "streams": None, "records": None, "starter": None}
"""A route that asked another store would fail."""


def synced() -> World:
    world = World()
    world.source.order("o1", shipments=["s1"], channel="ch1=Shop")
    world.night()
    return world


def page(world: World) -> dict[str, Any]:
    answer = Api(world, ONLY_STATUS).get(PAGE)
    assert answer.status == 200
    return dict(answer.body)


def only(world: World) -> dict[str, Any]:
    (found,) = page(world)["integrations"]
    return dict(found)


def types(integration: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {each["data_type"]: each for each in integration["data_types"]}


def problem(world: World, read: str, error: Any) -> None:
    world.stores.streams.take(
        StreamKey("org1", "int1", read), run="r9", segment=0, holder="w", now=world.clock.now(), seconds=1
    )
    world.clock.advance(3600)
    world.stores.streams.abandon(
        StreamKey("org1", "int1", read), run="r9", now=world.clock.now(), problem=Problem.of(error)
    )


def test_one_query_shows_every_integration_with_every_data_type() -> None:
    world = synced()
    world.stores.integrations.put(replace(world.integration, id="int2"))

    body = page(world)

    assert [each["id"] for each in body["integrations"]] == ["int1", "int2"]
    assert all(len(each["data_types"]) == len(DataType) for each in body["integrations"])
    assert (body["health"], body["state"]) == ("pending", "never_synced")


def test_what_is_not_offered_does_not_colour_the_whole() -> None:
    found = only(synced())

    assert types(found)["bills"]["state"] == "unsupported"
    assert (found["state"], found["health"], found["action"]) == ("ok", "healthy", None)


def test_the_worst_data_type_gives_the_integration_its_state_and_says_what_to_do() -> None:
    world = synced()
    problem(world, "orders", CredentialsRejected("The warehouse system refused the credentials."))

    body = page(world)
    (found,) = body["integrations"]

    assert (found["state"], found["health"]) == ("action_required", "broken")
    assert (body["health"], body["sentence"]) == ("broken", "1 of 1 integrations need a look.")
    assert (found["action"]["whose_move"], found["action"]["code"]) == ("you", "credentials_rejected")
    assert found["action"]["data_types"] == ["orders", "order_shipments", "order_channels"]
    assert types(found)["warehouses"]["state"] == "ok"


def test_a_missing_permission_asks_for_attention_and_stops_nothing_else() -> None:
    world = synced()
    problem(world, "orders", Forbidden("The account may not read orders."))

    found = only(world)

    assert (found["health"], types(found)["orders"]["problem"]["blocking"]) == ("attention", False)
    assert types(found)["warehouses"]["health"] == "healthy"


def test_a_failure_says_when_it_is_tried_again_and_keeps_the_last_success_apart_from_the_last_attempt() -> None:
    world = synced()
    success = only(world)["last_success_at"]
    problem(world, "orders", SourceUnavailable("The warehouse system does not answer."))

    found = only(world)
    orders = types(found)["orders"]

    assert orders["problem"]["retry_at"] == found["next_due_at"] == "2026-03-02T02:00:00Z"
    assert orders["last_success_at"] == success
    assert orders["last_attempt_at"] == found["last_attempt_at"] > success


def test_refused_credentials_rest_before_they_are_tried_again() -> None:
    world = synced()
    at = world.clock.now() + timedelta(hours=2)
    refused = Problem.of(CredentialsRejected("The warehouse system refused the credentials."))
    world.stores.integrations.needs_reauth("org1", "int1", refused, at)

    found = only(world)

    assert (found["state"], found["health"], found["blocking"]) == ("action_required", "broken", True)
    assert found["next_due_at"] == found["problem"]["retry_at"] == f"{at + timedelta(days=1):%Y-%m-%dT%H:%M:%SZ}"
    assert found["action"]["data_types"] == []


def test_a_paused_integration_is_paused_and_says_how_it_goes_on() -> None:
    world = synced()
    world.change(status=IntegrationStatus.PAUSED)

    found = only(world)

    assert (found["state"], found["next_due_at"]) == ("paused", None)
    assert (found["action"]["code"], found["action"]["whose_move"]) == ("paused", "you")


@pytest.mark.parametrize(("days", "health", "word"), [(1.2, "attention", "Late;"), (2.2, "broken", "Out of date;")])
def test_what_was_missed_once_is_late_and_twice_out_of_date(days: float, health: str, word: str) -> None:
    world = synced()
    world.clock.advance(days * 86400)

    orders = types(only(world))["orders"]

    assert (orders["state"], orders["health"]) == ("late", health)
    assert orders["sentence"].startswith(word)


def test_held_deletions_and_set_aside_records_are_counted_on_the_whole() -> None:
    world = World()
    for number in range(4):
        world.source.order(f"o{number}")
    world.source.order("o9", broken=True)
    world.night()
    for number in range(4):
        del world.source.orders[f"o{number}"]
    world.night()

    found = only(world)

    assert (found["held"], found["quarantined"]) == (4, 1)
    assert types(found)["orders"]["held"]["count"] == 4


def test_an_organisation_without_integrations_is_told_so() -> None:
    answer = Api(changes=ONLY_STATUS).get("/v1/organisations/org9/status")

    assert answer.body["sentence"] == "No warehouse system is connected yet."


def look(api: Api, address: str, tag: str | None = None) -> Answer:
    return api.get(address, headers={"if-none-match": tag} if tag else None)


@pytest.mark.parametrize("address", [PAGE, f"{PAGE.removesuffix('/status')}/integrations/int1"])
def test_what_has_not_changed_is_not_sent_again(address: str) -> None:
    api = Api(synced())
    first = look(api, address)

    again = look(api, address, first.headers["ETag"])

    assert (again.status, again.body) == (304, None)
    assert again.headers["ETag"] == first.headers["ETag"]
    assert again.headers["Poll-After"] == "60"


def test_a_tag_among_others_and_without_its_mark_of_weakness_is_recognised() -> None:
    api = Api(synced())
    tag = look(api, PAGE).headers["ETag"].removeprefix("W/")

    assert look(api, PAGE, f'"other", {tag}').status == 304


def test_what_has_changed_is_sent_and_says_when_to_look_again() -> None:
    world = synced()
    api = Api(world)
    tag = look(api, PAGE).headers["ETag"]
    world.stores.streams.take(
        StreamKey("org1", "int1", "orders"), run="r9", segment=0, holder="w", now=world.clock.now(), seconds=60
    )

    answer = look(api, PAGE, tag)

    assert (answer.status, answer.body["integrations"][0]["state"]) == (200, "syncing")
    assert answer.headers["Poll-After"] == str(answer.body["poll_after_seconds"]) == "2"


def test_a_run_at_work_keeps_its_tag_until_it_gets_further() -> None:
    world = synced()
    api = Api(world)
    run = api.post(f"{PAGE.removesuffix('/status')}/integrations/int1/sync").headers["Location"]
    world.work(slice_seconds=0)
    tag = look(api, run).headers["ETag"]
    world.clock.advance(5)

    assert look(api, run, tag).status == 304


def test_a_foreign_token_sees_no_status_page() -> None:
    answer = Api(synced()).get(PAGE, authorizer=token("org2"))

    assert (answer.status, answer.body["code"]) == (404, "not_found")
    assert "ETag" not in answer.headers
