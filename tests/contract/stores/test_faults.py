"""What a throttled store and lost answers do: nothing is half done, nothing goes on behind the caller's back."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from planster_sync.errors import LeaseHeld, StoreBusy, StreamBusy
from planster_sync.model.data_types import DataType
from planster_sync.model.runs import TaskState
from planster_sync.model.streams import Stream
from planster_sync.ports.stores import Adjustment
from tests.contract.stores.backends import OnAws
from tests.contract.stores.samples import (
    LEASE,
    NOON,
    PROBLEM,
    STREAM,
    checkpoint,
    integration,
    product_key,
    run,
    task,
    write,
)

MANY = [write(str(number)) for number in range(1, 61)]


def _stored(aws: OnAws) -> int:
    return len(list(aws.records.live(STREAM, [DataType.PRODUCTS])))


def test_unprocessed_records_are_sent_again_until_all_are_stored(aws: OnAws) -> None:
    aws.endpoint.take_in_part(times=4)

    aws.records.put(LEASE, MANY)

    assert _stored(aws) == 60
    assert aws.clock.waits


def test_a_throttled_batch_is_sent_again(aws: OnAws) -> None:
    aws.endpoint.throttle("BatchWriteItem", times=3)

    aws.records.put(LEASE, MANY)

    assert _stored(aws) == 60
    assert len(aws.clock.waits) == 3


def test_a_store_that_stays_busy_is_given_up_after_bounded_waits(aws: OnAws) -> None:
    aws.endpoint.throttle("BatchWriteItem", times=1000)

    with pytest.raises(StoreBusy):
        aws.records.put(LEASE, [write("1")])

    assert len(aws.clock.waits) == 7
    assert sum(aws.clock.waits) < 7


def test_waits_between_attempts_grow(aws: OnAws) -> None:
    aws.endpoint.take_in_part(times=3)

    aws.records.put(LEASE, [write("1")])

    assert aws.clock.waits == pytest.approx([0.0375, 0.075, 0.15])


def test_a_table_that_takes_a_little_each_time_is_not_given_up(aws: OnAws) -> None:
    aws.endpoint.take_in_part(times=24, taken=1)

    aws.records.put(LEASE, MANY[:25])

    assert _stored(aws) == 25


def test_no_thread_outlives_a_call_however_it_ends(aws: OnAws) -> None:
    aws.records.put(LEASE, MANY)
    aws.endpoint.throttle("BatchWriteItem", times=1000)

    with pytest.raises(StoreBusy):
        aws.records.put(LEASE, MANY)

    assert not [thread for thread in threading.enumerate() if thread.name.startswith("store")]


def test_a_throttled_change_is_tried_again(aws: OnAws) -> None:
    aws.endpoint.throttle("UpdateItem", times=3)

    lease, _ = aws.streams.take(STREAM, run="run-1", segment=0, holder="h-1", now=NOON, seconds=400)

    assert lease.fence == 1


def test_a_change_that_stays_throttled_is_store_busy(aws: OnAws) -> None:
    aws.endpoint.throttle("UpdateItem", times=1000)

    with pytest.raises(StoreBusy):
        aws.streams.take(STREAM, run="run-1", segment=0, holder="h-1", now=NOON, seconds=400)

    assert aws.streams.get(STREAM) == Stream(STREAM)


def test_a_read_that_never_arrives_is_sent_again(aws: OnAws) -> None:
    aws.runs.create(run())
    aws.endpoint.lose_request("GetItem", times=2)

    assert aws.runs.get("acme", "warehouse-1", run().id) == run()


def test_burying_is_repeated_safely_after_it_failed_half_way(aws: OnAws) -> None:
    aws.records.put(LEASE, [write("1"), write("2"), write("3")])
    aws.endpoint.throttle("UpdateItem", times=17)
    keys = [product_key(number) for number in ("1", "2", "3")]
    with pytest.raises(StoreBusy):
        aws.records.bury(LEASE, keys, NOON)

    aws.records.bury(LEASE, keys, NOON)

    assert _stored(aws) == 0


def test_a_lease_whose_answer_was_lost_is_recognised_by_its_holder(aws: OnAws) -> None:
    aws.endpoint.lose_answer("UpdateItem")

    lease, row = aws.streams.take(STREAM, run="run-1", segment=0, holder="h-1", now=NOON, seconds=400)

    assert (lease.fence, row.holder) == (1, "h-1")
    with pytest.raises(LeaseHeld):
        aws.streams.take(STREAM, run="run-1", segment=0, holder="h-2", now=NOON, seconds=400)


def test_a_lease_is_recognised_even_where_every_answer_was_lost(aws: OnAws) -> None:
    aws.endpoint.lose_answer("UpdateItem", times=8)

    lease, row = aws.streams.take(STREAM, run="run-1", segment=0, holder="h-1", now=NOON, seconds=400)

    assert (lease.fence, row.holder) == (1, "h-1")


def test_a_step_whose_answer_was_lost_is_taken_once(aws: OnAws) -> None:
    lease, _ = aws.streams.take(STREAM, run="run-1", segment=0, holder="h-1", now=NOON, seconds=400)
    aws.endpoint.lose_answer("UpdateItem")

    aws.streams.release(lease, checkpoint(segment=1))

    assert aws.streams.get(STREAM).checkpoint == checkpoint(segment=1)


def test_a_step_whose_every_answer_was_lost_can_be_repeated(aws: OnAws) -> None:
    lease, _ = aws.streams.take(STREAM, run="run-1", segment=0, holder="h-1", now=NOON, seconds=400)
    aws.endpoint.lose_answer("UpdateItem", times=8)
    with pytest.raises(StoreBusy):
        aws.streams.release(lease, checkpoint(segment=1))

    aws.streams.release(lease, checkpoint(segment=1))

    assert aws.streams.get(STREAM).checkpoint == checkpoint(segment=1)


@pytest.mark.parametrize("lost", [1, 8])
def test_an_end_whose_answer_was_lost_still_hands_over_to_the_successor(aws: OnAws, lost: int) -> None:
    lease, _ = aws.streams.take(STREAM, run="run-1", segment=0, holder="h-1", now=NOON, seconds=400)
    with pytest.raises(StreamBusy):
        aws.streams.take(STREAM, run="run-2", segment=0, holder="h-2", now=NOON, seconds=400)
    aws.endpoint.lose_answer("UpdateItem", times=lost)
    if lost == 8:
        with pytest.raises(StoreBusy):
            aws.streams.finish(lease, Stream(STREAM))

    assert aws.streams.finish(lease, Stream(STREAM)) == "run-2"


def test_an_abandoning_whose_answer_was_lost_still_hands_over_to_the_successor(aws: OnAws) -> None:
    aws.streams.take(STREAM, run="run-1", segment=0, holder="h-1", now=NOON, seconds=400)
    with pytest.raises(StreamBusy):
        aws.streams.take(STREAM, run="run-2", segment=0, holder="h-2", now=NOON, seconds=400)
    aws.endpoint.lose_answer("UpdateItem")

    gone = NOON + timedelta(seconds=500)
    assert aws.streams.abandon(STREAM, run="run-1", now=gone, problem=PROBLEM) == "run-2"


def test_a_successor_whose_answer_was_lost_is_noted(aws: OnAws) -> None:
    lease, _ = aws.streams.take(STREAM, run="run-1", segment=0, holder="h-1", now=NOON, seconds=400)
    aws.endpoint.lose_answer("UpdateItem", times=2)  # the attempt to take, and the note

    with pytest.raises(StreamBusy):
        aws.streams.take(STREAM, run="run-2", segment=0, holder="h-2", now=NOON, seconds=400)

    assert aws.streams.finish(lease, Stream(STREAM)) == "run-2"


def test_a_run_whose_answer_was_lost_is_known_to_be_new(aws: OnAws) -> None:
    aws.endpoint.lose_answer("PutItem")

    assert aws.runs.create(run()) is None


def test_a_run_of_another_is_given_even_where_an_answer_was_lost(aws: OnAws) -> None:
    aws.runs.create(run(requested_by="planner-1"))
    aws.endpoint.lose_answer("PutItem")

    assert aws.runs.create(run(requested_by="planner-2")) == run(requested_by="planner-1")


def test_a_task_end_whose_answer_was_lost_is_accepted(aws: OnAws) -> None:
    aws.runs.create(run())
    aws.endpoint.lose_answer("UpdateItem")

    then = aws.runs.put_task(run(), task(state=TaskState.SUCCEEDED))

    assert then is not None
    assert then.tasks["products"].state is TaskState.SUCCEEDED


def test_a_slot_whose_answer_was_lost_is_moved_once(aws: OnAws) -> None:
    read, tomorrow = integration(), NOON + timedelta(days=1)
    aws.integrations.put(read)
    aws.endpoint.lose_answer("UpdateItem")

    assert not aws.integrations.slot_done(read, last_slot_at=NOON, due_at=tomorrow)

    moved = aws.integrations.get("acme", "warehouse-1")
    assert moved is not None
    assert moved.due_at == tomorrow


def test_a_reservation_whose_answer_was_lost_is_at_most_given_up(aws: OnAws) -> None:
    budget = aws.budget(STREAM, per_second=4, workers=1)
    aws.endpoint.lose_answer("UpdateItem", times=2)
    started = aws.clock.now()

    budget.take(None)
    budget.take(None)

    assert aws.clock.now() >= started + timedelta(seconds=0.25)


def test_an_adjustments_end_whose_answer_was_lost_is_kept_once(aws: OnAws) -> None:
    made = Adjustment(product_key("1"), {"name": "Corrected"}, NOON, "planner-1", "a typing mistake")
    aws.adjustments.make("acme", "warehouse-1", made)
    aws.endpoint.lose_answer("TransactWriteItems")

    aws.adjustments.end(LEASE, made, NOON)

    assert not aws.adjustments.in_force(STREAM, [DataType.PRODUCTS])
    assert aws.adjustments.history("acme", "warehouse-1", product_key("1")) == [(made, NOON)]


def test_a_record_write_whose_answer_was_lost_is_repeated(aws: OnAws) -> None:
    aws.endpoint.lose_answer("BatchWriteItem")

    aws.records.put(LEASE, [write("1")])

    assert _stored(aws) == 1


@pytest.mark.cloud
def test_workers_of_the_same_moment_take_the_stream_one_at_a_time(emulator: OnAws) -> None:
    """Not on moto, which takes no lock around a conditional update."""
    won: list[str] = []

    def attempt(number: int) -> None:
        holder = f"h-{number}"
        try:
            emulator.streams.take(STREAM, run="run-1", segment=0, holder=holder, now=NOON, seconds=400)
        except LeaseHeld:
            return
        won.append(holder)

    workers = [threading.Thread(target=attempt, args=(number,)) for number in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert len(won) == 1
    assert emulator.streams.get(STREAM).fence == 1
