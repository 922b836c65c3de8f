"""Requests under callers' own keys: kept once, for a day, each integration's apart."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from planster_sync.ports.stores import AskedSync
from tests.contract.stores.backends import Stores
from tests.contract.stores.samples import NOON

PLACE = ("acme", "warehouse-1")
ASKED = AskedSync("key-1", "digest-1", "run-1", NOON)
AGAIN = replace(ASKED, run="run-2", at=NOON + timedelta(hours=1))


def test_a_key_is_kept_once(stores: Stores) -> None:
    first = stores.asked_syncs.note(*PLACE, ASKED)
    second = stores.asked_syncs.note(*PLACE, AGAIN)

    assert (first, second) == (None, ASKED)


def test_a_key_of_another_integration_is_another_key(stores: Stores) -> None:
    stores.asked_syncs.note(*PLACE, ASKED)

    assert stores.asked_syncs.note("acme", "warehouse-2", AGAIN) is None
    assert stores.asked_syncs.note("acme#warehouse-1", "", AGAIN) is None


def test_the_run_that_a_request_joined_is_remembered(stores: Stores) -> None:
    stores.asked_syncs.note(*PLACE, ASKED)
    stores.asked_syncs.note_joined(*PLACE, ASKED, "run-0")

    assert stores.asked_syncs.note(*PLACE, AGAIN) == replace(ASKED, joined="run-0")


def test_a_key_is_free_again_after_a_day(stores: Stores) -> None:
    stores.asked_syncs.note(*PLACE, ASKED)
    later = replace(AGAIN, at=NOON + timedelta(days=1))

    assert stores.asked_syncs.note(*PLACE, later) is None
    assert stores.asked_syncs.note(*PLACE, replace(later, run="run-3")) == later
