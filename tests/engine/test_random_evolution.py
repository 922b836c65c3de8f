"""Whatever happens to a source, and to the workers that read it: in the end the store is what the source is."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planster_sync.model.runs import Mode
from planster_sync.ports.source import DeletionEvidence, ReadStyle
from tests.engine.movable_source import MovableSource
from tests.engine.saboteur import Plan, sabotaged
from tests.engine.truth import counts_add_up, marks_are_right, shipments, stored_equals_source
from tests.engine.world import Killed, World
from tests.fakes.scripted_source import capabilities

ORDERS = [f"o{number:02d}" for number in range(14)]
MOVABLE = ["=a", "=b", "=c"]

Step = tuple[str, str, int]
STEPS = st.tuples(
    st.sampled_from(["create", "change", "touch", "delete", "move", "channel", "rename", "break", "heal", "children"]),
    st.sampled_from(ORDERS),
    st.integers(0, 3),
)


@dataclass(frozen=True)
class Day:
    """What happens before a night, how long its slices are, and at which call its worker dies (0: it lives)."""

    steps: list[Step] = field(default_factory=list)
    slice_seconds: int = 240
    dies_at: int = 0


DAYS = st.lists(
    st.builds(Day, st.lists(STEPS, max_size=6), st.sampled_from([0, 240]), st.one_of(st.just(0), st.integers(1, 60))),
    min_size=1,
    max_size=4,
)


def make_world(style: ReadStyle, deletion: DeletionEvidence) -> World:
    world = World()
    world.source = MovableSource(world.clock, capabilities(style=style, deletion=deletion))
    for id_ in ORDERS:
        world.source.order(id_, shipments=["s1"], channel="ch1=Shop")
    return world


def apply(world: World, step: Step) -> None:
    what, id_, number = step
    orders = world.source.orders
    if what == "create" or id_ not in orders:
        world.source.order(id_, shipments=["s1"], channel=f"ch{number}=Shop")
        return
    row = dict(orders[id_], updated=world.clock.now().isoformat())
    if what == "delete":
        del orders[id_]
        return
    if what == "move":
        moving = MOVABLE[number % len(MOVABLE)]
        for other, there in orders.items():
            if moving in there["shipments"]:
                rest = [one for one in there["shipments"] if one != moving]
                orders[other] = dict(there, shipments=rest, updated=world.clock.now().isoformat())
        row = dict(orders[id_], updated=world.clock.now().isoformat())
        row["shipments"] = [*row["shipments"], moving]
    changes: dict[str, dict[str, object]] = {
        "change": {"number": f"#{id_}-{number}"},
        "touch": {"weather": f"{number}"},
        "channel": {"channel": f"ch{number}=Shop"},
        "rename": {"channel": f"ch1=Shop{number}"},
        "break": {"broken": True},
        "heal": {"broken": False},
        "children": {"shipments": [f"s{one}" for one in range(number)]},
    }
    orders[id_] = {**row, **changes.get(what, {})}


def live_through(world: World, day: Day) -> None:
    for step in day.steps:
        apply(world, step)
        world.clock.advance(60)
    world.until_due()
    world.tick()
    try:
        plan = Plan(day.dies_at, done=day.dies_at % 2 == 0)
        world.work(sabotaged(world.shop(), plan) if day.dies_at else None, slice_seconds=day.slice_seconds)
    except Killed:
        world.queue.drain()
    world.sweep_until_quiet()


def come_to_rest(world: World) -> None:
    """Three snapshots of a source that stands still; a person approves what was held."""
    world.sweep_until_quiet()
    for _ in range(4):
        world.clock.advance(3600)
        counts_add_up(world.sync(mode=Mode.SNAPSHOT))
        if world.stream().held:
            world.clock.advance(60)
            world.approve()


@pytest.mark.parametrize("style", list(ReadStyle))
@pytest.mark.parametrize("deletion", [DeletionEvidence.LOOKUP, DeletionEvidence.SECOND_SNAPSHOT])
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(days=DAYS)
def test_store_becomes_what_the_source_is(style: ReadStyle, deletion: DeletionEvidence, days: list[Day]) -> None:
    """Promises 1, 2 and 4, and the sum of the counts, over days of changes and lost workers."""
    world = make_world(style, deletion)
    for day in days:
        live_through(world, day)
        counts_add_up(world.last_run())

    come_to_rest(world)

    stored_equals_source(world)
    marks_are_right(world)
    writes = world.stores.records.writes
    run = world.sync(mode=Mode.SNAPSHOT)
    assert world.stores.records.writes == writes
    assert all(counts.changed == 0 for counts in run.tasks["orders"].counts.values())


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(days=DAYS, lost_after=st.integers(0, 3), how=st.sampled_from(["lost", "corrupt", "chunks", "mapping"]))
def test_store_becomes_what_the_source_is_although_the_index_is_lost(
    days: list[Day], lost_after: int, how: str
) -> None:
    world = make_world(ReadStyle.INCREMENTAL, DeletionEvidence.LOOKUP)
    for number, day in enumerate(days):
        live_through(world, day)
        if number == lost_after:
            damage(world, how)

    come_to_rest(world)

    stored_equals_source(world)
    marks_are_right(world)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    steps=st.lists(STEPS, max_size=6), dies_at=st.integers(1, 80), how=st.sampled_from(["lost", "corrupt", "chunks"])
)
def test_index_lost_in_the_middle_of_a_night_loses_nothing(steps: list[Step], dies_at: int, how: str) -> None:
    world = make_world(ReadStyle.SNAPSHOT, DeletionEvidence.LOOKUP)
    live_through(world, Day())
    for step in steps:
        apply(world, step)
    world.until_due()
    world.tick()
    with suppress(Killed):
        world.work(sabotaged(world.shop(), Plan(dies_at, done=True)), slice_seconds=0)
    damage(world, how)

    come_to_rest(world)

    stored_equals_source(world)
    assert len(shipments(world)) == len(set(shipments(world)))


def damage(world: World, how: str) -> None:
    objects = world.stores.indexes
    if how == "lost":
        objects.indexes.clear()
    elif how == "corrupt":
        objects.indexes = {place: content[:-9] for place, content in objects.indexes.items()}
    elif how == "chunks":
        for chunks in objects.journal.values():
            chunks.update(dict.fromkeys(list(chunks)[:1], b"damaged"))
    else:
        world.source.declared = capabilities(style=ReadStyle.INCREMENTAL, version=2)
