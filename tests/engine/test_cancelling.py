"""Somebody stops a run: what has not begun never does, what is at work stops at a pause, what it stored stays."""

from __future__ import annotations

from planster_sync.model.data_types import DataType
from planster_sync.model.runs import Mode, Run, RunStatus, TaskState
from tests.engine.truth import stored_equals_source
from tests.engine.world import World


def asked() -> tuple[World, Run]:
    world = World(disabled=frozenset({DataType.WAREHOUSES}))
    world.source.fill(12)
    started = world.starter.by_hand(world.integration, world.source.declared, (), Mode.AUTO, "planner")
    return world, started.run


def begun() -> tuple[World, Run]:
    """A run whose first segment is done and whose second has not begun."""
    world, run = asked()
    (sent,) = world.queue.drain()
    world.handle(sent.message, slice_seconds=0)
    return world, run


def cancel(world: World, run: Run) -> Run | None:
    return world.starter.cancel(run, "planner")


def test_run_that_has_not_begun_never_does() -> None:
    world, run = asked()
    cancel(world, run)

    world.work()

    ended = world.run(run.id)
    assert (ended.status, ended.cancelled_by) == (RunStatus.CANCELLED, "planner")
    assert ended.tasks["orders"].state is TaskState.CANCELLED
    assert world.source.requests == 0


def test_run_at_work_stops_at_its_next_pause_and_what_is_stored_stays() -> None:
    world, run = begun()
    stored = set(world.live())
    requests = world.source.requests
    cancel(world, run)

    world.work()

    assert world.run(run.id).status is RunStatus.CANCELLED
    assert (world.source.requests, set(world.live())) == (requests, stored)
    assert 0 < len(stored) < 12


def test_stream_of_a_cancelled_run_is_free_and_the_next_night_brings_everything() -> None:
    world, run = begun()
    cancel(world, run)
    world.work()

    world.clock.advance(60)
    world.night()

    assert world.run("20260301T020000Z").status is RunStatus.SUCCEEDED
    stored_equals_source(world)


def test_run_that_waited_behind_a_cancelled_one_begins() -> None:
    world, run = begun()
    world.clock.advance(1)
    behind = world.starter.by_hand(world.integration, world.source.declared, (), Mode.AUTO, "planner").run
    (waiting,) = (sent for sent in world.queue.drain() if sent.message.run == behind.id)
    world.handle(waiting.message)
    cancel(world, run)

    world.work()

    assert world.run(behind.id).status is RunStatus.SUCCEEDED
    stored_equals_source(world)


def test_lost_message_of_a_cancelled_run_does_not_keep_it_open() -> None:
    world, run = begun()
    cancel(world, run)
    world.queue.drain()

    world.sweep_until_quiet()

    assert world.run(run.id).status is RunStatus.CANCELLED


def test_cancelled_run_is_not_joined() -> None:
    world, run = asked()
    cancel(world, run)
    world.clock.advance(1)

    again = world.starter.by_hand(world.integration, world.source.declared, (), Mode.AUTO, "planner")

    assert again.run.id != run.id


def test_run_that_has_ended_cannot_be_cancelled() -> None:
    world, run = asked()
    world.work()

    assert cancel(world, run) is None
    assert world.run(run.id).status is RunStatus.SUCCEEDED
