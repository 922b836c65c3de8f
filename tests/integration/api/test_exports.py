"""Records as files over HTTP: parts without a seam, names of columns once, every value as it is stored."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import pytest

from planster_sync.model.data_types import DataType
from tests.engine.world import World
from tests.integration.api.caller import HOME, Api, http_event

EXPORTS = f"{HOME}/int1/exports"


def filled(count: int, **fields: Any) -> World:
    world = World()
    world.source.fill(count)
    world.night()
    for place, row in world.stores.records.rows.items():
        if place[2] is DataType.ORDERS:
            world.stores.records.rows[place] = replace(row, attributes={**row.attributes, **fields})
    return world


def exported(api: Api, query: str) -> tuple[str, int]:
    """The whole file and its number of parts."""
    address: str | None = f"{EXPORTS}/orders?{query}"
    text, parts = "", 0
    while address is not None:
        answer = api.raw(http_event("GET", address))
        assert answer["statusCode"] == 200
        text, parts = text + answer["body"], parts + 1
        link = answer["headers"].get("Link")
        address = link.partition(">")[0].removeprefix("<") if link else None
    return text, parts


def test_ndjson_has_a_line_for_each_record_as_it_is_listed() -> None:
    api = Api(filled(5))

    text, _ = exported(api, "format=ndjson")

    listed = api.get(f"{HOME}/int1/records/orders").body["records"]
    assert [json.loads(line) for line in text.splitlines()] == listed


@pytest.mark.parametrize("form", ["csv", "ndjson"])
def test_parts_together_are_the_file(form: str) -> None:
    note = "x" * 100_000
    api = Api(filled(120, number=note))

    text, parts = exported(api, f"format={form}")

    lines = text.splitlines()
    assert parts > 1
    assert len(lines) == 120 + (form == "csv")
    assert len(set(lines)) == len(lines)


def test_csv_has_a_column_for_each_field_and_names_them_once() -> None:
    lines = [{"sku": "A", "quantity": 2}]
    word = {"value": "open", "vendor": 'Neu, "offen"'}
    api = Api(filled(2, status=word, lines=lines, total={"amount": "-12.5", "currency": "EUR"}, reference_id="=1+1"))

    text, _ = exported(api, "")

    first, second = csv.DictReader(io.StringIO(text, newline=""))
    assert first["status.value"] == "open"
    assert first["status.vendor"] == 'Neu, "offen"'
    assert json.loads(first["lines"]) == lines
    assert first["reference_id"] == "'=1+1"
    assert first["deleted_at"] == ""
    assert {first["id"], second["id"]} == {"o000", "o001"}


def test_a_file_says_what_it_is() -> None:
    answer = Api(filled(1)).raw(http_event("GET", f"{EXPORTS}/orders?format=csv"))

    assert answer["headers"]["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["headers"]["Content-Disposition"] == 'attachment; filename="orders.csv"'
    assert answer["headers"]["X-Records"] == "1"


def test_filters_hold_in_every_part() -> None:
    world = filled(40, number="x" * 100_000)
    for name in ("o000", "o039"):
        place = ("org1", "int1", DataType.ORDERS, name)
        row = world.stores.records.rows[place]
        world.stores.records.rows[place] = replace(row, attributes={**row.attributes, "warehouse_id": "w&1"})

    text, _ = exported(Api(world), f"format=ndjson&warehouse={quote('w&1')}")

    assert [json.loads(line)["id"] for line in text.splitlines()] == ["o000", "o039"]


@pytest.mark.parametrize("query", ["format=xml", "format=csv&after=AAAA", "status=opened"])
def test_a_file_of_another_form_is_refused(query: str) -> None:
    assert Api(filled(1)).get(f"{EXPORTS}/orders?{query}").status == 422
