"""Runs: written once, tasks final once, found by what is asked of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from planster_sync.model.data_types import DataType
from planster_sync.model.runs import Counts, RunStatus, TaskState, id_at
from planster_sync.storage import keys as layout
from planster_sync.storage.table import Question
from tests.contract.stores.backends import OnAws, Stores
from tests.contract.stores.samples import NOON, PROBLEM, run, task

LATER = NOON + timedelta(minutes=5)


def test_a_new_run_is_written_whole(stores: Stores) -> None:
    made = run(slot="2026-03-01T02", requested_by="planner-1", sent_at=NOON, started_at=LATER)

    assert stores.runs.create(made) is None
    assert stores.runs.get("acme", "warehouse-1", made.id) == made


def test_creating_a_run_again_gives_the_one_that_is_there(stores: Stores) -> None:
    stores.runs.create(run())

    again = stores.runs.create(run(status=RunStatus.RUNNING, tasks={}))

    assert again == run()
    assert stores.runs.get("acme", "warehouse-1", run().id) == run()


def test_an_unknown_run_is_none(stores: Stores) -> None:
    assert stores.runs.get("acme", "warehouse-1", "nothing") is None


def test_putting_a_task_gives_the_run_as_it_is_then_and_leaves_the_other_tasks(stores: Stores) -> None:
    stores.runs.create(run())
    stores.runs.put_task(run(), task("orders", state=TaskState.RUNNING))
    ended = task(
        state=TaskState.FAILED,
        attempt=2,
        ended_at=LATER,
        counts={DataType.PRODUCTS: Counts(fetched=4, quarantined=1)},
        problem=PROBLEM,
        warnings=(PROBLEM,),
        claim_by=LATER,
    )

    then = stores.runs.put_task(run(), ended)

    assert then is not None
    assert then.tasks == {"products": ended, "orders": task("orders", state=TaskState.RUNNING)}
    assert then == stores.runs.get("acme", "warehouse-1", run().id)


@pytest.mark.parametrize("final", [state for state in TaskState if state.is_final])
def test_a_final_task_is_never_changed(stores: Stores, final: TaskState) -> None:
    stores.runs.create(run())
    stores.runs.put_task(run(), task(state=final))

    refused = stores.runs.put_task(run(), task(state=TaskState.RUNNING, attempt=9))

    stored = stores.runs.get("acme", "warehouse-1", run().id)
    assert refused is None
    assert stored is not None
    assert stored.tasks["products"].state is final


def test_the_same_final_task_again_is_accepted_because_its_answer_may_have_been_lost(stores: Stores) -> None:
    ended = task(state=TaskState.SUCCEEDED, counts={DataType.PRODUCTS: Counts(fetched=4)})
    stores.runs.create(run())
    first = stores.runs.put_task(run(), ended)

    assert stores.runs.put_task(run(), ended) == first


def test_a_task_of_an_unknown_run_is_refused(stores: Stores) -> None:
    assert stores.runs.put_task(run(), task()) is None


def test_updating_a_run_leaves_its_tasks_alone(stores: Stores) -> None:
    stores.runs.create(run())
    stores.runs.put_task(run(), task(state=TaskState.RUNNING))

    stores.runs.update(run(status=RunStatus.RUNNING, sent_at=NOON, started_at=NOON, check_at=LATER))

    stored = stores.runs.get("acme", "warehouse-1", run().id)
    assert stored is not None
    assert (stored.status, stored.sent_at, stored.started_at, stored.check_at) == (RunStatus.RUNNING, NOON, NOON, LATER)
    assert stored.tasks["products"].state is TaskState.RUNNING


def test_a_run_that_has_ended_is_not_updated(stores: Stores) -> None:
    stores.runs.create(run())
    ended = run(status=RunStatus.SUCCEEDED, ended_at=LATER, check_at=None)
    stores.runs.update(ended)

    stores.runs.update(run(status=RunStatus.RUNNING))

    assert stores.runs.get("acme", "warehouse-1", run().id) == ended


def test_updating_an_unknown_run_makes_none(stores: Stores) -> None:
    stores.runs.update(run(status=RunStatus.RUNNING))

    assert stores.runs.get("acme", "warehouse-1", run().id) is None


def test_active_runs_are_the_unfinished_ones_newest_first(stores: Stores) -> None:
    for number in ("1", "2", "3"):
        stores.runs.create(run(number))
    stores.runs.update(run("2", status=RunStatus.FAILED, ended_at=LATER, check_at=None))
    stores.runs.create(run("9", integration="warehouse-2"))

    assert [active.id for active in stores.runs.active("acme", "warehouse-1")] == ["3", "1"]


def test_runs_due_for_a_check_come_oldest_first_from_every_integration(stores: Stores) -> None:
    for place in range(8):
        at = NOON + timedelta(seconds=place)
        stores.runs.create(run(f"run-{place}", integration=f"warehouse-{place}", check_at=at))

    due = stores.runs.due_for_check(NOON + timedelta(seconds=5), 4)

    assert [found.id for found in due] == ["run-0", "run-1", "run-2", "run-3"]


def test_runs_that_ended_or_whose_check_moved_on_are_not_due(stores: Stores) -> None:
    for number in ("ended", "moved", "due"):
        stores.runs.create(run(number))
    stores.runs.update(run("ended", status=RunStatus.SUCCEEDED, check_at=None))
    stores.runs.update(run("moved", check_at=LATER))

    assert [found.id for found in stores.runs.due_for_check(NOON, 10)] == ["due"]


def test_recent_runs_come_newest_first_page_by_page(stores: Stores) -> None:
    for number in range(5):
        stores.runs.create(run(f"run-{number}"))

    first, cursor = stores.runs.recent("acme", "warehouse-1", 2, None)
    second, cursor = stores.runs.recent("acme", "warehouse-1", 2, cursor)
    third, end = stores.runs.recent("acme", "warehouse-1", 2, cursor)

    assert [[one.id for one in page] for page in (first, second, third)] == [
        ["run-4", "run-3"],
        ["run-2", "run-1"],
        ["run-0"],
    ]
    assert end is None


def test_runs_expire_after_ninety_days(aws: OnAws) -> None:
    aws.runs.create(run())

    item = aws.control.get(layout.run_key("acme", "warehouse-1", run().id))

    assert item is not None
    assert item["_expires"] == int((NOON + timedelta(days=90)).timestamp())


def test_an_ended_run_leaves_the_index_of_what_is_due(aws: OnAws) -> None:
    aws.runs.create(run())
    aws.runs.update(replace(run(), status=RunStatus.CANCELLED, check_at=None))

    shards = [Question("due_pk = :shard", {"shard": shard}, index=layout.BY_DUE) for shard in layout.run_shards()]
    assert aws.control.first_of_each(shards) == [[]] * layout.SHARDS


def test_a_cancelled_run_remembers_who_was_first(stores: Stores) -> None:
    stores.runs.create(run())

    first = stores.runs.cancel(run(), by="user-1", at=NOON)
    second = stores.runs.cancel(run(), by="user-2", at=NOON + timedelta(minutes=1))

    assert first == second == stores.runs.get("acme", "warehouse-1", run().id)
    assert first is not None
    assert (first.cancelled_at, first.cancelled_by) == (NOON, "user-1")


def test_a_run_that_has_ended_is_not_cancelled(stores: Stores) -> None:
    stores.runs.create(run())
    stores.runs.update(replace(run(), status=RunStatus.SUCCEEDED, ended_at=NOON))

    assert stores.runs.cancel(run(), by="user-1", at=NOON) is None
    assert stores.runs.cancel(run("20260301T030000Z-never"), by="user-1", at=NOON) is None


def test_updating_a_cancelled_run_leaves_it_cancelled(stores: Stores) -> None:
    stores.runs.create(run())
    stores.runs.cancel(run(), by="user-1", at=NOON)

    stores.runs.update(replace(run(), status=RunStatus.RUNNING))

    there = stores.runs.get("acme", "warehouse-1", run().id)
    assert there is not None
    assert (there.status, there.cancelled_by) == (RunStatus.RUNNING, "user-1")


def test_runs_since_a_moment_come_newest_first(stores: Stores) -> None:
    for hour in (1, 3, 2, 4):
        stores.runs.create(run(f"20260301T0{hour}0000Z-x"))

    found = stores.runs.since("acme", "warehouse-1", NOON.replace(hour=2))

    assert [each.id for each in found] == [f"20260301T0{hour}0000Z-x" for hour in (4, 3, 2)]


def test_unfinished_runs_are_counted_by_when_they_began(stores: Stores) -> None:
    for place in range(3):
        began = NOON + timedelta(hours=place)
        stores.runs.create(run(id=f"{id_at(began)}", created_at=began, check_at=LATER))
    ended = run(id=id_at(NOON - timedelta(hours=1)), check_at=LATER)
    stores.runs.create(ended)
    stores.runs.update(replace(ended, status=RunStatus.FAILED, ended_at=LATER, check_at=None))

    assert stores.runs.count_unfinished(NOON + timedelta(hours=1)) == 1
    assert stores.runs.count_unfinished(NOON + timedelta(hours=9)) == 3
