"""The change feed over HTTP: whoever follows its cursors misses nothing, however late a change becomes visible."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from planster_sync.model.data_types import DataType
from tests.engine.world import World
from tests.integration.api.caller import HOME, Answer, Api

CHANGES = f"{HOME}/int1/changes"


def filled(ids: Sequence[str]) -> World:
    world = World()
    for id_ in ids:
        world.source.order(id_)
    world.night()
    return world


def followed(api: Api, after: str = "", limit: int = 2) -> tuple[list[dict[str, Any]], str]:
    """Everything up to the feed's present end, and the cursor to come back with."""
    found: list[dict[str, Any]] = []
    while True:
        answer = api.get(f"{CHANGES}/orders?limit={limit}{after and f'&after={after}'}")
        assert answer.status == 200
        found += answer.body["records"]
        after = answer.body["after"]
        if answer.body["caught_up"]:
            return found, after


def ids(records: Sequence[dict[str, Any]]) -> list[str]:
    return [record["id"] for record in records]


def test_the_feed_begins_with_every_record_and_goes_on_with_what_changed() -> None:
    world = filled("abcde")
    api = Api(world)
    world.clock.advance(3600)
    first, after = followed(api)
    nothing, after = followed(api, after)
    world.source.orders["c"]["number"] = "#new"
    del world.source.orders["a"]
    world.night()

    second, after = followed(api, after)

    assert sorted(ids(first)) == list("abcde")
    assert nothing == []
    assert sorted(ids(second)) == ["a", "c"]
    assert {record["id"]: "deleted_at" in record for record in second} == {"a": True, "c": False}


def test_a_change_that_becomes_visible_late_is_told_to_a_reader_who_had_caught_up() -> None:
    world = filled("ab")
    api = Api(world)
    _, after = followed(api)
    written = world.clock.now()
    world.clock.advance(300)
    _, after = followed(api, after)

    place = ("org1", "int1", DataType.ORDERS, "b")
    late = replace(world.stores.records.rows[place], changed_at=written, attributes={"id": "b", "number": "#late"})
    world.stores.records.rows[place] = late
    found, _ = followed(api, after)

    assert "#late" in [record["number"] for record in found]


def test_a_pass_that_is_broken_off_and_taken_up_later_misses_nothing() -> None:
    world = filled("abcd")
    api = Api(world)
    broken_off = api.get(f"{CHANGES}/orders?limit=1").body["after"]
    world.clock.advance(100_000)
    world.source.orders["a"]["number"] = "#new"
    world.night()

    found, _ = followed(api, broken_off)

    assert set(ids(found)) == set("abcd")
    assert found[-1]["number"] == "#new"


def test_the_feed_may_begin_at_a_moment() -> None:
    world = filled("ab")
    world.source.orders["b"]["number"] = "#new"
    world.night()

    answer = Api(world).get(f"{CHANGES}/orders?since=2026-03-02T00:00:00Z")

    assert ids(answer.body["records"]) == ["b"]


@pytest.mark.parametrize("other", [f"{CHANGES}/order_shipments", f"{HOME}/int1/records/orders", f"{HOME}/int1/runs"])
def test_a_cursor_of_the_feed_opens_no_other_list(other: str) -> None:
    api = Api(filled("a"))
    after = api.get(f"{CHANGES}/orders").body["after"]

    answer: Answer = api.get(f"{other}?after={after}")

    assert (answer.status, answer.body["code"]) == (422, "invalid_request")


@pytest.mark.parametrize("cursor", ["AAAA", "x" * 2049])
def test_a_cursor_that_nobody_gave_is_refused(cursor: str) -> None:
    assert Api(filled("a")).get(f"{CHANGES}/orders?after={cursor}").status == 422
