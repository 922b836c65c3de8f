"""A worker may be gone at any call: the run still ends, and what is stored is what the source has."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import pytest

from planster_sync.errors import StoreBusy
from planster_sync.model.data_types import DataType
from planster_sync.model.runs import RunStatus, TaskState
from tests.engine.saboteur import Plan, sabotaged
from tests.engine.truth import counts_add_up, stored_equals_source
from tests.engine.world import Killed, World


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
    world.until_due()
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
        world.until_due()
        world.tick()
        try:
            world.work(sabotaged(world.shop(), Plan(at, done)))
        except Killed:
            world.queue.drain()
        world.source.orders = day_one
        world.sweep_until_quiet()
        assert world.night().tasks["orders"].state is TaskState.SUCCEEDED
        stored_equals_source(world)


@pytest.mark.parametrize("done", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("failure", [lambda: StoreBusy("Busy."), lambda: RuntimeError("reset")], ids=["busy", "bug"])
@pytest.mark.parametrize("slice_seconds", [240, 0], ids=["one-segment", "a-segment-a-page"])
def test_error_at_any_call_whether_or_not_it_acted_loses_nothing(
    done: bool, failure: Callable[[], Exception], slice_seconds: float
) -> None:
    """An answer that was lost says nothing: the effect may have happened."""
    for at in range(1, effects(slice_seconds) + 1):
        world = two_days()
        shop = sabotaged(world.shop(), Plan(at, done, failure))
        world.until_due()
        world.tick()
        while waiting := world.queue.drain():
            for sent in waiting:
                world.clock.advance(sent.delay_seconds)
                try:
                    world.handle(sent.message, shop, slice_seconds=slice_seconds)
                except (StoreBusy, RuntimeError):
                    world.clock.advance(world.timings.visibility)
                    world.handle(sent.message, slice_seconds=slice_seconds)
        world.sweep_until_quiet()

        run = world.last_run()
        assert run.status is RunStatus.SUCCEEDED, (at, run)
        counts_add_up(run)
        stored_equals_source(world)


@pytest.mark.parametrize("done", [False, True], ids=["before", "after"])
def test_dispatcher_and_sweep_may_die_at_any_call(done: bool) -> None:
    for at in range(1, 40):
        world = two_days()
        world.until_due()
        plan = Plan(at, done)
        with suppress(Killed):
            world.tick(sabotaged(world.shop(), plan))
        world.queue.drain()  # whatever was sent is lost as well
        with suppress(Killed):
            world.clock.advance(3600)
            world.tick(sabotaged(world.shop(), plan))
        world.clock.advance(60)
        world.tick()
        world.work()
        world.sweep_until_quiet()

        assert world.last_run().status is RunStatus.SUCCEEDED, at
        assert len(world.stores.runs.recent("org1", "int1", 9, None)[0]) == 2
        stored_equals_source(world)


def test_sweep_that_dies_while_it_ends_a_lost_task_leaves_it_to_the_next() -> None:
    for done in (False, True):
        for at in range(1, 12):
            world = two_days()
            world.until_due()
            world.tick()
            lose_workers(world)
            with suppress(Killed):
                world.tick(sabotaged(world.shop(), Plan(at, done)))
            world.clock.advance(2 * world.timings.claim)
            world.tick()

            task = world.last_run().tasks["orders"]
            assert task.state is TaskState.FAILED, (at, done, task)
            assert task.problem is not None
            assert task.problem.code == "worker_lost"


def lose_workers(world: World) -> None:
    """Every worker dies at its first vendor request, until the next look of the sweep gives the task up."""

    def die() -> None:
        raise Killed

    world.connecting = die
    for _ in range(world.timings.max_attempts + 1):
        for sent in world.queue.drain():
            with suppress(Killed):
                world.handle(sent.message)
        world.clock.advance(world.timings.claim + 1)
        if world.task().attempt < world.timings.max_attempts:
            world.tick()
        else:
            break
    for sent in world.queue.drain():
        with suppress(Killed):
            world.handle(sent.message)
    world.clock.advance(world.timings.claim + 1)
