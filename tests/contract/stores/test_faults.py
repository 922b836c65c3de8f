"""What a throttled store and lost answers do: nothing is half done, nothing goes on behind the caller's back."""

from __future__ import annotations

import threading

import pytest

from planster_sync.errors import LeaseHeld, StoreBusy, StreamBusy
from planster_sync.model.data_types import DataType
from planster_sync.model.streams import Stream
from tests.contract.stores.backends import OnAws
from tests.contract.stores.faults import lose_answer, take_in_part, throttle
from tests.contract.stores.samples import LEASE, NOON, STREAM, checkpoint, product_key, write

MANY = [write(str(number)) for number in range(1, 61)]


def _stored(aws: OnAws) -> int:
    return len(list(aws.records.live(STREAM, [DataType.PRODUCTS])))


def test_unprocessed_records_are_sent_again_until_all_are_stored(aws: OnAws) -> None:
    take_in_part(aws, times=4)

    aws.records.put(LEASE, MANY)

    assert _stored(aws) == 60
    assert aws.clock.waits


def test_a_throttled_batch_is_sent_again(aws: OnAws) -> None:
    refused = throttle(aws, "BatchWriteItem", times=3)

    aws.records.put(LEASE, MANY)

    assert len(refused) == 3
    assert _stored(aws) == 60


def test_a_store_that_stays_busy_is_given_up_after_bounded_waits(aws: OnAws) -> None:
    throttle(aws, "BatchWriteItem", times=1000)

    with pytest.raises(StoreBusy):
        aws.records.put(LEASE, [write("1")])

    assert len(aws.clock.waits) == 7
    assert sum(aws.clock.waits) < 7


def test_waits_between_attempts_grow(aws: OnAws) -> None:
    take_in_part(aws, times=3)

    aws.records.put(LEASE, [write("1")])

    assert aws.clock.waits == pytest.approx([0.0375, 0.075, 0.15])


def test_no_thread_outlives_a_call_however_it_ends(aws: OnAws) -> None:
    before = threading.active_count()
    aws.records.put(LEASE, MANY)
    throttle(aws, "BatchWriteItem", times=1000)

    with pytest.raises(StoreBusy):
        aws.records.put(LEASE, MANY)

    assert threading.active_count() == before


def test_a_throttled_change_is_store_busy(aws: OnAws) -> None:
    throttle(aws, "UpdateItem", times=1)

    with pytest.raises(StoreBusy):
        aws.streams.take(STREAM, run="run-1", segment=0, holder="h-1", now=NOON, seconds=400)

    assert aws.streams.get(STREAM) == Stream(STREAM)


def test_burying_is_repeated_safely_after_it_failed_half_way(aws: OnAws) -> None:
    aws.records.put(LEASE, [write("1"), write("2"), write("3")])
    throttle(aws, "UpdateItem", times=1)
    keys = [product_key(number) for number in ("1", "2", "3")]
    with pytest.raises(StoreBusy):
        aws.records.bury(LEASE, keys, NOON)

    aws.records.bury(LEASE, keys, NOON)

    assert _stored(aws) == 0


def test_a_lease_whose_answer_was_lost_is_recognised_by_its_holder(aws: OnAws) -> None:
    lose_answer(aws, "UpdateItem")

    lease, row = aws.streams.take(STREAM, run="run-1", segment=0, holder="h-1", now=NOON, seconds=400)

    assert (lease.fence, row.holder) == (1, "h-1")
    with pytest.raises(LeaseHeld):
        aws.streams.take(STREAM, run="run-1", segment=0, holder="h-2", now=NOON, seconds=400)


def test_a_step_whose_answer_was_lost_can_be_repeated(aws: OnAws) -> None:
    lease, _ = aws.streams.take(STREAM, run="run-1", segment=0, holder="h-1", now=NOON, seconds=400)
    lose_answer(aws, "UpdateItem")
    with pytest.raises(StoreBusy):
        aws.streams.release(lease, checkpoint(segment=1))

    aws.streams.release(lease, checkpoint(segment=1))

    assert aws.streams.get(STREAM).checkpoint == checkpoint(segment=1)


def test_an_end_whose_answer_was_lost_still_hands_over_to_the_successor(aws: OnAws) -> None:
    lease, _ = aws.streams.take(STREAM, run="run-1", segment=0, holder="h-1", now=NOON, seconds=400)
    with pytest.raises(StreamBusy):
        aws.streams.take(STREAM, run="run-2", segment=0, holder="h-2", now=NOON, seconds=400)
    lose_answer(aws, "UpdateItem")
    with pytest.raises(StoreBusy):
        aws.streams.finish(lease, Stream(STREAM))

    assert aws.streams.finish(lease, Stream(STREAM)) == "run-2"


def test_a_record_write_whose_answer_was_lost_is_repeated(aws: OnAws) -> None:
    lose_answer(aws, "BatchWriteItem")

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
