"""The business itself: the same for everybody, complete, and a little different every day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from simulators.business.articles import articles, kits
from simulators.business.business import COLLECTIONS, Business
from simulators.business.spec import BusinessSpec, Record, size_of

BASE = datetime(2026, 3, 1, tzinfo=UTC)
SHRINKING = {"inventory", "products", "inbound_shipments", "suppliers", "locations"}


def _business(seed: int = 1, size: int = 120, days: int = 0) -> Business:
    business = Business(BusinessSpec(seed, size), BASE)
    for number in range(days):
        business.advance(BASE + timedelta(days=number + 1, hours=3))
    return business


def _by_number(records: list[Record]) -> dict[int, Record]:
    return {record["number"]: record for record in records}


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_days_are_the_same_whoever_looked_before(collection: str) -> None:
    watched, unwatched = _business(), _business()
    watched.records(collection)
    for business in (watched, unwatched):
        for hour in (24, 48, 72):
            business.advance(BASE + timedelta(hours=hour))

    assert watched.records(collection) == unwatched.records(collection)
    assert watched.records(collection) != _business(seed=2).records(collection)


@pytest.mark.parametrize("collection", ["inventory", "products", "orders", "inbound_shipments", "returns"])
def test_day_changes_a_few_and_stamps_what_it_changed(collection: str) -> None:
    business = _business(size=400)
    before = _by_number(business.records(collection))

    business.advance(BASE + timedelta(days=1))
    after = _by_number(business.records(collection))

    changed = [number for number in before.keys() & after.keys() if before[number] != after[number]]
    assert 1 <= len(changed) <= max(1, len(before) // 50)
    assert {after[number]["seen_at"] for number in changed} == {"2026-03-02T00:00:00Z"}
    assert after.keys() - before.keys()
    assert bool(before.keys() - after.keys()) == (collection in SHRINKING)


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_every_key_is_there_and_numbers_name_one_record(collection: str) -> None:
    records = _business(size=300, days=4).records(collection)

    assert len({frozenset(record.keys() - {"untold"}) for record in records}) == 1
    assert len({record["number"] for record in records}) == len(records)
    assert all(record.get("untold", "id") in record for record in records)


def test_number_is_the_same_for_ever_and_unknown_records_have_none() -> None:
    young, old = _business(), _business(days=5)
    order = young.records("orders")[3]["id"]

    assert young.number("orders", order) == old.number("orders", order)
    assert young.get("orders", None) is None
    with pytest.raises(KeyError):
        young.number("orders", "ord-none")


def test_articles_hold_every_item_and_every_plain_product_once() -> None:
    business = _business(size=300, days=3)
    joined = list(articles(business))

    items = [article.item["id"] for article in joined if article.item is not None]
    products = [article.product["id"] for article in joined if article.product is not None]
    assert sorted(items) == [record["id"] for record in business.records("inventory")]
    assert sorted([*products, *(kit["id"] for kit in kits(business))]) == [
        record["id"] for record in business.records("products")
    ]
    assert len({article.code for article in joined}) == len(joined)
    both = [article for article in joined if article.item is not None and article.product is not None]
    assert len(both) > 250
    assert all(article.item["sku"] == article.product["sku"] for article in both if article.item and article.product)


def test_size_is_a_word_or_a_positive_number() -> None:
    assert (size_of("tiny"), size_of("7")) == (25, 7)
    for wrong in ("0", "huge"):
        with pytest.raises(ValueError, match=r"size|invalid literal"):
            size_of(wrong)
    with pytest.raises(ValueError, match="size"):
        BusinessSpec(size=0)
