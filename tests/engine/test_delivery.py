"""Messages come twice, late, never; workers meet, pause and die: each task takes effect once, and ends."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest

from planster_sync.errors import InvalidRequest, StoreBusy
from planster_sync.model.data_types import DataType
from planster_sync.model.runs import RunStatus, TaskMessage, TaskState
from planster_sync.ports.source import ReadStyle
from tests.engine.saboteur import Plan, sabotaged
from tests.engine.truth import counts_add_up, stored_equals_source
from tests.engine.world import Killed, World
from tests.fakes.memory_platform import Sent
from tests.fakes.scripted_source import ScriptedSource, capabilities


def started(orders: int = 23, *, style: ReadStyle = ReadStyle.SNAPSHOT) -> World:
    world = World(disabled=frozenset({DataType.WAREHOUSES}))
    world.source.declared = capabilities(style=style)
    world.source.fill(orders)
    world.tick()
    return world


def only(sent: list[Sent]) -> TaskMessage:
    (one,) = sent
    return one.message


def test_message_delivered_twice_takes_effect_once() -> None:
    world = started()
    message = only(world.queue.drain())

    world.handle(message)
    requests, writes = world.source.requests, world.stores.records.writes
    world.handle(message)

    assert (world.source.requests, world.stores.records.writes) == (requests, writes)
    assert len([kind for kind, _ in world.events.published if kind == "sync run finished"]) == 1


def test_old_segments_message_that_comes_late_does_nothing() -> None:
    world = started()
    first = only(world.queue.drain())
    world.handle(first, slice_seconds=0)
    second = only(world.queue.drain())
    world.handle(second, slice_seconds=0)
    requests, fence = world.source.requests, world.stream().fence

    assert world.handle(first) is None
    assert world.handle(second) is None

    assert (world.source.requests, world.stream().fence) == (requests, fence)


def test_two_workers_at_once_read_once_and_the_second_comes_back_after_the_lease() -> None:
    world = started()
    message = only(world.queue.drain())
    came_back: list[float | None] = []
    world.connecting = lambda: came_back.append(world.handle(message))

    world.handle(message)

    assert came_back == [world.timings.lease]
    assert world.last_run().status is RunStatus.SUCCEEDED
    assert world.source.requests == 5


def test_zombie_that_wakes_after_its_lease_writes_nothing() -> None:
    world = started()
    message = only(world.queue.drain())

    def sleeps(source: ScriptedSource) -> None:
        world.clock.advance(world.timings.lease + 1)
        world.source.script = {}
        world.handle(message)
        source.order("o000", number="#only the zombie reads this")

    world.source.script = {2: sleeps}
    world.handle(message)

    assert world.last_run().status is RunStatus.SUCCEEDED
    assert {row.fence for row in world.stores.records.all()} == {world.stream().fence}
    assert world.journal.named("lease_lost")


def test_zombie_that_fails_after_its_lease_disturbs_nobody() -> None:
    world = started()
    message = only(world.queue.drain())

    def sleeps_and_fails(source: ScriptedSource) -> None:
        world.clock.advance(world.timings.lease + 1)
        world.source.script = {}
        world.handle(message, slice_seconds=0)
        raise RuntimeError("woken in another time")

    world.source.script = {2: sleeps_and_fails}
    world.handle(message)
    stream = world.stream()
    world.work()

    assert stream.fence == 2
    assert world.last_run().status is RunStatus.SUCCEEDED
    stored_equals_source(world)


def test_worker_alone_past_its_lease_stops_and_its_task_is_taken_up_again() -> None:
    world = started()
    world.source.script = {2: lambda source: world.clock.advance(world.timings.lease + 1)}
    world.handle(only(world.queue.drain()))
    assert world.stores.records.writes == 0

    world.sweep_until_quiet()

    assert world.last_run().status is RunStatus.SUCCEEDED
    stored_equals_source(world)


@pytest.mark.parametrize("slice_seconds", [0, 240])
def test_purged_queue_is_filled_again_by_the_sweep(slice_seconds: int) -> None:
    world = started()
    for _ in range(3):
        world.queue.drain()
        world.clock.advance(world.timings.claim + 1)
        world.tick()
        with suppress(IndexError):
            world.handle(world.queue.drain()[0].message, slice_seconds=slice_seconds)

    world.sweep_until_quiet()

    assert world.last_run().status is RunStatus.SUCCEEDED
    stored_equals_source(world)


def test_continuation_that_was_never_sent_is_sent_by_the_sweep() -> None:
    world = started()
    message = only(world.queue.drain())

    class Deaf:
        def send(self, *args: Any, **named: Any) -> None:
            raise Killed

    with suppress(Killed):
        world.handle(message, world.shop(queue=Deaf()), slice_seconds=0)
    assert world.stream().lease_until is None

    world.sweep_until_quiet()

    assert world.last_run().status is RunStatus.SUCCEEDED
    assert world.task().attempt == 1
    stored_equals_source(world)


@pytest.mark.parametrize("waited_before", [False, True])
def test_worker_lost_too_often_ends_the_run_with_its_reason_and_a_later_night_works(waited_before: bool) -> None:
    world = started()
    if waited_before:
        world.source.script = {2: lambda source: (_ for _ in ()).throw(StoreBusy("Busy."))}
        world.handle(only(world.queue.drain()))

    def die() -> None:
        raise Killed

    world.connecting = die
    for _ in range(60):
        for sent in world.queue.drain():
            world.clock.advance(sent.delay_seconds)
            with suppress(Killed):
                world.handle(sent.message)
        if world.last_run().status.is_final:
            break
        world.clock.advance(900)
        now = world.clock.now()
        world.dispatcher().sweep.run(now, now + timedelta(seconds=50))
    problem = world.task().problem

    assert world.last_run().status is RunStatus.FAILED
    assert problem is not None
    assert problem.code == "worker_lost"
    world.connecting = lambda: None
    assert world.night().status is RunStatus.SUCCEEDED
    stored_equals_source(world)


def test_busy_store_in_the_middle_of_a_flush_loses_nothing() -> None:
    world = started()
    put = world.stores.records.put
    refusals = iter([True, True, False, True])

    def half_busy(lease: Any, writes: Any) -> Any:
        if next(refusals, False):
            put(lease, writes[: len(writes) // 2])
            raise StoreBusy("The store is throttled.")
        return put(lease, writes)

    world.stores.records.put = half_busy  # type: ignore[method-assign]  # the store is throttled half-way
    world.work()

    run = world.last_run()
    assert run.status is RunStatus.SUCCEEDED
    counts_add_up(run)
    stored_equals_source(world)


def test_run_that_fails_on_a_busy_store_hides_nothing_from_the_next() -> None:
    world = started(style=ReadStyle.INCREMENTAL)
    world.work()
    world.clock.advance(3600)
    old = dict(world.source.orders["o003"])
    world.source.order("o003", number="#written, never confirmed", shipments=["s1"], channel="ch1=Shop")
    put = world.stores.records.put

    def lost_answers(lease: Any, writes: Any) -> Any:
        put(lease, writes)
        raise StoreBusy("The answer was lost.")

    world.stores.records.put = lost_answers  # type: ignore[method-assign]
    assert world.night().status is RunStatus.FAILED
    assert world.stream().fence <= 2 + world.timings.max_stalls
    world.stores.records.put = put  # type: ignore[method-assign]
    world.source.orders["o003"] = old

    world.night()

    assert world.source.since[-1] is None
    stored_equals_source(world)


def test_task_that_makes_no_headway_is_stopped() -> None:
    world = started()
    world.timings = world.timings.__class__(max_hops=3)

    run = world.night(slice_seconds=0)

    assert run.status is RunStatus.FAILED
    assert world.task().problem is not None
    assert world.task().problem.code == "no_progress"  # type: ignore[union-attr]  # just asserted


def test_message_of_a_run_that_does_not_exist_is_refused() -> None:
    world = World()

    with pytest.raises(InvalidRequest):
        world.handle(TaskMessage("org1", "int1", "20200101T0200Z", "orders", 0))


def test_event_of_an_end_names_the_task_and_nothing_else() -> None:
    world = started()
    world.work(sabotaged(world.shop(), Plan(10**9, done=False)))

    kinds = [kind for kind, _ in world.events.published]

    assert kinds == ["sync task finished", "sync run finished"]
    assert world.task().state is TaskState.SUCCEEDED
