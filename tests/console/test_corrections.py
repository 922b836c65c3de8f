"""Corrections by hand on pages: made, refused field by field, taken back, and many at once by CSV."""

from __future__ import annotations

from typing import Any

import pytest

from planster_sync.model.data_types import DataType
from planster_sync.ports.stores import Adjustment, RecordKey
from tests.console.known import READER, STRANGER
from tests.console.morning import morning
from tests.console.pages import text_in
from tests.console.shelves import CORRECTED, GOODS, PLACE
from tests.console.visit import Console, Seen
from tests.engine.world import World
from tests.fakes.memory_records import MemoryCorrections

HOME = f"/console/integrations/{PLACE}"
MAKE = f"{HOME}/corrections/inventory_levels/make/acc%2Fmug-sand"
BACK = f"{HOME}/corrections/inventory_levels/take-back/acc%2F{CORRECTED.lower()}"
COUNTED = {"on_hand": "80", "warehouse_id": "wh-1", "reason": "counted by hand"}
BULK = f"{HOME}/corrections/bulk"


class Shelf:
    """A console of its own, whose corrections a test can look at."""

    def __init__(self) -> None:
        self.world, shop = morning()
        self.console = Console(shop)

    def post(self, address: str, fields: Any) -> Seen:
        return self.console.post(address, fields)

    def in_force(self, sku: str) -> Adjustment | None:
        return in_force(self.world, DataType.INVENTORY_LEVELS, f"acc/{sku.lower()}")


def in_force(world: World, data_type: DataType, id_: str) -> Adjustment | None:
    return MemoryCorrections(world.stores.adjustments).find("org1", PLACE, RecordKey(data_type, id_))


