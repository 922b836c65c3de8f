"""A floor under history: what is younger is there, and what is open; nothing that lives is buried for lying below."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from planster_sync.connectors import registry
from planster_sync.model.data_types import DataType
from planster_sync.model.record import instant_of
from planster_sync.model.runs import Mode, Run, RunStatus, TaskState
from planster_sync.ports.source import Created, DeletionEvidence, End, Page, ReadStyle, Still
from tests.engine.saboteur import Plan, sabotaged
from tests.engine.truth import counts_add_up, stored_equals_source
from tests.engine.world import Killed, World
from tests.fakes.clock import START
from tests.fakes.scripted_source import ScriptedSource, capabilities

AGES = (timedelta(days=30), timedelta(days=90), timedelta(days=365))
SLICES = (Still.OPEN, *AGES)
FLOOR = START - timedelta(days=50)
DEEPER = START - timedelta(days=200)


class ForgetfulSource(ScriptedSource):
    """Answers every look-up with nothing, as if it had no such records."""

    def lookup(self, read: str, ids: object) -> Page:
        return Page((), None, End.PROVEN, self.clock.now())


def made(world: World, id_: str, age: float | None, **fields: object) -> None:
    """An order that was created so many days ago, or that does not say when."""
    created = {} if age is None else {"created": instant_of(START - timedelta(days=age))}
    world.source.order(id_, shipments=["s1"], channel="ch1=Shop", **created, **fields)


def account(floor: datetime | None = FLOOR, each: int = 7, **declared: object) -> World:
    """Orders from four hundred, hundred and a few days ago (a, b, c); two of the oldest are still open."""
    world = World(disabled=frozenset({DataType.WAREHOUSES}), history_from=floor)
    world.source.declared = capabilities(style=ReadStyle.INCREMENTAL, recent_first=SLICES, **declared)  # type: ignore[arg-type]
    for number in range(each):
        made(world, f"a{number:02d}", 400 + number, open=number < 2)
        made(world, f"b{number:02d}", 100 + number)
        made(world, f"c{number:02d}", 1 + number)
    return world


def loaded(floor: datetime | None = FLOOR, each: int = 7) -> World:
    """The first load and the whole reading of the night after have ended."""
    world = account(floor, each)
    world.night()
    world.night()
    world.source.only.clear()
    return world


def touched(world: World, *ids: str) -> None:
    """Old orders that change at the source, and that the next incremental night brings."""
    for id_ in ids:
        world.source.orders[id_] |= {"number": "#changed", "updated": world.clock.now().isoformat()}
    world.night()
    assert set(ids) <= set(world.live())


def whole(world: World, mode: Mode = Mode.SNAPSHOT) -> Run:
    world.clock.advance(60)
    return world.sync(DataType.ORDERS, mode=mode)


def above(world: World, floor: datetime | None) -> set[str]:
    """What the source has that must be there: what was created since, and what is open."""
    return {
        id_
        for id_, row in world.source.orders.items()
        if floor is None or row.get("open") or ("created" in row and datetime.fromisoformat(row["created"]) >= floor)
    }


def test_first_load_stops_at_the_floor_and_brings_what_is_open_from_below() -> None:
    world = account()

    run = world.night()

    recent = START - AGES[0]
    assert world.source.only == [Still.OPEN, Created(recent, None), Created(FLOOR, recent)]
    assert set(world.live()) == above(world, FLOOR) == {"a00", "a01", *(f"c{number:02d}" for number in range(7))}
    assert run.tasks["orders"].counts[DataType.ORDERS].fetched == 9
    assert world.stream().floor == FLOOR
    counts_add_up(run)


def test_whole_reading_asks_for_what_is_open_and_for_what_was_created_since() -> None:
    world = account()
    world.night()
    world.source.only.clear()

    run = world.night()

    assert world.source.only == [Still.OPEN, Created(FLOOR, None)]
    assert world.stream().last_snapshot_at is not None
    assert run.tasks["orders"].record_writes == 0
    world.night()
    assert world.source.since[-1] is not None
    assert world.source.only[-1] is None


@pytest.mark.parametrize("mode", [Mode.SNAPSHOT, Mode.REFRESH])
def test_first_load_that_is_asked_for_as_a_snapshot_has_the_floor_too(mode: Mode) -> None:
    world = account()

    whole(world, mode)

    assert world.source.only == [Still.OPEN, Created(FLOOR, None)]
    assert set(world.live()) == above(world, FLOOR)


@pytest.mark.parametrize("mode", [Mode.SNAPSHOT, Mode.REFRESH])
def test_old_orders_that_changed_stay_and_are_asked_for_by_id(mode: Mode) -> None:
    world = loaded()
    touched(world, "b01", "b02")

    run = whole(world, mode)

    assert set(world.live()) == above(world, FLOOR) | {"b01", "b02"}
    assert {"b01", "b02"} <= set(world.source.looked_up)
    counts = run.tasks["orders"].counts[DataType.ORDERS]
    assert (counts.fetched, counts.deleted, counts.held) == (11, 0, 0)
    assert run.tasks["orders"].state is TaskState.SUCCEEDED
    counts_add_up(run)


def test_old_orders_do_not_count_against_the_deletion_guard() -> None:
    """Most of what is stored lies below the floor, night after night."""
    world = loaded(each=30)
    for id_ in [id_ for id_ in world.source.orders if id_.startswith("c")][3:]:
        del world.source.orders[id_]
    whole(world)
    world.approve()
    whole(world)
    touched(world, *(f"b{number:02d}" for number in range(28)))

    for _ in range(2):
        run = whole(world)
        assert world.stream().held == ()
        assert run.tasks["orders"].state is TaskState.SUCCEEDED

    assert len(world.live()) == 2 + 28 + 3


def test_orders_that_are_gone_are_buried_on_both_sides_of_the_floor() -> None:
    world = loaded()
    touched(world, "b01", "b02")
    for id_ in ("b01", "c01", "a00"):
        del world.source.orders[id_]

    run = whole(world)

    assert set(world.live()) == above(world, FLOOR) | {"b02"}
    assert run.tasks["orders"].counts[DataType.ORDERS].deleted == 3


def test_many_that_are_gone_wait_for_a_person_and_only_they_are_counted() -> None:
    world = loaded(each=30)
    touched(world, "b01", "b02")
    gone = [f"c{number:02d}" for number in range(25)]
    for id_ in gone:
        del world.source.orders[id_]

    whole(world)

    assert {held.data_type: held.count for held in world.stream().held}[DataType.ORDERS] == 25
    assert set(gone) <= set(world.live())
    world.approve()
    whole(world)
    assert set(world.live()) == above(world, FLOOR) | {"b01", "b02"}
    assert world.stream().held == ()


def test_look_up_that_finds_nothing_at_all_buries_nothing() -> None:
    world = loaded()
    touched(world, "b01", "b02")
    before = set(world.live())
    forgetful = ForgetfulSource(world.clock, world.source.declared, orders=world.source.orders)
    world.source = forgetful

    whole(world)

    assert set(world.live()) == before
    assert world.task().state is TaskState.FAILED


@pytest.mark.parametrize("there", [True, False], ids=["all-there", "all-gone"])
def test_asking_goes_on_where_the_segment_before_left_it(there: bool) -> None:
    world = loaded(each=30)
    old = [f"b{number:02d}" for number in range(30)]
    touched(world, *old)
    if not there:
        world.source.orders = {id_: row for id_, row in world.source.orders.items() if id_ not in old}
    world.source.looked_up.clear()
    world.source.lookup_seconds = 5

    world.starter.by_hand(world.integration, world.source.declared, (), Mode.SNAPSHOT, "planner")
    world.work(slice_seconds=1)

    asked = world.source.looked_up
    assert world.task().state.is_good
    assert set(old) <= set(asked)
    assert len(asked) == 30 + 10  # with a witness each time
    assert {"b00", "b29"} <= set(world.live())
    assert len(world.stream().held) == (0 if there else 2)


def test_deeper_floor_has_the_next_sync_read_everything_above_it() -> None:
    world = loaded()

    world.change(history_from=DEEPER)
    world.night()

    assert world.source.only == [Still.OPEN, Created(DEEPER, None)]
    assert (
        set(world.live())
        == above(world, DEEPER)
        == {"a00", "a01"} | {id_ for id_ in world.source.orders if id_[0] in "bc"}
    )
    assert world.stream().floor == DEEPER
    world.night()
    assert world.source.since[-1] is not None


def test_floor_that_is_taken_away_has_the_next_sync_read_everything() -> None:
    world = loaded()

    world.change(history_from=None)
    world.night()

    assert world.source.only == [None]
    assert world.stream().floor is None
    stored_equals_source(world)


def test_floor_that_rises_changes_nothing_once_the_list_was_read() -> None:
    world = loaded(DEEPER)

    world.change(history_from=FLOOR)
    whole(world)

    assert world.source.only == [Still.OPEN, Created(DEEPER, None)]
    assert world.stream().floor == DEEPER
    assert world.source.looked_up == []


def test_floor_that_is_set_later_changes_nothing_of_a_list_that_was_read_whole() -> None:
    world = loaded(None)

    world.change(history_from=FLOOR)
    whole(world)

    assert world.source.only == [None]
    assert world.stream().floor is None
    stored_equals_source(world)


@pytest.mark.parametrize("then", [DEEPER, None, START - timedelta(days=2)], ids=["deeper", "away", "higher"])
def test_task_ends_under_the_floor_that_it_began_with(then: datetime | None) -> None:
    world = account()
    world.until_due()
    world.tick()
    for sent in world.queue.drain():
        world.handle(sent.message, slice_seconds=0)

    world.change(history_from=then)
    world.work(slice_seconds=0)

    since = {only.since for only in world.source.only if isinstance(only, Created)}
    assert since == {FLOOR, START - AGES[0]}
    assert world.stream().floor == FLOOR
    world.night()
    wanted = FLOOR if then is not None and then > FLOOR else then
    assert world.stream().floor == wanted
    assert above(world, wanted) <= set(world.live())


def test_deeper_reading_that_fails_is_made_up_for() -> None:
    world = loaded()
    world.change(history_from=DEEPER)
    requests = world.source.requests

    def end_early(source: ScriptedSource) -> Page | None:
        return Page((), None, End.CLAIMED, source.clock.now())

    world.source.script = {requests + number: end_early for number in range(40)}
    world.night()
    world.sweep_until_quiet(ticks=400)
    assert world.stream().floor == FLOOR
    world.source.script = {}

    world.night()

    assert world.stream().floor == DEEPER
    assert set(world.live()) == above(world, DEEPER)


def test_order_without_a_creation_date_comes_when_it_is_open_or_changes_and_then_stays() -> None:
    world = account()
    made(world, "d00", None)
    made(world, "d01", None, open=True)
    world.night()
    world.night()
    assert {"d00", "d01"} & set(world.live()) == {"d01"}

    touched(world, "d00")
    whole(world)

    assert {"d00", "d01"} <= set(world.live())


def test_lost_index_and_another_mapping_keep_what_lies_below_the_floor() -> None:
    world = loaded()
    touched(world, "b01", "b02")
    before = set(world.live())

    world.lose_indexes()
    world.night()
    assert set(world.live()) == before
    world.source.declared = capabilities(style=ReadStyle.INCREMENTAL, recent_first=SLICES, version=2)
    world.night()

    assert set(world.live()) == before
    assert world.source.only[-2:] == [Still.OPEN, Created(FLOOR, None)]
    world.night()
    assert world.source.since[-1] is not None


def test_quarantined_order_below_the_floor_stays_counted() -> None:
    world = loaded()
    touched(world, "b01")
    made(world, "b01", 101, broken=True)
    world.night()
    assert world.quarantine() == ["b01"]

    run = whole(world)

    assert world.quarantine() == ["b01"]
    assert run.tasks["orders"].counts[DataType.ORDERS].quarantined == 1
    assert "b01" in world.live()


def test_list_that_cannot_be_asked_by_id_is_read_whole() -> None:
    world = account(deletion=DeletionEvidence.SECOND_SNAPSHOT)

    world.night()
    world.night()

    assert world.source.only[-1] is None
    stored_equals_source(world)


def test_list_that_is_not_filtered_by_creation_is_read_whole() -> None:
    world = account()
    world.source.declared = capabilities(style=ReadStyle.INCREMENTAL, recent_first=(Still.OPEN,))

    whole(world)

    assert world.source.only == [None]
    assert world.stream().floor is None


def test_vendor_without_a_filter_for_open_orders_is_asked_for_what_was_created_since() -> None:
    world = account()
    world.source.declared = capabilities(style=ReadStyle.INCREMENTAL, recent_first=AGES)

    world.night()
    world.night()

    assert world.source.only[-1] == Created(FLOOR, None)
    assert set(world.live()) == {f"c{number:02d}" for number in range(7)}


def killed(at: int, done: bool, slice_seconds: float) -> tuple[World, Plan]:
    world = loaded(each=3)
    touched(world, "b00", "b01", "b02")
    for id_ in ("b01", "c01"):
        del world.source.orders[id_]
    made(world, "b02", 102, number="#again")
    plan = Plan(at, done)
    shop = sabotaged(world.shop(), plan)
    world.change(history_from=START - timedelta(days=100.5))
    world.until_due()
    world.tick()
    try:
        world.work(shop, slice_seconds=slice_seconds)
    except Killed:
        world.queue.drain()
    world.sweep_until_quiet()
    return world, plan


@pytest.mark.parametrize(("done", "slice_seconds"), [(False, 240), (True, 240), (True, 0)])
def test_kill_at_any_call_of_a_deeper_reading_loses_and_invents_nothing(done: bool, slice_seconds: float) -> None:
    total = killed(10**9, done, slice_seconds)[1].count
    assert total > 20

    for at in range(1, total + 1):
        world, _ = killed(at, done, slice_seconds)
        assert world.last_run().status is RunStatus.SUCCEEDED, at
        wanted = above(world, world.integration.history_from) | {"b00", "b02"}
        assert set(world.live()) == wanted, at
        assert world.live()["b02"]["number"] == "#again", at


def test_history_of_which_lists_can_be_bounded() -> None:
    bounded = {
        name: sorted(each.name for each in registry.capabilities(name).reads.values() if each.has_history)
        for name in registry.names()
    }

    assert bounded == {
        "cin7_core": ["orders"],
        "deposco": [],
        "extensiv": ["orders"],
        "ongoing": ["orders"],
        "shipbob": ["orders", "returns"],
        "shiphero": ["orders"],
        "trackstar": ["bills", "orders", "returns"],
    }


def test_stock_and_what_is_on_its_way_in_are_wanted_however_old() -> None:
    read = registry.capabilities("shipbob").reads["inbound_shipments"]

    assert any(isinstance(age, timedelta) for age in read.recent_first)
    assert not read.has_history
    assert replace(read, feeds=registry.capabilities("shipbob").reads["orders"].feeds).has_history
