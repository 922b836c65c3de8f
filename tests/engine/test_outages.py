"""A source that fails, lies or falls silent: nothing is deleted, nothing is green, the night ends well afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import islice

import pytest

from planster_sync.errors import AnswerBroken, SourceUnavailable, SyncError, Throttled
from planster_sync.model.data_types import DataType
from planster_sync.model.runs import RunStatus, TaskState
from planster_sync.ports.source import End, Page, ReadRequest, ReadStyle
from tests.engine.truth import counts_add_up, stored_equals_source
from tests.engine.world import World
from tests.fakes.scripted_source import Script, ScriptedSource, capabilities


def filled(orders: int = 23, style: ReadStyle = ReadStyle.SNAPSHOT) -> World:
    world = World(disabled=frozenset({DataType.WAREHOUSES}))
    world.source.declared = capabilities(style=style)
    world.source.fill(orders)
    return world


def fail(error: Callable[[], SyncError]) -> Script:
    def script(source: ScriptedSource) -> Page | None:
        raise error()

    return script


def falls_silent(source: ScriptedSource) -> Page:
    return Page((), None, End.CLAIMED, source.clock.now())


def unavailable() -> SourceUnavailable:
    return SourceUnavailable("The source is down.")


def broken() -> AnswerBroken:
    return AnswerBroken("The source's answer is no JSON.")


def scripted(world: World, *scripts: Script, first: int = 2) -> None:
    """The requests from the `first` on go as scripted, one after the other."""
    world.source.requests = 0
    world.source.script = {first + number: script for number, script in enumerate(scripts)}


def test_outage_in_the_middle_of_a_snapshot_deletes_nothing_and_ends_well() -> None:
    world = filled()
    world.night()
    scripted(world, fail(unavailable), fail(unavailable), fail(broken), falls_silent)
    world.source.order("o100", channel="ch1=Shop")

    run = world.night()

    assert run.status is RunStatus.SUCCEEDED
    assert run.tasks["orders"].counts[DataType.ORDERS].deleted == 0
    assert not any(row.deleted_at for row in world.stores.records.all())
    stored_equals_source(world)
    counts_add_up(run)


def test_log_says_why_a_segment_stopped_in_the_words_of_engineers_too() -> None:
    world = filled()
    scripted(world, fail(lambda: SourceUnavailable("The source is down.", detail="GET /orders: status 503")))

    world.night()

    (stopped,) = world.journal.named("segment_stopped")
    assert stopped["code"] == "source_unavailable"
    assert stopped["detail"] == "GET /orders: status 503"
    assert stopped["until"] is not None


@pytest.mark.parametrize("style", list(ReadStyle))
def test_source_that_never_proves_its_end_makes_no_green_status_and_moves_no_cursor(style: ReadStyle) -> None:
    world = filled(style=style)
    world.night()
    before = world.stream()
    scripted(world, *[falls_silent] * 50, first=1)
    world.source.order("o100")

    run = world.night()

    after = world.stream()
    assert run.status is RunStatus.FAILED
    assert run.tasks["orders"].problem is not None
    assert run.tasks["orders"].problem.code == "end_unproven"
    assert after.high_water == before.high_water
    assert after.last_success_at == before.last_success_at
    assert after.last_snapshot_at == before.last_snapshot_at
    assert len(world.live()) == 23


def test_pages_that_simply_stop_are_no_end() -> None:
    world = filled()
    world.night()
    world.source = FallingOff(world.clock, world.source.declared, world.source.orders)

    run = world.night()

    assert run.status is RunStatus.SUCCEEDED
    assert run.tasks["orders"].counts[DataType.ORDERS].unchanged == 23
    stored_equals_source(world)


class FallingOff(ScriptedSource):
    """Its first answer breaks off after two pages, without an error."""

    def pages(self, ask: ReadRequest) -> Iterator[Page]:
        return islice(super().pages(ask), None if self.requests else 2)


def test_night_after_a_failed_one_brings_everything_up_to_date() -> None:
    world = filled(style=ReadStyle.INCREMENTAL)
    world.night()
    world.clock.advance(3600)
    world.source.order("o001", number="#changed while the source was down", shipments=["s1"], channel="ch1=Shop")
    scripted(world, *[fail(unavailable)] * 50, first=0)
    assert world.night().status is RunStatus.FAILED

    world.source.script = {}
    assert world.night().status is RunStatus.SUCCEEDED

    stored_equals_source(world)


def test_vendors_own_reset_is_obeyed_and_takes_no_try() -> None:
    world = filled()
    asked: list[float] = []

    def throttle(source: ScriptedSource) -> Page:
        asked.append((source.clock.now() - began).total_seconds())
        raise Throttled("The allowance is spent.", until=source.clock.now() + timedelta(minutes=10))

    scripted(world, *[throttle] * 12)
    world.until_due()
    began = world.clock.now()
    world.tick()
    world.work()

    assert world.last_run().status is RunStatus.SUCCEEDED
    assert asked == [600.0 * number for number in range(12)]
    stored_equals_source(world)


def test_reset_that_lies_in_the_past_makes_no_hot_loop() -> None:
    world = filled()

    def throttle(source: ScriptedSource) -> Page:
        raise Throttled("The allowance is spent.", until=source.clock.now() - timedelta(minutes=10))

    scripted(world, *[throttle] * 10, first=0)
    world.until_due()
    began = world.clock.now()
    world.tick()
    world.work()

    assert (world.clock.now() - began).total_seconds() >= 9 * world.timings.short_wait
    assert world.last_run().status is RunStatus.SUCCEEDED


def test_wait_longer_than_a_queue_can_delay_is_ended_by_the_sweep() -> None:
    world = filled()

    def throttle(source: ScriptedSource) -> Page:
        raise Throttled("The allowance is spent.", until=source.clock.now() + timedelta(hours=3))

    scripted(world, throttle)
    waiting = world.night()
    assert waiting.tasks["orders"].state is TaskState.WAITING
    assert waiting.tasks["orders"].waiting_for == "throttled"

    world.sweep_until_quiet()

    assert world.last_run().status is RunStatus.SUCCEEDED
    assert world.task().attempt == 0
    stored_equals_source(world)


def test_throttled_restart_after_a_lost_index_reads_on_where_it_stopped() -> None:
    world = filled(60)
    world.night()
    world.lose_indexes()

    def throttle(source: ScriptedSource) -> Page:
        raise Throttled("The allowance is spent.", until=source.clock.now() + timedelta(minutes=1))

    world.source.requests = 0
    world.source.script = dict.fromkeys(range(2, 40, 3), throttle)
    run = world.night()

    assert run.status is RunStatus.SUCCEEDED
    assert run.tasks["orders"].pages == 12
    stored_equals_source(world)


def test_journal_that_grows_over_many_waits_is_folded() -> None:
    world = filled(400)
    world.source.declared = capabilities()
    longest = 0

    def throttle(source: ScriptedSource) -> Page:
        nonlocal longest
        longest = max([longest, *(len(chunks) for chunks in world.stores.indexes.journal.values())])
        raise Throttled("The allowance is spent.", until=source.clock.now() + timedelta(minutes=1))

    world.source.script = dict.fromkeys(range(1, 160, 2), throttle)
    run = world.night()

    assert run.status is RunStatus.SUCCEEDED
    assert 40 < longest < 60
    counts_add_up(run)
    stored_equals_source(world)


def promising_more(world: World, records: int) -> Script:
    """Pages of the first records, each with a token that was never given before."""

    def script(source: ScriptedSource) -> Page:
        shown = source.page(ReadRequest("orders"), None)
        return Page(shown.records[:records], f"t{source.requests:09}", End.MORE, source.clock.now())

    return script


@pytest.mark.parametrize("records", [0, 5], ids=["empty", "the-same"])
@pytest.mark.parametrize("answer_takes", [0.5, 100], ids=["one-segment", "many-segments"])
def test_list_that_promises_more_for_ever_is_left_after_a_bounded_number_of_requests(
    records: int, answer_takes: float
) -> None:
    world = filled()
    world.night()
    more = promising_more(world, records)

    def slowly(source: ScriptedSource) -> Page | None:
        world.clock.advance(answer_takes)
        return more(source)

    scripted(world, *[slowly] * 500)

    run = world.night()

    assert run.status is RunStatus.FAILED
    assert world.task().problem.code == "no_progress"  # type: ignore[union-attr]  # just asserted
    assert world.source.requests <= 110
    world.source.script.clear()
    assert world.night().status is RunStatus.SUCCEEDED
    stored_equals_source(world)


def test_some_empty_pages_in_a_row_are_no_reason_to_stop() -> None:
    world = filled()
    world.night()
    empty = [lambda source: Page((), "o009", End.MORE, source.clock.now())] * 60
    scripted(world, *empty)

    assert world.night().status is RunStatus.SUCCEEDED


def test_task_that_went_through_after_an_outage_shows_no_problem() -> None:
    world = filled()
    scripted(world, fail(unavailable), fail(broken))

    run = world.night()

    assert run.status is RunStatus.SUCCEEDED
    assert world.task().problem is None
