"""Settings, pause and resume over HTTP, with what they do to the next night."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from planster_sync.errors import CredentialsRejected
from planster_sync.model.data_types import DataType
from planster_sync.model.integrations import IntegrationStatus
from planster_sync.model.runs import Problem, RunStatus
from planster_sync.ports.source import Still
from tests.engine.world import World, at
from tests.fakes.scripted_source import ScriptedSource, capabilities
from tests.integration.api.caller import HOME, Api

MAIN = f"{HOME}/int1"
SETTINGS = f"{MAIN}/settings"


def filled(orders: int = 12) -> World:
    world = World()
    world.source.fill(orders)
    world.night()
    return world


def remove(world: World, count: int) -> None:
    for number in range(count):
        del world.source.orders[f"o{number:03d}"]


def test_the_settings_in_force_are_shown_and_no_secret_with_them() -> None:
    answer = Api(World(secret="/planster/dev/integrations/org1/int1")).get(SETTINGS)

    assert answer.status == 200
    assert (answer.body["zone"], answer.body["hours"], answer.body["snapshot_days"]) == ("UTC", [2], 7)
    assert answer.body["data_types"]["orders"] is True
    assert "bills" not in answer.body["data_types"]
    assert answer.body["deletion_guard"] == {"share": 0.5, "count": 20, "count_share": 0.1}
    assert "/planster/" not in str(answer.body)


def test_what_is_named_changes_and_the_rest_stays() -> None:
    world = World(last_slot_at=at("2026-03-01T02:00:00+00:00"))
    before = world.integration

    answer = Api(world).patch(SETTINGS, {"name": "Berlin", "snapshot_days": 3})

    assert (answer.status, answer.body["name"], answer.body["snapshot_days"]) == (200, "Berlin", 3)
    assert world.integration.schedule == before.schedule
    assert (world.integration.last_slot_at, world.integration.due_at) == (before.last_slot_at, before.due_at)


def test_a_data_type_that_is_switched_off_is_not_synced_and_one_that_is_switched_on_is() -> None:
    world = World()
    world.source.fill(3)
    world.source.warehouses["w1"] = {"id": "w1", "name": "One"}
    api = Api(world)
    api.patch(SETTINGS, {"data_types": {"warehouses": False}})
    world.night()
    before = set(world.live(DataType.WAREHOUSES))
    off = api.get(MAIN).body["freshness"]["warehouses"]

    api.patch(SETTINGS, {"data_types": {"warehouses": True}})
    world.night()

    assert (off, before, set(world.live(DataType.WAREHOUSES))) == ("disabled", set(), {"w1"})


def test_other_hours_move_the_next_night() -> None:
    world = filled()

    answer = Api(world, {"spread_seconds": 0}).patch(SETTINGS, {"hours": [22, 6, 6], "zone": "Europe/Berlin"})

    assert (answer.body["hours"], answer.body["zone"]) == ([6, 22], "Europe/Berlin")
    assert answer.body["next_due_at"] == "2026-03-01T05:00:00Z"


def test_later_hours_make_no_gap_longer_than_it_was() -> None:
    world = filled()
    world.clock.advance(13 * 3600)
    due_at = world.integration.due_at

    Api(world, {"spread_seconds": 0}).patch(SETTINGS, {"hours": [14]})

    assert world.integration.due_at == due_at


@pytest.mark.parametrize(
    ("body", "where"),
    [
        pytest.param({}, "body", id="nothing"),
        pytest.param({"hours": []}, "body.hours", id="no hour"),
        pytest.param({"hours": [24]}, "body.hours.0", id="an hour that does not exist"),
        pytest.param({"data_types": {"stock": True}}, "body.data_types.stock.[key]", id="an unknown data type"),
        pytest.param({"snapshot_days": 0}, "body.snapshot_days", id="never"),
        pytest.param(
            {"deletion_guard": {"share": 1, "count": 20, "count_share": 0.1}},
            "body.deletion_guard.share",
            id="no guard",
        ),
        pytest.param({"secret": "/planster/other"}, "body.secret", id="a secret's place"),
        pytest.param({"status": "active"}, "body.status", id="the status"),
    ],
)
def test_a_setting_that_cannot_be_is_refused_and_changes_nothing(body: Any, where: str) -> None:
    world = World()
    before = world.integration

    answer = Api(world).patch(SETTINGS, body)

    assert (answer.status, answer.body["code"]) == (422, "invalid_request")
    assert [fault["where"] for fault in answer.body["errors"]] == [where]
    assert world.integration == before


@pytest.mark.parametrize("zone", ["Europe/Nowhere", "../../etc/passwd", "America", "UTC\x00"])
def test_a_zone_that_does_not_exist_is_refused(zone: str) -> None:
    answer = Api().patch(SETTINGS, {"zone": zone})

    assert (answer.status, answer.body["code"]) == (422, "invalid_request")


def test_a_data_type_that_the_connector_lacks_cannot_be_switched_on() -> None:
    answer = Api().patch(SETTINGS, {"data_types": {"bills": True}})

    assert (answer.status, answer.body["code"]) == (422, "unsupported")


@pytest.mark.parametrize(("share", "live"), [(0.1, 12), (0.9, 4)])
def test_the_deletion_guard_decides_what_waits_for_a_person(share: float, live: int) -> None:
    world = filled()
    Api(world).patch(SETTINGS, {"deletion_guard": {"share": share, "count": 100, "count_share": 0.9}})
    remove(world, 8)

    world.night()

    assert len(world.live()) == live


def test_the_widest_guard_still_holds_an_empty_list() -> None:
    world = filled()
    Api(world).patch(SETTINGS, {"deletion_guard": {"share": 0.9, "count": 1000000, "count_share": 0.9}})
    world.source.orders.clear()

    world.night()

    assert len(world.live()) == 12


def test_a_paused_integration_is_not_synced_and_catches_up_when_it_is_resumed() -> None:
    world = filled(3)
    api = Api(world)
    paused = api.post(f"{MAIN}/pause")
    world.source.order("new")
    for _ in range(2):
        world.until_due()
        world.tick()
        world.work()
    while_paused = set(world.live())
    world.clock.advance(3600)

    resumed = api.post(f"{MAIN}/resume")
    world.tick()
    world.work()

    assert (paused.body["status"], paused.body["next_due_at"], resumed.body["status"]) == ("paused", None, "active")
    assert "new" not in while_paused
    assert "new" in world.live()
    assert world.last_run().status is RunStatus.SUCCEEDED


def test_resuming_does_not_make_refused_credentials_good() -> None:
    world = filled()
    refused = Problem.of(CredentialsRejected("The warehouse system refused the credentials."))
    world.stores.integrations.needs_reauth("org1", "int1", refused, world.clock.now())
    api = Api(world)
    api.post(f"{MAIN}/pause")

    answer = api.post(f"{MAIN}/resume")

    assert answer.body["status"] == "needs_reauth"
    assert world.integration.problem == refused


def test_resuming_what_is_not_paused_changes_nothing() -> None:
    world = filled()
    before = world.integration

    answer = Api(world).post(f"{MAIN}/resume")

    assert (answer.status, world.integration) == (200, before)
    assert world.integration.status is IntegrationStatus.ACTIVE


@pytest.mark.parametrize("verb", ["pause", "resume"])
def test_an_unknown_integration_is_not_found(verb: str) -> None:
    assert Api().post(f"{HOME}/int9/{verb}").status == 404


FLOOR, DEEPER = "2026-01-10", "2025-06-01"


def aging() -> World:
    """Orders that can be bounded, nothing read yet."""
    world = World()
    world.source.declared = capabilities(recent_first=(Still.OPEN, timedelta(days=30)))
    world.source.order("old", created="2025-01-01T00:00:00Z")
    world.source.order("older", created="2025-07-01T00:00:00Z")
    world.source.order("new", created="2026-02-20T00:00:00Z")
    return world


def orders_of(api: Api) -> dict[str, Any]:
    found: dict[str, Any] = next(each for each in api.get(MAIN).body["data_types"] if each["data_type"] == "orders")
    return found


def test_history_is_bounded_before_the_first_load_and_moved_back_after_it() -> None:
    world = aging()
    api = Api(world)
    assert (api.get(SETTINGS).body["history_from"], api.get(SETTINGS).body["history_of"]) == (
        None,
        ["orders", "order_shipments"],
    )
    assert api.patch(SETTINGS, {"history_from": FLOOR}).body["history_from"] == FLOOR
    said = f"Wanted is what was created from {FLOOR} on, what is still open, and what changes."
    assert orders_of(api)["history"] == said
    world.night()
    assert set(world.live()) == {"new"}
    assert orders_of(api)["history_from"] == FLOOR
    assert orders_of(api)["history"] == said.replace("Wanted", "Here")

    assert api.patch(SETTINGS, {"history_from": DEEPER}).body["history_from"] == DEEPER

    assert orders_of(api)["history"] == f"{said.replace('Wanted', 'Here')} The next sync reads from {DEEPER} on."
    world.night()
    assert set(world.live()) == {"new", "older"}
    assert api.patch(SETTINGS, {"history_from": "all"}).body["history_from"] is None
    assert orders_of(api)["history"].endswith(" The next sync reads everything.")
    world.night()
    assert set(world.live()) == {"new", "older", "old"}
    assert (orders_of(api)["history_from"], orders_of(api)["history"]) == (None, None)


@pytest.mark.parametrize("before", [DEEPER, "all"])
def test_less_history_than_was_read_is_a_conflict(before: str) -> None:
    world = aging()
    api = Api(world)
    api.patch(SETTINGS, {"history_from": before})
    world.night()

    answer = api.patch(SETTINGS, {"history_from": FLOOR, "name": "Berlin"})

    assert (answer.status, answer.body["code"]) == (409, "conflict")
    assert "can only be moved back" in answer.body["detail"]
    assert world.integration.name == "Main warehouse"
    assert api.patch(SETTINGS, {"history_from": before}).status == 200


def test_less_history_is_a_conflict_while_the_first_load_is_at_work() -> None:
    world = aging()
    world.until_due()
    world.tick()
    world.handle(world.queue.drain()[0].message, slice_seconds=0)

    assert Api(world).patch(SETTINGS, {"history_from": FLOOR}).status == 409


def test_first_load_that_failed_leaves_the_choice_open() -> None:
    world = aging()

    def refuse(source: ScriptedSource) -> None:
        raise CredentialsRejected("It refuses.")

    world.source.script = {0: refuse}
    world.night()

    assert Api(world).patch(SETTINGS, {"history_from": FLOOR}).status == 200


@pytest.mark.parametrize("day", ["2099-01-01", "1999-12-31", "2026-02-30", "2026-1-1", "yesterday", "", 20260101, True])
def test_day_that_cannot_be_is_refused_with_its_place(day: object) -> None:
    world = aging()

    answer = Api(world).patch(SETTINGS, {"history_from": day})

    assert (answer.status, [each["where"] for each in answer.body["errors"]]) == (422, ["body.history_from"])
    assert world.integration.history_from is None


def test_history_that_a_system_cannot_bound_is_refused() -> None:
    answer = Api(World()).patch(SETTINGS, {"history_from": FLOOR})

    assert answer.status == 422
    assert answer.body["detail"] == "Scripted cannot list its records by when they were created."


def test_another_zone_moves_no_floor() -> None:
    world = aging()
    api = Api(world)
    api.patch(SETTINGS, {"history_from": FLOOR})
    before = world.integration.history_from

    api.patch(SETTINGS, {"zone": "Pacific/Auckland"})

    assert world.integration.history_from == before == at(f"{FLOOR}T00:00:00+00:00")
