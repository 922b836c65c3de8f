"""Lost exports: found again on a tick, written once, and ended where they are lost again and again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from planster_sync.engine.export_sweep import ExportSweep
from planster_sync.errors import StoreBusy
from planster_sync.model.exports import ExportState
from tests.unit.entry.test_exporting import EVERY, Bench, ids


def asked(bench: Bench) -> None:
    now = bench.world.clock.now()
    bench.asked(check_at=now + timedelta(seconds=bench.world.timings.claim))


def swept(bench: Bench, queue: Any = None) -> int:
    world = bench.world
    now = world.clock.now()
    sweep = ExportSweep(bench.exports, queue or world.queue, world.clock, world.timings, world.journal)
    return sweep.run(now, now + timedelta(seconds=60))


def past_claim(bench: Bench) -> None:
    bench.world.clock.advance(bench.world.timings.claim + 1)


def hand_over(bench: Bench, seconds: float = 100) -> None:
    for each in bench.world.queue.drain():
        bench.exporter.handle(each.message, bench.world.clock.now() + timedelta(seconds=seconds))


def test_a_lost_message_is_sent_again_and_the_file_written() -> None:
    bench = Bench()
    asked(bench)
    assert swept(bench) == 0, "it may still be on its way"
    past_claim(bench)

    assert swept(bench) == 1
    hand_over(bench)

    assert bench.row.state is ExportState.READY
    assert ids(bench.text) == EVERY
    past_claim(bench)
    assert (swept(bench), bench.world.queue.drain()) == (0, [])


def test_a_continuation_that_was_never_sent_goes_on_from_what_is_durable() -> None:
    bench = Bench()
    asked(bench)
    bench.exporter.handle(bench.row.message, bench.world.clock.now() + timedelta(seconds=2))
    assert bench.row.segment == 1
    assert len(bench.world.queue.drain()) == 1  # it is lost
    past_claim(bench)

    swept(bench)
    hand_over(bench)

    assert ids(bench.text) == EVERY


def test_a_killed_worker_is_followed_by_another() -> None:
    bench = Bench()
    asked(bench)
    now = bench.world.clock.now()
    held_until = now + timedelta(seconds=bench.world.timings.lease)
    check_at = held_until + timedelta(seconds=bench.world.timings.claim)
    taken = replace(bench.row, state=ExportState.WRITING, held_until=held_until, check_at=check_at)
    bench.exports.change(bench.row, taken)
    past_claim(bench)
    assert swept(bench) == 0, "its own redelivery may still come"
    past_claim(bench)

    swept(bench)
    hand_over(bench)

    assert bench.row.state is ExportState.READY


def test_what_is_lost_again_and_again_ends_with_its_reason() -> None:
    bench = Bench()
    asked(bench)

    for _ in range(bench.world.timings.max_attempts + 1):
        past_claim(bench)
        swept(bench)
        bench.world.queue.drain()

    assert bench.row.state is ExportState.FAILED
    assert bench.row.problem is not None
    assert (bench.row.problem.code, bench.row.problem.remedy) == ("worker_lost", "Ask for it anew.")


def test_headway_begins_the_count_anew() -> None:
    bench = Bench()
    asked(bench)
    for _ in range(bench.world.timings.max_attempts):
        past_claim(bench)
        swept(bench)

    hand_over(bench, seconds=2)

    assert (bench.row.state, bench.row.segment, bench.row.resent) == (ExportState.WRITING, 1, 0)


def test_a_queue_that_is_busy_is_tried_at_the_next_tick() -> None:
    class Busy:
        def send(self, *_: object, **__: object) -> None:
            raise StoreBusy("The queue is busy.")

    bench = Bench()
    asked(bench)
    past_claim(bench)

    swept(bench, Busy())
    bench.world.clock.advance(900)
    swept(bench)
    hand_over(bench)

    assert bench.row.state is ExportState.READY
