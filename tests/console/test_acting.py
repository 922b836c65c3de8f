"""What a planner does on the pages reaches the API's own rules, takes effect once, and is answered in words."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from planster_sync.model.data_types import DataType
from planster_sync.model.integrations import IntegrationStatus
from planster_sync.model.runs import Mode, Run, id_at
from tests.console.known import READER, STRANGER
from tests.console.morning import morning
from tests.console.visit import Console, Seen
from tests.engine.world import World

HOME = "/console/integrations"


def last_run(world: World, integration: str) -> Run:
    return world.stores.runs.recent("org1", integration, 1, None)[0][0]


def followed(console: Console, seen: Seen) -> Seen:
    assert seen.status == 303, seen.text
    return console.get(seen.headers["location"])


def test_what_a_sync_takes_is_shown_before_it_starts() -> None:
    world, shop = morning()
    before = last_run(world, "east").id

    page = Console(shop).get(f"{HOME}/east/sync?mode=snapshot&data_types=orders&data_types=products").text

    assert "At least 227 calls to" in page
    assert "Start this sync" in page
    assert last_run(world, "east").id == before


def test_a_sync_starts_once_however_often_its_form_is_sent() -> None:
    world, shop = morning()
    console = Console(shop)
    ask = {"mode": "snapshot", "data_types": ["orders", "products"], "key": "once"}

    first = console.post(f"{HOME}/cologne/sync", ask)
    second = console.post(f"{HOME}/cologne/sync", ask)

    run = last_run(world, "cologne")
    assert (run.mode, run.requested_by, set(run.tasks)) == (Mode.SNAPSHOT, "user-7", {"orders", "products"})
    assert "The sync has been queued" in followed(console, first).text
    assert "Nothing was started twice" in followed(console, second).text


def test_a_sync_that_joins_and_one_that_waits_say_so() -> None:
    console = Console(morning()[1])
    console.post(f"{HOME}/cologne/sync", {"mode": "snapshot", "key": "a"})

    joins = console.post(f"{HOME}/cologne/sync", {"mode": "auto", "key": "b"})
    waits = console.post(f"{HOME}/rotterdam/sync", {"mode": "auto", "data_types": "orders", "key": "c"})

    assert "yours joined it" in followed(console, joins).text
    assert "this one begins when that one has ended" in followed(console, waits).text


def test_a_sync_that_cools_down_is_refused_with_the_time_at_which_it_may_be_again() -> None:
    world, shop = morning()
    at = world.clock.now() - timedelta(minutes=2)
    world.stores.runs.create(replace(last_run(world, "east"), id=id_at(at), created_at=at))

    seen = Console(shop).post(f"{HOME}/east/sync", {"mode": "auto", "data_types": "orders", "key": "k"})

    assert seen.status == 429
    assert "This was synced by hand at 2026-03-12 08:38 UTC; again at 2026-03-12 08:43 UTC." in seen.text
    assert "in 3 min" in seen.text


def test_a_run_is_cancelled() -> None:
    world, shop = morning()
    console = Console(shop)

    seen = console.post(f"{HOME}/rotterdam/runs/20260312T083648Z/cancel")

    assert "It is being stopped." in followed(console, seen).text
    assert last_run(world, "rotterdam").cancelled_by == "user-7"


def test_a_held_deletion_is_approved_for_the_run_that_was_looked_at() -> None:
    world, shop = morning()
    console = Console(shop)
    run = re.findall(r'name="run" value="([^"]+)"', console.get(f"{HOME}/east/held").text)[0]

    stale = console.post(f"{HOME}/east/held/inventory_levels/approve", {"run": "another"})
    seen = console.post(f"{HOME}/east/held/inventory_levels/approve", {"run": run})

    assert stale.status == 409
    assert "Look at the list again." in stale.text
    page = followed(console, seen).text
    assert "The next sync deletes what is still missing" in page
    assert "They are really gone" not in page
    streams = {each.key.read: each for each in world.stores.streams.all() if each.key.integration == "east"}
    assert streams["inventory_levels"].approved_at == world.clock.now()


def test_a_held_deletion_is_rejected() -> None:
    console = Console(morning()[1])
    run = re.findall(r'name="run" value="([^"]+)"', console.get(f"{HOME}/east/held").text)[0]

    page = followed(console, console.post(f"{HOME}/east/held/inventory_levels/reject", {"run": run})).text

    assert "The records stay." in page
    assert "Nothing is held." in page


SETTINGS: dict[str, Any] = {
    "name": "Cologne", "zone": "Europe/Berlin", "hours": ["3", "15"], "data_types": ["orders", "products"],
    "snapshot_days": "3", "share": "40", "count": "50", "count_share": "5",
}  # fmt: skip


def test_settings_are_saved_as_they_were_typed() -> None:
    world, shop = morning()
    console = Console(shop)

    seen = console.post(f"{HOME}/cologne/settings", SETTINGS)

    assert "The settings are saved." in followed(console, seen).text
    found = world.stores.integrations.get("org1", "cologne")
    assert found is not None
    assert (found.name, found.schedule.hours, found.snapshot_days) == ("Cologne", (3, 15), 3)
    assert DataType.RETURNS in found.disabled
    assert (found.deletion_guard.share, found.deletion_guard.count) == (0.4, 50)


def test_history_is_bounded_by_a_day_that_only_moves_back() -> None:
    world, shop = morning()
    console = Console(shop)
    found = world.stores.integrations.get("org1", "east")
    assert found is not None
    world.stores.integrations.put(replace(found, history_from=datetime(2025, 6, 1, tzinfo=UTC)))

    page = console.get(f"{HOME}/east/settings").text
    earlier = console.post(f"{HOME}/east/settings", {**SETTINGS, "history_from": "2025-01-31"})
    later = console.post(f"{HOME}/east/settings", {**SETTINGS, "history_from": "2025-12-24"})
    everything = console.post(f"{HOME}/east/settings", {**SETTINGS, "history_from": ""})

    assert 'type="date" min="2000-01-01" value="2025-06-01"' in page
    assert (earlier.status, later.status, everything.status) == (303, 422, 303)
    assert 'value="2025-12-24"' in later.text
    assert "the day can only be moved back" in later.text
    assert world.stores.integrations.get("org1", "east").history_from is None  # type: ignore[union-attr]


def test_wrong_settings_keep_what_was_typed_and_say_what_is_wrong_beside_it() -> None:
    world, shop = morning()

    seen = Console(shop).post(f"{HOME}/cologne/settings", {**SETTINGS, "snapshot_days": "99", "hours": []})
    zone = Console(shop).post(f"{HOME}/cologne/settings", {**SETTINGS, "zone": "Mars/Olympus"})

    assert seen.status == zone.status == 422
    assert 'value="99"' in seen.text
    assert 'id="snapshot_days-fault"' in seen.text
    assert "Choose at least one hour." in seen.text
    assert "Name a zone such as Europe/Berlin." in zone.text
    found = world.stores.integrations.get("org1", "cologne")
    assert found is not None
    assert found.name == "Cologne warehouse"


def test_an_integration_is_paused_and_resumed() -> None:
    world, shop = morning()
    console = Console(shop)

    paused = followed(console, console.post(f"{HOME}/cologne/pause")).text
    status = world.stores.integrations.get("org1", "cologne")
    resumed = followed(console, console.post(f"{HOME}/cologne/resume")).text

    assert "Nothing is synced until somebody resumes it." in paused
    assert status is not None
    assert status.status is IntegrationStatus.PAUSED
    assert "caught up at once" in resumed


def test_an_integration_is_disconnected_only_under_its_own_name() -> None:
    world, shop = morning()
    console = Console(shop)

    wrong = console.post(f"{HOME}/cologne/disconnect", {"name": "cologne"})
    right = console.post(f"{HOME}/cologne/disconnect", {"name": "Cologne warehouse"})

    assert wrong.status == 422
    assert "Type it exactly as it stands above." in wrong.text
    assert "the proof is below" in followed(console, right).text
    found = world.stores.integrations.get("org1", "cologne")
    assert found is not None
    assert (found.status, found.disconnecting_by) == (IntegrationStatus.DISCONNECTING, "user-7")


ACTIONS: dict[str, dict[str, Any]] = {
    f"{HOME}/cologne/sync": {"mode": "auto"},
    f"{HOME}/rotterdam/runs/20260312T083648Z/cancel": {},
    f"{HOME}/east/held/inventory_levels/approve": {"run": "x"},
    f"{HOME}/east/held/inventory_levels/reject": {"run": "x"},
    f"{HOME}/cologne/settings": SETTINGS,
    f"{HOME}/cologne/pause": {},
    f"{HOME}/cologne/resume": {},
    f"{HOME}/cologne/disconnect": {"name": "Cologne warehouse"},
}
PAGES = [
    f"{HOME}/cologne{rest}"
    for rest in ("", "/live", "/runs", "/runs/20260312T010000Z", "/runs/20260312T010000Z/live", "/held", "/settings")
] + [f"{HOME}/cologne/sync", f"{HOME}/cologne/disconnect"]


def test_no_form_is_taken_without_the_sessions_own_token_and_origin() -> None:
    console = Console(morning()[1])

    for address, fields in ACTIONS.items():
        forged = console.post(address, {**fields, "form_token": "guessed"})
        foreign = console.post(address, fields, origin="https://evil.example.test")
        hidden = console.post(address, fields, origin="null")
        assert [seen.status for seen in (forged, foreign, hidden)] == [403, 403, 403], address


def test_nobody_acts_without_a_session() -> None:
    console = Console(morning()[1], None)

    assert {console.post(address, fields).status for address, fields in ACTIONS.items()} == {303}
    assert {console.post(address, fields).headers["location"] for address, fields in ACTIONS.items()} == {
        "/console/login?next=%2Fconsole"
    }


def test_who_may_only_read_is_shown_no_button_and_refused_every_form() -> None:
    console = Console(morning()[1], READER)

    assert {console.post(address, fields).status for address, fields in ACTIONS.items()} == {403}
    page = console.get(f"{HOME}/east/held").text
    assert "Keep the records" not in page
    assert "Stop this sync" not in console.get(f"{HOME}/rotterdam").text
    assert ">Save<" not in console.get(f"{HOME}/cologne/settings").text


def test_another_organisation_meets_nothing_under_any_address() -> None:
    stranger = Console(morning()[1], STRANGER)

    assert {address: stranger.get(address).status for address in PAGES} == dict.fromkeys(PAGES, 404)
    assert {address: stranger.post(address, fields).status for address, fields in ACTIONS.items()} == dict.fromkeys(
        ACTIONS, 404
    )
    assert "No warehouse system is connected yet." in stranger.get("/console").text


def test_a_body_that_is_no_form_is_refused() -> None:
    console = Console(morning()[1])

    seen = console.post(f"{HOME}/cologne/pause", content_type="application/json")

    assert seen.status == 422
    assert "This is not a form." in seen.text
