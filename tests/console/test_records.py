"""The records browser: what is listed, what a filter leaves, what one record tells, what a file holds."""

from __future__ import annotations

import gzip
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from planster_sync.entry.api.shop import ApiShop
from planster_sync.entry.exporting import Exporter
from planster_sync.model.data_types import DataType
from tests.console.known import PLANNER, READER, STRANGER
from tests.console.morning import morning
from tests.console.pages import form_to, text_in
from tests.console.shelves import CORRECTED, GOODS, PLACE
from tests.console.visit import Console
from tests.engine.world import World
from tests.fakes.memory_records_reader import MemoryRecordsReader
from tests.integration.api.stocked import put

HOME = f"/console/integrations/{PLACE}"


@pytest.fixture(scope="module")
def console() -> Console:
    return Console(morning()[1])


def test_every_record_is_listed_with_its_numbers(console: Console) -> None:
    seen = console.get(f"{HOME}/records")

    assert seen.status == 200
    assert all(sku in seen.text for sku, _ in GOODS)
    assert "corrected by hand" in seen.text


@pytest.mark.parametrize("data_type", list(DataType))
def test_every_data_type_has_a_list(console: Console, data_type: DataType) -> None:
    assert console.get(f"{HOME}/records?data_type={data_type.value}").status == 200


def test_a_filter_leaves_what_fits(console: Console) -> None:
    page = text_in(console.get(f"{HOME}/records?data_type=products&sku={GOODS[0][0]}").text)

    assert GOODS[0][1] in page
    assert GOODS[1][1] not in page


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("data_type=orders&status=nonsense", "no such status"),
        ("data_type=warehouses&status=open", "have no status"),
        ("data_type=bills&sku=A", "have no sku"),
        ("since=yesterday", "no date"),
        ("since=9999-99-99T00:00", "no date"),
        ("after=forged", "cursor"),
    ],
)
def test_a_filter_that_cannot_be_is_said_beside_the_form(console: Console, query: str, said: str) -> None:
    seen = console.get(f"{HOME}/records?{query}")

    assert seen.status == 422
    assert said in text_in(seen.text)
    assert 'name="data_type"' in seen.text


def test_changed_since_is_told_in_the_integrations_own_zone(console: Console) -> None:
    """The records changed at 02:19 in Amsterdam, 01:19 UTC."""
    after, before = (text_in(console.get(f"{HOME}/records?since=2026-03-12T{at}").text) for at in ("02:18", "02:20"))

    assert GOODS[0][0] in after
    assert GOODS[0][0] not in before


def test_the_next_page_keeps_the_filters() -> None:
    world, shop = morning()
    for number in range(160):
        put_level(world, f"x-{number:02d}", "wh-1" if number % 2 else "wh-2")
    console = Console(shop)

    first = console.get(f"{HOME}/records?warehouse=wh-1")
    address = first.text.partition('aria-label="More of the list"')[2].partition('href="')[2].partition('"')[0]
    second = console.get(address.replace("&amp;", "&"))

    assert "warehouse=wh-1" in address
    assert second.status == 200
    assert "X-02" not in first.text + second.text
    assert "X-99" in first.text + second.text


def put_level(world: World, id_: str, warehouse: str) -> None:
    put(world, id_, warehouses=[{"warehouse_id": warehouse, "on_hand": 10}])
    rows = world.stores.records.rows
    rows["org1", PLACE, DataType.INVENTORY_LEVELS, id_] = rows.pop(("org1", "int1", DataType.INVENTORY_LEVELS, id_))


def test_a_corrected_record_says_what_the_source_had_said_and_who_corrected_it(console: Console) -> None:
    seen = console.get(f"{HOME}/records/inventory_levels/acc%2F{CORRECTED.lower()}")

    page = text_in(seen.text)
    assert "the source said 589" in page
    assert "Six dented pans found at the count on shelf C4" in page
    assert "by user-7" in page
    assert form_to(seen.text, f"take-back/acc%2F{CORRECTED.lower()}").fields["form_token"] == PLANNER.form_token


def test_an_id_with_anything_in_it_has_a_page() -> None:
    world, shop = morning()
    strange = "a/b?c#d%2Fé <script>"
    put(world, strange)
    rows = world.stores.records.rows
    rows["org1", PLACE, DataType.INVENTORY_LEVELS, strange] = rows.pop(
        ("org1", "int1", DataType.INVENTORY_LEVELS, strange)
    )
    console = Console(shop)

    listed = console.get(f"{HOME}/records").text
    address = next(part.partition('"')[0] for part in listed.split('href="') if "records/inventory_levels/a%2F" in part)
    seen = console.get(address)

    assert seen.status == 200
    assert "<script>" not in listed + seen.text.replace('<script src="', "")


@pytest.mark.parametrize(
    ("address", "status"),
    [("records/inventory_levels/none", 404), ("records/nonsense/x", 422), ("exports/nonsense", 422)],
)
def test_what_is_not_there_is_a_page_that_says_so(console: Console, address: str, status: int) -> None:
    assert console.get(f"{HOME}/{address}").status == status


