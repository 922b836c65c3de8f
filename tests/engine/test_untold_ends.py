"""A worker may die between a task's end on its stream and the run that waits to hear of it: another run comes first."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from planster_sync.model.data_types import DataType
from planster_sync.model.integrations import IntegrationStatus
from planster_sync.model.runs import Mode, TaskState
from tests.engine.world import Killed, World


class DiesWhenTold:
    """The runs of a worker that dies before it can write a task's end."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def put_task(self, run: Any, task: Any) -> Any:
        if task.state.is_final:
            raise Killed
        return self._inner.put_task(run, task)


def night_that_nobody_told() -> tuple[World, str]:
    """Its orders are read and stored, the stream's row says so, and the run still believes them at work."""
    world = World(disabled=frozenset({DataType.WAREHOUSES}))
    world.source.order("o1", channel="ch1=Shop")
    world.tick()
    with suppress(Killed):
        world.work(world.shop(runs=DiesWhenTold(world.stores.runs)))
    night = world.last_run()
    assert night.tasks["orders"].state is TaskState.RUNNING
    return world, night.id


def test_run_that_takes_the_stream_next_tells_its_predecessor_how_it_ended() -> None:
    world, night = night_that_nobody_told()
    counted = world.stream().last_task

    world.sync(DataType.ORDERS, mode=Mode.SNAPSHOT)

    assert world.run(night).tasks["orders"] == counted


def test_list_is_not_read_again_for_a_run_whose_end_another_run_overwrote() -> None:
    """Promise 5: the message comes back, and the sweep looks, after the other run has ended."""
    world, night = night_that_nobody_told()
    world.sync(DataType.ORDERS, mode=Mode.SNAPSHOT)
    pages = world.source.requests

    world.handle(world.run(night).message("orders"))
    world.sweep_until_quiet()

    assert world.source.requests == pages


def test_refusal_that_ends_the_next_run_on_the_stream_tells_the_first_one_before() -> None:
    """The second worker took the stream and died; its message comes back when the integration is paused."""
    world, night = night_that_nobody_told()
    counted = world.stream().last_task
    second = world.starter.by_hand(
        world.integration, world.source.declared, [DataType.ORDERS], Mode.SNAPSHOT, "planner"
    ).run
    world.stores.streams.take(
        second.stream("orders"), run=second.id, segment=0, holder="dies", now=world.clock.now(), seconds=1
    )
    world.clock.advance(2)
    world.change(status=IntegrationStatus.PAUSED)

    world.handle(second.message("orders"))

    assert world.run(night).tasks["orders"] == counted
    assert world.run(second.id).tasks["orders"].state is TaskState.SKIPPED
