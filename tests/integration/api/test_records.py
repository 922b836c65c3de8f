"""Planster's copy over HTTP: paged, by SKU, by change, one by one."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import pytest

from planster_sync.model.data_types import DataType
from planster_sync.ports.source import DeletionEvidence, Read, ReadStyle, Sharing
from planster_sync.ports.stores import RecordKey
from tests.engine.world import World
from tests.fakes.memory_records_reader import MemoryRecordsReader
from tests.integration.api.caller import HOME, Answer, Api, http_event

RECORDS = f"{HOME}/int1/records"


def filled(*ids: str) -> World:
    world = World()
    for id_ in ids:
        world.source.order(id_, shipments=["s/1"])
    world.night()
    return world


def ids(answer: Answer) -> list[str]:
    assert answer.status == 200
    return [record["id"] for record in answer.body["records"]]


class OneSku:
    """A reader that knows one SKU in two data types."""

    def by_sku(self, organisation: str, integration: str, sku: str) -> list[dict[str, Any]]:
        split = [{"warehouse_id": "w1"}]
        kinds = ("products", "inventory_levels") if sku == "A 1" else ()
        return [{"id": "x1", "sku": sku, "data_type": kind, "warehouses": split} for kind in kinds]


def stocked() -> World:
    """A world whose source says that it has stock."""
    world = World()
    stock = Read(
        "stock",
        {DataType.INVENTORY_LEVELS: Sharing.OWNED, DataType.WAREHOUSES: Sharing.SHARED},
        ReadStyle.SNAPSHOT,
        DeletionEvidence.LOOKUP,
        page_size=10,
    )
    world.source.declared = replace(world.source.declared, reads={**world.source.declared.reads, "stock": stock})
    return world


def rewritten(world: World, id_: str, **fields: Any) -> None:
    """Gives a stored order other fields."""
    place = ("org1", "int1", DataType.ORDERS, id_)
    row = world.stores.records.rows[place]
    world.stores.records.rows[place] = replace(row, attributes={**row.attributes, **fields})


def test_a_record_has_its_unified_fields_and_the_copy_s_own_times() -> None:
    answer = Api(filled("o1")).get(f"{RECORDS}/orders")

    (order,) = answer.body["records"]
    assert (order["id"], order["number"], order["data_type"]) == ("o1", "#o1", "orders")
    assert order["read_at"] == "2026-03-01T02:00:00Z"
    assert "deleted_at" not in order


def test_pages_give_every_record_once() -> None:
    api = Api(filled(*"abcde"))

    first = api.get(f"{RECORDS}/orders?limit=2")
    second = api.get(f"{RECORDS}/orders?limit=2&after={first.body['after']}")
    third = api.get(f"{RECORDS}/orders?limit=2&after={second.body['after']}")

    assert [ids(first), ids(second), ids(third)] == [["a", "b"], ["c", "d"], ["e"]]
    assert third.body["after"] is None


def test_a_cursor_stays_the_same_for_the_same_page() -> None:
    api = Api(filled(*"abc"))

    first, again = (api.get(f"{RECORDS}/orders?limit=1").body["after"] for _ in range(2))

    assert first == again


def test_changes_come_oldest_first_with_tombstones() -> None:
    world = filled("a", "b", "c")
    world.clock.advance(60)
    del world.source.orders["b"]
    world.source.orders["c"]["number"] = "#new"
    world.night()

    answer = Api(world).get(f"{RECORDS}/orders?updated_since=2026-03-02T00:00:00Z")

    deleted = {record["id"]: "deleted_at" in record for record in answer.body["records"]}
    assert deleted == {"b": True, "c": False}


def test_a_moment_in_another_zone_is_the_same_moment() -> None:
    address = f"{RECORDS}/orders?updated_since={quote('2026-03-01T05:00:00+03:00')}"

    assert ids(Api(filled("a")).get(address)) == ["a"]


def test_changes_page_by_page_give_each_once() -> None:
    api = Api(filled(*"abc"))
    address = f"{RECORDS}/orders?limit=2&updated_since=2026-03-01T00:00:00Z"

    first = api.get(address)
    second = api.get(f"{address}&after={first.body['after']}")

    assert ids(first) + ids(second) == ["a", "b", "c"]


def test_stock_is_found_by_its_own_sku() -> None:
    api = Api(stocked(), {"records": OneSku()})

    assert ids(api.get(f"{RECORDS}/inventory_levels?sku=A%201")) == ["x1"]
    assert ids(api.get(f"{RECORDS}/inventory_levels?sku=A%201&warehouse=w1")) == ["x1"]
    assert ids(api.get(f"{RECORDS}/inventory_levels?sku=A%201&warehouse=w2")) == []
    assert ids(api.get(f"{RECORDS}/inventory_levels?sku=B")) == []


def test_orders_are_found_by_a_line_s_sku_by_warehouse_and_by_status() -> None:
    world = filled(*"abcd")
    rewritten(world, "b", lines=[{"sku": "S1", "quantity": 1}, {"sku": "S2", "quantity": 1}], warehouse_id="w1")
    rewritten(world, "c", lines=[{"sku": "S2", "quantity": 1}], status={"value": "open", "vendor": "neu"})
    api = Api(world)

    asked = {query: ids(api.get(f"{RECORDS}/orders?{query}")) for query in ("sku=S2", "warehouse=w1", "status=open")}

    assert asked == {"sku=S2": ["b", "c"], "warehouse=w1": ["b"], "status=open": ["c"]}
    assert ids(api.get(f"{RECORDS}/orders?sku=S2&status=open")) == ["c"]
    assert ids(api.get(f"{RECORDS}/orders?sku=S2&updated_since=2026-03-02T00:00:00Z")) == []


def test_a_filtered_list_is_read_to_its_end_by_its_cursors() -> None:
    names = [f"o{number:02}" for number in range(40)]
    world = filled(*names)
    for name in names[::13]:
        rewritten(world, name, warehouse_id="w1")
    api = Api(world)

    found, after, pages = [], "", 0
    while after is not None:
        answer = api.get(f"{RECORDS}/orders?limit=2&warehouse=w1{after and f'&after={after}'}")
        found += ids(answer)
        after, pages = answer.body["after"], pages + 1

    assert found == names[::13]
    assert pages < 5


def test_a_filter_that_the_data_type_cannot_answer_is_refused() -> None:
    answer = Api(filled("a")).get(f"{RECORDS}/order_channels?status=open")

    assert (answer.status, answer.body["code"]) == (422, "unsupported")


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=101",
        "sku=",
        "after=AAAA",
        "after=%F0%9F%92%A9",
        "updated_since=yesterday",
        "updated_since=2026-03-01T00:00:00",
        "status=opened",
        "status=",
        "warehouse=",
        "sku=A&after=AAAA",
    ],
)
def test_a_query_of_another_form_is_refused(query: str) -> None:
    answer = Api(filled("a")).get(f"{RECORDS}/orders?{query}")

    assert (answer.status, answer.body["code"]) == (422, "invalid_request")


@pytest.mark.parametrize(
    "other",
    [
        f"{RECORDS}/order_shipments?limit=1",
        f"{RECORDS}/orders?limit=1&updated_since=2026-03-01T00:00:00Z",
        f"{RECORDS}/orders?limit=1&warehouse=w1",
        f"{HOME}/int1/runs?limit=1",
    ],
    ids=["another data type", "another time", "another filter", "another list"],
)
def test_a_cursor_of_another_list_is_refused(other: str) -> None:
    api = Api(filled("a", "b"))
    after = api.get(f"{RECORDS}/orders?limit=1").body["after"]

    assert api.get(f"{other}&after={after}").status == 422


def test_a_cursor_of_another_integration_is_refused() -> None:
    world = filled("a", "b")
    world.stores.integrations.put(replace(world.integration, id="int2"))
    api = Api(world)
    after = api.get(f"{RECORDS}/orders?limit=1").body["after"]

    assert api.get(f"{HOME}/int2/records/orders?limit=1&after={after}").status == 422


@pytest.mark.parametrize(
    "id_", ["o1", "a/b", "a b", "50%", "a%2Fb", "#7", "ü?&=", "../x", 'say "x"', "a\nb", "😀", "\\"]
)
def test_a_record_is_found_by_an_id_of_any_letters(id_: str) -> None:
    answer = Api(filled(id_)).get(f"{RECORDS}/orders/{quote(id_, safe='')}")

    assert (answer.status, answer.body["id"]) == (200, id_)


def test_a_host_that_does_not_decode_the_path_finds_it_too() -> None:
    event = http_event("GET", f"{RECORDS}/orders/x")
    event["rawPath"] = f"{RECORDS}/order_shipments/o1%2Fs%2F1"

    answer = Api(filled("o1")).send(event)

    assert (answer.status, answer.body["id"]) == (200, "o1/s/1")


def test_a_tombstone_is_shown_as_one() -> None:
    world = filled("a", "b", "c")
    del world.source.orders["b"]
    world.night()

    answer = Api(world).get(f"{RECORDS}/orders/b")

    assert (answer.status, answer.body["deleted_at"]) == (200, "2026-03-02T02:00:00Z")


def test_numbers_and_text_are_answered_as_they_are_stored() -> None:
    stored = {"id": "x", "quantity": 3, "weight": 0.5, "price": "12.30", "lines": [{"sku": "A"}], "none": None}

    class One(MemoryRecordsReader):
        def get(self, organisation: str, integration: str, key: RecordKey) -> dict[str, Any]:
            return stored

    world = World()
    answer = Api(world, {"records": One(world.stores.records)}).get(f"{RECORDS}/orders/x")

    assert answer.body == stored


def test_large_records_come_in_shorter_pages_and_none_is_left_out() -> None:
    world = filled(*"abcdefgh")
    for place, row in world.stores.records.rows.items():
        world.stores.records.rows[place] = replace(row, attributes={**row.attributes, "note": "x" * 900_000})
    api = Api(world)

    found, after = [], ""
    while after is not None:
        answer = api.get(f"{RECORDS}/orders?limit=8{after and f'&after={after}'}")
        assert len(json.dumps(answer.body)) < 4_100_000
        found += ids(answer)
        after = answer.body["after"]

    assert found == list("abcdefgh")


@pytest.mark.parametrize("suffix", ["", "/x"])
def test_a_data_type_that_the_connector_lacks_is_unsupported(suffix: str) -> None:
    answer = Api().get(f"{RECORDS}/bills{suffix}")

    assert (answer.status, answer.body["code"]) == (422, "unsupported")


@pytest.mark.parametrize("suffix", ["", "/x"])
def test_a_data_type_that_nobody_knows_is_refused(suffix: str) -> None:
    assert Api().get(f"{RECORDS}/stock{suffix}").status == 422


@pytest.mark.parametrize(
    "address", [f"{RECORDS}/orders/x", f"{HOME}/int9/records/orders", f"{HOME}/int9/records/orders/a"]
)
def test_what_does_not_exist_is_not_found(address: str) -> None:
    answer = Api(filled("a")).get(address)

    assert (answer.status, answer.body["code"]) == (404, "not_found")
