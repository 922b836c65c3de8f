"""Corrections as the API makes them: one in force for each record, every other one in its history, each a change."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from planster_sync.entry.api.shop import AdjustmentBook
from planster_sync.model.data_types import DataType
from planster_sync.ports.stores import Adjustment
from planster_sync.storage.corrections import DynamoCorrections
from tests.contract.stores.backends import InMemory, OnAws, Stores
from tests.contract.stores.samples import LEASE, NOON, STREAM, product_key, write
from tests.fakes.memory_records import MemoryCorrections

ACME = ("acme", "warehouse-1")
PRODUCTS = DataType.PRODUCTS


def correction(number: str = "1", minutes: int = 0) -> Adjustment:
    made_at = NOON + timedelta(minutes=minutes)
    return Adjustment(product_key(number), {"name": f"Corrected {minutes}"}, made_at, "user-7", "misspelt")


@pytest.fixture
def book(stores: Stores) -> AdjustmentBook:
    if isinstance(stores, InMemory):
        return MemoryCorrections(stores.adjustments)
    assert isinstance(stores, OnAws)
    return DynamoCorrections(stores.table)


def test_a_correction_is_in_force_for_its_record_only(book: AdjustmentBook) -> None:
    assert book.correct(*ACME, correction(), instead_of=None)

    assert book.find(*ACME, product_key("1")) == correction()
    assert book.find(*ACME, product_key("2")) is None
    assert book.find("acme", "warehouse-2", product_key("1")) is None
    assert book.among(*ACME, PRODUCTS, ["1", "2"]) == {product_key("1"): correction()}
    assert book.among(*ACME, PRODUCTS, []) == {}
    assert book.among(*ACME, DataType.ORDERS, ["1"]) == {}


def test_a_correction_takes_the_place_of_the_last_one_which_goes_into_the_history(book: AdjustmentBook) -> None:
    book.correct(*ACME, correction(), instead_of=None)

    assert book.correct(*ACME, correction(minutes=1), instead_of=correction())

    assert book.find(*ACME, product_key("1")) == correction(minutes=1)
    (ended,) = book.history(*ACME, product_key("1"))
    assert (ended.adjustment, ended.at, ended.how) == (correction(), NOON + timedelta(minutes=1), "replaced")


def test_a_correction_of_what_is_no_longer_the_last_one_is_not_made(book: AdjustmentBook) -> None:
    book.correct(*ACME, correction(), instead_of=None)
    book.correct(*ACME, correction(minutes=1), instead_of=correction())

    assert not book.correct(*ACME, correction(minutes=2), instead_of=correction())
    assert not book.correct(*ACME, correction(minutes=2), instead_of=None)
    assert book.find(*ACME, product_key("1")) == correction(minutes=1)


def test_a_correction_is_withdrawn_once(book: AdjustmentBook) -> None:
    book.correct(*ACME, correction(), instead_of=None)

    assert book.withdraw(*ACME, correction(), NOON + timedelta(minutes=5))
    assert not book.withdraw(*ACME, correction(), NOON + timedelta(minutes=6))

    assert book.find(*ACME, product_key("1")) is None
    (ended,) = book.history(*ACME, product_key("1"))
    assert (ended.at, ended.how) == (NOON + timedelta(minutes=5), "withdrawn")


def test_the_end_that_a_sync_makes_is_told_as_one(stores: Stores, book: AdjustmentBook) -> None:
    book.correct(*ACME, correction(), instead_of=None)

    stores.adjustments.end(LEASE, correction(), NOON + timedelta(minutes=9))

    (ended,) = book.history(*ACME, product_key("1"))
    assert (ended.at, ended.how) == (NOON + timedelta(minutes=9), "read")


def test_those_in_force_are_listed_page_by_page(book: AdjustmentBook) -> None:
    for number in range(1, 6):
        book.correct(*ACME, correction(str(number)), instead_of=None)
    book.correct(
        *ACME, replace(correction(), key=replace(product_key("1"), data_type=DataType.ORDERS)), instead_of=None
    )

    found, after = [], None
    for _ in range(3):
        page, after = book.in_force(*ACME, PRODUCTS, limit=2, after=after)
        found += [adjustment.key.id for adjustment in page]

    assert after is None
    assert sorted(found) == ["1", "2", "3", "4", "5"]


@pytest.mark.parametrize("ended_by", ["nobody", "hand", "sync"])
def test_making_and_ending_a_correction_make_its_record_the_latest_change(
    stores: Stores, book: AdjustmentBook, ended_by: str
) -> None:
    stores.records.put(LEASE, [write("1")])
    stores.clock.advance(60)
    made = replace(correction(), made_at=stores.clock.now())
    book.correct(*ACME, made, instead_of=None)
    if ended_by != "nobody":
        stores.clock.advance(60)
    if ended_by == "hand":
        book.withdraw(*ACME, made, stores.clock.now())
    if ended_by == "sync":
        stores.adjustments.end(LEASE, made, made.made_at + timedelta(seconds=1))

    seen = stores.seen(STREAM, product_key("1"))

    assert seen is not None
    assert seen.changed_at == stores.clock.now().strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    assert seen.attributes == write("1").record.attributes()
