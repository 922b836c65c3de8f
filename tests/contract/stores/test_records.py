"""Records: stored whole, revived, buried, marked; and what the store must refuse."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from planster_sync.model.data_types import DataType
from planster_sync.model.products import Component, Product
from planster_sync.model.runs import StreamKey
from planster_sync.ports.stores import RecordKey, StoredKey
from tests.contract.stores.backends import OnAws, Stores
from tests.contract.stores.samples import LEASE, NOON, STREAM, product, product_key, write

ODD_IDS = ("1", "a#b", "a/b%23", "\N{PILE OF POO}", "x" * 1024, "ORG#acme")


def test_a_record_is_stored_as_plain_attributes(stores: Stores) -> None:
    item = write("7", barcodes=("0012",), components=(Component(inventory_item_id="i", quantity=Decimal("0.25")),))

    refused = stores.records.put(LEASE, [item])

    seen = stores.seen(STREAM, product_key("7"))
    assert not refused
    assert seen is not None
    assert seen.attributes == item.record.attributes()
    assert (seen.deleted, seen.quarantined) == (False, False)


@pytest.mark.parametrize("identifier", ODD_IDS, ids=["digit", "hash", "slash", "emoji", "longest", "like a key"])
def test_any_id_of_a_source_is_kept_unchanged(stores: Stores, identifier: str) -> None:
    stores.records.put(LEASE, [replace(write("1"), record=product(identifier, sku=identifier))])

    seen = stores.seen(STREAM, product_key(identifier))

    assert seen is not None
    assert seen.attributes["id"] == identifier


def test_sixty_records_are_all_stored_in_one_call(stores: Stores) -> None:
    stores.records.put(LEASE, [write(str(number)) for number in range(1, 61)])

    live = list(stores.records.live(STREAM, [DataType.PRODUCTS]))

    assert {stored.key.id for stored in live} == {str(number) for number in range(1, 61)}


def test_a_record_is_replaced_whole(stores: Stores) -> None:
    stores.records.put(LEASE, [write("1", brand="Old")])

    stores.records.put(LEASE, [write("1")])

    seen = stores.seen(STREAM, product_key("1"))
    assert seen is not None
    assert "brand" not in seen.attributes


def test_storing_nothing_does_nothing(stores: Stores) -> None:
    assert not stores.records.put(LEASE, [])
    stores.records.bury(LEASE, [], NOON)

    assert not list(stores.records.live(STREAM, list(DataType)))


def test_a_record_larger_than_the_store_holds_is_refused_and_the_others_are_stored(stores: Stores) -> None:
    large = replace(write("1"), record=product("1", name="x" * 410_000))

    refused = stores.records.put(LEASE, [large, write("2")])

    assert [(one.key, one.problem.code) for one in refused] == [(product_key("1"), "record_too_large")]
    assert stores.seen(STREAM, product_key("1")) is None
    assert stores.seen(STREAM, product_key("2")) is not None


def test_a_number_of_more_than_38_digits_is_refused(stores: Stores) -> None:
    kit = product("1", components=(Component(inventory_item_id="i", quantity=10**38),))

    refused = stores.records.put(LEASE, [replace(write("1"), record=kit)])

    assert [one.problem.code for one in refused] == ["record_invalid"]


def test_burying_marks_the_record_and_keeps_its_fields(stores: Stores) -> None:
    stores.records.put(LEASE, [write("1"), write("2")])

    stores.records.bury(LEASE, [product_key("1")], NOON)

    buried = stores.seen(STREAM, product_key("1"))
    assert buried is not None
    assert buried.deleted
    assert buried.attributes["name"] == "Thing 1"
    assert [stored.key.id for stored in stores.records.live(STREAM, [DataType.PRODUCTS])] == ["2"]


def test_burying_an_unknown_key_makes_no_record(stores: Stores) -> None:
    stores.records.bury(LEASE, [product_key("1")], NOON)

    assert stores.seen(STREAM, product_key("1")) is None


def test_burying_twice_is_one_change(stores: Stores) -> None:
    stores.records.put(LEASE, [write("1")])
    stores.records.bury(LEASE, [product_key("1")], NOON)
    first = stores.seen(STREAM, product_key("1"))
    stores.clock.advance(60)

    stores.records.bury(LEASE, [product_key("1")], NOON + timedelta(minutes=1))

    assert stores.seen(STREAM, product_key("1")) == first


def test_storing_a_tombstone_again_revives_it(stores: Stores) -> None:
    stores.records.put(LEASE, [write("1")])
    stores.records.bury(LEASE, [product_key("1")], NOON)

    stores.records.put(LEASE, [write("1")])

    seen = stores.seen(STREAM, product_key("1"))
    assert seen is not None
    assert not seen.deleted


def test_a_quarantined_record_keeps_its_last_good_value_until_it_is_stored_again(stores: Stores) -> None:
    stores.records.put(LEASE, [write("1")])

    stores.records.mark_quarantined(LEASE, [product_key("1"), product_key("unknown")], NOON)

    marked = stores.seen(STREAM, product_key("1"))
    stores.records.put(LEASE, [write("1")])
    cured = stores.seen(STREAM, product_key("1"))
    assert marked is not None
    assert cured is not None
    assert (marked.quarantined, marked.attributes["name"]) == (True, "Thing 1")
    assert not cured.quarantined


def test_changes_carry_the_stores_own_time(stores: Stores) -> None:
    stores.records.put(LEASE, [write("1")])
    stored = stores.seen(STREAM, product_key("1"))
    stores.clock.advance(90)

    stores.records.bury(LEASE, [product_key("1")], NOON)

    buried = stores.seen(STREAM, product_key("1"))
    assert stored is not None
    assert buried is not None
    assert (stored.changed_at, buried.changed_at) == ("2026-03-01T02:00:00.000000Z", "2026-03-01T02:01:30.000000Z")


def test_live_records_are_named_with_source_and_fingerprint_for_rebuilding_an_index(stores: Stores) -> None:
    shared = replace(write("2"), source="", fingerprint=2**64 - 1)

    stores.records.put(LEASE, [write("1"), shared])

    live = sorted(stores.records.live(STREAM, [DataType.PRODUCTS]), key=lambda stored: stored.key.id)
    assert live == [StoredKey(product_key("1"), "1", 1), StoredKey(product_key("2"), "", 2**64 - 1)]


def test_live_records_are_those_of_the_asked_types_and_integration_only(stores: Stores) -> None:
    stores.records.put(LEASE, [write("1")])
    elsewhere = replace(LEASE, stream=StreamKey("acme", "warehouse-2", "products"))
    stores.records.put(elsewhere, [write("2")])

    assert [stored.key.id for stored in stores.records.live(STREAM, list(DataType))] == ["1"]
    assert not list(stores.records.live(STREAM, [DataType.ORDERS]))


def test_the_generation_stays_the_same(stores: Stores) -> None:
    assert stores.records.generation()
    assert stores.records.generation() == stores.records.generation()


def test_the_same_id_in_two_types_is_two_records(stores: Stores) -> None:
    stores.records.put(LEASE, [write("1")])

    assert stores.seen(STREAM, RecordKey(DataType.ORDERS, "1")) is None


def test_a_record_whose_json_is_larger_than_the_limit_is_stored_if_the_item_is_not(aws: OnAws) -> None:
    """A control character is one byte in an item and six in JSON."""
    name = "\x01" * 200_000

    refused = aws.records.put(LEASE, [write("1", name=name)])

    seen = aws.seen(STREAM, product_key("1"))
    assert not refused
    assert seen is not None
    assert seen.attributes["name"] == name


@pytest.mark.parametrize("spoiled", [product("1", name="half a \ud800 character"), product("half an \ud800 id")])
def test_a_text_that_is_no_unicode_is_refused_and_the_others_are_stored(aws: OnAws, spoiled: Product) -> None:
    refused = aws.records.put(LEASE, [replace(write("1"), record=spoiled), write("2")])

    assert [one.problem.code for one in refused] == ["record_invalid"]
    assert aws.seen(STREAM, product_key("2")) is not None
