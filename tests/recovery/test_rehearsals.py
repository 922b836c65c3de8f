"""The twelve failures: what is stored equals the source in the end, and somebody is told where somebody has to act."""

from __future__ import annotations

import re
from functools import cache

import pytest

from tests.architecture.repository import ROOT
from tests.recovery.playing import Played
from tests.recovery.rehearsals import REHEARSALS

DOCUMENT = ROOT / "docs" / "recovery.md"

RINGS: dict[str, set[str]] = {
    "DynamoDB throttled for an hour": {"records table throttled", "control table throttled"},
    "Region outage": {"night did not start", "night not finished"},
    "Vendor down for three days": {"freshness burns", "freshness burns fast"},
    "Expired key": {"reconnection needed"},
    "Bad deployment": {"many dead letters", "night not finished"},
    "Secret deleted": {"reconnection needed"},
    "Bill alarm": {"writes above model"},
    "Log flood": {"many records set aside"},
}
"""The others mend themselves, or nothing in the running system can tell."""

FACTS: dict[str, dict[str, object]] = {
    "DynamoDB throttled for an hour": {"begun": 0},
    "Region outage": {"sent": 0},
    "Vendor down for three days": {"ends": ["failed"] * 3, "deleted": 0, "other": "succeeded"},
    "Expired key": {"status": "needs_reauth", "refused": 2},
    "Bad deployment": {"left": 0},
    "Secret deleted": {"status": "needs_reauth"},
    "Queue purged": {"purged": 3, "sent": 2, "acme": "succeeded"},
    "Index object lost": {"lost": 3},
    "Half a table restored": {"after a night": ""},
    "Clock wrong": {"ends": ["succeeded"], "refused": True, "due moved": False},
    "Bill alarm": {"paused": 0},
    "Log flood": {"state": True},
}

NIGHT = 24.5
"""Hours until the next night has ended."""


@cache
def rehearsed(name: str) -> Played:
    return REHEARSALS[name]()


@pytest.mark.parametrize("name", REHEARSALS)
def test_everything_is_right_again_after_the_next_night_and_whoever_has_to_act_is_told(name: str) -> None:
    played = rehearsed(name)

    assert played.difference == ""
    assert played.hours <= NIGHT
    assert set(played.rang) >= RINGS.get(name, set())
    facts = FACTS[name]
    assert {fact: played.facts[fact] for fact in facts} == facts


def test_items_put_back_in_place_stay_wrong_until_the_index_is_checked() -> None:
    """Why `check-index` and `rebuild-index` are no option after that: no sync would find them."""
    facts = rehearsed("Half a table restored").facts

    assert facts["silent"]
    assert facts["found"] == [(1, 0, 1)]


def test_log_does_not_grow_with_the_number_of_broken_records() -> None:
    lines = rehearsed("Log flood").facts["lines"]

    assert isinstance(lines, dict)
    assert lines[100] == lines[20]


def test_every_rehearsal_is_a_section_of_the_document_and_no_other_failure_is() -> None:
    failures = DOCUMENT.read_text().partition("## The twelve failures")[2]

    assert re.findall(r"^### (.+)$", failures, flags=re.MULTILINE) == list(REHEARSALS)
