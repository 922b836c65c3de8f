"""Resend, cancel and re-run: what was lost goes on, what is done is refused, and a second time does no more."""

from __future__ import annotations

import pytest

from operations.tasks import Rerun, Resend, cancel
from planster_sync.errors import Conflict, InvalidRequest
from planster_sync.model.data_types import DataType
from planster_sync.model.runs import Mode, RunStatus
from tests.engine.truth import stored_equals_source
from tests.engine.world import World
from tests.recovery.desks import desk_of


def begun() -> World:
    """A night has begun, and all its messages are lost."""
    world = World()
    world.source.fill(8)
    world.until_due()
    world.tick()
    world.queue.drain()
    return world


def resend(world: World, *reads: str) -> list[tuple[str, str]]:
    again = Resend(desk_of(world), world.last_run())
    return [(line.what.rpartition("/")[2], line.done) for line in again.do(again.look(reads))]


def rerun(world: World, mode: Mode = Mode.AUTO) -> Rerun:
    return Rerun(desk_of(world), world.last_run(), mode, "operator o")


def test_lost_messages_are_sent_again_and_the_run_ends_well() -> None:
    world = begun()

    done = resend(world)
    world.work()

    assert {state for _, state in done} == {"sent"}
    assert world.last_run().status is RunStatus.SUCCEEDED
    stored_equals_source(world)


def test_resent_twice_is_done_once() -> None:
    world = begun()
    resend(world)
    resend(world)
    writes = world.stores.records.writes

    world.work()
    first = world.stores.records.writes - writes

    assert world.last_run().status is RunStatus.SUCCEEDED
    assert first == len(world.stores.records.all())


def test_resent_segment_is_the_one_at_which_the_stream_is() -> None:
    world = begun()
    world.handle(world.last_run().message("orders"), slice_seconds=0)
    world.queue.drain()

    resend(world, "orders")

    assert [sent.message.segment for sent in world.queue.sent] == [1]
    world.work()
    assert world.task().state.is_good


def test_task_that_a_worker_has_or_that_has_ended_is_left() -> None:
    world = begun()
    run = world.last_run()
    world.handle(run.message("warehouses"))
    world.stores.streams.take(
        run.stream("orders"), run=run.id, segment=0, holder="h", now=world.clock.now(), seconds=400
    )

    assert dict(resend(world)) == {"orders": "left", "warehouses": "left"}


def test_ended_and_cancelled_runs_and_unknown_tasks_are_refused() -> None:
    world = begun()
    with pytest.raises(InvalidRequest):
        resend(world, "nothing")
    cancel(desk_of(world), world.last_run(), "operator o")
    with pytest.raises(Conflict, match="cancelled"):
        resend(world)
    world.work()
    with pytest.raises(Conflict, match="ended"):
        resend(world)


def test_cancelled_run_ends_and_keeps_who_asked_first() -> None:
    world = begun()

    cancel(desk_of(world), world.last_run(), "operator a")
    (line, *_) = cancel(desk_of(world), world.last_run(), "operator b")
    world.work()

    assert "operator a" in line.why
    assert world.last_run().status is RunStatus.CANCELLED
    with pytest.raises(Conflict):
        cancel(desk_of(world), world.last_run(), "operator a")


def test_run_is_done_again_and_says_who_asked() -> None:
    world = begun()
    resend(world)
    world.work()
    before = world.last_run()
    world.clock.advance(3600)
    world.source.order("o001", number="#changed")

    (line, *_) = rerun(world).do([DataType.ORDERS])
    world.work()

    after = world.last_run()
    assert line.done == "started"
    assert (after.requested_by, after.id == before.id) == ("operator o", False)
    assert set(after.tasks) == {"orders"}
    assert world.live()["o001"]["number"] == "#changed"


def test_run_is_not_done_again_while_it_is_being_done() -> None:
    world = begun()

    with pytest.raises(Conflict, match="at it already"):
        rerun(world).look([])


def test_what_a_run_did_not_read_is_refused() -> None:
    world = begun()

    with pytest.raises(InvalidRequest, match="bills"):
        rerun(world).look([DataType.BILLS])


def test_paused_integration_is_not_read_again() -> None:
    world = begun()
    resend(world)
    world.work()
    world.stores.integrations.pause("org1", "int1")

    with pytest.raises(Conflict, match="paused"):
        rerun(world).do([DataType.ORDERS])
