"""Reading only what changed: nothing that changed is missed, and what it cannot see a snapshot sees within a week."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from planster_sync.errors import SourceUnavailable
from planster_sync.model.data_types import DataType
from planster_sync.model.runs import Mode, RunStatus
from planster_sync.ports.source import Page, ReadStyle
from tests.engine.truth import stored_equals_source
from tests.engine.world import World
from tests.fakes.scripted_source import ScriptedSource, capabilities

OVERLAP = timedelta(minutes=10)


def synced(*, lag: timedelta = timedelta(0)) -> World:
    world = World(disabled=frozenset({DataType.WAREHOUSES}))
    declared = capabilities(style=ReadStyle.INCREMENTAL)
    reads = {name: replace(read, lag=lag) for name, read in declared.reads.items()}
    world.source.declared = replace(declared, reads=reads)
    world.source.fill(12)
    world.clock.advance(3600)
    world.night()
    world.clock.advance(3600)
    return world


def asked_since(world: World) -> datetime | None:
    return world.source.since[-1]


def test_second_night_reads_only_what_changed_since_the_first_began() -> None:
    world = synced()
    first = world.stream().high_water
    assert first is not None
    world.source.order("o003", number="#changed", shipments=["s1"], channel="ch1=Shop")

    run = world.night()

    assert asked_since(world) == first - OVERLAP
    assert run.tasks["orders"].counts[DataType.ORDERS].fetched == 1
    stored_equals_source(world)


def test_cursor_never_passes_the_runs_start_less_the_vendors_lag() -> None:
    world = synced(lag=timedelta(minutes=2))
    world.until_due()
    start = world.clock.now()
    world.source.script = {world.source.requests: lambda source: world.clock.advance(100)}

    world.tick()
    world.work()

    assert world.stream().high_water == start - timedelta(minutes=2)


def test_change_that_the_vendor_commits_late_is_found_inside_the_overlap() -> None:
    world = synced()
    world.night()
    stamp = world.clock.now() - timedelta(minutes=5)
    world.source.order("o003", number="#late", shipments=["s1"], channel="ch1=Shop")
    world.source.orders["o003"]["updated"] = stamp.isoformat()

    world.night()

    assert world.live()["o003"]["number"] == "#late"


def test_change_at_the_very_moment_of_the_cursor_is_read() -> None:
    world = synced()
    high_water = world.stream().high_water
    assert high_water is not None
    for number in range(7):
        row = world.source.orders[f"o{number:03d}"]
        row.update(number="#burst", updated=(high_water - OVERLAP).isoformat())

    world.night()

    stored_equals_source(world)


def test_change_during_the_read_is_read_again_the_next_night() -> None:
    world = synced()

    def change_what_was_read(source: ScriptedSource) -> None:
        world.clock.advance(30)
        source.order("o000", number="#meanwhile", shipments=["s1"], channel="ch1=Shop")

    for number in range(12):
        world.source.order(f"o{number:03d}", number="#2", shipments=["s1"], channel="ch1=Shop")
    world.source.script = {world.source.requests + 1: change_what_was_read}
    world.night()

    world.night()

    assert world.live()["o000"]["number"] == "#meanwhile"


def test_deletion_is_seen_by_the_weekly_snapshot() -> None:
    world = synced()
    del world.source.orders["o003"]
    nights = 0
    while "o003" in world.live():
        world.night()
        nights += 1

    assert nights == 7
    assert asked_since(world) is None
    world.night()
    assert asked_since(world) is not None


def test_snapshot_by_hand_sees_deletions_at_once() -> None:
    world = synced()
    del world.source.orders["o003"]

    world.sync(mode=Mode.SNAPSHOT)

    stored_equals_source(world)


def test_failed_read_does_not_move_the_cursor() -> None:
    world = synced()
    before = world.stream().high_water

    def down(source: ScriptedSource) -> Page:
        raise SourceUnavailable("The source is down.")

    world.source.script = dict.fromkeys(range(world.source.requests, world.source.requests + 40), down)

    assert world.night().status is RunStatus.FAILED
    assert world.stream().high_water == before


def test_source_that_is_down_at_first_does_not_turn_the_night_into_a_snapshot() -> None:
    world = synced()
    tries = 0

    def down_twice() -> None:
        nonlocal tries
        tries += 1
        if tries < 3:
            raise SourceUnavailable("No token can be had.")

    world.connecting = down_twice

    assert world.night().status is RunStatus.SUCCEEDED
    assert asked_since(world) is not None


def test_empty_incremental_answer_deletes_nothing() -> None:
    world = synced()

    world.clock.advance(86400)
    run = world.night()

    assert run.status is RunStatus.SUCCEEDED
    assert len(world.live()) == 12


def test_child_that_a_changed_record_no_longer_names_is_buried_and_a_channel_with_its_last_order() -> None:
    world = synced()
    world.source.order("o003", shipments=["s2"], channel="ch2=Fair")
    world.night()
    world.clock.advance(3600)
    world.source.order("o003", shipments=[], channel="ch1=Shop")
    for number in range(2):
        world.source.order(f"p{number}", channel=f"ch{number + 5}=Fair")

    world.night()

    assert "o003/s2" not in world.live(DataType.ORDER_SHIPMENTS)
    assert "ch2" not in world.live(DataType.ORDER_CHANNELS)
