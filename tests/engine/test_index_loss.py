"""The index may be lost, damaged, or of another table or mapping: nothing is deleted before it is known again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from planster_sync.errors import Forbidden, Throttled
from planster_sync.model.data_types import DataType
from planster_sync.model.integrations import Schedule
from planster_sync.model.runs import RunStatus
from planster_sync.ports.source import Page, ReadStyle
from tests.engine.truth import counts_add_up, stored_equals_source
from tests.engine.world import World
from tests.fakes.scripted_source import ScriptedSource, capabilities


def lose(world: World) -> None:
    world.lose_indexes()


def corrupt(world: World) -> None:
    objects = world.stores.indexes
    objects.indexes = {place: content[:-7] for place, content in objects.indexes.items()}


def restore_an_older_table(world: World) -> None:
    """The table comes back without a record, with an older value of another, and with one that is long gone."""
    rows = world.stores.records.rows
    world.stores.records.table = "table-2"
    for place, row in list(rows.items()):
        if row.key.id == "o004":
            del rows[place]
        if row.key.id == "o005":
            rows[place] = replace(row, attributes={**row.attributes, "number": "#older"}, fingerprint=5)
        if row.key.id == "o006":
            ghost = replace(row.key, id="o999")
            rows[(*place[:3], "o999")] = replace(row, key=ghost, source="o999")


def deploy_another_mapping(world: World) -> None:
    world.source.declared = replace(world.source.declared, mapping_version=2)


def change_a_mapping_setting(world: World) -> None:
    world.source.declared = replace(world.source.declared, mapping_settings=frozenset({"units"}))
    world.change(settings={"units": "imperial"})


def change_the_zone(world: World) -> None:
    world.change(schedule=Schedule("Europe/Berlin"))


ACCIDENTS = [
    lose,
    corrupt,
    restore_an_older_table,
    deploy_another_mapping,
    change_a_mapping_setting,
    change_the_zone,
]
Accident = Callable[[World], None]


def synced(style: ReadStyle = ReadStyle.SNAPSHOT) -> World:
    world = World(disabled=frozenset({DataType.WAREHOUSES}))
    world.source.declared = capabilities(style=style)
    world.source.fill(28)
    world.night()
    return world


def writes_during(world: World, work: Callable[[], object]) -> int:
    before = world.stores.records.writes
    work()
    return world.stores.records.writes - before


@pytest.mark.parametrize("style", list(ReadStyle))
@pytest.mark.parametrize("accident", ACCIDENTS)
def test_everything_is_mapped_again_and_only_what_differs_is_written(accident: Accident, style: ReadStyle) -> None:
    world = synced(style)
    world.clock.advance(3600)
    world.source.order("o001", shipments=["s1"], channel="ch1=Shop", number="#changed")
    del world.source.orders["o002"]
    accident(world)
    mapped = world.source.mapped

    writes = writes_during(world, world.night)

    expected = 1 + 2  # one change, a tombstone with its child
    assert writes == expected + (3 if accident is restore_an_older_table else 0)
    assert world.source.mapped >= mapped + 27
    assert world.source.since[-1] is None
    counts_add_up(world.last_run())
    if accident is restore_an_older_table:
        assert world.sync().status is RunStatus.SUCCEEDED
    stored_equals_source(world)


@pytest.mark.parametrize("style", list(ReadStyle))
@pytest.mark.parametrize("accident", ACCIDENTS)
@pytest.mark.parametrize("slice_seconds", [0, 240], ids=["between-segments", "between-waits"])
def test_accident_in_the_middle_of_a_running_task_makes_it_start_over(
    accident: Accident, style: ReadStyle, slice_seconds: int
) -> None:
    world = synced(style)
    world.clock.advance(8 * 86400)
    world.source.order("o001", shipments=["s1"], channel="ch1=Shop", number="#changed")
    del world.source.orders["o002"]
    asked = world.source.requests

    def strike(source: ScriptedSource) -> Page | None:
        accident(world)
        raise Throttled("The allowance is spent.", until=source.clock.now() + timedelta(minutes=1))

    world.source.script = {asked + 3: strike}
    run = world.night(slice_seconds=slice_seconds)

    assert run.status is RunStatus.SUCCEEDED
    assert run.tasks["orders"].counts[DataType.ORDERS].fetched == 27
    mapped = world.source.mapped
    assert world.sync().status is RunStatus.SUCCEEDED
    assert world.source.mapped == mapped
    counts_add_up(run)
    stored_equals_source(world)


def test_damaged_journal_cannot_hide_what_was_written_under_it() -> None:
    world = synced()
    old = dict(world.source.orders["o001"])
    world.source.order("o001", shipments=["s1"], channel="ch1=Shop", number="#written, then forgotten")

    def strike(source: ScriptedSource) -> Page | None:
        raise Throttled("The allowance is spent.", until=source.clock.now() + timedelta(hours=1))

    world.source.script = {world.source.requests + 2: strike}
    world.night()
    for chunks in world.stores.indexes.journal.values():
        chunks.update(dict.fromkeys(chunks, b"damaged"))
    world.source.orders["o001"] = old

    world.sweep_until_quiet()

    stored_equals_source(world)


@pytest.mark.parametrize("accident", [lose, restore_an_older_table])
def test_incremental_stream_stays_with_snapshots_until_one_has_ended(accident: Accident) -> None:
    """What a lost index knew would not come back with what changed lately."""
    world = synced(ReadStyle.INCREMENTAL)
    world.clock.advance(3600)
    world.stores.records.rows.clear()
    accident(world)

    def strike(source: ScriptedSource) -> Page | None:
        raise Forbidden("No permission.")

    world.source.script = {world.source.requests + 2: strike}
    assert world.night().status is RunStatus.SUCCEEDED_WITH_WARNINGS

    world.night()

    assert world.source.since[-1] is None
    stored_equals_source(world)
