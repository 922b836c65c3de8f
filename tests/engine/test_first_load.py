"""A first load in slices: useful before it is complete, safe at every call, and followed by a whole read."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planster_sync.engine.segment import MOST_IDLE_PAGES
from planster_sync.errors import CredentialsRejected, SourceUnavailable
from planster_sync.model.data_types import DataType
from planster_sync.model.integrations import IntegrationStatus
from planster_sync.model.record import instant_of
from planster_sync.model.runs import Mode, RunStatus, TaskState
from planster_sync.model.streams import DataWindow
from planster_sync.ports.source import Created, Page, ReadStyle, Still
from tests.engine.saboteur import Plan, sabotaged
from tests.engine.truth import counts_add_up, stored_equals_source
from tests.engine.world import Killed, World
from tests.fakes.clock import START
from tests.fakes.memory_streams import MemoryStreams
from tests.fakes.scripted_source import ScriptedSource, capabilities

AGES = (timedelta(days=30), timedelta(days=90))
SLICES = (Still.OPEN, *AGES)


def made(world: World, id_: str, age: float | None, **fields: object) -> None:
    """An order that was created so many days ago, or that does not say when."""
    created = {} if age is None else {"created": instant_of(START - timedelta(days=age))}
    world.source.order(id_, shipments=["s1"], channel="ch1=Shop", **created, **fields)


def account(slices: tuple[Still | timedelta, ...] = SLICES, each: int = 7) -> World:
    """Orders of every age, the oldest first by id, some of the oldest still open."""
    world = World(disabled=frozenset({DataType.WAREHOUSES}))
    world.source.declared = capabilities(style=ReadStyle.INCREMENTAL, recent_first=slices)
    for number in range(each):
        made(world, f"a{number:02d}", 400 + number, open=number < 2)
        made(world, f"b{number:02d}", 60 + number)
        made(world, f"c{number:02d}", 1 + number, open=number < 2)
    return world


def begun(world: World, segments: int, slice_seconds: float = 0) -> None:
    """So many segments of the first load are done."""
    world.until_due()
    world.tick()
    for _ in range(segments):
        for sent in world.queue.drain():
            world.handle(sent.message, slice_seconds=slice_seconds)


def fail(source: ScriptedSource) -> Page | None:
    raise SourceUnavailable("It does not answer.")


def refuse(source: ScriptedSource) -> Page | None:
    raise CredentialsRejected("It refuses.")


def test_open_orders_are_stored_before_anything_else_and_the_status_says_since_when() -> None:
    world = account()

    begun(world, 1)

    assert set(world.live()) == {"a00", "a01", "c00", "c01"}
    checkpoint = world.stream().checkpoint
    assert checkpoint is not None
    assert checkpoint.usable_since == START
    assert checkpoint.windows[DataType.ORDERS] == DataWindow(
        instant_of(START - timedelta(days=401)), instant_of(START - timedelta(days=1))
    )
    assert world.stream().last_success_at is None


def test_history_comes_backwards_slice_by_slice() -> None:
    world = account()

    run = world.night()

    bounds = [START - age for age in AGES]
    assert world.source.only == [
        Still.OPEN,
        Created(bounds[0], None),
        Created(bounds[1], bounds[0]),
        Created(None, bounds[1]),
    ]
    assert run.tasks["orders"].counts[DataType.ORDERS].fetched == 21
    counts_add_up(run)
    stored_equals_source(world)


def test_a_segment_that_goes_on_elsewhere_finds_the_same_slices() -> None:
    world = account()
    world.until_due()
    world.tick()

    while waiting := world.queue.drain():
        for sent in waiting:
            world.clock.advance(86_400)
            world.handle(sent.message, slice_seconds=0)

    bounds = {START + timedelta(days=1) - age for age in AGES}
    asked = {only.since for only in world.source.only if isinstance(only, Created)}
    assert asked == {*bounds, None}
    stored_equals_source(world)


def test_usable_since_stays_when_the_load_and_later_nights_end() -> None:
    world = account()
    world.source.script = {1: lambda source: world.clock.advance(50)}

    world.night()
    first = world.stream().usable_since
    world.night()

    assert first == START
    assert world.stream().usable_since == first
    assert world.stream().last_success_at != first


def test_the_next_night_reads_everything_and_finds_what_has_no_creation_date() -> None:
    world = account()
    made(world, "d00", None)
    world.night()
    assert "d00" not in world.live()
    assert world.stream().last_snapshot_at is None
    del world.source.orders["b03"]

    world.night()

    assert world.source.only[-1] is None
    assert world.source.since[-1] is None
    assert world.stream().last_snapshot_at is not None
    stored_equals_source(world)
    world.night()
    assert world.source.since[-1] is not None


@pytest.mark.parametrize("mode", [Mode.SNAPSHOT, Mode.REFRESH])
def test_a_snapshot_that_was_asked_for_is_not_cut_into_slices(mode: Mode) -> None:
    world = account()

    world.sync(DataType.ORDERS, mode=mode)

    assert world.source.only == [None]
    assert world.stream().last_snapshot_at is not None


def test_a_first_load_that_failed_is_taken_up_as_a_whole_read() -> None:
    world = account()
    world.source.script = {2: refuse}
    world.night()
    stream = world.stream()
    assert (stream.usable_since, stream.last_success_at) == (START, None)
    world.change(status=IntegrationStatus.ACTIVE)

    world.sync(DataType.ORDERS)

    assert world.source.only[-1] is None
    assert world.stream().usable_since == START
    assert world.stream().data_types[DataType.ORDERS].window == whole(world)
    stored_equals_source(world)


def test_a_load_over_records_that_are_there_already_is_a_whole_read_and_buries_what_is_gone() -> None:
    """The records outlived the stream's row and index: an integration that was removed and connected again."""
    world = account()
    world.night()
    world.stores.streams = MemoryStreams()
    world.lose_indexes()
    del world.source.orders["b03"]

    world.sync(DataType.ORDERS)

    assert world.source.only[-1] is None
    assert world.stream().last_snapshot_at is not None
    stored_equals_source(world)


