"""A record that a snapshot did not show is buried only where the source itself proves that it is gone."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

import pytest

from planster_sync.model.data_types import DataType
from planster_sync.model.runs import Mode, RunStatus, TaskState
from planster_sync.ports.source import DeletionEvidence, End, Page, ReadRequest
from tests.engine.movable_source import MovableSource
from tests.engine.saboteur import Plan, sabotaged
from tests.engine.truth import counts_add_up, stored_equals_source
from tests.engine.world import Killed, World
from tests.fakes.scripted_source import ScriptedSource, capabilities


class ShiftingSource(ScriptedSource):
    """Skips records as a page shift does, and may lie in a look-up."""

    skipped: frozenset[str] = frozenset()
    counted: int | None = None
    lookups_lie = False
    lookups_are_cut = False

    def page(self, ask: ReadRequest, after: str | None) -> Page:
        page = super().page(ask, after)
        shown = [record for record in page.records if record.id not in self.skipped]
        total = self.counted if page.end is End.PROVEN and ask.read == "orders" else None
        return replace(page, records=shown, source_total=total)

    def lookup(self, read: str, ids: list[str]) -> Page:  # type: ignore[override]  # the engine asks with lists
        assert len(ids) <= self.declared.reads[read].lookup_size
        page = super().lookup(read, ids)
        if self.lookups_lie:
            return replace(page, records=())
        return replace(page, end=End.CLAIMED) if self.lookups_are_cut else page


def shifting(deletion: DeletionEvidence = DeletionEvidence.LOOKUP, orders: int = 23) -> tuple[World, ShiftingSource]:
    world = World(disabled=frozenset({DataType.WAREHOUSES}))
    source = ShiftingSource(world.clock, capabilities(deletion=deletion))
    world.source = source
    source.fill(orders)
    source.order("o500", channel="ch5=Named by nobody else")
    world.night()
    return world, source


def test_record_skipped_by_a_page_shift_is_found_by_look_up_and_read_like_any_other() -> None:
    world, source = shifting()
    source.skipped = frozenset({"o003", "o500"})
    source.order("o003", shipments=["s1", "s2"], channel="ch1=Shop", number="#changed")
    writes = world.stores.records.writes

    run = world.night()

    assert run.status is RunStatus.SUCCEEDED
    assert world.stores.records.writes == writes + 2
    assert run.tasks["orders"].counts[DataType.ORDERS].fetched == 24
    assert run.tasks["orders"].counts[DataType.ORDER_CHANNELS].deleted == 0
    counts_add_up(run)
    stored_equals_source(world)


@pytest.mark.parametrize("lie", ["lookups_lie", "lookups_are_cut"])
def test_look_up_without_the_witness_or_without_an_end_buries_nothing(lie: str) -> None:
    world, source = shifting()
    del source.orders["o003"]
    setattr(source, lie, True)

    run = world.night()

    assert run.tasks["orders"].state is TaskState.FAILED
    assert "o003" in world.live()
    setattr(source, lie, False)
    world.night()
    stored_equals_source(world)


def test_witness_that_was_deleted_meanwhile_is_replaced_by_another() -> None:
    world, source = shifting()
    del source.orders["o003"]
    source.requests = 0
    last = len(source.orders) // 5

    def delete_witness(there: ScriptedSource) -> Page:
        page = there.page(ReadRequest("orders"), "o019")
        del there.orders["o500"]
        return page

    source.script = {last: delete_witness}

    run = world.night()
    assert run.status is RunStatus.SUCCEEDED

    world.night()
    stored_equals_source(world)


def test_vendors_id_that_looks_like_a_made_up_one_is_looked_up_too() -> None:
    world, source = shifting()
    source.order("?1")
    world.night()
    source.skipped = frozenset({"?1"})

    world.night()

    assert "?1" in world.live()


def test_source_without_stable_order_must_lack_a_record_twice() -> None:
    world, source = shifting(DeletionEvidence.SECOND_SNAPSHOT)
    source.skipped = frozenset({"o003", "o500"})
    first = world.night()
    assert {"o003", "o500"} <= set(world.live())
    assert first.tasks["orders"].counts[DataType.ORDER_CHANNELS].deleted == 0
    assert "ch5" in world.live(DataType.ORDER_CHANNELS)
    source.skipped = frozenset({"o003"})

    world.night()

    assert "o003" not in world.live()
    assert "o500" in world.live()


def test_channel_of_a_skipped_record_stays_although_a_lost_index_no_longer_knows_who_named_it() -> None:
    world, source = shifting(DeletionEvidence.SECOND_SNAPSHOT)
    for number in range(4):
        source.order(f"p{number}", channel=f"ch{number + 6}=Market")
    world.night()
    source.skipped = frozenset({"o500"})
    world.lose_indexes()

    world.night()

    assert "ch5" in world.live(DataType.ORDER_CHANNELS)


def test_two_misses_do_not_count_if_the_record_was_seen_between() -> None:
    world, source = shifting(DeletionEvidence.SECOND_SNAPSHOT)
    for skipped in ({"o003"}, set(), {"o003"}):
        source.skipped = frozenset(skipped)
        world.night()

    assert "o003" in world.live()


def test_segment_that_resumes_while_burying_is_no_second_snapshot() -> None:
    world, source = shifting(DeletionEvidence.SECOND_SNAPSHOT)
    source.skipped = frozenset(f"o{number:03d}" for number in range(8))

    run = world.night(slice_seconds=0)

    assert run.status is RunStatus.SUCCEEDED
    assert run.tasks["orders"].counts[DataType.ORDERS].deleted == 0
    assert len(world.live()) == 24
    world.night(slice_seconds=0)
    assert len(world.live()) == 16


@pytest.mark.parametrize("done", [False, True], ids=["before", "after"])
def test_task_that_is_taken_up_again_while_burying_is_no_second_snapshot(done: bool) -> None:
    for at in range(1, 40):
        world, source = shifting(DeletionEvidence.SECOND_SNAPSHOT)
        source.skipped = frozenset({"o003"})
        world.until_due()
        world.tick()
        with suppress(Killed):
            world.work(sabotaged(world.shop(), Plan(at, done)))
        world.queue.drain()
        world.sweep_until_quiet()

        assert world.last_run().status is RunStatus.SUCCEEDED, at
        assert "o003" in world.live(), at


def test_vendors_own_count_proves_what_is_gone() -> None:
    world, source = shifting(DeletionEvidence.VENDOR_COUNT)
    del source.orders["o003"]
    source.counted = 23

    world.night()

    assert "o003" not in world.live()


def test_vendors_count_that_does_not_fit_proves_nothing_at_once() -> None:
    world, source = shifting(DeletionEvidence.VENDOR_COUNT)
    source.skipped = frozenset({"o003"})
    source.counted = 24

    world.night()

    assert "o003" in world.live()


def test_long_burying_goes_on_in_segments() -> None:
    world, source = shifting(orders=200)
    for number in range(15):
        del source.orders[f"o{number:03d}"]

    run = world.night(slice_seconds=0)

    assert run.tasks["orders"].counts[DataType.ORDERS].deleted == 15
    stored_equals_source(world)


def test_shipment_that_two_orders_name_outlives_the_one_that_lets_go_of_it() -> None:
    world = World()
    world.source = MovableSource(world.clock)
    for number in range(9):
        world.source.order(f"o{number}", shipments=["s1"])
    world.source.order("a", shipments=["=x"])
    world.night()
    world.source.order("b", shipments=["=x"])
    world.night()
    world.source.order("b", shipments=[])

    world.night()
    world.sync(mode=Mode.SNAPSHOT)

    assert world.live(DataType.ORDER_SHIPMENTS)["x"]["order_id"] == "a"
