"""Rejected credentials stop an account's calls at once and rest; a missing permission stops one data type only."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from planster_sync.errors import CredentialsRejected, Forbidden, SyncError, Unsupported
from planster_sync.model.data_types import DataType
from planster_sync.model.integrations import IntegrationStatus
from planster_sync.model.runs import RunStatus, TaskState
from planster_sync.ports.source import Page
from tests.engine.truth import stored_equals_source
from tests.engine.world import World
from tests.fakes.scripted_source import ScriptedSource


def synced() -> World:
    world = World()
    world.source.fill(12)
    world.source.warehouses = {"w1": {"id": "w1", "name": "North"}}
    world.night()
    return world


def reject(world: World) -> None:
    def rejects(source: ScriptedSource) -> Page:
        raise CredentialsRejected("The credentials were rejected.")

    world.source.script = dict.fromkeys(range(world.source.requests, 1000), rejects)


def answers_once(world: World, error: SyncError) -> None:
    def answer(source: ScriptedSource) -> Page:
        raise error

    world.source.script = {world.source.requests: answer}


def test_rejection_ends_every_task_of_the_run_with_a_single_call() -> None:
    world = synced()
    reject(world)
    requests = world.source.requests

    run = world.night()

    assert run.status is RunStatus.FAILED
    assert {task.state for task in run.tasks.values()} == {TaskState.FAILED}
    assert {task.problem.code for task in run.tasks.values() if task.problem} == {"credentials_rejected"}
    assert world.source.requests == requests + 1
    assert world.integration.status is IntegrationStatus.NEEDS_REAUTH
    assert len(world.live()) == 12


def test_rejected_account_rests_for_a_day_and_no_longer() -> None:
    world = synced()
    reject(world)
    world.night()
    rejected_at = world.integration.needs_reauth_at
    assert rejected_at is not None
    requests = world.source.requests
    world.source.script = {}
    for _ in range(4 * 26):
        world.clock.advance(900)
        world.tick()
        world.work()
        if world.source.requests > requests:
            break

    assert timedelta(days=1) <= world.clock.now() - rejected_at <= timedelta(days=1, minutes=15)
    assert world.last_run().status is RunStatus.SUCCEEDED
    assert world.integration.status is IntegrationStatus.ACTIVE
    assert world.integration.needs_reauth_at is None


def test_account_that_is_rejected_again_rests_again() -> None:
    world = synced()
    reject(world)
    requests = world.source.requests
    world.night()
    for _ in range(4 * 24 * 7):
        world.clock.advance(900)
        world.tick()
        world.work()

    assert world.source.requests - requests <= 8


def test_new_credentials_end_the_rest() -> None:
    world = synced()
    reject(world)
    world.night()
    world.source.script = {}
    world.change(status=IntegrationStatus.ACTIVE, needs_reauth_at=None, problem=None, due_at=world.clock.now())
    world.clock.advance(900)
    world.source.order("o100")

    assert world.sync().status is RunStatus.SUCCEEDED
    assert "o100" in world.live()


def test_rejection_in_the_middle_of_a_read_keeps_what_was_read_and_deletes_nothing() -> None:
    world = synced()
    world.source.order("o000", number="#changed", shipments=["s1"], channel="ch1=Shop")

    def rejects(source: ScriptedSource) -> Page:
        raise CredentialsRejected("The credentials were rejected.")

    world.source.script = {world.source.requests + 1: rejects}
    world.night()

    assert world.live()["o000"]["number"] == "#changed"
    assert len(world.live()) == 12


def test_missing_permission_ends_its_task_only() -> None:
    world = synced()
    answers_once(world, Forbidden("No permission for orders."))
    world.source.warehouses["w2"] = {"id": "w2", "name": "South"}

    run = world.night()

    assert run.status is RunStatus.SUCCEEDED_WITH_WARNINGS
    assert run.tasks["orders"].state is TaskState.FAILED
    assert run.tasks["warehouses"].state is TaskState.SUCCEEDED
    assert world.integration.status is IntegrationStatus.ACTIVE
    assert world.stream().problem is not None
    assert set(world.live(DataType.WAREHOUSES)) == {"w1", "w2"}


def test_what_the_connected_system_does_not_offer_is_no_failure() -> None:
    world = synced()
    answers_once(world, Unsupported("The system has no orders."))

    run = world.night()

    assert run.tasks["orders"].state is TaskState.SKIPPED
    assert run.status is RunStatus.SUCCEEDED
    assert len(world.live()) == 12


def test_read_that_the_connector_no_longer_has_is_skipped() -> None:
    world = synced()
    world.until_due()
    world.tick()
    reads = {"warehouses": world.source.declared.reads["warehouses"]}
    world.source.declared = replace(world.source.declared, reads=reads)
    world.work()

    assert world.last_run().tasks["orders"].state is TaskState.SKIPPED
    assert world.last_run().status is RunStatus.SUCCEEDED


def test_integration_that_was_paused_after_its_run_began_makes_no_calls_and_no_success() -> None:
    world = synced()
    requests = world.source.requests
    world.until_due()
    world.tick()
    world.change(status=IntegrationStatus.PAUSED)
    world.work()

    assert world.source.requests == requests
    assert world.last_run().status is RunStatus.CANCELLED
    assert {task.state for task in world.last_run().tasks.values()} == {TaskState.SKIPPED}


def test_paused_integration_gets_no_runs_and_its_next_one_once_resumed() -> None:
    world = synced()
    world.change(status=IntegrationStatus.PAUSED)
    for _ in range(3):
        world.until_due()
        world.tick()
    assert len(world.stores.runs.recent("org1", "int1", 9, None)[0]) == 1

    world.change(status=IntegrationStatus.ACTIVE)
    world.night()

    assert len(world.stores.runs.recent("org1", "int1", 9, None)[0]) == 2
    stored_equals_source(world)


def test_pause_between_two_segments_gives_the_stream_back() -> None:
    world = synced()
    world.until_due()
    world.tick()
    for sent in world.queue.drain():
        world.handle(sent.message, slice_seconds=0)
    world.change(status=IntegrationStatus.PAUSED)
    world.work()

    assert world.stream().owner is None
    assert world.last_run().status is RunStatus.CANCELLED
    world.change(status=IntegrationStatus.ACTIVE)
    assert world.night().status is RunStatus.SUCCEEDED


def test_pause_while_a_worker_is_at_work_waits_for_it() -> None:
    world = synced()
    world.until_due()
    world.tick()
    message = world.queue.drain()[0].message
    came_back: list[float | None] = []

    def pause(source: ScriptedSource) -> None:
        world.change(status=IntegrationStatus.PAUSED)
        came_back.append(world.handle(message))

    world.source.script = {world.source.requests: pause}
    world.handle(message)

    assert came_back == [world.timings.lease]
    assert world.task().state is TaskState.SUCCEEDED


def test_removed_integration_ends_its_runs() -> None:
    world = synced()
    world.until_due()
    world.tick()
    world.stores.integrations.remove("org1", "int1")
    world.work()

    assert world.last_run().status is RunStatus.CANCELLED


@pytest.mark.parametrize("data_type", [DataType.WAREHOUSES])
def test_data_type_that_was_switched_off_meanwhile_is_skipped(data_type: DataType) -> None:
    world = synced()
    world.until_due()
    world.tick()
    world.change(disabled=frozenset({data_type}))
    world.work()

    assert world.last_run().tasks["warehouses"].state is TaskState.SKIPPED
    assert world.last_run().tasks["orders"].state is TaskState.SUCCEEDED
