"""What was promised by six in the morning: each night is judged once, by what a sync had brought by then."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from planster_sync.engine import nights
from planster_sync.engine.night_sweep import first_watch
from planster_sync.errors import CredentialsRejected, SourceUnavailable, StoreBusy, SyncError, Throttled, Unsupported
from planster_sync.model.data_types import DataType
from planster_sync.model.freshness import Miss, Night, share
from planster_sync.model.integrations import Integration, IntegrationStatus, Schedule
from planster_sync.ports.source import Page
from tests.engine.world import World
from tests.fakes.scripted_source import ScriptedSource

ORDERS = (DataType.ORDERS, DataType.ORDER_SHIPMENTS, DataType.ORDER_CHANNELS)
ALL = {*ORDERS, DataType.WAREHOUSES}


def used() -> World:
    """The first load is some days old; nights begin at two, UTC."""
    world = World()
    world.source.fill(3)
    world.night()
    world.night()
    return world


def to_morning(world: World, ticks: bool = True) -> None:
    """Lets it be a minute past six."""
    now = world.clock.now()
    six = datetime.combine(now.date(), nights.MORNING, tzinfo=UTC)
    world.clock.advance(((six - now).total_seconds() % 86400) + 60)
    if ticks:
        world.tick()


def kept(world: World) -> list[Night]:
    return [night for _, night in sorted(world.stores.nights.nights.items())]


def last(world: World) -> Night:
    return kept(world)[-1]


def answers(error: SyncError) -> Any:
    def answer(_: ScriptedSource) -> Page:
        raise error

    return answer


def refusing(world: World, error: SyncError, requests: int = 1000) -> None:
    first = world.source.requests
    world.source.script = dict.fromkeys(range(first, first + requests), answers(error))


def test_a_night_that_went_well_is_fresh_in_every_data_type() -> None:
    world = used()

    world.night()
    to_morning(world)

    assert set(last(world).fresh) == ALL
    assert last(world).missed == {}
    assert last(world).date == world.clock.now().date().isoformat()


def test_the_morning_after_the_first_load_counts_nothing() -> None:
    world = World()
    world.source.fill(3)
    world.night()

    to_morning(world)

    assert kept(world) == []


def test_what_ended_after_six_was_not_fresh() -> None:
    world = used()
    world.until_due()
    world.tick()
    to_morning(world, ticks=False)
    world.work()

    world.tick()

    assert last(world).fresh == ()
    assert {miss.code for miss in last(world).missed.values()} == {"not_finished"}


def test_a_sync_by_hand_in_time_makes_up_for_the_night() -> None:
    world = used()
    refusing(world, SourceUnavailable("The warehouse system does not answer."), 2)
    world.until_due()
    world.tick()
    world.queue.drain()
    world.source.script = {}
    world.clock.advance(3600)
    world.work()
    for _ in range(8):
        world.clock.advance(900)
        world.tick()
        world.work()

    to_morning(world)

    assert set(last(world).fresh) == ALL


@pytest.mark.parametrize(
    ("error", "code", "is_blocked"),
    [
        (CredentialsRejected("The credentials were rejected."), "credentials_rejected", True),
        (Throttled("Slow down.", until=datetime(2030, 1, 1, tzinfo=UTC)), "throttled", False),
    ],
)
def test_a_missed_night_says_why_and_whether_it_waits_for_somebody(
    error: SyncError, code: str, is_blocked: bool
) -> None:
    world = used()
    refusing(world, error)

    world.night()
    to_morning(world)

    assert set(last(world).missed) == ALL
    assert {miss.code for miss in last(world).missed.values()} == {code}
    assert set(last(world).blocked) == (ALL if is_blocked else set())


def test_no_tick_in_the_night_is_a_missed_night_that_is_found_later() -> None:
    world = used()
    days = kept(world)
    world.clock.advance(3 * 86400)

    world.tick()

    went_well, *lost = kept(world)[len(days) :]
    today = world.clock.now().date()
    assert [night.date for night in lost] == [(today - timedelta(days=ago)).isoformat() for ago in (2, 1)]
    assert set(went_well.fresh) == ALL
    assert {miss for night in lost for miss in night.missed.values()} == {
        Miss("not_started", "No sync was started in the night.")
    }


def test_paused_nights_and_what_is_off_or_unsupported_take_no_part() -> None:
    world = used()
    world.night()
    to_morning(world)
    judged = len(kept(world))
    world.stores.integrations.pause("org1", "int1")
    for _ in range(3):
        world.night()
        to_morning(world)
    assert len(kept(world)) == judged

    world.stores.integrations.resume("org1", "int1", world.clock.now())
    world.change(disabled=frozenset({DataType.WAREHOUSES}))
    refusing(world, Unsupported("The connected warehouse system does not offer orders."))
    world.night()
    to_morning(world)

    assert len(kept(world)) == judged


def test_data_types_that_share_a_night_are_judged_each_for_itself() -> None:
    world = used()
    world.change(disabled=frozenset({DataType.WAREHOUSES}))

    world.night()
    to_morning(world)

    assert set(last(world).fresh) == set(ORDERS)


def test_a_night_is_counted_once_whatever_dies_or_comes_twice() -> None:
    world = used()
    world.night()
    to_morning(world, ticks=False)
    moved = world.stores.nights.move_watch

    def dies(*_: Any) -> None:
        raise StoreBusy("The table is throttled.")

    world.stores.nights.move_watch = dies  # type: ignore[method-assign, assignment]
    world.tick()
    world.stores.nights.move_watch = moved  # type: ignore[method-assign]
    for _ in range(3):
        world.tick()

    today = world.clock.now().date().isoformat()
    assert [fields["night"] for fields in world.journal.named("night_judged")].count(today) == 1
    counted = [(data_type, values) for _, data_type, values in world.metrics.counted if "nights_fresh" in values]
    assert len(counted) == sum(len(night.fresh) for night in kept(world))


def test_a_disconnected_integration_is_judged_no_more() -> None:
    world = used()
    judged = len(kept(world))
    world.stores.integrations.disconnect("org1", "int1", by="user-1", at=world.clock.now())

    for _ in range(3):
        world.clock.advance(86400)
        world.tick()

    assert len(kept(world)) == judged
    assert world.stores.nights.due_watches(world.clock.now() + timedelta(days=9), 9) == []


def test_one_integration_that_cannot_be_judged_keeps_nobody_from_it() -> None:
    world = used()
    world.stores.integrations.put(replace(world.integration, id="int0", connector="unknown", nights_watched=True))
    other = first_watch(replace(world.integration, id="int0"), world.clock.now())
    world.stores.nights.begin_watch(other)
    shop = world.shop()

    def known(name: str) -> Any:
        if name == "unknown":
            raise KeyError(name)
        return shop.capabilities(name)

    world.night()
    to_morning(world, ticks=False)
    world.tick(replace(shop, capabilities=known))

    assert last(world).integration == "int1"
    assert world.journal.named("night_not_judged") == [
        {"organisation": "org1", "integration": "int0", "error": "KeyError('unknown')"}
    ]


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Kiritimati"])
@pytest.mark.parametrize("month", [3, 4, 10, 11])
def test_every_local_day_has_one_morning_over_every_change_of_the_clocks(zone: str, month: int) -> None:
    start = datetime(2026, month, 1, tzinfo=UTC)
    integration = Integration(
        "org1", "int1", "scripted", "x", IntegrationStatus.ACTIVE, Schedule(zone, (2,)), created_at=start
    )
    watch = first_watch(integration, start)
    day = datetime.fromisoformat(watch.date).date()

    mornings = [nights.morning(integration.schedule, day + timedelta(days=each)) for each in range(32)]

    assert mornings[0] == watch.check_at
    assert mornings[0] > start
    assert start + timedelta(days=1) >= mornings[0]
    locals_ = [morning.astimezone(ZoneInfo(zone)) for morning in mornings]
    assert {each.timetz().replace(tzinfo=None) for each in locals_} == {nights.MORNING}
    assert [nights.last_morning(integration.schedule, each) for each in mornings] == [each.date() for each in locals_]
    gaps = {later - earlier for earlier, later in itertools.pairwise(mornings)}
    assert gaps <= {timedelta(hours=hours) for hours in (23, 23.5, 24, 24.5, 25)}


def test_a_change_of_the_zone_judges_no_day_twice_and_none_too_early() -> None:
    world = used()
    world.night()
    to_morning(world)
    dates = [night.date for night in kept(world)]
    world.change(schedule=Schedule("America/Los_Angeles", (2,)))

    for _ in range(12):
        world.clock.advance(4 * 3600)
        world.tick()
        world.work()
        for night in kept(world):
            assert night.at <= world.clock.now()

    found = [night.date for night in kept(world)]
    assert found[: len(dates)] == dates
    assert len(found) == len(set(found))


def test_an_hour_after_four_is_judged_by_the_sync_of_the_day_before() -> None:
    """One that begins at five cannot have ended by six; nobody promised it."""
    world = World(schedule=Schedule("UTC", (5,)))
    world.source.fill(3)
    for _ in range(3):
        world.night()

    to_morning(world)

    assert set(last(world).fresh) == ALL
    assert last(world).missed == {}


def test_shares_count_data_types_and_nights() -> None:
    miss = {DataType.ORDERS: Miss("throttled", "x")}
    both = [
        Night("o", "i", "2026-03-01", datetime(2026, 3, 1, tzinfo=UTC), ORDERS),
        Night("o", "i", "2026-03-02", datetime(2026, 3, 2, tzinfo=UTC), ORDERS[1:], miss),
    ]

    assert share(both).value == 5 / 6
    assert share(both, DataType.ORDERS).value == 0.5
    assert share(both, DataType.BILLS).value is None
