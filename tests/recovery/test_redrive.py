"""Dead letters: what is still to be done is sent again, slowly; what has ended or moved on is told and dropped."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from operations.desk import Line
from operations.redrive import Letter, Redrive
from planster_sync.errors import InvalidRequest, StoreBusy
from planster_sync.model.integrations import IntegrationStatus
from planster_sync.model.runs import ERASURE, Lane, TaskMessage
from tests.engine.world import World
from tests.recovery.desks import ListedLetters, desk_of

Prepare = Callable[[World, TaskMessage], None]


def waiting() -> tuple[World, TaskMessage]:
    """A night has begun, and the message of its orders lies among the dead letters."""
    world = World()
    world.source.fill(8)
    world.until_due()
    world.tick()
    messages = [sent.message for sent in world.queue.drain()]
    return world, next(message for message in messages if message.read == "orders")


def dealt_with(world: World, *messages: TaskMessage, per_second: float = 10) -> Sequence[Line]:
    again = Redrive(ListedLetters.of(*messages), desk_of(world), per_second)
    return again.do(again.look(100), lambda done, of: None)


def take(world: World, message: TaskMessage, *, run: str | None = None) -> None:
    stream = world.run(message.run).stream(message.read)
    world.stores.streams.take(stream, run=run or message.run, segment=0, holder="h", now=world.clock.now(), seconds=400)


def end(world: World, message: TaskMessage) -> None:
    world.handle(message)


def cancel(world: World, message: TaskMessage) -> None:
    world.stores.runs.cancel(world.run(message.run), by="planner", at=world.clock.now())


def pause(world: World, message: TaskMessage) -> None:
    world.change(status=IntegrationStatus.PAUSED)


def disconnect(world: World, message: TaskMessage) -> None:
    world.change(status=IntegrationStatus.DISCONNECTING)


def remove(world: World, message: TaskMessage) -> None:
    world.stores.integrations.remove("org1", "int1")


def move_on(world: World, message: TaskMessage) -> None:
    world.handle(message, slice_seconds=0)
    world.queue.drain()


def hand_over(world: World, message: TaskMessage) -> None:
    take(world, message, run="20260228T020000Z")


def be_at_work(world: World, message: TaskMessage) -> None:
    take(world, message)


def test_letter_whose_task_waits_is_sent_and_the_task_ends_well() -> None:
    world, message = waiting()

    (line,) = dealt_with(world, message)
    world.work()

    assert (line.done, line.why) == ("sent", "its task waits")
    assert world.task().state.is_good


@pytest.mark.parametrize(
    ("prepare", "why"),
    [
        (end, "the task has ended"),
        (cancel, "cancelled"),
        (pause, "paused"),
        (disconnect, "disconnected"),
        (remove, "the integration is gone"),
        (move_on, "the stream is at part 1"),
        (hand_over, "run 20260228T020000Z has the stream"),
        (be_at_work, "a worker is at it"),
    ],
)
def test_letter_behind_a_fence_is_dropped_with_its_reason(prepare: Prepare, why: str) -> None:
    world, message = waiting()
    prepare(world, message)

    (line,) = dealt_with(world, message)

    assert line.done == "dropped"
    assert why in line.why
    assert world.queue.sent == []


def test_dropped_letter_of_an_open_task_is_made_up_for_by_the_sweep() -> None:
    world, message = waiting()
    pause(world, message)
    dealt_with(world, message)
    world.change(status=IntegrationStatus.ACTIVE)

    world.sweep_until_quiet()

    assert world.task().state.is_good


def test_erasure_goes_on_as_long_as_the_integration_is_being_disconnected() -> None:
    world, _ = waiting()
    message = TaskMessage("org1", "int1", ERASURE, ERASURE, 0, Lane.MANUAL)

    before = dealt_with(world, message)
    disconnect(world, message)
    after = dealt_with(world, message)

    assert [before[0].done, after[0].done] == ["dropped", "sent"]


def test_letter_that_lies_there_twice_is_sent_once() -> None:
    world, message = waiting()

    assert [line.done for line in dealt_with(world, message, message)] == ["sent", "dropped"]


def test_letter_that_nobody_can_read_is_kept() -> None:
    world, _ = waiting()
    letters = ListedLetters([Letter("m", '{"version": 1}', "r")])
    again = Redrive(letters, desk_of(world), 1)

    (line,) = again.do(again.look(10), lambda done, of: None)

    assert line.done == "kept"
    assert [letter.id for letter in letters.there] == ["m"]
    assert letters.removed == []


def test_look_sends_and_removes_nothing_and_gives_everything_back() -> None:
    world, message = waiting()
    letters = ListedLetters.of(message)
    again = Redrive(letters, desk_of(world), 1)

    seen = again.look(10)
    again.give_back(seen)

    assert [each.line.done for each in seen] == ["would be sent"]
    assert (world.queue.sent, letters.removed, len(letters.there)) == ([], [], 1)


def test_run_that_ends_between_look_and_send_is_not_disturbed() -> None:
    world, message = waiting()
    again = Redrive(ListedLetters.of(message), desk_of(world), 1)
    seen = again.look(10)
    world.handle(message)

    (line,) = again.do(seen, lambda done, of: None)

    assert line.done == "dropped"
    assert world.queue.sent == []


def test_no_more_letters_are_sent_a_second_than_asked_for() -> None:
    world, message = waiting()
    others = [replace(message, read=read) for read in world.run(message.run).tasks]
    began = world.clock.now()

    lines = dealt_with(world, *others, per_second=0.5)

    sent = sum(line.done == "sent" for line in lines)
    assert sent == len(others) > 1
    assert world.clock.now() - began == timedelta(seconds=2 * sent)


def test_more_than_can_be_held_at_that_rate_is_refused() -> None:
    world, _ = waiting()

    with pytest.raises(InvalidRequest) as refused:
        Redrive(ListedLetters([]), desk_of(world), 0.1).look(1000)

    assert "60" in refused.value.remedy


def test_letter_that_the_queue_did_not_take_stays_among_the_dead() -> None:
    world, message = waiting()

    class Busy:
        def send(self, *_: object, **__: object) -> None:
            raise StoreBusy("The task queue is busy.")

    letters = ListedLetters.of(message)
    again = Redrive(letters, replace(desk_of(world), queue=Busy()), 1)  # type: ignore[arg-type]  # only this is asked

    with pytest.raises(StoreBusy):
        again.do(again.look(10), lambda done, of: None)

    assert letters.removed == []


def test_progress_is_told_letter_by_letter() -> None:
    world, message = waiting()
    told: list[tuple[int, int]] = []
    again = Redrive(ListedLetters.of(message, message), desk_of(world), 10)

    again.do(again.look(10), lambda done, of: told.append((done, of)))

    assert told == [(1, 2), (2, 2)]
