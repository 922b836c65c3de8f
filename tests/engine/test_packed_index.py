"""Nights on an index whose hashes collide and which is cut into many sheets; nights that store hardly anything."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest

from planster_sync.engine.index_file import unpack_chunk
from planster_sync.engine.task import Workshop
from planster_sync.model.data_types import DataType
from planster_sync.model.runs import RunStatus, StreamKey
from planster_sync.ports.source import DeletionEvidence, ReadStyle
from tests.engine.saboteur import Plan, sabotaged
from tests.engine.test_random_evolution import apply, come_to_rest, make_world
from tests.engine.truth import counts_add_up, marks_are_right, stored_equals_source
from tests.engine.world import Killed, World
from tests.unit.engine.awkward import IDS, coarse

DAYS = [
    [("move", "o01", 0), ("delete", "o02", 0), ("touch", "o03", 1), ("channel", "o04", 2)],
    [("move", "o05", 0), ("move", "o06", 1), ("break", "o07", 0), ("children", "o08", 3), ("create", "o02", 1)],
    [("rename", "o09", 1), ("heal", "o07", 0), ("delete", "o05", 0), ("change", "o10", 2), ("children", "o08", 0)],
]


@pytest.mark.parametrize("bits", [0, 1, 3])
@pytest.mark.parametrize("slice_seconds", [0, 240])
def test_colliding_hashes_and_many_sheets_change_nothing(bits: int, slice_seconds: int) -> None:
    world = make_world(ReadStyle.SNAPSHOT, DeletionEvidence.LOOKUP)
    shop = world.shop(digest=coarse(bits), sheet_bytes=100)
    for steps in ([], *DAYS, []):
        for step in steps:
            apply(world, step)
            world.clock.advance(60)
        counts_add_up(world.night(shop, slice_seconds=slice_seconds))
        stored_equals_source(world)
        marks_are_right(world)

    writes = world.stores.records.writes
    world.night(shop)
    assert world.stores.records.writes == writes


@pytest.mark.parametrize("done", [False, True], ids=["before", "after"])
def test_worker_may_die_while_it_stores_or_loads_any_sheet(done: bool) -> None:
    for at in range(1, 200, 3):
        world = make_world(ReadStyle.SNAPSHOT, DeletionEvidence.LOOKUP)
        shop = world.shop(sheet_bytes=300)
        world.night(shop)
        for step in DAYS[0]:
            apply(world, step)
        world.until_due()
        world.tick()
        plan = Plan(at, done)
        with suppress(Killed):
            world.work(sabotaged(shop, plan), slice_seconds=0)
        world.queue.drain()

        come_to_rest(world)

        stored_equals_source(world)
        if not plan.struck:
            return
    raise AssertionError("the night has more calls than this test foresees")


def test_only_the_valid_index_is_left_behind() -> None:
    world = make_world(ReadStyle.SNAPSHOT, DeletionEvidence.LOOKUP)
    shop = world.shop(sheet_bytes=100)
    for night in range(3):
        world.source.order("o01", number=f"#{night}")
        world.night(shop)

    names = {name for stream, name in world.stores.indexes.indexes if stream.read == "orders"}
    base = world.stream().index
    assert len(names) > 3
    assert all(name.partition(".")[0] == base for name in names)


class Overheard:
    """Passes calls of the index objects on, and keeps what was put."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner
        self.journal: list[bytes] = []
        self.indexes: list[str] = []

    def put_chunk(self, stream: StreamKey, base: str, fence: int, number: int, content: bytes) -> None:
        self.journal.append(content)
        self._inner.put_chunk(stream, base, fence, number, content)

    def put_index(self, stream: StreamKey, name: str, content: bytes) -> None:
        self.indexes.append(name)
        self._inner.put_index(stream, name, content)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


def overhearing(world: World) -> tuple[Workshop, Overheard]:
    objects = Overheard(world.stores.indexes)
    return world.shop(objects=objects), objects


def synced() -> World:
    world = World(disabled=frozenset({DataType.WAREHOUSES}))
    world.source.fill(28)
    world.night()
    return world


def test_night_that_changes_nothing_stores_neither_index_nor_journal() -> None:
    world = synced()
    shop, objects = overhearing(world)
    before = world.stream().index

    run = world.night(shop)

    assert run.status is RunStatus.SUCCEEDED
    assert run.tasks["orders"].counts[DataType.ORDERS].unchanged == 28
    assert (objects.indexes, objects.journal) == ([], [])
    assert world.stream().index == before
    assert world.stream().last_success_run == run.id


def test_record_whose_bytes_alone_differ_is_journalled_as_a_hash() -> None:
    world = synced()
    for id_, row in world.source.orders.items():
        world.source.orders[id_] = {**row, "weather": "rain"}
    shop, objects = overhearing(world)
    writes = world.stores.records.writes

    world.night(shop)
    mapped = world.source.mapped
    world.night()

    assert world.stores.records.writes == writes
    assert world.source.mapped == mapped
    chunks = [chunk for content in objects.journal if (chunk := unpack_chunk(content))]
    assert all(not chunk.changes for chunk in chunks)
    assert sum(len(chunk.raws) for chunk in chunks) == 28 * 8


def test_night_may_die_anywhere_between_bytes_that_say_the_same() -> None:
    """The source goes on to another value, and back: neither journal nor index may take the one for the other."""
    for at in range(1, 120):
        world = synced()
        first = dict(world.source.orders["o003"])
        world.source.orders["o003"] = {**first, "weather": "rain"}
        world.until_due()
        world.tick()
        plan = Plan(at, done=at % 2 == 0)
        with suppress(Killed):
            world.work(sabotaged(world.shop(), plan), slice_seconds=0)
        world.queue.drain()
        world.source.orders["o003"] = {**first, "number": "#other"}
        world.sweep_until_quiet()
        world.night()
        stored_equals_source(world)
        world.source.orders["o003"] = first
        world.night()
        stored_equals_source(world)
        if not plan.struck:
            return
    raise AssertionError("the night has more calls than this test foresees")


def test_ids_that_look_alike_are_different_records() -> None:
    world = World(disabled=frozenset({DataType.WAREHOUSES}))
    ids = [id_ for id_ in IDS if id_]
    for id_ in ids:
        world.source.order(id_, channel="ch1=Shop")
    for _ in range(2):
        counts_add_up(world.night())
        stored_equals_source(world)
    for gone in ids[::3]:
        del world.source.orders[gone]
        world.night()
        stored_equals_source(world)


def test_index_of_another_release_is_rebuilt_from_the_table() -> None:
    world = synced()
    objects = world.stores.indexes
    objects.indexes = {place: b"\x78\x01" + content for place, content in objects.indexes.items()}
    del world.source.orders["o001"]
    world.source.order("o002", shipments=["s1"], channel="ch1=Shop", number="#changed")
    writes = world.stores.records.writes

    world.night()

    stored_equals_source(world)
    assert world.stores.records.writes == writes + 3  # one change, a tombstone with its child
