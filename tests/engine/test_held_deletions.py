"""An implausible deletion waits for a person, whose approval covers what is still missing, and nothing else."""

from __future__ import annotations

import pytest

from planster_sync.errors import Forbidden
from planster_sync.model.data_types import DataType
from planster_sync.model.runs import RunStatus
from planster_sync.ports.source import DeletionEvidence, ReadStyle
from tests.engine.truth import stored_equals_source
from tests.engine.world import World
from tests.fakes.scripted_source import ScriptedSource, capabilities


def synced(
    orders: int, *, style: ReadStyle = ReadStyle.SNAPSHOT, deletion: DeletionEvidence = DeletionEvidence.LOOKUP
) -> World:
    world = World(disabled=frozenset({DataType.WAREHOUSES}))
    world.source.declared = capabilities(style=style, deletion=deletion)
    world.source.fill(orders)
    world.night()
    return world


def remove(world: World, count: int, first: int = 0) -> None:
    for number in range(first, first + count):
        del world.source.orders[f"o{number:03d}"]


def held(world: World) -> dict[DataType, int]:
    return {item.data_type: item.count for item in world.stream().held}


@pytest.mark.parametrize("deletion", list(DeletionEvidence))
def test_empty_list_with_a_clean_end_over_a_full_stream_deletes_nothing(deletion: DeletionEvidence) -> None:
    world = synced(30, deletion=deletion)
    world.source.orders.clear()

    for _ in range(3):
        run = world.night()

    assert run.status is RunStatus.SUCCEEDED_WITH_WARNINGS
    assert [warning.code for warning in run.tasks["orders"].warnings] == ["deletions_held"]
    assert held(world) == {DataType.ORDERS: 30, DataType.ORDER_SHIPMENTS: 30, DataType.ORDER_CHANNELS: 1}
    assert len(world.live()) == 30


def test_single_record_that_is_all_there_is_is_held_too() -> None:
    world = synced(1)
    world.source.orders.clear()

    world.night()

    assert list(world.live()) == ["o000"]


@pytest.mark.parametrize(
    ("live", "gone", "is_held"),
    [
        (10, 5, False),
        (10, 6, True),
        (300, 20, False),
        (300, 30, False),
        (300, 31, True),
        (30, 15, False),
        (100, 21, True),
    ],
)
def test_more_than_half_or_more_than_twenty_and_a_tenth_are_held(live: int, gone: int, is_held: int) -> None:
    world = synced(live)
    remove(world, gone)

    world.night()

    assert len(world.live()) == (live if is_held else live - gone)
    assert (DataType.ORDERS in held(world)) is bool(is_held)


def test_children_dropped_from_all_parents_at_once_are_held() -> None:
    world = synced(12)
    for number in range(12):
        world.source.order(f"o{number:03d}", shipments=[], channel="ch1=Shop")

    for _ in range(2):
        run = world.night()

    assert run.status is RunStatus.SUCCEEDED_WITH_WARNINGS
    assert held(world) == {DataType.ORDER_SHIPMENTS: 12}
    assert len(world.live(DataType.ORDER_SHIPMENTS)) == 12


@pytest.mark.parametrize("deletion", list(DeletionEvidence))
def test_approval_lets_the_held_deletion_happen(deletion: DeletionEvidence) -> None:
    world = synced(12, deletion=deletion)
    remove(world, 8)
    world.night()
    world.clock.advance(60)
    world.approve()

    run = world.night()

    assert run.status is RunStatus.SUCCEEDED
    assert held(world) == {}
    assert world.stream().approved_at is None
    stored_equals_source(world)


def test_approval_applies_only_to_what_is_still_missing() -> None:
    world = synced(12)
    kept = dict(world.source.orders)
    remove(world, 8)
    world.night()
    world.clock.advance(60)
    world.approve()
    world.source.orders["o000"] = kept["o000"]

    world.night()

    assert "o000" in world.live()
    stored_equals_source(world)


def test_approval_covers_nothing_that_went_missing_after_it_was_given() -> None:
    world = synced(40)
    remove(world, 22)
    world.night()
    world.clock.advance(60)
    world.approve()
    world.clock.advance(60)
    remove(world, 10, first=22)

    world.night()

    assert len(world.live()) == 18
    assert held(world)[DataType.ORDERS] == 10


