"""Judged nights: each is kept once, found by its date, and watched under the moment that was read."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from planster_sync.model.data_types import DataType
from planster_sync.model.freshness import Miss, Night, NightWatch
from planster_sync.storage.table import Question
from tests.contract.stores.backends import OnAws, Stores
from tests.contract.stores.samples import NOON

NIGHT = Night(
    "acme",
    "warehouse-1",
    "2026-03-01",
    NOON,
    (DataType.ORDERS,),
    {DataType.BILLS: Miss("throttled", "It waited.")},
    (DataType.BILLS,),
)
WATCH = NightWatch("acme", "warehouse-1", "2026-03-01", NOON)


def test_a_night_is_kept_once_and_the_first_judgement_stays(stores: Stores) -> None:
    assert stores.nights.keep(NIGHT)
    assert not stores.nights.keep(replace(NIGHT, fresh=(), missed={}))

    assert stores.nights.since("acme", ["warehouse-1"], date(2026, 3, 1)) == [[NIGHT]]


def test_nights_are_found_from_a_date_on_oldest_first_for_each_integration(stores: Stores) -> None:
    for day in ("2026-03-03", "2026-02-28", "2026-03-02"):
        stores.nights.keep(replace(NIGHT, date=day))
    stores.nights.keep(replace(NIGHT, integration="warehouse-2"))
    stores.nights.keep(replace(NIGHT, organisation="acme2"))
    stores.nights.begin_watch(WATCH)

    found = stores.nights.since("acme", ["warehouse-2", "warehouse-1", "warehouse-3"], date(2026, 3, 1))

    assert [[night.date for night in each] for each in found] == [["2026-03-01"], ["2026-03-02", "2026-03-03"], []]


def test_a_watch_begins_once_moves_once_and_ends(stores: Stores) -> None:
    stores.nights.begin_watch(WATCH)
    stores.nights.begin_watch(replace(WATCH, check_at=NOON - timedelta(days=1)))
    later = replace(WATCH, date="2026-03-02", check_at=NOON + timedelta(days=1))

    assert stores.nights.due_watches(NOON - timedelta(seconds=1), 10) == []
    assert stores.nights.due_watches(NOON, 10) == [WATCH]
    stores.nights.move_watch(WATCH, later)
    stores.nights.move_watch(WATCH, replace(WATCH, check_at=NOON + timedelta(hours=1)))  # read before it was moved
    assert stores.nights.due_watches(NOON + timedelta(days=1), 10) == [later]
    stores.nights.end_watch(later)
    assert stores.nights.due_watches(NOON + timedelta(days=9), 10) == []


def test_rows_end_by_themselves_after_ninety_days(aws: OnAws) -> None:
    aws.nights.keep(NIGHT)

    (item,) = aws.control.query(Question("pk = :pk", {"pk": "NIGHTS#acme#warehouse-1"}))

    assert item["_expires"] == int((NOON + timedelta(days=90)).timestamp())


def test_a_night_whose_answer_was_lost_was_kept_by_its_own_writer(aws: OnAws) -> None:
    aws.endpoint.lose_answer("PutItem")

    assert aws.nights.keep(NIGHT)
    assert not aws.nights.keep(replace(NIGHT, fresh=()))
