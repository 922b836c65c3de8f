"""Corrections by hand over HTTP: in force at once, seen as such, until the source has been read again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from planster_sync.ports.stores import Adjustment, RecordKey
from tests.engine.world import World
from tests.fakes.memory_records import MemoryCorrections
from tests.integration.api.caller import HOME, Answer, Api, http_event, token
from tests.integration.api.stocked import ADJUSTMENTS, LEVELS, ask, on_hand, put, stocked


def delete(api: Api, address: str) -> Answer:
    return api.send(http_event("DELETE", address))


def test_a_correction_is_in_force_at_once_and_says_so() -> None:
    api = Api(stocked("a", "b"))

    made = api.post(ADJUSTMENTS, ask(), authorizer=token())

    listed = api.get(f"{HOME}/int1/records/inventory_levels").body["records"]
    assert made.status == 201
    assert made.body["record"] == listed[0]
    assert (listed[0]["on_hand"], listed[0]["fulfillable"]) == (8, 4)
    assert listed[0]["adjustment"] == {
        "fields": {"on_hand": 8, "fulfillable": 4},
        "before": {"on_hand": 10, "fulfillable": 6},
        "author": "user-7",
        "reason": "counted by hand",
        "made_at": "2026-03-01T03:00:00Z",
    }
    assert "adjustment" not in listed[1]


def test_a_record_is_named_by_its_sku_too() -> None:
    api = Api(stocked("a", "b"))

    made = api.post(ADJUSTMENTS, ask(record=None, sku="B"))

    assert (made.status, made.body["adjustment"]["record"]) == (201, "b")


def test_a_second_correction_keeps_what_the_first_one_said() -> None:
    world = stocked("a")
    api = Api(world)
    api.post(ADJUSTMENTS, ask(fields={"name": "Mug"}))
    world.clock.advance(60)

    api.post(ADJUSTMENTS, ask())

    shown = api.get(f"{HOME}/int1/records/inventory_levels/a").body
    assert (shown["name"], shown["on_hand"]) == ("Mug", 8)
    history = api.get(f"{ADJUSTMENTS}/inventory_levels/a").body
    assert history["in_force"]["fields"] == {"name": "Mug", "on_hand": 8, "fulfillable": 4}
    assert [(each["fields"], each["ended_how"]) for each in history["ended"]] == [({"name": "Mug"}, "replaced")]


def test_what_the_source_says_later_counts_although_the_sync_has_not_ended() -> None:
    world = stocked("a")
    api = Api(world)
    api.post(ADJUSTMENTS, ask())
    world.clock.advance(60)
    put(world, "a", on_hand=11, fulfillable=7)

    assert on_hand(api) == 11

    made = api.post(ADJUSTMENTS, ask(fields={"name": "Mug"}))
    assert made.body["adjustment"]["fields"] == {"name": "Mug"}
    assert on_hand(api) == 11


def test_a_correction_is_in_force_although_the_worker_s_clock_is_ahead() -> None:
    world = stocked("a")
    world.clock.advance(30)
    put(world, "a")
    world.clock.advance(-30)
    api = Api(world)

    made = api.post(ADJUSTMENTS, ask())

    assert (made.status, on_hand(api)) == (201, 8)


def test_a_correction_is_told_by_the_change_feed() -> None:
    world = stocked("a", "b")
    api = Api(world)
    after = api.get(f"{HOME}/int1/changes/inventory_levels").body["after"]
    world.clock.advance(3600)
    api.post(ADJUSTMENTS, ask(record="b"))

    told = api.get(f"{HOME}/int1/changes/inventory_levels?after={after}").body["records"]

    assert [(record["id"], record["on_hand"]) for record in told if "adjustment" in record] == [("b", 8)]


def test_a_correction_is_taken_back() -> None:
    world = stocked("a")
    api = Api(world)
    api.post(ADJUSTMENTS, ask())
    world.clock.advance(60)

    answer = delete(api, f"{ADJUSTMENTS}/inventory_levels/a")

    assert answer.status == 200
    assert answer.body["in_force"] is None
    (ended,) = answer.body["ended"]
    assert (ended["ended_how"], ended["ended_at"]) == ("withdrawn", "2026-03-01T03:01:00Z")
    assert on_hand(api) == 10
    assert delete(api, f"{ADJUSTMENTS}/inventory_levels/a").status == 404


def test_those_in_force_are_listed_page_by_page() -> None:
    api = Api(stocked(*"abc"))
    for id_ in "abc":
        api.post(ADJUSTMENTS, ask(record=id_))

    first = api.get(f"{ADJUSTMENTS}/inventory_levels?limit=2").body
    second = api.get(f"{ADJUSTMENTS}/inventory_levels?limit=2&after={first['after']}").body

    assert [each["record"] for each in first["adjustments"] + second["adjustments"]] == ["a", "b", "c"]
    assert second["after"] is None


def test_a_token_s_subject_is_the_author_whatever_the_body_says() -> None:
    api = Api(stocked("a", "b"))

    by_planner = api.post(ADJUSTMENTS, ask(author="somebody-else"), authorizer=token())
    by_back_end = api.post(ADJUSTMENTS, ask(record="b", author="user-9"))

    assert by_planner.body["adjustment"]["author"] == "user-7"
    assert by_back_end.body["adjustment"]["author"] == "user-9"


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"fields": {"on_hand": -1}}, 422, "invalid_request"),
        ({"fields": {"sku": "X"}}, 422, "invalid_request"),
        ({"fields": {}}, 422, "invalid_request"),
        ({"reason": ""}, 422, "invalid_request"),
        ({"reason": "x" * 501}, 422, "invalid_request"),
        ({"author": "a@b.example"}, 422, "invalid_request"),
        ({"sku": "A"}, 422, "invalid_request"),
        ({"record": None}, 422, "invalid_request"),
        ({"other": 1}, 422, "invalid_request"),
        ({"record": "x"}, 404, "not_found"),
        ({"record": None, "sku": "X"}, 404, "not_found"),
        ({"data_type": "orders"}, 422, "unsupported"),
        ({"data_type": "bills"}, 422, "unsupported"),
        ({"data_type": "stock"}, 422, "invalid_request"),
    ],
)
def test_a_correction_that_cannot_be_made_is_refused(changes: dict[str, Any], status: int, code: str) -> None:
    world = stocked("a")
    world.source.order("x")

    answer = Api(world).post(ADJUSTMENTS, ask(**changes))

    assert (answer.status, answer.body["code"]) == (status, code)


def test_a_sku_of_several_records_names_none() -> None:
    world = stocked("a", "b")
    put(world, "b", sku="A")

    answer = Api(world).post(ADJUSTMENTS, ask(record=None, sku="A"))

    assert answer.status == 422
    assert "id" in answer.body["remedy"]


def test_a_tombstone_is_not_corrected() -> None:
    world = stocked("a")
    row = world.stores.records.rows["org1", "int1", LEVELS, "a"]
    world.stores.records.rows["org1", "int1", LEVELS, "a"] = replace(row, deleted_at=world.clock.now())

    assert Api(world).post(ADJUSTMENTS, ask()).status == 409


class Rivals(MemoryCorrections):
    """Others who correct the same record between our reading and writing, so many times."""

    def __init__(self, world: World, times: int) -> None:
        super().__init__(world.stores.adjustments)
        self._clock = world.clock
        self._times = times

    def correct(
        self, organisation: str, integration: str, adjustment: Adjustment, *, instead_of: Adjustment | None
    ) -> bool:
        if self._times:
            self._times -= 1
            theirs = replace(
                adjustment,
                fields={"awaiting": self._times + 1},
                made_at=self._clock.now() + timedelta(seconds=-self._times),
            )
            super().correct(organisation, integration, theirs, instead_of=instead_of)
            return False
        return super().correct(organisation, integration, adjustment, instead_of=instead_of)


def test_a_correction_is_judged_again_on_top_of_one_that_came_between() -> None:
    world = stocked("a")
    rivals = Rivals(world, 1)

    made = Api(world, {"adjustments": rivals}).post(ADJUSTMENTS, ask())

    assert made.status == 201
    assert rivals.find("org1", "int1", RecordKey(LEVELS, "a")).fields["on_hand"] == 8  # type: ignore[union-attr]


def test_a_correction_that_others_always_forestall_is_given_up() -> None:
    world = stocked("a")

    answer = Api(world, {"adjustments": Rivals(world, 9)}).post(ADJUSTMENTS, ask())

    assert (answer.status, answer.body["code"]) == (409, "conflict")


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_another_organisation_finds_no_corrections(method: str) -> None:
    api = Api(stocked("a"))
    api.post(ADJUSTMENTS, ask())

    answer = api.send(http_event(method, f"{ADJUSTMENTS}/inventory_levels/a", authorizer=token("org2")))

    assert answer.status == 404
    assert on_hand(api) == 8
