"""The upstream's account: what is on it, and what a day changes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from benchmarks.account import Account
from benchmarks.shapes import KINDS

TODAY = datetime(2026, 3, 1, 12, tzinfo=UTC)
RECORDS = 1000


def account(kind: str = "inventory", records: int = RECORDS) -> Account:
    return Account(kind, records, 1, TODAY)


def texts(of: Account, day: int, since: str | None = None) -> Iterator[bytes]:
    start: int | None = 0
    while start is not None:
        page, start = of.page(day, start, since)
        yield from page


def by_id(of: Account, day: int) -> dict[str, bytes]:
    return {json.loads(text)["id"]: text for text in texts(of, day)}


@pytest.mark.parametrize("kind", KINDS)
def test_day_2_changes_one_percent_and_moves_a_thousandth_and_leaves_the_rest_equal_to_the_byte(kind: str) -> None:
    first, second = by_id(account(kind), 1), by_id(account(kind), 2)

    both = first.keys() & second.keys()

    assert len(first.keys() - second.keys()) == RECORDS // 1000
    assert len(second.keys() - first.keys()) == RECORDS // 1000
    assert sum(first[id_] != second[id_] for id_ in both) == RECORDS // 100


@pytest.mark.parametrize("kind", KINDS)
def test_a_changed_record_differs_in_more_than_its_stamps(kind: str) -> None:
    first, second = by_id(account(kind), 1), by_id(account(kind), 2)
    changed = [id_ for id_ in first.keys() & second.keys() if first[id_] != second[id_]]

    meanings = [(_meaning(first[id_]), _meaning(second[id_])) for id_ in changed]

    assert all(before != after for before, after in meanings)


def test_records_come_in_the_order_of_their_ids() -> None:
    ids = [json.loads(text)["id"] for text in texts(account(), 2)]

    assert ids == sorted(set(ids))


def test_every_record_is_found_by_its_id_and_no_other() -> None:
    listed = by_id(account(), 2)
    gone = by_id(account(), 1).keys() - listed.keys()

    assert all(account().by_id(2, id_) == text for id_, text in listed.items())
    assert [account().by_id(2, id_) for id_ in (*gone, "unknown", "0" * 24)] == [None] * (len(gone) + 2)


def test_a_volatile_account_moves_one_stamp_of_every_untouched_record_and_nothing_else() -> None:
    first, second = by_id(account(), 1), by_id(replace(account(), volatile=True), 2)
    plain = by_id(account(), 2)

    untouched = [id_ for id_ in first if plain.get(id_) == first[id_]]

    assert all(first[id_] != second[id_] for id_ in untouched)
    assert all(_without_touch(first[id_]) == _without_touch(second[id_]) for id_ in untouched)


def test_what_was_touched_since_the_first_day_is_what_changed_or_is_new() -> None:
    first, second = by_id(account(), 1), by_id(account(), 2)

    found = {json.loads(text)["id"] for text in texts(account(), 2, "2026-03-01T12:00:00Z")}

    assert found == {id_ for id_, text in second.items() if first.get(id_) != text}


def test_the_truth_names_the_version_of_every_record_that_is_there() -> None:
    records = [json.loads(text) for text in texts(account(), 2)]

    told = {each.id: each.updated for each in account().truth(2)}

    assert told == {record["id"]: record["updated_date"] for record in records}


def test_a_small_account_has_one_change_one_loss_and_one_arrival() -> None:
    first, second = by_id(account(records=50), 1), by_id(account(records=50), 2)

    changed = [id_ for id_ in first.keys() & second.keys() if first[id_] != second[id_]]

    assert (len(changed), len(first.keys() - second.keys()), len(second.keys() - first.keys())) == (1, 1, 1)


def _meaning(text: bytes) -> dict[str, Any]:
    return {name: value for name, value in json.loads(text).items() if not name.endswith("_date")}


def _without_touch(text: bytes) -> dict[str, Any]:
    return {name: value for name, value in json.loads(text).items() if name != "trackstar_updated_date"}
