"""A worker may be gone at any call: the run still ends, and what is stored is what the source has."""

from __future__ import annotations

import pytest

from planster_sync.model.data_types import DataType
from planster_sync.model.runs import RunStatus, TaskState
from tests.engine.saboteur import Plan, sabotaged
from tests.engine.world import Killed, World


def stored_equals_source(world: World) -> None:
    source = world.source.orders
    good = {id_: row for id_, row in source.items() if not row.get("broken")}
    live = world.live()
    assert {id_: row["number"] for id_, row in live.items()} == {id_: row["number"] for id_, row in good.items()}
    shipments = {f"{id_}/{one}" for id_, row in good.items() for one in row["shipments"]}
    assert set(world.live(DataType.ORDER_SHIPMENTS)) == shipments
    channels = {str(row["channel"]).split("=")[0] for row in good.values() if row["channel"]}
    assert set(world.live(DataType.ORDER_CHANNELS)) == channels


def two_days() -> World:
    """A source with one synced day behind it, and a second day's changes of every kind ahead."""
    world = World(disabled=frozenset({DataType.WAREHOUSES}))
    for number in range(14):
        world.source.order(f"o{number:03d}", shipments=["s1", "s2"], channel="ch1=Shop")
    for number in range(3):
        world.source.order(f"p{number}", channel="ch2=Market")
    world.night()
    world.clock.advance(3600)
    world.source.order("o001", shipments=["s1"], channel="ch1=Shop", number="#changed")
    world.source.order("q001", shipments=["s9"], channel="ch3=Fair")
    world.source.order("o013", number="#last", channel="ch1=Shop")
    del world.source.orders["o002"]
    return world


def kill_and_recover(world: World, plan: Plan, *, slice_seconds: float) -> None:
    shop = sabotaged(world.shop(), plan)
    due = world.integration.due_at
    assert due is not None
    world.clock.advance((due - world.clock.now()).total_seconds())
    world.tick()
    try:
        world.work(shop, slice_seconds=slice_seconds)
    except Killed:
        world.queue.drain()  # the message in hand stays invisible for long, and the rest may be lost with a purge
    world.sweep_until_quiet()


def effects(slice_seconds: float) -> int:
    world = two_days()
    plan = Plan(10**9, done=False)
    kill_and_recover(world, plan, slice_seconds=slice_seconds)
    return plan.count


@pytest.mark.parametrize("done", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("slice_seconds", [240, 0], ids=["one-segment", "a-segment-a-page"])
def test_kill_at_any_call_loses_nothing_and_invents_nothing(done: bool, slice_seconds: float) -> None:
    """Promises 1, 2, 3 and 6, over every effect of a night."""
    total = effects(slice_seconds)
    assert total > 20

    for at in range(1, total + 1):
        world = two_days()
        kill_and_recover(world, Plan(at, done), slice_seconds=slice_seconds)
        run = world.last_run()
        assert run.status is RunStatus.SUCCEEDED, (at, run)
        stored_equals_source(world)


@pytest.mark.parametrize("done", [False, True], ids=["before", "after"])
def test_kill_at_any_call_then_source_returns_to_its_old_value(done: bool) -> None:
    """A record that was written, but not noted, must not hide behind the fingerprint of its older value."""
    for at in range(1, effects(240) + 1):
        world = two_days()
        before = {id_: dict(row) for id_, row in world.source.orders.items()}
        day_one = dict(before, o002={**before["o003"], "id": "o002", "number": "#o002"})
        day_one["o001"] = {**before["o003"], "id": "o001", "number": "#o001"}
        due = world.integration.due_at
        assert due is not None
        world.clock.advance((due - world.clock.now()).total_seconds())
        world.tick()
        try:
            world.work(sabotaged(world.shop(), Plan(at, done)))
        except Killed:
            world.queue.drain()
        world.source.orders = day_one
        world.sweep_until_quiet()
        assert world.night().tasks["orders"].state is TaskState.SUCCEEDED
        stored_equals_source(world)
