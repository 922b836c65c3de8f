"""The history of runs over HTTP, and how far one is."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from planster_sync.errors import Forbidden, Throttled
from planster_sync.ports.source import Page
from tests.engine.world import World
from tests.fakes.scripted_source import ScriptedSource
from tests.integration.api.caller import HOME, Api

RUNS = f"{HOME}/int1/runs"


def nights(count: int) -> World:
    world = World()
    world.source.order("o1")
    for _ in range(count):
        world.night()
    return world


def throttled(source: ScriptedSource) -> Page:
    raise Throttled("The allowance is spent.", until=source.clock.now() + timedelta(minutes=10))


def pages_of(api: Api, address: str) -> list[list[str]]:
    """The run ids of every page, from the first to the last."""
    pages, after = [], ""
    while True:
        body = api.get(f"{address}{after}").body
        pages.append([run["id"] for run in body["runs"]])
        if body["after"] is None:
            return pages
        after = f"&after={body['after']}"


def test_runs_come_newest_first_and_page_by_page() -> None:
    pages = pages_of(Api(nights(5)), f"{RUNS}?limit=2")

    assert pages == [
        ["20260305T020000Z", "20260304T020000Z"],
        ["20260303T020000Z", "20260302T020000Z"],
        ["20260301T020000Z"],
    ]


def test_a_run_in_the_list_says_how_it_began_and_what_it_did() -> None:
    answer = Api(nights(1)).get(RUNS)

    (run,) = answer.body["runs"]
    assert (run["state"], run["trigger"], run["slot"], run["mode"]) == (
        "succeeded",
        "schedule",
        "2026-03-01T02",
        "auto",
    )
    assert run["totals"]["created"] == 1
    assert run["duration_seconds"] == 0
    assert run["problems"] == []


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("trigger=manual", 1),
        ("trigger=schedule", 3),
        ("state=succeeded", 3),
        ("state=queued", 1),
        ("state=failed", 0),
        ("state=queued&trigger=schedule", 0),
    ],
)
def test_runs_can_be_filtered(query: str, found: int) -> None:
    api = Api(nights(3))
    api.post(f"{HOME}/int1/sync")

    pages = pages_of(api, f"{RUNS}?{query}")

    assert sum(len(page) for page in pages) == found


def test_a_rare_run_is_found_however_many_lie_before_it() -> None:
    world = World()
    rare = Api(world).post(f"{HOME}/int1/sync").body["run"]
    world.work()
    world.clock.advance(60)
    for _ in range(25):
        world.night()

    pages = pages_of(Api(world), f"{RUNS}?trigger=manual&limit=1")

    assert [run for page in pages for run in page] == [rare]


def test_a_filtered_page_is_filled_from_further_back_and_never_overfull() -> None:
    world = nights(4)
    world.clock.advance(60)
    Api(world).post(f"{HOME}/int1/sync")

    pages = pages_of(Api(world), f"{RUNS}?trigger=schedule&limit=2")

    assert [len(page) for page in pages] == [2, 2]


def test_a_cursor_does_not_fit_another_filter() -> None:
    api = Api(nights(3))
    after = api.get(f"{RUNS}?limit=1").body["after"]

    answer = api.get(f"{RUNS}?limit=1&state=succeeded&after={after}")

    assert (answer.status, answer.body["code"]) == (422, "invalid_request")


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=101", "limit=many", "state=green", "trigger=magic", "after=", "after=AAAA"]
)
def test_a_query_of_another_form_is_refused(query: str) -> None:
    answer = Api(nights(1)).get(f"{RUNS}?{query}")

    assert (answer.status, answer.body["code"]) == (422, "invalid_request")


def test_a_finished_run_shows_its_tasks_and_counts() -> None:
    answer = Api(nights(1)).get(f"{RUNS}/20260301T020000Z")

    orders, warehouses = answer.body["tasks"]
    assert answer.status == 200
    assert (orders["read"], orders["state"], orders["pages"]) == ("orders", "succeeded", 1)
    assert orders["progress"][0]["data_type"] == "orders"
    assert (orders["progress"][0]["records"], orders["progress"][0]["changed"]) == (1, 1)
    assert warehouses["state"] == "succeeded"


def test_a_task_that_waits_says_for_what_and_shows_what_is_done() -> None:
    world = World()
    for number in range(7):
        world.source.order(f"o{number}")
    world.source.script[1] = throttled
    run = Api(world).post(f"{HOME}/int1/sync", {"data_types": ["orders"]}).body["run"]
    (sent,) = world.queue.drain()
    world.handle(sent.message)

    answer = Api(world).get(f"{RUNS}/{run}")

    (task,) = answer.body["tasks"]
    assert (answer.body["state"], task["state"], task["pages"]) == ("running", "waiting", 1)
    assert task["progress"][0]["records"] == 5
    assert answer.body["totals"]["fetched"] == 5
    assert task["waiting"] == {
        "code": "throttled",
        "sentence": "Waiting for the warehouse system's request limit until 2026-03-01 02:10 UTC.",
        "until": "2026-03-01T02:10:00Z",
    }
    assert task["total_records"] is None


def test_a_running_task_shows_its_last_checkpoint() -> None:
    world = World()
    for number in range(12):
        world.source.order(f"o{number:02d}")
    api = Api(world)
    run = api.post(f"{HOME}/int1/sync", {"data_types": ["orders"]}).body["run"]
    seen: list[tuple[int, str | None]] = []

    def look(source: ScriptedSource) -> None:
        world.clock.advance(30)
        (task,) = api.get(f"{RUNS}/{run}").body["tasks"]
        seen.append((task["pages"], task["behind"]))

    world.source.script = {1: look, 2: look}
    world.work()

    assert seen[-1] == (2, None)
    assert api.get(f"{RUNS}/{run}").body["tasks"][0]["pages"] == 3


def test_a_task_behind_another_run_names_it_and_does_not_show_its_progress() -> None:
    world = World()
    for number in range(12):
        world.source.order(f"o{number:02d}")
    api = Api(world)
    first = api.post(f"{HOME}/int1/sync", {"data_types": ["orders"]}).body["run"]
    seen: list[dict[str, Any]] = []

    def ask_again(source: ScriptedSource) -> None:
        world.clock.advance(30)
        second = api.post(f"{HOME}/int1/sync", {"data_types": ["orders"]}).body["run"]
        seen.extend(api.get(f"{RUNS}/{second}").body["tasks"])

    world.source.script = {1: lambda source: world.clock.advance(30), 2: ask_again}
    world.work()

    (task,) = seen
    assert (task["behind"], task["state"]) == (first, "queued")
    assert (task["pages"], task["progress"][0]["records"], task["started_at"]) == (0, 0, None)


def test_a_failure_is_on_the_run_with_its_remedy() -> None:
    world = World()

    def forbidden(source: ScriptedSource) -> Page:
        raise Forbidden("The account may not read orders.")

    world.source.script[0] = forbidden
    run = world.night()

    answer = Api(world).get(f"{RUNS}/{run.id}")

    (problem,) = answer.body["problems"]
    assert (problem["code"], problem["whose_move"], problem["blocking"]) == ("permission_missing", "you", False)
    assert answer.body["tasks"][0]["problem"] == problem


@pytest.mark.parametrize("address", [f"{RUNS}/nope", f"{HOME}/int9/runs", f"{HOME}/int9/runs/20260301T020000Z"])
def test_what_does_not_exist_is_not_found(address: str) -> None:
    answer = Api(nights(1)).get(address)

    assert (answer.status, answer.body["code"]) == (404, "not_found")
