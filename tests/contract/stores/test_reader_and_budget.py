"""What only the stored form has: the API's view of records, and an account's shared allowance."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from planster_sync.errors import InvalidRequest, Throttled
from planster_sync.model.data_types import DataType
from planster_sync.model.inventory import InventoryLevel
from planster_sync.ports.stores import Provenance, RecordKey, RecordWrite
from planster_sync.storage import keys as layout
from planster_sync.storage.attributes import pack
from planster_sync.storage.item_size import LARGEST_ITEM, item_size
from tests.contract.stores.backends import OnAws
from tests.contract.stores.samples import LEASE, NOON, STREAM, product, product_key, write

PRODUCTS = DataType.PRODUCTS
START = datetime.fromisoformat("2026-03-01T02:00:00+00:00")


def test_a_record_is_shown_without_internals(aws: OnAws) -> None:
    aws.records.put(LEASE, [write("1")])

    shown = aws.reader.get("acme", "warehouse-1", product_key("1"))

    assert shown == {
        **write("1").record.attributes(),
        "data_type": "products",
        "read_at": "2026-03-01T12:00:00.000000Z",
        "changed_at": "2026-03-01T02:00:00.000000Z",
    }


def test_a_record_and_a_tombstone_say_where_they_came_from(aws: OnAws) -> None:
    aws.records.put(LEASE, [replace(write("1"), source="source-1")])
    before = aws.reader.provenance("acme", "warehouse-1", product_key("1"))
    aws.records.bury(replace(LEASE, run="run-2"), [product_key("1")], NOON)

    assert before == Provenance("source-1", "run-1")
    assert aws.reader.provenance("acme", "warehouse-1", product_key("1")) == Provenance("source-1", "run-2")
    assert aws.reader.provenance("acme", "warehouse-1", product_key("2")) is None


def test_a_sample_is_of_live_records_and_another_one_for_another_seed(aws: OnAws) -> None:
    aws.records.put(LEASE, [write(str(number)) for number in range(1, 12)])
    aws.records.bury(LEASE, [product_key("3")], NOON)

    samples = [
        [record["id"] for record in aws.reader.sample("acme", "warehouse-1", PRODUCTS, seed=f"s{seed}", count=4)]
        for seed in range(8)
    ]

    assert {len(set(sample)) for sample in samples} == {4}
    assert len({tuple(sample) for sample in samples}) > 1
    assert "3" not in {id_ for sample in samples for id_ in sample}
    every = aws.reader.sample("acme", "warehouse-1", PRODUCTS, seed="s", count=50)
    assert len(every) == 10


def test_an_unknown_record_is_none(aws: OnAws) -> None:
    assert aws.reader.get("acme", "warehouse-1", product_key("1")) is None


def test_pages_together_hold_every_live_record_once(aws: OnAws) -> None:
    aws.records.put(LEASE, [write(str(number)) for number in range(1, 12)])
    aws.records.bury(LEASE, [product_key("3"), product_key("4")], NOON)
    ids: list[str] = []
    cursor = None

    for _ in range(3):
        page = aws.reader.page("acme", "warehouse-1", PRODUCTS, limit=4, cursor=cursor)
        ids += [record["id"] for record in page.records]
        cursor = page.cursor

    assert cursor is None
    assert sorted(ids, key=int) == [str(number) for number in range(1, 12) if number not in (3, 4)]


def test_changes_come_oldest_first_and_show_tombstones(aws: OnAws) -> None:
    for number in ("1", "2", "3"):
        aws.records.put(LEASE, [write(number)])
        aws.clock.advance(60)
    aws.records.bury(LEASE, [product_key("2")], NOON)

    since = START + timedelta(seconds=60)
    first = aws.reader.changed_since("acme", "warehouse-1", PRODUCTS, since=since, limit=1)
    second = aws.reader.changed_since("acme", "warehouse-1", PRODUCTS, since=since, limit=1, cursor=first.cursor)

    assert [record["id"] for record in first.records] == ["3"]
    assert [(record["id"], "deleted_at" in record) for record in second.records] == [("2", True)]
    assert second.cursor is None


def test_a_sku_finds_every_live_record_that_carries_it_in_one_integration(aws: OnAws) -> None:
    stock = InventoryLevel(id="i-1", sku="SKU-1")
    elsewhere = replace(LEASE, stream=replace(STREAM, integration="warehouse-2"))
    aws.records.put(LEASE, [write("1"), replace(write("2"), record=product("2", sku="SKU-1"))])
    aws.records.put(LEASE, [RecordWrite(stock, "i-1", 5, NOON)])
    aws.records.put(elsewhere, [write("1")])
    aws.records.bury(LEASE, [product_key("2")], NOON)

    found = aws.reader.by_sku("acme", "warehouse-1", "SKU-1")

    assert {(record["data_type"], record["id"]) for record in found} == {("products", "1"), ("inventory_levels", "i-1")}


def test_a_sku_too_long_for_an_index_is_stored_and_found_by_id(aws: OnAws) -> None:
    sku = "s" * 3000
    aws.records.put(LEASE, [replace(write("1"), record=product("1", sku=sku))])

    assert aws.reader.by_sku("acme", "warehouse-1", sku) == []
    assert aws.reader.get("acme", "warehouse-1", RecordKey(PRODUCTS, "1")) is not None


@pytest.mark.parametrize("cursor", ["\N{SNOWMAN}", "a", "____"])
def test_a_cursor_that_the_api_did_not_give_is_refused(aws: OnAws, cursor: str) -> None:
    with pytest.raises(InvalidRequest):
        aws.reader.page("acme", "warehouse-1", PRODUCTS, limit=4, cursor=cursor)


def test_requests_are_spaced_evenly(aws: OnAws) -> None:
    budget = aws.budget(STREAM, per_second=4, workers=2)
    moments = []

    for _ in range(6):
        budget.take(None)
        moments.append((aws.clock.now() - START).total_seconds())

    assert moments == [0, 0.25, 0.5, 0.75, 1.0, 1.25]


def test_two_workers_share_one_allowance(aws: OnAws) -> None:
    one, two = (aws.budget(STREAM, per_second=2, workers=2) for _ in range(2))

    for _ in range(3):
        one.take(None)
        two.take(None)

    assert (aws.clock.now() - START).total_seconds() == 2.5


def test_a_long_wait_is_refused_with_its_end_and_takes_nobodys_place(aws: OnAws) -> None:
    budget = aws.budget(STREAM, per_second=0.5, workers=1, short_wait=3)
    budget.take(None)
    other = aws.budget(STREAM, per_second=0.5, workers=1, short_wait=1)

    for _ in range(5):
        with pytest.raises(Throttled) as refused:
            other.take(None)

    budget.take(None)
    assert refused.value.until == START + timedelta(seconds=2)
    assert aws.clock.now() == START + timedelta(seconds=2)


def test_a_deadline_before_the_next_moment_is_refused(aws: OnAws) -> None:
    budget = aws.budget(STREAM, per_second=1, workers=1)
    budget.take(None)

    with pytest.raises(Throttled):
        budget.take(START + timedelta(seconds=0.5))


def test_the_vendors_own_answer_binds_every_worker(aws: OnAws) -> None:
    one, two = (aws.budget(STREAM, per_second=10, workers=1) for _ in range(2))
    two.take(None)
    until = START + timedelta(seconds=90)

    one.learned(until)
    one.learned(START + timedelta(seconds=30))

    with pytest.raises(Throttled) as refused:
        one.take(None)
    assert refused.value.until == until
    aws.clock.advance(100)
    one.take(None)
    assert aws.clock.now() == START + timedelta(seconds=100)


def test_an_idle_worker_does_not_make_up_for_missed_moments(aws: OnAws) -> None:
    budget = aws.budget(STREAM, per_second=4, workers=1)
    budget.take(None)
    aws.clock.advance(10)
    moments = []

    for _ in range(3):
        budget.take(None)
        moments.append((aws.clock.now() - START).total_seconds())

    assert moments == [10, 10.25, 10.5]


@pytest.mark.cloud
def test_the_largest_record_by_our_count_is_accepted_by_the_store(emulator: OnAws) -> None:
    """Not on moto, which ends at 405,000 bytes instead of 409,600."""
    emulator.records.put(LEASE, [write("1")])
    small = emulator.table.get(layout.record_key("acme", "warehouse-1", product_key("1")))
    room = LARGEST_ITEM - item_size(pack(small or {}))
    name = write("1").record.attributes()["name"]

    fits = emulator.records.put(LEASE, [replace(write("1"), record=product("1", name=name + "x" * room))])
    too_large = emulator.records.put(LEASE, [replace(write("1"), record=product("1", name=name + "x" * (room + 1)))])

    assert (len(fits), len(too_large)) == (0, 1)
