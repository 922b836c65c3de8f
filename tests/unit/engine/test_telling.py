"""What a task's end tells those who watch."""

from __future__ import annotations

import pytest

from planster_sync.engine.telling import metrics, noteworthy
from planster_sync.model.data_types import DataType
from planster_sync.model.runs import Counts, TaskState
from planster_sync.model.streams import DataTypeStatus, HeldDeletion
from tests.fakes.clock import START

ORDERS = DataType.ORDERS


def told(live: int, fetched: int, *held: HeldDeletion) -> list[str]:
    found = noteworthy({ORDERS: Counts(fetched=fetched)}, held, {ORDERS: DataTypeStatus(live=live)})
    return [name for name, _ in found]


@pytest.mark.parametrize(
    ("live", "fetched", "is_told"),
    [(100, 100, False), (100, 50, False), (100, 49, True), (100, 150, False), (100, 151, True), (50, 0, False)],
)
def test_a_list_that_halves_or_grows_by_half_is_told_unless_it_was_short(
    live: int, fetched: int, is_told: bool
) -> None:
    assert told(live, fetched) == (["volume_swing"] if is_told else [])


def test_a_data_type_that_was_never_stored_swings_by_nothing() -> None:
    assert list(noteworthy({ORDERS: Counts(fetched=900)}, (), {})) == []


def test_each_deletion_that_is_held_anew_is_told() -> None:
    held = HeldDeletion(ORDERS, 60, 60, "run-1", START)

    ((name, fields),) = noteworthy({}, (held,), {})

    assert (name, fields) == ("deletion_held", {"data_type": ORDERS, "count": 60, "before": 60})


def test_new_and_updated_records_are_one_metric() -> None:
    counted = metrics(TaskState.SUCCEEDED, Counts(fetched=9, created=2, updated=3, unchanged=4, deleted=1))

    assert {name: value for name, value in counted.items() if value} == {
        "tasks_succeeded": 1,
        "records_fetched": 9,
        "records_changed": 5,
        "records_deleted": 1,
    }