def test_an_index_lost_between_two_slices_makes_it_a_whole_read() -> None:
    world = account()
    begun(world, 2)
    world.lose_indexes()

    world.work()

    assert world.source.only[-1] is None
    assert world.task().state is TaskState.SUCCEEDED
    assert world.stream().last_snapshot_at is not None
    stored_equals_source(world)


def test_a_mapping_that_changes_between_two_slices_makes_it_a_whole_read() -> None:
    world = account()
    begun(world, 2)
    world.source.declared = capabilities(style=ReadStyle.INCREMENTAL, recent_first=SLICES, version=2)

    world.work()

    assert world.source.only[-1] is None
    assert world.stream().data_types[DataType.ORDERS].window == whole(world)
    stored_equals_source(world)


def test_a_vendor_that_fails_between_pages_costs_no_slice() -> None:
    world = account()
    world.source.script = {1: fail, 3: fail, 5: fail}

    world.night()

    assert world.task().state is TaskState.SUCCEEDED
    stored_equals_source(world)


def test_open_orders_that_come_again_by_the_hundred_pages_are_headway() -> None:
    world = account()
    declared = world.source.declared
    world.source.declared = replace(declared, reads={"orders": replace(declared.reads["orders"], page_size=1)})
    for number in range(MOST_IDLE_PAGES + 20):
        made(world, f"b9{number:03d}", 60, open=True)

    world.night()

    assert world.task().state is TaskState.SUCCEEDED
    stored_equals_source(world)


def whole(world: World) -> DataWindow:
    created = sorted(row["created"] for row in world.source.orders.values())
    return DataWindow(created[0], created[-1])


def test_the_window_reaches_from_the_oldest_to_the_newest_and_unchanged_records_leave_it() -> None:
    world = account()
    world.night()
    assert world.stream().data_types[DataType.ORDERS].window == whole(world)
    made(world, "e00", -3)
    made(world, "b00", 60, number="#changed")

    world.night()

    assert world.stream().data_types[DataType.ORDERS].window == whole(world)
    kept = world.stream().data_types
    world.night()
    assert {data_type: status.window for data_type, status in world.stream().data_types.items()} == {
        data_type: status.window for data_type, status in kept.items()
    }


@given(moments=st.lists(st.sampled_from(["01:00Z", "01:00.500Z", "01:00.499Z", "00:59.999Z", "01:01Z"]), min_size=1))
def test_a_window_holds_every_moment_that_it_was_told(moments: list[str]) -> None:
    told = [f"2026-01-01T00:{moment}" for moment in moments]
    window = DataWindow()
    for at in told:
        window = window.with_created(at)

    in_order = sorted(told, key=lambda at: at.removesuffix("Z"))
    assert window == DataWindow(in_order[0], in_order[-1])


def killed(at: int, done: bool, slice_seconds: float) -> tuple[World, Plan]:
    world = account(each=4)
    plan = Plan(at, done)
    shop = sabotaged(world.shop(), plan)
    world.until_due()
    world.tick()
    try:
        world.work(shop, slice_seconds=slice_seconds)
    except Killed:
        world.queue.drain()
    world.sweep_until_quiet()
    return world, plan


@pytest.mark.parametrize("done", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("slice_seconds", [240, 0], ids=["one-segment", "a-segment-a-page"])
def test_kill_at_any_call_of_a_sliced_load_loses_nothing(done: bool, slice_seconds: float) -> None:
    total = killed(10**9, done, slice_seconds)[1].count
    assert total > 20

    for at in range(1, total + 1):
        world, _ = killed(at, done, slice_seconds)
        assert world.last_run().status is RunStatus.SUCCEEDED, at
        assert world.stream().usable_since is not None
        assert world.stream().data_types[DataType.ORDERS].window == whole(world), at
        stored_equals_source(world)
