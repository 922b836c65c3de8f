"""A poisoned record, from the vendor's bytes to the store: it has a named outcome, and no other record suffers."""

from __future__ import annotations

import pytest

from planster_sync.model.data_types import DataType
from planster_sync.model.runs import Counts, Task, TaskState
from tests.bad_input.cases import CANARY, HONEST, RECORDS, RecordCase
from tests.bad_input.plant import Plant, mapped

pytestmark = pytest.mark.cloud
PLACE = 5


def among_honest(case: RecordCase) -> list[bytes]:
    """The honest list with the case's records in its middle."""
    records = list(HONEST)
    for number, raw in enumerate(case.records):
        records.insert(PLACE + number * case.apart, raw)
    return records


def judge(plant: Plant, case: RecordCase, task: Task) -> None:
    """The task's end, its counts, what is stored and what is in quarantine, as the case says."""
    counts = task.counts[DataType.INVENTORY_LEVELS]
    entries = plant.quarantine()
    expected = TaskState.SUCCEEDED_WITH_WARNINGS if case.aside else TaskState.SUCCEEDED
    assert (task.state, task.problem) == (expected, None)
    assert [warning.code for warning in task.warnings] == (["records_quarantined"] if case.aside else [])
    adds_up(counts)
    assert (counts.fetched, counts.quarantined) == (len(HONEST) + len(case.stored) + len(case.aside), len(case.aside))
    assert plant.stored() == {record["id"]: record for record in map(mapped, (*HONEST, *case.stored))}
    assert {(entry.problem.code, entry.path) for entry in entries} == {(each.code, each.path) for each in case.aside}
    named = {each.source for each in case.aside if each.source}
    assert {entry.source for entry in entries if not entry.source.startswith("?")} >= named
    assert len(entries) == len(case.aside)
    assert CANARY not in plant.told()


def adds_up(counts: Counts) -> None:
    assert counts.fetched == counts.created + counts.updated + counts.unchanged + counts.quarantined
    assert counts.deleted == 0


@pytest.mark.parametrize("case", RECORDS, ids=lambda case: case.what)
def test_poisoned_record_has_its_outcome_night_after_night_and_heals(plant: Plant, case: RecordCase) -> None:
    plant.vendor.records = among_honest(case)
    judge(plant, case, plant.night())
    judge(plant, case, plant.night())
    plant.vendor.records = list(HONEST)

    healed = plant.night()

    assert healed.state is TaskState.SUCCEEDED
    assert healed.counts[DataType.INVENTORY_LEVELS].unchanged == len(HONEST)
    assert plant.stored() == {record["id"]: record for record in map(mapped, HONEST)}
    assert plant.quarantine() == []
