"""How often the promise of the morning was kept: shares, the nights that were missed, and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from planster_sync.model.data_types import DataType
from planster_sync.model.freshness import Miss, Night
from planster_sync.model.integrations import IntegrationStatus, Schedule
from tests.engine.test_freshness import to_morning, used
from tests.engine.world import World
from tests.integration.api.caller import HOME, Api

PAGE = "/v1/organisations/org1/freshness"
TYPES = (DataType.ORDERS, DataType.WAREHOUSES)


def keep(world: World, days_ago: int, missed: dict[DataType, Miss] | None = None, **changes: Any) -> None:
    """A night that is so many days old."""
    at = datetime.combine(world.clock.now().date() - timedelta(days=days_ago), datetime.min.time(), tzinfo=UTC)
    missed = missed or {}
    fresh = tuple(each for each in TYPES if each not in missed)
    night = Night("org1", "int1", at.date().isoformat(), at + timedelta(hours=6), fresh, missed)
    world.stores.nights.keep(replace(night, **changes))


def noon() -> World:
    world = World()
    world.clock.advance(60 * 86400 + 10 * 3600)
    return world


def test_the_page_counts_each_data_types_nights_and_names_what_was_missed() -> None:
    world = noon()
    for days_ago in range(40):
        keep(world, days_ago, {DataType.ORDERS: Miss("throttled", "It waited.")} if days_ago in (3, 20, 35) else None)

    body = Api(world).get(PAGE).body

    assert body["last_7_nights"] == {"fresh": 13, "counted": 14, "share": 13 / 14}
    assert body["last_30_nights"] == {"fresh": 58, "counted": 60, "share": 58 / 60}
    assert (body["target"], body["promised_by"]) == (0.995, "06:00")
    assert body["sentence"] == (
        "96.6 % of the last 30 nights' data was there by 06:00, local time. That is less than was promised (99.5 %)."
    )
    shares = {each["data_type"]: each["last_30_nights"]["share"] for each in body["data_types"]}
    assert shares == {"orders": 28 / 30, "warehouses": 1.0}
    (one,) = body["integrations"]
    day = world.clock.now().date()
    assert [each["night"] for each in one["missed"]] == [(day - timedelta(days=ago)).isoformat() for ago in (3, 20)]
    assert one["missed"][0] | {"night": ""} == {
        "night": "",
        "code": "throttled",
        "what": "It waited.",
        "whose_move": "warehouse_system",
        "data_types": ["orders"],
    }


def test_one_reason_for_several_data_types_is_told_once_and_says_whose_move_it_was() -> None:
    world = noon()
    refused = Miss("credentials_rejected", "The credentials were rejected.")
    keep(world, 1, dict.fromkeys(TYPES, refused), blocked=TYPES)
    keep(world, 2, {DataType.ORDERS: Miss("not_started", "No sync was started in the night.")})

    missed = Api(world).get(f"{HOME}/int1/freshness").body["missed"]

    told = [(each["code"], each["whose_move"], each["data_types"]) for each in missed]
    assert told == [
        ("credentials_rejected", "you", ["orders", "warehouses"]),
        ("not_started", "planster", ["orders"]),
    ]


def test_where_no_night_was_judged_nothing_is_claimed() -> None:
    body = Api(noon()).get(PAGE).body

    assert body["sentence"] == "No night has been judged yet."
    assert body["last_30_nights"] == {"fresh": 0, "counted": 0, "share": None}
    assert body["data_types"] == []


@pytest.mark.parametrize("zone", ["Pacific/Honolulu", "UTC", "Pacific/Kiritimati"])
def test_the_last_nights_are_those_of_the_integrations_own_zone(zone: str) -> None:
    world = noon()
    world.change(schedule=Schedule(zone, (2,)))
    for days_ago in range(-1, 12):
        keep(world, days_ago)

    body = Api(world).get(f"{HOME}/int1/freshness").body

    assert body["last_7_nights"]["counted"] == 14
    assert body["zone"] == zone


def test_what_is_being_disconnected_is_no_part_of_it_and_an_unknown_one_is_not_found() -> None:
    world = noon()
    keep(world, 1)
    world.change(status=IntegrationStatus.DISCONNECTING)

    assert Api(world).get(PAGE).body["integrations"] == []
    assert Api(world).get(f"{HOME}/int9/freshness").status == 404


def test_real_nights_are_shown_as_they_were_judged() -> None:
    world = used()
    world.night()
    to_morning(world)
    world.until_due()
    world.tick()
    to_morning(world)

    body = Api(world).get(f"{HOME}/int1/freshness").body

    assert [each["code"] for each in body["missed"]] == ["not_finished"]
    assert body["last_7_nights"]["fresh"] == 8
    assert body["last_7_nights"]["counted"] == 12
