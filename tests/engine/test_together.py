"""A sync by hand beside the night's: it joins, starts, or waits for its turn, and its turn always comes."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

import pytest

from planster_sync.engine.starting import Placement, Started
from planster_sync.errors import Conflict, Forbidden, Unsupported
from planster_sync.model.data_types import DataType
from planster_sync.model.integrations import IntegrationStatus
from planster_sync.model.runs import Lane, Mode, RunStatus, TaskState
from tests.engine.truth import stored_equals_source
from tests.engine.world import Killed, World
from tests.fakes.scripted_source import ScriptedSource


def ready() -> World:
    world = World()
    world.source.fill(12)
    world.source.warehouses = {"w1": {"id": "w1", "name": "North"}}
    return world


def ask(world: World, *data_types: DataType, mode: Mode = Mode.AUTO) -> Started:
    return world.starter.by_hand(world.integration, world.source.declared, data_types, mode, "planner")


def status(world: World, started: Started) -> RunStatus:
    return world.run(started.run.id).status


def begin_orders(world: World) -> None:
    """The night's worker has read a first page of orders."""
    world.tick()
    waiting = world.queue.drain()
    world.handle(waiting[0].message, slice_seconds=0)
    world.queue.sent += waiting[1:]


def test_request_joins_a_run_that_covers_it_and_has_not_begun() -> None:
    world = ready()
    world.tick()

    assert ask(world, DataType.ORDERS).placement is Placement.JOINED
    assert ask(world).run.id == world.last_run().id


def test_request_for_more_than_the_run_does_is_a_run_of_its_own_behind_it() -> None:
    world = ready()
    world.tick()
    night = world.last_run().id

    started = ask(world, mode=Mode.REFRESH)

    assert (started.placement, started.behind) == (Placement.SUCCEEDS, night)


def test_request_for_a_read_that_has_begun_waits_for_it_and_then_runs() -> None:
    world = ready()
    begin_orders(world)
    world.source.order("o000", number="#changed after it was read", shipments=["s1"], channel="ch1=Shop")

    started = ask(world, DataType.ORDERS)
    assert started.placement is Placement.SUCCEEDS
    world.work()

    assert status(world, started) is RunStatus.SUCCEEDED
    assert world.run(started.run.id).lane is Lane.MANUAL
    stored_equals_source(world)


def test_request_for_another_read_starts_at_once() -> None:
    world = ready()
    world.tick()
    world.work()

    assert ask(world, DataType.WAREHOUSES).placement is Placement.STARTED


@pytest.mark.parametrize("slice_seconds", [0, 240])
def test_two_runs_never_read_a_stream_at_once(slice_seconds: int) -> None:
    world = ready()
    begin_orders(world)
    first, second = ask(world, DataType.ORDERS), ask(world, DataType.ORDERS, mode=Mode.REFRESH)

    world.work(slice_seconds=slice_seconds)
    world.sweep_until_quiet()

    assert {status(world, first), status(world, second)} == {RunStatus.SUCCEEDED}
    stored_equals_source(world)


def test_successor_starts_when_its_predecessor_fails() -> None:
    world = ready()
    world.change(disabled=frozenset({DataType.WAREHOUSES}))
    begin_orders(world)
    night = world.last_run().id
    started = ask(world, DataType.ORDERS)
    assert world.handle(world.queue.sent.pop().message) is None  # finds the stream taken, and is noted

    def fails(source: ScriptedSource) -> None:
        raise Forbidden("No permission for orders.")

    world.source.script = {world.source.requests: fails}
    world.work()

    assert world.run(night).tasks["orders"].state is TaskState.FAILED
    assert status(world, started) is RunStatus.SUCCEEDED
    stored_equals_source(world)


def test_successor_starts_when_its_predecessor_is_given_up() -> None:
    world = ready()
    begin_orders(world)
    night = world.last_run().id
    started = ask(world, DataType.ORDERS)

    def dies() -> None:
        if world.stream().owner == night:
            raise Killed

    world.connecting = dies
    for _ in range(80):
        for sent in world.queue.drain():
            with suppress(Killed):
                world.handle(sent.message)
        world.clock.advance(900)
        world.tick()
        if world.run(started.run.id).status.is_final:
            break

    assert world.run(night).tasks["orders"].state is TaskState.FAILED
    assert status(world, started) is RunStatus.SUCCEEDED


def test_manual_message_that_overtakes_the_nights_makes_the_night_wait() -> None:
    world = ready()
    world.tick()
    night = world.last_run().id
    started = ask(world, DataType.ORDERS, mode=Mode.REFRESH)
    nights = [sent for sent in world.queue.sent if sent.message.run == night]
    manual = [sent for sent in world.queue.drain() if sent.message.run != night]

    world.handle(manual[0].message, slice_seconds=0)
    for sent in nights:
        world.handle(sent.message)
    world.work()

    assert status(world, started) is RunStatus.SUCCEEDED
    assert world.run(night).status is RunStatus.SUCCEEDED


@pytest.mark.parametrize(
    "changes",
    [{"status": IntegrationStatus.PAUSED}, {"status": IntegrationStatus.NEEDS_REAUTH}, {"disabled": {DataType.ORDERS}}],
)
def test_request_that_cannot_be_served_is_refused_at_once(changes: dict[str, object]) -> None:
    world = ready()
    world.change(**changes)

    with pytest.raises(Conflict):
        ask(world, DataType.ORDERS)
    assert world.queue.sent == []


def test_data_type_that_the_connector_lacks_is_refused_with_the_reason() -> None:
    wanted: Sequence[DataType] = [DataType.BILLS]
    world = ready()

    with pytest.raises(Unsupported):
        ask(world, *wanted)