def test_a_file_holds_every_record_that_fits_the_filters(console: Console) -> None:
    seen = console.get(f"{HOME}/exports/products?format=csv&sku={GOODS[2][0]}")

    lines = seen.text.strip().splitlines()
    assert seen.headers["content-disposition"] == 'attachment; filename="products.csv"'
    assert seen.headers["content-type"] == "text/csv; charset=utf-8"
    assert len(lines) == 2
    assert GOODS[2][1] in lines[1]


def test_a_file_goes_on_through_all_parts_of_the_api() -> None:
    world, shop = morning()
    for number in range(2500):
        put_level(world, f"n-{number:04d}", "wh-1")

    seen = Console(shop).get(f"{HOME}/exports/inventory_levels?format=ndjson&warehouse=wh-1")

    assert len(seen.text.splitlines()) == 2500 + len(GOODS)


def large(monkeypatch: Any) -> tuple[World, ApiShop]:
    """More stock than is sent at once."""
    monkeypatch.setattr("planster_sync.entry.console.export_pages.LARGEST", 1000)
    world, shop = morning()
    for number in range(2500):
        put_level(world, f"n-{number:04d}", "wh-1")
    return world, shop


def exporter(world: World, shop: Any) -> Exporter:
    records = MemoryRecordsReader(world.stores.records)
    return Exporter(
        world.stores.integrations, shop.exports, shop.files, records, world.queue, world.clock, world.timings,
        world.journal,
    )  # fmt: skip


def test_what_cannot_be_sent_at_once_is_written_into_one_file_and_fetched_from_the_bucket(monkeypatch: Any) -> None:
    world, shop = large(monkeypatch)
    console = Console(shop)
    form = form_to(console.get(f"{HOME}/exports/inventory_levels?format=csv").text, "/exports/inventory_levels")
    place = console.post(form.action, form.fields).headers["location"]
    page = console.get(place)
    assert "The file is written within moments." in page.text
    assert "/fetch" not in page.text

    (sent,) = world.queue.drain()
    exporter(world, shop).handle(sent.message, world.clock.now() + timedelta(seconds=240))
    live = console.get(f"{place}/live")
    fetched = console.get(f"{place}/fetch")

    assert (live.headers["poll-after"], "Ready" in live.text) == ("60", True)
    assert f'href="{place}/fetch"' in live.text
    assert fetched.status == 303
    assert fetched.headers["location"].startswith("https://files.example.test/")
    files: Any = shop.files
    (content,) = files.files.values()
    assert len(gzip.decompress(content).decode().splitlines()) == 1 + 2500 + len(GOODS)


def test_a_whole_list_of_many_records_is_not_begun_to_be_read_for_a_page(monkeypatch: Any) -> None:
    monkeypatch.setattr("planster_sync.entry.console.export_pages.AT_ONCE", 0)
    _, shop = morning()
    unread: Any = None

    page = Console(replace(shop, records=unread)).get(f"{HOME}/exports/inventory_levels")

    assert "more than can be sent at once" in page.text
    assert Console(shop).get(f"{HOME}/exports/inventory_levels?sku={GOODS[0][0]}").headers["content-disposition"]


def test_the_filters_go_along_into_the_file(monkeypatch: Any) -> None:
    _, shop = large(monkeypatch)
    filters = "warehouse=wh-1&since=2026-03-01T08:00"
    form = form_to(Console(shop).get(f"{HOME}/exports/inventory_levels?{filters}").text, "/exports/inventory_levels")

    Console(shop).post(form.action, form.fields)

    exports: Any = shop.exports
    (export,) = exports.rows.values()
    assert (export.warehouse, export.since, export.form) == ("wh-1", datetime(2026, 3, 1, 7, tzinfo=UTC), "csv")


def test_a_file_that_is_not_there_yet_leads_to_its_page(monkeypatch: Any) -> None:
    _, shop = large(monkeypatch)
    place = Console(shop).post(f"{HOME}/exports/orders", {"format": "ndjson"}).headers["location"]

    assert Console(shop).get(f"{place}/fetch").headers["location"] == place
    assert Console(shop, STRANGER).get(f"{place}/fetch").status == 404
    assert Console(shop).post(f"{HOME}/exports/orders", {"format": "xml"}).status == 422


def test_a_reader_may_look_but_is_offered_nothing_to_do(console: Console) -> None:
    reader = Console(morning()[1], READER)

    seen = reader.get(f"{HOME}/records/inventory_levels/acc%2F{CORRECTED.lower()}")

    assert seen.status == 200
    assert "Take it back" not in seen.text
    assert "Verify against" not in seen.text


@pytest.mark.parametrize("address", ["records", "records/products/p-001", "exports/products", "aside", "corrections"])
def test_another_organisations_records_are_not_there(address: str) -> None:
    assert Console(morning()[1], STRANGER).get(f"{HOME}/{address}").status == 404
