"""The stream row: who may work, from where, and who comes next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from planster_sync.errors import LeaseHeld, LeaseLost, SegmentStale, StreamBusy
from planster_sync.model.data_types import DataType
from planster_sync.model.runs import Counts, TaskState
from planster_sync.model.streams import DataTypeStatus, DataWindow, HeldDeletion, Lease, Stream
from tests.contract.stores.backends import Stores
from tests.contract.stores.samples import NOON, PROBLEM, STREAM, checkpoint, task

LATER = NOON + timedelta(seconds=401)


def take(stores: Stores, run: str = "run-1", *, segment: int = 0, holder: str = "h-1", seconds: float = 0) -> Lease:
    now = NOON + timedelta(seconds=seconds)
    lease, _ = stores.streams.take(STREAM, run=run, segment=segment, holder=holder, now=now, seconds=400)
    return lease


def test_an_unknown_stream_is_an_empty_row(stores: Stores) -> None:
    assert stores.streams.get(STREAM) == Stream(STREAM)


def test_taking_a_free_stream_bumps_the_fence_and_gives_the_row_as_it_is_then(stores: Stores) -> None:
    lease, row = stores.streams.take(STREAM, run="run-1", segment=0, holder="h-1", now=NOON, seconds=400)

    assert lease == Lease(STREAM, 1, "h-1", "run-1", NOON + timedelta(seconds=400))
    assert row == stores.streams.get(STREAM)
    assert (row.fence, row.owner, row.holder, row.lease_until) == (1, "run-1", "h-1", lease.until)


def test_a_second_holder_is_told_until_when_the_lease_is_held(stores: Stores) -> None:
    take(stores)

    with pytest.raises(LeaseHeld) as held:
        take(stores, holder="h-2", seconds=400)

    assert held.value.until == NOON + timedelta(seconds=400)


def test_an_expired_lease_is_taken_over_under_the_next_fence(stores: Stores) -> None:
    take(stores)

    lease = take(stores, holder="h-2", seconds=400.001)

    assert lease.fence == 2


def test_the_same_holder_that_asks_again_has_the_lease_that_it_was_given(stores: Stores) -> None:
    first = take(stores)

    again = take(stores, seconds=3)

    assert again == first


def test_another_run_is_refused_and_noted_as_successor_even_after_the_lease_expired(stores: Stores) -> None:
    take(stores)

    with pytest.raises(StreamBusy):
        take(stores, "run-2", holder="h-2", seconds=900)

    assert stores.streams.get(STREAM).successor == "run-2"


def test_the_first_noted_successor_stays(stores: Stores) -> None:
    take(stores)

    for run in ("run-2", "run-3", "run-2"):
        with pytest.raises(StreamBusy):
            take(stores, run, holder=f"h-{run}")

    assert stores.streams.get(STREAM).successor == "run-2"


def test_a_message_for_a_segment_that_is_done_is_stale(stores: Stores) -> None:
    stores.streams.release(take(stores), checkpoint(segment=1))

    with pytest.raises(SegmentStale):
        take(stores, segment=0, holder="h-2")


def test_a_stale_message_is_told_so_while_the_next_segment_is_at_work(stores: Stores) -> None:
    stores.streams.release(take(stores), checkpoint(segment=1))
    take(stores, segment=1, holder="h-2")

    with pytest.raises(SegmentStale):
        take(stores, segment=0, holder="h-3")


def test_a_message_ahead_of_a_living_worker_waits_for_it(stores: Stores) -> None:
    stores.streams.advance(take(stores), checkpoint(segment=0))

    with pytest.raises(LeaseHeld):
        take(stores, segment=1, holder="h-2")


def test_a_segment_that_was_never_reached_is_stale(stores: Stores) -> None:
    with pytest.raises(SegmentStale):
        take(stores, segment=3)


def test_released_streams_are_taken_at_once_for_the_next_segment_with_their_checkpoint(stores: Stores) -> None:
    reached = checkpoint(segment=1, cursor="page-9", wait_until=NOON, waiting_for="the vendor")
    stores.streams.release(take(stores), reached)

    _, row = stores.streams.take(STREAM, run="run-1", segment=1, holder="h-2", now=NOON, seconds=400)

    assert row.checkpoint == reached
    assert row.fence == 2


def test_advancing_moves_the_checkpoint_and_keeps_the_lease(stores: Stores) -> None:
    lease = take(stores)

    stores.streams.advance(lease, checkpoint(cursor="page-2"))

    row = stores.streams.get(STREAM)
    assert row.checkpoint == checkpoint(cursor="page-2")
    assert (row.holder, row.owner, row.lease_until) == ("h-1", "run-1", lease.until)


@pytest.mark.parametrize("change", ["advance", "release", "swing", "finish"])
def test_a_fence_that_has_moved_on_refuses_every_change(stores: Stores, change: str) -> None:
    old = take(stores)
    take(stores, holder="h-2", seconds=500)
    before = stores.streams.get(STREAM)

    with pytest.raises(LeaseLost):
        _change(stores, change, old)

    assert stores.streams.get(STREAM) == before


@pytest.mark.parametrize("change", ["advance", "release", "swing", "finish"])
def test_a_worker_whose_run_was_abandoned_changes_nothing_any_more(stores: Stores, change: str) -> None:
    lease = take(stores)
    stores.streams.abandon(STREAM, run="run-1", now=LATER, problem=PROBLEM)
    before = stores.streams.get(STREAM)

    if change == "finish":
        assert stores.streams.finish(lease, before) is None
    else:
        with pytest.raises(LeaseLost):
            _change(stores, change, lease)

    assert stores.streams.get(STREAM) == before


def _change(stores: Stores, change: str, lease: Lease) -> None:
    streams = stores.streams
    changes: dict[str, Callable[[], object]] = {
        "advance": lambda: streams.advance(lease, checkpoint()),
        "release": lambda: streams.release(lease, checkpoint()),
        "swing": lambda: streams.swing(lease, "index-9", checkpoint()),
        "finish": lambda: streams.finish(lease, Stream(STREAM)),
    }
    changes[change]()


def test_swinging_moves_index_and_checkpoint_together(stores: Stores) -> None:
    lease = take(stores)

    stores.streams.swing(lease, "index-1", checkpoint(cursor="c"))

    row = stores.streams.get(STREAM)
    assert (row.index, row.checkpoint) == ("index-1", checkpoint(cursor="c"))


def test_swinging_to_nothing_leaves_no_valid_index(stores: Stores) -> None:
    lease = take(stores)
    stores.streams.swing(lease, "index-1", checkpoint())

    stores.streams.swing(lease, "", checkpoint())

    assert stores.streams.get(STREAM).index is None


def test_finishing_writes_the_end_with_its_index_and_keeps_the_fence(stores: Stores) -> None:
    lease = take(stores)
    stores.streams.swing(lease, "index-1", checkpoint())
    end = Stream(
        STREAM,
        index="index-2",
        high_water=NOON,
        last_attempt_at=NOON,
        last_success_at=NOON + timedelta(microseconds=1),
        last_success_run="run-1",
        last_snapshot_at=NOON,
        usable_since=NOON,
        last_task=task(state=TaskState.SUCCEEDED, counts={DataType.PRODUCTS: Counts(fetched=3)}),
        problem=PROBLEM,
        warnings=(PROBLEM, PROBLEM),
        held=(HeldDeletion(DataType.PRODUCTS, 40, 50, "run-1", NOON),),
        approved_at=NOON,
        data_types={
            DataType.PRODUCTS: DataTypeStatus(
                live=3, quarantined=1, counts=Counts(fetched=3), window=DataWindow("2026-01-01T00:00:00Z")
            )
        },
    )

    stores.streams.finish(lease, end)

    assert stores.streams.get(STREAM) == replace(end, fence=1, last_run="run-1")


def test_finishing_clears_status_fields_that_the_end_no_longer_has(stores: Stores) -> None:
    stores.streams.finish(take(stores), Stream(STREAM, problem=PROBLEM, approved_at=NOON))

    stores.streams.finish(take(stores, "run-2", holder="h-2"), Stream(STREAM, last_success_at=NOON))

    row = stores.streams.get(STREAM)
    assert (row.problem, row.approved_at, row.last_success_at, row.last_run) == (None, None, NOON, "run-2")


def test_finishing_gives_the_waiting_run_and_frees_the_stream_for_it(stores: Stores) -> None:
    lease = take(stores)
    with pytest.raises(StreamBusy):
        take(stores, "run-2", holder="h-2")

    successor = stores.streams.finish(lease, Stream(STREAM))

    assert successor == "run-2"
    assert take(stores, "run-2", holder="h-3").fence == 2


def test_finishing_again_after_a_lost_answer_gives_the_same_successor(stores: Stores) -> None:
    lease = take(stores)
    with pytest.raises(StreamBusy):
        take(stores, "run-2", holder="h-2")
    stores.streams.finish(lease, Stream(STREAM))

    again = stores.streams.finish(lease, Stream(STREAM))

    assert again == "run-2"


def test_a_late_duplicate_of_a_finished_run_does_not_start_it_again(stores: Stores) -> None:
    stores.streams.finish(take(stores), Stream(STREAM))

    with pytest.raises(SegmentStale):
        take(stores, holder="h-2", seconds=900)


def test_a_finished_run_is_not_noted_as_successor_of_the_next_one(stores: Stores) -> None:
    stores.streams.finish(take(stores), Stream(STREAM))
    take(stores, "run-2", holder="h-2")

    with pytest.raises(SegmentStale):
        take(stores, "run-1", holder="h-3")

    assert stores.streams.get(STREAM).successor is None


def test_a_run_that_a_worker_holds_is_not_abandoned(stores: Stores) -> None:
    lease = take(stores)

    with pytest.raises(LeaseHeld) as held:
        stores.streams.abandon(STREAM, run="run-1", now=lease.until, problem=PROBLEM)

    assert held.value.until == lease.until


def test_abandoning_ends_ownership_names_the_problem_and_gives_the_successor(stores: Stores) -> None:
    take(stores)
    with pytest.raises(StreamBusy):
        take(stores, "run-2", holder="h-2")

    successor = stores.streams.abandon(STREAM, run="run-1", now=LATER, problem=PROBLEM)

    row = stores.streams.get(STREAM)
    assert successor == "run-2"
    assert (row.owner, row.successor, row.holder, row.checkpoint) == (None, None, None, None)
    assert (row.last_run, row.last_task, row.problem, row.last_attempt_at) == ("run-1", None, PROBLEM, LATER)


def test_abandoning_again_gives_the_same_successor(stores: Stores) -> None:
    take(stores)
    with pytest.raises(StreamBusy):
        take(stores, "run-2", holder="h-2")
    stores.streams.abandon(STREAM, run="run-1", now=LATER, problem=PROBLEM)

    assert stores.streams.abandon(STREAM, run="run-1", now=LATER, problem=PROBLEM) == "run-2"


@pytest.mark.parametrize("owner", ["nobody", "another run"])
def test_abandoning_a_run_that_does_not_own_the_stream_changes_nothing(stores: Stores, owner: str) -> None:
    if owner == "another run":
        take(stores)
    before = stores.streams.get(STREAM)

    assert stores.streams.abandon(STREAM, run="run-9", now=LATER, problem=PROBLEM) is None
    assert stores.streams.get(STREAM) == before


def test_a_decision_counts_only_while_the_run_that_was_looked_at_is_the_last_one(stores: Stores) -> None:
    stores.streams.finish(take(stores), Stream(STREAM, last_success_at=NOON))

    taken = stores.streams.approve(STREAM, last_run="run-1", at=NOON), stores.streams.get(STREAM).approved_at
    late = stores.streams.approve(STREAM, last_run="run-0", at=LATER), stores.streams.get(STREAM).approved_at

    assert (taken, late) == ((True, NOON), (False, NOON))


def test_a_rejection_takes_back_the_approval_and_outlives_the_next_end(stores: Stores) -> None:
    stores.streams.finish(take(stores), Stream(STREAM, last_success_at=NOON))
    stores.streams.approve(STREAM, last_run="run-1", at=NOON)

    refused = stores.streams.reject(STREAM, last_run="run-0", at=LATER)
    rejected = stores.streams.reject(STREAM, last_run="run-1", at=LATER)
    after = stores.streams.get(STREAM)
    stores.streams.finish(take(stores, "run-2", holder="h-2"), Stream(STREAM, last_success_at=NOON))

    assert (refused, rejected, after.approved_at, after.rejected_at) == (False, True, None, LATER)
    assert stores.streams.get(STREAM).rejected_at == LATER


def test_asking_to_look_again_outlives_the_next_end(stores: Stores) -> None:
    lease = take(stores)

    stores.streams.look_again(STREAM, LATER)
    stores.streams.finish(lease, Stream(STREAM, last_success_at=NOON))

    assert stores.streams.get(STREAM).look_again_at == LATER
