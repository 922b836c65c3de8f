"""A poisoned page, from the vendor's bytes to the task's end: a named outcome within a bound, and nothing deleted."""

from __future__ import annotations

import pytest

from planster_sync.model.data_types import DataType
from planster_sync.model.runs import TaskState
from tests.bad_input.cases import CANARY, HONEST, PAGES, PageCase
from tests.bad_input.plant import Plant, item, mapped
from tests.bad_input.vendor import Asked, honestly, page

pytestmark = pytest.mark.cloud
ALL_HONEST = {record["id"]: record for record in map(mapped, HONEST)}


@pytest.mark.parametrize("case", PAGES, ids=lambda case: case.what)
def test_poisoned_page_has_its_outcome_and_deletes_nothing(plant: Plant, case: PageCase) -> None:
    plant.night()
    plant.vendor.poison, plant.vendor.asked = case.poison, 0

    task = plant.night()

    told = [problem.code for problem in (*task.warnings, *([task.problem] if task.problem else ()))]
    assert (task.state, told) == (case.state, [case.code] if case.code else [])
    assert plant.vendor.asked <= case.most_requests
    assert sum(count.deleted for count in task.counts.values()) == 0
    assert plant.stored() == ALL_HONEST
    assert CANARY not in plant.told()
    plant.vendor.poison = honestly
    healed = plant.night()
    assert healed.state is TaskState.SUCCEEDED
    assert healed.counts[DataType.INVENTORY_LEVELS].unchanged == len(HONEST)
    assert plant.stored() == ALL_HONEST


@pytest.mark.parametrize("case", [case for case in PAGES if case.passes], ids=lambda case: case.what)
def test_page_that_was_poisoned_once_is_overcome_in_the_same_run(plant: Plant, case: PageCase) -> None:
    met: list[int] = []

    def once(asked: Asked) -> bytes:
        answer = asked.honest if met else case.poison(asked)
        if answer != asked.honest:
            met.append(asked.number)
        return answer

    plant.vendor.poison = once

    task = plant.night()

    assert len(met) == 1
    assert (task.state, task.problem) == (TaskState.SUCCEEDED, None)
    assert plant.stored() == ALL_HONEST


def test_list_that_shows_new_records_for_ever_ends_with_its_hops(plant: Plant) -> None:
    """Nobody can tell it from a very large list: what it shows is stored, and the number of segments ends it."""
    plant.night()

    answer_takes = 9.0

    def grows(asked: Asked) -> bytes:
        plant.clock.advance(answer_takes)
        return page([item(f"new-{asked.number}")], f"t-{4 * (asked.number + 1)}")

    plant.vendor.poison, plant.vendor.asked = grows, 0

    task = plant.night()

    assert task.state is TaskState.FAILED
    assert task.problem is not None
    assert task.problem.code == "no_progress"
    assert plant.vendor.asked <= (plant.timings.max_hops + 1) * (plant.timings.slice / answer_takes + 1)
    assert plant.stored().items() >= ALL_HONEST.items()
