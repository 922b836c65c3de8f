"""Ticks become runs: one for each slot, whatever is missed, doubled, broken or slow."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from planster_sync.engine import nights
from planster_sync.engine.dispatch import PAGE
from planster_sync.errors import StoreBusy
from planster_sync.model.integrations import Integration, Schedule
from planster_sync.model.runs import Run, RunStatus, Trigger
from tests.engine.world import World


def runs(world: World, integration: str = "int1") -> list[Run]:
    return list(world.stores.runs.recent("org1", integration, 500, None)[0])


def add(world: World, id_: str, **changes: Any) -> None:
    world.stores.integrations.put(replace(world.integration, id=id_, **changes))


def test_five_ticks_at_once_make_one_run() -> None:
    world = World()
    due = world.stores.integrations.due(world.clock.now(), 10)
    world.stores.integrations.due = lambda now, limit: due  # type: ignore[method-assign]  # every tick reads the same

    for _ in range(5):
        world.tick()

    assert len(runs(world)) == 1
    assert len(world.queue.sent) == 2


def test_missed_ticks_are_caught_up_with_one_run() -> None:
    world = World()
    world.night()
    world.clock.advance(3 * 86400 + 5 * 3600)

    world.tick()
    world.tick()

    assert len(runs(world)) == 2
    assert runs(world)[0].trigger is Trigger.CATCH_UP
    assert world.integration.due_at is not None
    assert world.integration.due_at > world.clock.now()


def test_crash_between_the_run_and_its_messages_is_repaired() -> None:
    world = World()

    class Down:
        def send(self, *args: Any, **named: Any) -> None:
            raise StoreBusy("The queue is down.")

    report = world.tick(world.shop(queue=Down()))
    assert report.failed == 1
    assert world.queue.sent == []

    world.sweep_until_quiet()

    assert [run.status for run in runs(world)] == [RunStatus.SUCCEEDED]


def test_integration_with_a_bad_zone_or_bad_data_stops_nobody() -> None:
    world = World()
    for number in range(PAGE + 5):
        add(world, f"bad{number}", schedule=Schedule("Atlantis/Main"), due_at=world.clock.now() - timedelta(days=1))
    add(world, "worse", schedule=Schedule("UTC", ()), due_at=world.clock.now() - timedelta(days=1))

    report = world.tick()

    assert (report.started, report.failed) == (1, PAGE + 6)
    assert len(runs(world)) == 1
    assert world.tick().failed == 0


def test_bad_run_stops_neither_the_sweep_nor_the_others() -> None:
    world = World()
    world.tick()
    world.queue.drain()
    (run,) = runs(world)
    for number in range(PAGE + 5):
        bad = replace(run, id=f"2020-{number:04d}", check_at=world.clock.now() - timedelta(days=1), sent_at=None)
        world.stores.runs.create(replace(bad, tasks={"orders": replace(run.tasks["orders"], data_types=())}))
    world.clock.advance(world.timings.claim + 1)

    world.tick()

    assert {sent.message.run for sent in world.queue.sent} == {run.id}
    assert len(world.journal.named("sweep_failed")) == PAGE + 5


def test_tick_ends_in_time_and_the_next_one_goes_on() -> None:
    world = World()
    for number in range(30):
        add(world, f"more{number}")
    create = world.stores.runs.create

    def slow(run: Run) -> Run | None:
        world.clock.advance(5)
        return create(run)

    world.stores.runs.create = slow  # type: ignore[method-assign]
    now = world.clock.now()

    first = world.dispatcher().tick(now, now + timedelta(seconds=50))
    assert not first.finished
    assert world.clock.now() <= now + timedelta(seconds=55)
    ticks = [world.tick() for _ in range(4)]

    assert first.started + sum(tick.started for tick in ticks) == 31
    assert ticks[-1].finished


def test_first_load_of_several_nights_piles_up_no_runs() -> None:
    world = World()
    for _ in range(6):
        world.until_due()
        world.tick()

    assert len([run for run in runs(world) if not run.status.is_final]) <= 2


def test_replayed_night_makes_no_second_run() -> None:
    world = World()
    now = world.clock.now()
    world.night()

    world.dispatcher().tick(now, world.clock.now() + timedelta(seconds=50))

    assert len(runs(world)) == 1


def test_hour_moved_from_two_to_twenty_two_leaves_no_gap_of_two_days() -> None:
    world = World()
    world.night()
    world.change(schedule=Schedule("UTC", (22,)))

    gaps = starts(world, days=4)

    assert max(gaps) <= timedelta(hours=25)


def test_zone_change_leaves_no_gap() -> None:
    world = World()
    world.night()
    world.change(schedule=Schedule("Pacific/Auckland", (2,)))

    gaps = starts(world, days=4)

    assert max(gaps) <= timedelta(hours=25)


def starts(world: World, days: int) -> list[timedelta]:
    """The times between the runs that ticks every 15 minutes start from now on."""
    began: list[datetime] = [world.clock.now()]
    for _ in range(days * 96):
        world.clock.advance(900)
        if world.tick().started:
            began.append(world.clock.now())
        world.work()
    return [later - earlier for earlier, later in itertools.pairwise(began)]


def test_unknown_connector_stops_nobody() -> None:
    world = World()
    add(world, "odd", connector="unheard-of")

    def capabilities(name: str) -> Any:
        if name == "unheard-of":
            raise KeyError(name)
        return world.source.declared

    report = world.tick(world.shop(capabilities=capabilities))

    assert (report.started, report.failed) == (1, 1)


def test_integrations_spread_over_the_hour_but_each_always_at_its_own_minute() -> None:
    world = World()
    integrations: list[Integration] = [replace(world.integration, id=f"i{number}") for number in range(200)]

    spread = [nights.spread(integration, 3600) for integration in integrations]

    assert spread == [nights.spread(integration, 3600) for integration in integrations]
    assert max(spread) < timedelta(hours=1)
    assert len(set(spread)) > 150


def test_worker_that_is_faster_than_the_mark_of_sending_is_not_undone_by_it() -> None:
    world = World()
    world.source.order("o1")

    class Instant:
        """Every message is worked on before `send` returns."""

        def send(self, messages: Any, **named: Any) -> None:
            for message in messages[:1]:
                world.handle(message, slice_seconds=0)

    world.source.order("o2")
    for number in range(20):
        world.source.order(f"p{number}")
    world.tick(world.shop(queue=Instant()))

    (run,) = runs(world)
    assert run.status is RunStatus.RUNNING
    assert run.sent_at is not None
    assert run.check_at is not None
    assert run.check_at <= world.clock.now() + timedelta(seconds=world.timings.lease)


def test_a_tick_says_which_share_of_the_integrations_is_late() -> None:
    """One of four has a run whose messages were lost more than four hours ago; the others have ended."""
    world = World()
    for id_ in ("int2", "int3", "int4"):
        add(world, id_, due_at=world.clock.now() + timedelta(days=9))
    world.tick()
    world.queue.drain()
    world.clock.advance(4 * 3600)

    in_time = world.tick()
    world.clock.advance(60)
    late = world.tick()
    world.work()
    after = world.tick()

    assert (in_time.late, in_time.late_percent) == (0, 0.0)
    assert (late.late, late.late_percent) == (1, 25.0)
    assert after.late == 0


def test_a_tick_says_what_its_sweep_did_not_get_to() -> None:
    world = World()
    world.tick()
    world.queue.drain()
    world.clock.advance(3600)
    now = world.clock.now()

    no_time = world.dispatcher().tick(now, now)
    enough = world.tick()

    assert (no_time.finished, no_time.overdue) == (False, 1)
    assert (enough.finished, enough.overdue) == (True, 0)
