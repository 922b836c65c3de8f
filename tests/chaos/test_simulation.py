"""The simulation itself: it holds the product to its promises, and would notice if it did not keep them."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.chaos import naive, twins
from tests.chaos.mutants.patches import PATCHES
from tests.chaos.mutants.planting import planted
from tests.chaos.plan import plan_of

ROOT = Path(__file__).resolve().parents[2]
FROZEN = (2, 9, 13, 14)
"""Seeds of schedules in which a frozen process wakes up among writes; others, once worlds are drawn otherwise."""
RESTORED = (1, 3, 7, 21)
"""Seeds of schedules that left ghosts, lost or stale records behind while environments kept a table's identity."""


@pytest.mark.parametrize("seed", range(1, 9))
def test_no_invariant_breaks(seed: int) -> None:
    assert twins.told(plan_of(seed)).history.violations == []


@pytest.mark.parametrize("turn", range(4))
def test_what_must_not_matter_does_not(turn: int) -> None:
    assert twins.compare(plan_of(60 + turn), turn).history.violations == []


@pytest.mark.parametrize("seed", RESTORED)
def test_table_that_was_restored_under_its_own_name_hides_nothing_from_warm_environments(seed: int) -> None:
    """Both tables or one of them: what an environment remembers of the former is asked for anew."""
    plan = plan_of(seed)
    plan = replace(plan, nights=max(plan.nights, 4), faults={**plan.faults, "table_restored": 0.5})

    assert twins.told(plan).history.violations == []


def test_seed_told_again_gives_the_same_history() -> None:
    first, second = twins.told(plan_of(11)), twins.told(plan_of(11))

    assert first.vendor.calls == second.vendor.calls
    assert first.history.checks == second.history.checks
    assert first.region.log == second.region.log


def test_batch_writes_are_safe_only_where_the_platform_ends_a_process_in_time() -> None:
    """Without that bound a zombie writes under an old fence, and the simulation sees it."""
    broken = set()
    for seed in FROZEN:
        plan = plan_of(seed)
        plan = replace(plan, outlives=True, faults={**plan.faults, "freeze": 0.05})
        broken |= {invariant for invariant, _ in twins.told(plan).history.violations}

    assert "I7" in broken


def test_naive_sync_leaves_wrong_records_behind_under_the_same_schedules() -> None:
    left = sum((naive.counts(plan_of(seed)) for seed in range(1, 11)), start=naive.counts(plan_of(0)))

    assert left["lost"] + left["stale"] + left["ghost"] > 0
    assert left["false_success"] > 0


@pytest.mark.parametrize("name", PATCHES)
def test_planted_bug_fits_the_product(name: str) -> None:
    patch = PATCHES[name]
    place = importlib.util.find_spec(patch.module)
    assert place is not None
    assert place.origin is not None

    compile(planted(Path(place.origin).read_text(), patch), patch.module, "exec")


@pytest.mark.parametrize("name", ["1", "11", "12", "13"])
def test_planted_bug_is_found_within_a_few_schedules(name: str) -> None:
    command = [sys.executable, "-m", "tests.chaos.mutants.hunt", name, "1000", "40"]
    path = f"{ROOT}:{ROOT / 'layers' / 'connectors' / 'python'}"
    done = subprocess.run(
        command, cwd=ROOT, env={"PYTHONHASHSEED": "0", "PYTHONPATH": path}, capture_output=True, text=True, check=True
    )

    assert '"seeds": null' not in done.stdout
