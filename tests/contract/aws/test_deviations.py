"""The table of deviations speaks of rules that are asserted, and of nothing else."""

from __future__ import annotations

import re
from itertools import chain
from pathlib import Path

from tests.contract.aws import test_batches, test_conditions, test_items, test_queries, test_queues, test_updates
from tests.contract.aws.deviations import DEVIATIONS

_NAMED = re.compile(r"on\(\s*\w+\.backend,\s*\"([^\"]+)\"")
_BUILT = re.compile(r"on\(\s*\w+\.backend,\s*f\"([^\"{]*)\{[^}]+\}([^\"]*)\"")


def asserted() -> set[str]:
    """Every rule that a test of this folder names, written out or made from one of its tables of flaws."""
    texts = [path.read_text() for path in Path(__file__).parent.glob("test_*.py")]
    rules = set(chain.from_iterable(_NAMED.findall(text) for text in texts))
    rules |= {*test_conditions.HOLDS, *test_conditions.FAILS, *test_conditions.FLAWED}
    flaws = [*test_updates.FLAWS, *test_queries.QUESTIONS, *test_batches.BATCHES, *test_batches.READS]
    flaws += [*test_items.FLAWS, *(number[:6] for number in test_items.NO_NUMBERS), *test_queues.BATCHES]
    frames = set(chain.from_iterable(_BUILT.findall(text) for text in texts))
    return rules | {f"{before}{flaw}{after}" for before, after in frames for flaw in flaws}


def test_every_known_deviation_is_asserted() -> None:
    known = set(chain.from_iterable(DEVIATIONS.values()))

    assert known - asserted() == set()
