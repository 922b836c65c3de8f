"""Held deletions over HTTP: what would go is shown, a person decides, and the next sync obeys."""

from __future__ import annotations

import pytest

from tests.engine.world import World
from tests.integration.api.caller import HOME, Api

HELD = f"{HOME}/int1/held"


def holding() -> World:
    world = World()
    world.source.fill(12)
    world.night()
    for number in range(8):
        del world.source.orders[f"o{number:03d}"]
    world.night()
    world.clock.advance(60)
    return world


def run_of(api: Api) -> str:
    return str(api.get(HELD).body["held"][0]["run"])


def test_what_is_held_is_shown_with_examples_and_what_is_decided_with_it() -> None:
    answer = Api(holding()).get(HELD)

    orders, shipments = answer.body["held"]
    assert answer.status == 200
    assert (orders["data_type"], orders["count"], orders["live"], orders["share"]) == ("orders", 8, 12, 0.6667)
    assert orders["decided_with"] == ["order_shipments", "orders"]
    assert set(orders["examples"]) <= {f"o{number:03d}" for number in range(8)}
    assert shipments["data_type"] == "order_shipments"


def test_nothing_held_is_an_empty_list() -> None:
    assert Api().get(HELD).body == {"held": []}


def test_an_approved_deletion_happens_with_the_next_sync() -> None:
    world = holding()
    api = Api(world)

    answer = api.post(f"{HELD}/orders/approve", {"run": run_of(api)})
    shown = api.get(HELD).body["held"]
    world.night()

    assert (answer.status, answer.body["decision"], answer.body["read"]) == (200, "approved", "orders")
    assert shown[0]["approved_at"] == answer.body["at"]
    assert (len(world.live()), api.get(HELD).body["held"]) == (4, [])


def test_a_rejected_deletion_is_held_no_more_and_the_records_stay() -> None:
    world = holding()
    api = Api(world)

    answer = api.post(f"{HELD}/orders/reject", {"run": run_of(api)})
    orders = next(each for each in api.get(f"{HOME}/int1").body["data_types"] if each["data_type"] == "orders")
    world.night()

    assert (answer.status, sorted(answer.body["data_types"])) == (200, ["order_shipments", "orders"])
    assert (orders["held"], orders["state"], orders["health"]) == (None, "ok", "healthy")
    assert (len(world.live()), api.get(HELD).body["held"]) == (12, [])


@pytest.mark.parametrize("decision", ["approve", "reject"])
def test_a_decision_about_what_was_shown_before_another_sync_ended_is_refused(decision: str) -> None:
    world = holding()
    api = Api(world)
    seen = run_of(api)
    world.night()

    answer = api.post(f"{HELD}/orders/{decision}", {"run": seen})

    assert (answer.status, answer.body["code"]) == (409, "conflict")
    assert (world.stream().approved_at, world.stream().rejected_at) == (None, None)


@pytest.mark.parametrize("decision", ["approve", "reject"])
def test_a_decision_about_nothing_is_refused(decision: str) -> None:
    answer = Api(holding()).post(f"{HELD}/warehouses/{decision}", {"run": "r"})

    assert (answer.status, answer.body["code"]) == (409, "conflict")


@pytest.mark.parametrize("body", [None, {}, {"run": ""}, {"run": 3}, {"run": "r", "all": True}])
def test_a_decision_that_does_not_say_what_it_is_about_is_refused(body: object) -> None:
    answer = Api(holding()).post(f"{HELD}/orders/approve", body)

    assert (answer.status, answer.body["code"]) == (422, "invalid_request")


def test_an_unknown_integration_has_nothing_to_decide() -> None:
    answer = Api(holding()).post(f"{HOME}/int9/held/orders/approve", {"run": "r"})

    assert (answer.status, answer.body["code"]) == (404, "not_found")
