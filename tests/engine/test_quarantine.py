"""A record that cannot be used is set aside with its reason; its last good value stays, marked; it heals by itself."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from planster_sync.errors import StoreBusy
from planster_sync.model.data_types import DataType
from planster_sync.model.runs import Counts, Mode, RunStatus
from planster_sync.ports.source import Mapped, Page, ReadRequest, ReadStyle, SourceRecord
from tests.engine.saboteur import Plan, sabotaged
from tests.engine.truth import counts_add_up, marks_are_right, stored_equals_source
from tests.engine.world import Killed, World
from tests.fakes.scripted_source import ScriptedSource, capabilities

HUGE = "x" * 500_000


def synced(style: ReadStyle = ReadStyle.SNAPSHOT) -> World:
    world = World(disabled=frozenset({DataType.WAREHOUSES}))
    world.source.declared = capabilities(style=style)
    world.source.fill(12)
    world.night()
    world.clock.advance(3600)
    return world


def spoil(world: World, id_: str = "o003") -> None:
    world.source.orders[id_] = {
        **world.source.orders[id_],
        "broken": True,
        "number": "#broken",
        "updated": world.clock.now().isoformat(),
    }


def orders(world: World) -> Counts:
    return world.task().counts.get(DataType.ORDERS, Counts())


def test_invalid_record_is_counted_and_its_last_good_value_stays_marked() -> None:
    world = synced()
    spoil(world)

    run = world.night()

    assert run.status is RunStatus.SUCCEEDED_WITH_WARNINGS
    assert (orders(world).fetched, orders(world).unchanged, orders(world).quarantined) == (12, 11, 1)
    assert world.live()["o003"]["number"] == "#o003"
    assert world.stored("o003").quarantined_at is not None
    assert world.stream().data_types[DataType.ORDERS].quarantined == 1
    stored_equals_source(world)


def test_record_with_two_ids_is_set_aside() -> None:
    def two_ids(source: ScriptedSource) -> Page:
        page = source.page(ReadRequest("orders"), None)
        raw = page.records[0].raw.replace(b'"o000"', b'"o900"', 1)
        return replace(page, records=(SourceRecord("o000", raw), *page.records[1:]))

    world = synced()
    world.source.script = {world.source.requests: two_ids}

    run = world.night()

    assert run.status is RunStatus.SUCCEEDED_WITH_WARNINGS
    assert (orders(world).unchanged, orders(world).quarantined) == (11, 1)
    assert "o900" not in world.live()


def test_reason_is_kept_without_the_records_content() -> None:
    world = synced()
    world.source.order("o500", broken=True, buyer="Erika Example, 1 Invented Street")

    world.night()

    (entry,) = world.stores.quarantine.entries(world.stream().key)
    assert (entry.source, entry.problem.code, entry.path) == ("o500", "record_invalid", "lines.0.quantity")
    assert "Example" not in entry.excerpt


def test_unchanged_invalid_record_stays_counted_without_being_mapped_again() -> None:
    world = synced()
    spoil(world)
    world.night()
    mapped, writes = world.source.mapped, world.stores.records.writes

    run = world.night()

    assert run.status is RunStatus.SUCCEEDED_WITH_WARNINGS
    assert orders(world).quarantined == 1
    assert (world.source.mapped, world.stores.records.writes) == (mapped, writes)
    assert world.stored("o003").quarantined_at is not None


def test_incremental_read_that_does_not_meet_the_record_still_warns_of_it() -> None:
    world = synced(ReadStyle.INCREMENTAL)
    spoil(world)
    world.night()
    world.clock.advance(86400)

    run = world.night()

    assert world.source.since[-1] is not None
    assert orders(world).fetched == 0
    assert run.status is RunStatus.SUCCEEDED_WITH_WARNINGS


@pytest.mark.parametrize("number", ["#o003", "#new"], ids=["old-value", "new-value"])
def test_record_heals_when_it_is_valid_again(number: str) -> None:
    world = synced()
    before = world.source.orders["o003"]
    spoil(world)
    world.night()
    world.source.orders["o003"] = {**before, "number": number}

    run = world.night()

    assert run.status is RunStatus.SUCCEEDED
    assert world.quarantine() == []
    assert world.stored("o003").quarantined_at is None
    assert world.live()["o003"]["number"] == number


def test_invalid_record_that_vanishes_leaves_the_quarantine_and_the_store() -> None:
    world = synced()
    spoil(world)
    world.night()
    del world.source.orders["o003"]

    world.night()

    assert world.quarantine() == []
    assert "o003" not in world.live()
    stored_equals_source(world)


def test_record_that_breaks_between_two_pages_of_a_run_makes_it_no_green_one() -> None:
    world = synced()

    def shows_it_again(source: ScriptedSource) -> None:
        source.order("o005", broken=True)
        source.orders["o007a"] = source.orders.pop("o005")

    world.source.script = {world.source.requests + 1: shows_it_again}

    run = world.night()

    assert run.status is RunStatus.SUCCEEDED_WITH_WARNINGS
    counts_add_up(run)


def test_records_without_an_id_are_set_aside_and_forgotten_when_they_are_gone() -> None:
    world = synced()
    world.source.orders["o000a"] = {**world.source.orders["o000"], "id": None, "number": "#1"}
    world.source.orders["o000b"] = {**world.source.orders["o000"], "id": "", "number": "#2"}

    for _ in range(2):
        run = world.night()
        assert run.status is RunStatus.SUCCEEDED_WITH_WARNINGS
        assert orders(world).quarantined == 2
        counts_add_up(run)
    del world.source.orders["o000a"], world.source.orders["o000b"]

    assert world.night().status is RunStatus.SUCCEEDED
    assert world.quarantine() == []
    assert set(world.source.looked_up) <= set(world.live())


@pytest.mark.parametrize("id_", ["o003", "o500"], ids=["known", "new"])
def test_record_that_the_store_cannot_hold_is_set_aside(id_: str) -> None:
    world = synced()
    world.source.order(id_, number=HUGE, shipments=["s1"])

    first = world.night()
    counts = orders(world)
    second = world.night()

    assert first.status is second.status is RunStatus.SUCCEEDED_WITH_WARNINGS
    assert (counts.quarantined, orders(world).quarantined) == (1, 1)
    assert world.quarantine() == [id_]
    assert ("o500" in world.live()) is False
    assert world.live()["o003"]["number"] == "#o003"
    counts_add_up(first)
    counts_add_up(second)
    marks_are_right(world)

    world.source.order(id_, number="#small", shipments=["s1"], channel="ch1=Shop")
    assert world.night().status is RunStatus.SUCCEEDED
    stored_equals_source(world)
    marks_are_right(world)


@pytest.mark.parametrize("done", [False, True], ids=["before", "after"])
def test_crash_while_an_oversized_record_is_set_aside_loses_nothing(done: bool) -> None:
    for at in range(1, 30):
        world = synced()
        world.source.order("o003", number=HUGE, shipments=["s1"])
        world.source.order("o500", number=HUGE)
        world.until_due()
        world.tick()
        try:
            world.work(sabotaged(world.shop(), Plan(at, done)))
        except Killed:
            world.queue.drain()
        world.sweep_until_quiet()

        assert world.last_run().status is RunStatus.SUCCEEDED_WITH_WARNINGS, at
        assert orders(world).quarantined == 2
        assert world.quarantine() == ["o003", "o500"]
        counts_add_up(world.last_run())
        marks_are_right(world)


def test_store_that_is_busy_while_it_sets_aside_counts_each_record_once() -> None:
    for at in range(1, 30):
        world = synced()
        world.source.order("o003", number=HUGE)
        world.until_due()
        world.tick()
        with_failure = sabotaged(world.shop(), Plan(at, False, lambda: StoreBusy("Busy.")))
        for sent in world.queue.drain():
            try:
                world.handle(sent.message, with_failure)
            except StoreBusy:
                world.clock.advance(world.timings.visibility)
        world.sweep_until_quiet()

        assert (orders(world).fetched, orders(world).quarantined) == (12, 1), at
        counts_add_up(world.last_run())


class Surprising(ScriptedSource):
    """A mapping that meets a shape which nobody thought of, and one that gives a text which is no Unicode."""

    def map(self, read: str, raw: bytes) -> Mapped:
        if json.loads(raw).get("surprise"):
            raise KeyError("lines")
        return super().map(read, raw)


def test_record_that_surprises_the_mapping_does_not_keep_the_others_back() -> None:
    world = synced()
    world.source = Surprising(world.clock, orders=world.source.orders)
    world.source.order("o500", surprise=True)
    world.source.order("o501", surprise=True)
    world.source.order("o502", number="half a character: \ud800")
    world.source.order("o503")

    run = world.night()

    assert run.status is RunStatus.SUCCEEDED_WITH_WARNINGS
    assert world.quarantine() == ["o500", "o501", "o502"]
    assert "o503" in world.live()
    assert len(world.journal.named("record_not_mapped")) == 1


def test_quarantined_record_is_looked_at_again_after_a_month() -> None:
    world = synced()
    spoil(world)
    world.night()
    mapped = world.source.mapped
    world.clock.advance(31 * 86400)

    world.sync(mode=Mode.SNAPSHOT)

    assert world.source.mapped == mapped + 1


@pytest.mark.parametrize("style", list(ReadStyle))
def test_record_that_did_not_change_is_looked_at_anew_when_a_person_asks(style: ReadStyle) -> None:
    world = synced(style)
    spoil(world)
    world.night()
    mend = world.source.map

    def lenient(read: str, raw: bytes) -> Mapped:
        row = json.loads(raw)
        return mend(read, json.dumps({**row, "broken": False}).encode())

    world.source.map = lenient  # type: ignore[method-assign]
    world.night()
    before = world.quarantine()
    world.stores.streams.look_again(world.stream().key, world.clock.now())

    run = world.night()

    assert (before, world.quarantine()) == (["o003"], [])
    assert run.status is RunStatus.SUCCEEDED
    assert world.live()["o003"]["number"] == "#broken"


def test_record_that_is_still_wrong_is_looked_at_once_for_each_asking() -> None:
    world = synced()
    spoil(world)
    world.night()
    world.stores.streams.look_again(world.stream().key, world.clock.now())
    world.night()
    mapped = world.source.mapped

    world.night()

    assert (world.source.mapped, world.quarantine()) == (mapped, ["o003"])