def test_approved_empty_list_is_believed() -> None:
    world = synced(12)
    world.source.orders.clear()
    world.night()
    world.clock.advance(60)
    world.approve()

    world.night()

    assert world.live() == {}


def test_approval_while_the_task_is_at_work_is_kept_for_the_next_one() -> None:
    world = synced(12)
    remove(world, 8)
    world.night()

    def approve(source: ScriptedSource) -> None:
        world.clock.advance(60)
        world.approve()

    world.source.script = {world.source.requests: approve}

    world.night()
    assert len(world.live()) == 12

    world.night()
    stored_equals_source(world)


def test_reappearance_clears_the_hold() -> None:
    world = synced(12)
    kept = dict(world.source.orders)
    world.source.orders.clear()
    world.night()
    world.source.orders = kept
    writes = world.stores.records.writes

    run = world.night()

    assert run.status is RunStatus.SUCCEEDED
    assert held(world) == {}
    assert world.stores.records.writes == writes


def test_incremental_read_leaves_a_hold_as_it_is_and_an_approval_brings_a_snapshot() -> None:
    world = synced(12, style=ReadStyle.INCREMENTAL)
    remove(world, 8)
    world.clock.advance(7 * 86400)
    world.night()
    assert held(world)[DataType.ORDERS] == 8

    world.night()
    assert world.source.since[-1] is not None
    assert held(world)[DataType.ORDERS] == 8

    world.approve()
    world.night()

    assert world.source.since[-1] is None
    assert held(world) == {}
    stored_equals_source(world)


@pytest.mark.parametrize("deletion", list(DeletionEvidence))
def test_rejection_keeps_the_records_and_asks_no_more(deletion: DeletionEvidence) -> None:
    world = synced(12, deletion=deletion)
    remove(world, 8)
    world.night()
    world.clock.advance(60)
    world.reject()

    runs = [world.night() for _ in range(3)]

    assert [run.status for run in runs] == [RunStatus.SUCCEEDED] * 3
    assert (len(world.live()), held(world)) == (12, {})


def test_rejection_keeps_nothing_that_goes_missing_later() -> None:
    world = synced(40)
    remove(world, 22)
    world.night()
    world.clock.advance(60)
    world.reject()
    remove(world, 3, first=22)

    world.night()

    assert sorted({f"o{number:03d}" for number in range(40)} - set(world.live())) == ["o022", "o023", "o024"]


def test_record_that_came_back_after_a_rejection_can_be_deleted_again() -> None:
    world = synced(12)
    before = dict(world.source.orders)
    remove(world, 8)
    world.night()
    world.clock.advance(60)
    world.reject()
    world.source.orders.update(before)
    world.night()
    remove(world, 2)

    world.night()

    stored_equals_source(world)
    assert len(world.live()) == 10


def test_rejection_ends_after_a_month_and_a_person_is_asked_again() -> None:
    world = synced(12)
    remove(world, 8)
    world.night()
    world.clock.advance(60)
    world.reject()
    world.night()

    world.clock.advance(31 * 86400)
    world.night()

    assert held(world)[DataType.ORDERS] == 8
    assert {item.data_type for item in world.stream().undecided} == set(held(world))


def test_rejection_takes_back_an_approval_that_was_not_carried_out() -> None:
    world = synced(12)
    remove(world, 8)
    world.night()
    world.clock.advance(60)
    world.approve()
    world.reject()

    world.night()

    assert len(world.live()) == 12


def test_held_deletion_names_some_of_the_records() -> None:
    world = synced(12)
    remove(world, 8)

    world.night()

    (orders,) = (item for item in world.stream().held if item.data_type is DataType.ORDERS)
    assert set(orders.examples) < {f"o{number:03d}" for number in range(8)}
    assert len(orders.examples) == 5


def test_approval_given_while_a_task_is_at_work_outlives_its_failure() -> None:
    world = synced(12)
    remove(world, 8)
    world.night()
    world.clock.advance(60)

    def approve_then_fail(source: ScriptedSource) -> None:
        world.approve()
        raise Forbidden("The account may not read orders.")

    world.source.script[world.source.requests] = approve_then_fail
    world.night()

    world.night()

    stored_equals_source(world)