def test_a_correction_is_in_force_and_shown_at_once() -> None:
    shelf = Shelf()

    answer = shelf.post(MAKE, COUNTED)
    page = text_in(shelf.console.get(answer.headers["location"]).text)

    made = shelf.in_force("MUG-SAND")
    assert answer.status == 303
    assert "Corrected. It counts at once" in page
    assert "counted by hand" in page
    assert made is not None
    assert (made.author, made.reason) == ("user-7", "counted by hand")
    assert {each["warehouse_id"]: each["on_hand"] for each in made.fields["warehouses"]}["wh-1"] == 80


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"on_hand": "eighty"}, "This is not a number"),
        ({"on_hand": "NaN"}, "This is not a number"),
        ({"on_hand": "1e400"}, "This is not a number"),
        ({"on_hand": "-5"}, "Not corrected"),
        ({"reason": ""}, "Not corrected"),
        ({"warehouse_id": ""}, "This stock is kept by warehouse."),
        ({"warehouse_id": "elsewhere"}, "no such warehouse"),
        ({"on_hand": ""}, "Nothing is corrected."),
        ({"on_hand": "1"}, "fewer than"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(fields: dict[str, str], said: str) -> None:
    shelf = Shelf()

    seen = shelf.post(MAKE, {**COUNTED, **fields})

    assert seen.status == 422
    assert said in text_in(seen.text)
    assert f'value="{fields.get("reason", "counted by hand")}"' in seen.text
    assert shelf.in_force("MUG-SAND") is None


def test_money_words_and_lists_are_taken_as_they_are_typed() -> None:
    shelf = Shelf()
    fields = {
        "unit_cost": "4.50", "unit_cost.currency": "EUR", "active": "no", "barcodes": "4001, 4002 ,", "brand": "Halm",
        "reason": "new contract",
    }  # fmt: skip

    answer = shelf.post(f"{HOME}/corrections/products/make/p-001", fields)

    made = in_force(shelf.world, DataType.PRODUCTS, "p-001")
    assert answer.status == 303
    assert made is not None
    assert made.fields == {
        "unit_cost": {"amount": "4.5", "currency": "EUR"},
        "active": False,
        "barcodes": ["4001", "4002"],
        "brand": "Halm",
    }


def test_a_correction_that_is_taken_back_stays_in_the_history() -> None:
    shelf = Shelf()

    answer = shelf.post(BACK, {})
    page = text_in(shelf.console.get(answer.headers["location"]).text)

    assert shelf.in_force(CORRECTED) is None
    assert "As the source said" in page
    assert "taken back by hand" in page


def test_corrections_in_force_are_listed_with_who_and_why() -> None:
    page = text_in(Shelf().console.get(f"{HOME}/corrections").text)

    assert f"acc/{CORRECTED.lower()}" in page
    assert "Six dented pans" in page
    assert "user-7" in page


@pytest.mark.parametrize(("sku", "status"), [("MUG-SAND", 200), ("NOPE", 404), ("", 200)])
def test_the_record_to_correct_is_found_by_its_sku(sku: str, status: int) -> None:
    assert Shelf().console.get(f"{HOME}/corrections/new?sku={sku}").status == status


def test_what_cannot_be_corrected_says_so() -> None:
    seen = Shelf().console.get(f"{HOME}/corrections/new?data_type=orders&record=o-70101")

    assert seen.status == 422
    assert "cannot be corrected by hand" in text_in(seen.text)


# --------------------------------------------------------------------------------------------------------- many at once

CSV = "sku,warehouse_id,on_hand\nMUG-BLUE,wh-1,90\nMUG-SAND,wh-2,95\n"


def bulk(csv: str = CSV, **fields: str) -> dict[str, str]:
    return {"data_type": "inventory_levels", "csv": csv, "reason": "yearly count", **fields}


def test_lines_are_tried_before_they_are_put_in_force() -> None:
    shelf = Shelf()

    tried = shelf.post(BULK, bulk())
    page = text_in(tried.text)

    assert "2 lines tried; nothing is changed yet" in page
    assert "Put all 2 in force" in page
    assert shelf.in_force("MUG-BLUE") is None
    applied = shelf.post(BULK, bulk(effect="apply"))
    assert applied.status == 303
    assert shelf.in_force("MUG-BLUE") is not None
    assert shelf.in_force("MUG-SAND") is not None


def test_every_wrong_line_is_named_and_none_is_put_in_force() -> None:
    shelf = Shelf()
    csv = CSV + "NOPE,wh-1,3\nPAN-28,wh-1,many\n"

    seen = shelf.post(BULK, bulk(csv, effect="apply"))

    page = text_in(seen.text)
    assert "2 wrong" in page
    assert "4 No record has this SKU." in page
    assert "5 on_hand is not a number." in page
    assert "Put all" not in page
    assert shelf.in_force("MUG-BLUE") is None


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        (bulk("sku,colour\nA,red\n"), "The column colour cannot be read."),
        (bulk("sku,on_hand\n"), "no line behind the names"),
        (bulk('sku,on_hand\n"A,1\n'), "is not CSV"),
        (bulk(reason=""), "Not tried"),
        (bulk(""), "Not tried"),
        (bulk(effect="nonsense"), "Not tried"),
    ],
)
def test_what_is_no_csv_is_said_and_what_was_typed_stays(fields: dict[str, str], said: str) -> None:
    seen = Shelf().post(BULK, fields)

    assert seen.status == 422
    assert said in text_in(seen.text)


# ------------------------------------------------------------------------------------------------------------- attacks

ADDRESSES = [(MAKE, COUNTED), (BACK, {}), (BULK, bulk(effect="apply"))]


@pytest.mark.parametrize(("address", "fields"), ADDRESSES)
def test_another_sites_form_corrects_nothing(address: str, fields: dict[str, str]) -> None:
    shelf = Shelf()
    before = shelf.in_force(CORRECTED)

    answers = [
        shelf.console.post(address, fields, origin="https://evil.example"),
        shelf.console.post(address, {**fields, "form_token": "guessed"}),
    ]

    assert [seen.status for seen in answers] == [403, 403]
    assert (shelf.in_force(CORRECTED), shelf.in_force("MUG-SAND"), shelf.in_force("MUG-BLUE")) == (before, None, None)


@pytest.mark.parametrize(("address", "fields"), ADDRESSES)
@pytest.mark.parametrize(("visitor", "status"), [(READER, 403), (STRANGER, 404)])
def test_only_who_may_operate_in_the_organisation_corrects(
    address: str, fields: dict[str, str], visitor: Any, status: int
) -> None:
    world, shop = morning()

    seen = Console(shop, visitor).post(address, fields)

    assert seen.status == status
    assert in_force(world, DataType.INVENTORY_LEVELS, f"acc/{GOODS[0][0].lower()}") is None


def test_what_somebody_typed_is_never_run() -> None:
    shelf = Shelf()
    script = '"><script>alert(1)</script>'

    seen = shelf.post(MAKE, {**COUNTED, "on_hand": script, "reason": script})

    assert "<script>alert" not in seen.text
