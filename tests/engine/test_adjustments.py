"""A manual correction holds until the source itself has been read after it was made."""

from __future__ import annotations

from datetime import timedelta

import pytest

from planster_sync.model.data_types import DataType
from planster_sync.model.runs import Mode
from planster_sync.ports.source import ReadStyle
from planster_sync.ports.stores import Adjustment, RecordKey
from tests.engine.world import World
from tests.fakes.scripted_source import ScriptedSource, capabilities


def synced(style: ReadStyle = ReadStyle.SNAPSHOT) -> World:
    world = World(disabled=frozenset({DataType.WAREHOUSES}))
    world.source.declared = capabilities(style=style)
    world.source.fill(12)
    world.clock.advance(3600)
    world.night()
    world.clock.advance(3600)
    return world


def adjust(world: World, id_: str, data_type: DataType = DataType.ORDERS, *, after: float = 0) -> None:
    made_at = world.clock.now() + timedelta(seconds=after)
    correction = Adjustment(RecordKey(data_type, id_), {"number": "#mine"}, made_at, "planner", "miscounted")
    world.stores.adjustments.make("org1", "int1", correction)


def in_force(world: World) -> list[str]:
    found = world.stores.adjustments.in_force(world.stream().key, tuple(DataType))
    return [adjustment.key.id for adjustment in found]


@pytest.mark.parametrize(
    ("id_", "data_type"),
    [("o003", DataType.ORDERS), ("o003/s1", DataType.ORDER_SHIPMENTS), ("ch1", DataType.ORDER_CHANNELS)],
    ids=["record", "nested-record", "shared-record"],
)
def test_correction_ends_with_the_next_read_although_the_source_did_not_change(id_: str, data_type: DataType) -> None:
    world = synced()
    adjust(world, id_, data_type)

    world.night()

    assert in_force(world) == []
    ((ended, read_at),) = world.stores.adjustments.history
    assert read_at > ended.made_at


def test_correction_made_after_its_page_was_read_outlives_the_run() -> None:
    world = synced()

    def adjust_what_was_read(source: ScriptedSource) -> None:
        source.clock.advance(1)  # type: ignore[attr-defined]  # a test's clock
        adjust(world, "o000")
        adjust(world, "o009")
        source.clock.advance(1)  # type: ignore[attr-defined]

    world.source.script = {world.source.requests + 1: adjust_what_was_read}
    world.night()

    assert in_force(world) == ["o000"]


def test_correction_of_a_record_that_an_incremental_read_did_not_see_stays() -> None:
    world = synced(ReadStyle.INCREMENTAL)
    adjust(world, "o003")
    adjust(world, "o004")
    world.source.order("o004", channel="ch1=Shop")

    world.night()
    assert in_force(world) == ["o003"]

    world.sync(mode=Mode.SNAPSHOT)
    assert in_force(world) == []


def test_correction_of_a_record_in_quarantine_stays_because_the_source_gave_no_value() -> None:
    world = synced()
    world.source.order("o003", broken=True)
    adjust(world, "o003")

    world.night()
    assert in_force(world) == ["o003"]

    world.source.order("o003")
    world.night()
    assert in_force(world) == []


def test_correction_ends_only_when_the_tasks_end_is_proven_and_across_its_segments() -> None:
    world = synced()
    adjust(world, "o000")

    world.night(slice_seconds=0)

    assert in_force(world) == []


def test_order_and_channel_with_the_same_id_are_not_mistaken_for_each_other() -> None:
    world = synced(ReadStyle.INCREMENTAL)
    world.source.order("7", channel="8=Fair")
    world.source.order("9", channel="7=Market")
    world.night()
    world.clock.advance(3600)
    adjust(world, "7", DataType.ORDER_CHANNELS)
    world.source.order("7", channel="8=Fair")

    world.night()

    assert in_force(world) == ["7"]
