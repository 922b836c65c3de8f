"""Disconnecting erases everything, whatever is queued, lost or at work, and proves it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from planster_sync.engine.erasing import send_erasure
from planster_sync.errors import Conflict, CredentialsRejected, InvalidRequest
from planster_sync.model.data_types import DataType
from planster_sync.model.integrations import Disconnection, Integration, IntegrationChange, IntegrationStatus
from planster_sync.model.runs import Mode, Problem, TaskMessage
from tests.engine.world import World


def filled() -> World:
    world = World()
    world.source.fill(12)
    world.night()
    return world


def disconnect(world: World) -> None:
    world.stores.integrations.disconnect("org1", "int1", by="planner", at=world.clock.now())
    send_erasure(world.queue, "org1", "int1", world.timings.lease)


def proof(world: World) -> Disconnection:
    (only,) = world.stores.disconnections.of("org1")
    return only


def is_gone(world: World) -> bool:
    return world.stores.integrations.get("org1", "int1") is None


def test_everything_is_erased_and_the_proof_says_how_much_and_when() -> None:
    world = filled()
    stored = len(world.stores.records.rows)
    asked_at = world.clock.now()
    disconnect(world)

    world.work()

    assert (is_gone(world), world.stores.records.rows) == (True, {})
    assert proof(world).erased == {"records": stored}
    assert proof(world).requested_at == asked_at
    assert proof(world).completed_at == asked_at + timedelta(seconds=world.timings.lease)


def test_nothing_is_erased_before_what_was_at_work_has_ended() -> None:
    world = filled()
    disconnect(world)
    (sent,) = world.queue.drain()

    comes_back_in = world.handle(sent.message)

    assert comes_back_in == sent.delay_seconds == world.timings.lease
    assert len(world.live()) == 12


def test_queued_work_is_dropped() -> None:
    world = filled()
    world.starter.by_hand(world.integration, world.source.declared, (), Mode.AUTO, "planner")
    queued = world.queue.drain()
    requests = world.source.requests
    disconnect(world)

    answers = [world.handle(sent.message) for sent in queued]
    world.work()
    late = [world.handle(sent.message) for sent in queued]

    assert answers == late == [None, None]
    assert (world.source.requests, is_gone(world)) == (requests, True)


def test_a_task_at_work_stops_at_its_next_segment() -> None:
    world = filled()
    world.clock.advance(60)
    world.starter.by_hand(world.integration, world.source.declared, [DataType.ORDERS], Mode.SNAPSHOT, "planner")
    (sent,) = world.queue.drain()
    world.handle(sent.message, slice_seconds=0)
    requests = world.source.requests
    disconnect(world)

    world.work()

    assert (world.source.requests, is_gone(world)) == (requests, True)


def test_a_lost_erasure_is_sent_again_by_the_tick() -> None:
    world = filled()
    disconnect(world)
    world.queue.drain()
    world.clock.advance(world.timings.lease)

    world.tick()
    world.work()

    assert is_gone(world)
    assert proof(world).completed_at is not None


def test_an_erasure_goes_on_where_its_time_was_over() -> None:
    world = filled()
    left = [5]

    def slowly(_integration: Integration, _until: datetime) -> int:
        if not left[0]:
            return 0
        world.clock.advance(300)
        left[0] -= 1
        return 1

    world.traces["slow"] = slowly
    disconnect(world)

    world.work()

    assert (is_gone(world), left, proof(world).erased["slow"]) == (True, [0], 5)


def test_a_place_that_stopped_because_the_time_was_over_is_not_taken_for_empty() -> None:
    world = filled()
    stops = iter([True, False])

    def stop(_integration: Integration, _until: datetime) -> int:
        world.clock.advance(300 if next(stops, False) else 0)
        return 0

    world.traces = {"stops": stop}
    disconnect(world)
    (sent,) = world.queue.drain()
    world.clock.advance(sent.delay_seconds)
    world.handle(sent.message)
    after_the_stop = is_gone(world)

    world.work()

    assert (after_the_stop, is_gone(world)) == (False, True)


def test_it_is_not_complete_before_a_whole_pass_has_found_nothing() -> None:
    world = filled()
    found = iter([3, 1, 0])
    world.traces["again"] = lambda _integration, _until: next(found)
    disconnect(world)

    world.work()

    assert (next(found, "all asked"), proof(world).erased["again"]) == ("all asked", 4)


def test_a_disconnected_integration_is_never_synced_again() -> None:
    world = filled()
    disconnect(world)
    runs = world.stores.runs.recent("org1", "int1", 50, None)[0]

    world.clock.advance(2 * 86400)
    world.tick()

    assert world.stores.runs.recent("org1", "int1", 50, None)[0] == runs
    with pytest.raises(Conflict):
        world.starter.by_hand(world.integration, world.source.declared, (), Mode.AUTO, "planner")


def test_nothing_brings_a_disconnected_integration_back() -> None:
    world = filled()
    disconnect(world)
    integrations = world.stores.integrations
    before = world.integration
    problem = Problem.of(CredentialsRejected("The warehouse system refused the credentials."))

    integrations.pause("org1", "int1")
    integrations.resume("org1", "int1", world.clock.now())
    integrations.change("org1", "int1", IntegrationChange(name="back"))
    integrations.needs_reauth("org1", "int1", problem, world.clock.now())
    integrations.active_again("org1", "int1")
    integrations.disconnect("org1", "int1", by="somebody else", at=world.clock.now() + timedelta(hours=1))

    assert world.integration == before
    assert before.status is IntegrationStatus.DISCONNECTING


def test_a_message_of_a_run_that_never_was_is_still_a_mistake_where_there_is_an_integration() -> None:
    with pytest.raises(InvalidRequest):
        filled().handle(TaskMessage("org1", "int1", "never", "orders", 0))
