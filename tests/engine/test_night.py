"""A night on a healthy source: what is stored, what is counted, what is written."""

from __future__ import annotations

from planster_sync.model.data_types import DataType
from planster_sync.model.runs import Mode, RunStatus, TaskState
from tests.engine.world import World


def filled(orders: int = 12) -> World:
    world = World()
    for number in range(orders):
        world.source.order(f"o{number:03d}", shipments=["s1"] if number % 3 == 0 else [], channel="ch1=Shop")
    world.source.warehouses = {"w1": {"id": "w1", "name": "North"}}
    return world


def test_first_night_stores_every_record_and_what_is_nested_in_it() -> None:
    world = filled(12)

    run = world.night()

    assert run.status is RunStatus.SUCCEEDED
    assert set(world.live()) == set(world.source.orders)
    assert len(world.live(DataType.ORDER_SHIPMENTS)) == 4
    assert world.live(DataType.ORDER_CHANNELS)["ch1"]["name"] == "Shop"
    assert set(world.live(DataType.WAREHOUSES)) == {"w1"}


def test_counts_add_up_to_what_was_fetched() -> None:
    world = filled(12)

    task = world.night().tasks["orders"]

    counts = task.counts[DataType.ORDERS]
    assert (counts.fetched, counts.created, counts.updated, counts.unchanged) == (12, 12, 0, 0)
    assert task.counts[DataType.ORDER_CHANNELS].created == 1
    assert task.record_writes == 12 + 4 + 1


def test_unchanged_source_costs_no_write_and_no_mapping() -> None:
    world = filled(12)
    world.night()
    writes, mapped = world.stores.records.writes, world.source.mapped

    task = world.night().tasks["orders"]

    assert world.stores.records.writes == writes
    assert world.source.mapped == mapped
    assert task.counts[DataType.ORDERS].unchanged == 12
    assert task.counts[DataType.ORDER_SHIPMENTS].unchanged == 4
    assert task.counts[DataType.ORDER_CHANNELS].unchanged == 1


def test_only_what_changed_in_value_is_written() -> None:
    world = filled(12)
    world.night()
    writes = world.stores.records.writes
    world.source.orders["o001"]["number"] = "#new"
    world.source.orders["o002"]["weather"] = "a field that is not mapped"

    world.night()

    assert world.stores.records.writes == writes + 1
    assert world.live()["o001"]["number"] == "#new"


def test_deleted_record_becomes_a_tombstone_with_its_children_and_comes_back_with_its_old_bytes() -> None:
    world = filled(12)
    world.night()
    kept = world.source.orders.pop("o003")

    counts = world.night().tasks["orders"].counts
    assert "o003" not in world.live()
    assert counts[DataType.ORDERS].deleted == 1
    assert counts[DataType.ORDER_SHIPMENTS].deleted == 1

    world.source.orders["o003"] = kept
    world.night()
    assert "o003" in world.live()
    assert "o003/s1" in world.live(DataType.ORDER_SHIPMENTS)


def test_refresh_trusts_no_fingerprint_and_writes_every_record_once() -> None:
    world = filled(12)
    world.night()
    mapped, writes = world.source.mapped, world.stores.records.writes

    run = world.sync(mode=Mode.REFRESH)

    assert run.tasks["orders"].state is TaskState.SUCCEEDED
    assert world.source.mapped == mapped + 13
    assert world.stores.records.writes == writes + 12 + 4 + 1 + 1


def test_shared_record_takes_the_value_of_its_latest_source_and_goes_with_its_last() -> None:
    world = filled(12)
    for number in range(4):
        world.source.order(f"p{number}", channel=f"ch{number + 2}=Market")
    world.night()
    world.clock.advance(60)
    world.source.order("o005", channel="ch1=Renamed shop")
    del world.source.orders["p0"]

    world.night()

    channels = world.live(DataType.ORDER_CHANNELS)
    assert channels["ch1"]["name"] == "Renamed shop"
    assert "ch2" not in channels


def test_long_task_goes_on_in_segments_and_buries_nothing_that_an_earlier_one_saw() -> None:
    world = filled(30)
    slow = {number: (lambda source: world.clock.advance(10)) for number in range(40)}
    world.source.script = slow  # type: ignore[assignment]  # the scripts only let time pass

    task = world.night(slice_seconds=15).tasks["orders"]
    world.source.requests = 0
    again = world.night(slice_seconds=15).tasks["orders"]

    assert task.state is again.state is TaskState.SUCCEEDED
    assert len(world.live()) == 30
    assert again.counts[DataType.ORDERS].unchanged == 30
    assert again.counts[DataType.ORDERS].deleted == 0


def test_a_night_is_counted_once_for_each_data_type_and_by_no_tenant() -> None:
    world = filled(12)
    world.night()

    counted = [values for name, data_type, values in world.metrics.counted if data_type is DataType.ORDERS]

    assert [(values["tasks_succeeded"], values["records_changed"]) for values in counted] == [(1, 12)]
    assert {name for name, _, _ in world.metrics.counted} == {"scripted"}
