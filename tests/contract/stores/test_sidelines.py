"""Quarantine, adjustments, and the index objects with their journal."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from planster_sync.errors import Conflict
from planster_sync.model.data_types import DataType
from planster_sync.model.runs import StreamKey
from planster_sync.ports.stores import Adjustment, QuarantineEntry
from tests.contract.stores.backends import OnAws, Stores
from tests.contract.stores.samples import LEASE, NOON, PROBLEM, STREAM, product_key

ELSEWHERE = StreamKey("acme", "warehouse-1", "orders")


def entry(source: str, **fields: str) -> QuarantineEntry:
    return QuarantineEntry(source, PROBLEM, **{"path": "lines.0.quantity", "excerpt": '{"id":1}', **fields}, at=NOON)


def adjustment(number: str = "1", minutes: int = 0) -> Adjustment:
    made_at = NOON + timedelta(minutes=minutes)
    return Adjustment(product_key(number), {"name": "Better", "on_hand": 2.5}, made_at, "planner-1", "counted")


def test_quarantined_sources_are_listed_until_they_are_cleared(stores: Stores) -> None:
    stores.quarantine.put(LEASE, [entry("a"), entry("b"), entry("a", path="id")])

    stores.quarantine.clear(LEASE, ["b", "never there", "b"])

    assert list(stores.quarantine.sources(STREAM)) == ["a"]
    assert stores.quarantine.entries(STREAM) == [entry("a", path="id")]
    assert not list(stores.quarantine.sources(ELSEWHERE))


def test_quarantine_is_paged_without_gap_or_double(stores: Stores) -> None:
    stores.quarantine.put(LEASE, [entry(name) for name in "abcde"])

    first, place = stores.quarantine.page(STREAM, limit=3)
    rest, end = stores.quarantine.page(STREAM, limit=3, after=place)

    assert (len(first), len(rest), end) == (3, 2, None)
    assert sorted(each.source for each in (*first, *rest)) == list("abcde")
    assert stores.quarantine.page(STREAM, limit=5)[1] is None
    assert stores.quarantine.page(ELSEWHERE, limit=3) == ([], None)


def test_an_adjustment_is_in_force_for_its_data_type(stores: Stores) -> None:
    stores.adjustments.make("acme", "warehouse-1", adjustment())

    assert stores.adjustments.in_force(STREAM, [DataType.PRODUCTS, DataType.ORDERS]) == [adjustment()]
    assert not stores.adjustments.in_force(STREAM, [DataType.ORDERS, DataType.ORDER_SHIPMENTS])


def test_an_ended_adjustment_is_no_longer_in_force(stores: Stores) -> None:
    stores.adjustments.make("acme", "warehouse-1", adjustment("1"))
    stores.adjustments.make("acme", "warehouse-1", adjustment("2"))

    stores.adjustments.end(LEASE, adjustment("1"), NOON)
    stores.adjustments.end(LEASE, adjustment("1"), NOON)

    assert stores.adjustments.in_force(STREAM, [DataType.PRODUCTS]) == [adjustment("2")]


def test_an_adjustment_newer_than_the_ended_one_stays(stores: Stores) -> None:
    stores.adjustments.make("acme", "warehouse-1", adjustment(minutes=1))

    stores.adjustments.end(LEASE, adjustment(minutes=0), NOON)

    assert stores.adjustments.in_force(STREAM, [DataType.PRODUCTS]) == [adjustment(minutes=1)]


def test_ended_adjustments_are_the_records_history(aws: OnAws) -> None:
    for minutes in (1, 2):
        aws.adjustments.make("acme", "warehouse-1", adjustment(minutes=minutes))
        aws.adjustments.end(LEASE, adjustment(minutes=minutes), NOON + timedelta(minutes=minutes))

    history = aws.adjustments.history("acme", "warehouse-1", product_key("1"))

    assert history == [(adjustment(minutes=m), NOON + timedelta(minutes=m)) for m in (1, 2)]


def test_an_index_is_read_back_byte_for_byte(stores: Stores) -> None:
    content = bytes(range(256)) * 40

    stores.indexes.put_index(STREAM, "0000000001-a", content)

    assert stores.indexes.get_index(STREAM, "0000000001-a") == content
    assert stores.indexes.get_index(ELSEWHERE, "0000000001-a") is None


def test_an_index_is_never_changed(stores: Stores) -> None:
    stores.indexes.put_index(STREAM, "name", b"one")
    stores.indexes.put_index(STREAM, "name", b"one")

    with pytest.raises(Conflict):
        stores.indexes.put_index(STREAM, "name", b"two")

    assert stores.indexes.get_index(STREAM, "name") == b"one"


@pytest.mark.parametrize("base", ["", "0000000001-a"])
def test_journal_chunks_come_in_the_order_of_fence_and_number(stores: Stores, base: str) -> None:
    places = [(fence, number) for fence in (2, 10, 1) for number in (11, 2, 0)]
    for fence, number in places:
        stores.indexes.put_chunk(STREAM, base, fence, number, f"{fence}-{number}".encode())

    chunks = list(stores.indexes.chunks(STREAM, base))

    assert chunks == [(fence, number, f"{fence}-{number}".encode()) for fence, number in sorted(places)]
    assert not list(stores.indexes.chunks(STREAM, "another"))


@pytest.mark.parametrize("base", ["", "a"])
def test_forgetting_removes_an_index_and_its_journal_only(stores: Stores, base: str) -> None:
    for name in ("a", "ab"):
        stores.indexes.put_index(STREAM, name, b"index")
    for name in ("", "a", "ab"):
        stores.indexes.put_chunk(STREAM, name, 1, 0, b"chunk")

    stores.indexes.forget(STREAM, base)
    stores.indexes.forget(STREAM, base)

    left = {name for name in ("", "a", "ab") if list(stores.indexes.chunks(STREAM, name))}
    assert left == {"", "a", "ab"} - {base}
    assert (stores.indexes.get_index(STREAM, "a") is None) == (base == "a")
    assert stores.indexes.get_index(STREAM, "ab") == b"index"


def test_another_tenants_index_is_out_of_reach(stores: Stores) -> None:
    stores.indexes.put_index(STREAM, "a", b"ours")
    crooked = replace(STREAM, organisation="acme/warehouse-1", integration="products")

    assert stores.indexes.get_index(crooked, "a") is None
