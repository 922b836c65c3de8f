"""Stock, products and places, record by record: the values that are easily got wrong."""

from __future__ import annotations

import json
from typing import Any

import pytest

from planster_sync.connectors import registry
from planster_sync.errors import AnswerBroken, RecordInvalid, SettingsInvalid
from tests.connectors.shipbob.mapping import changed, mapped, told
from tests.connectors.shipbob.subject import sample


def test_on_hand_is_committed_plus_fulfillable() -> None:
    (level,) = mapped("inventory_levels", sample("inventory_levels"))

    for stock in (level, *level["warehouses"]):
        assert stock["on_hand"] == stock["committed"] + stock["fulfillable"]
    assert (level["on_hand"], level["committed"], level["fulfillable"]) == (120, 30, 90)


def test_exception_is_what_waiting_orders_want_and_no_unsellable_stock() -> None:
    (level,) = mapped("inventory_levels", sample("inventory_levels"))

    assert "unsellable" not in level
    assert level["sellable"] == level["fulfillable"] - 5
    assert level["backordered"] == 2


def test_internal_transfers_are_neither_on_hand_nor_awaited() -> None:
    (level,) = mapped("inventory_levels", sample("inventory_levels"))

    assert level["awaiting"] == 40
    assert [(each["warehouse_id"], each["awaiting"]) for each in level["warehouses"]] == [("10", 40), ("211", 0)]


def test_exception_and_backorders_are_not_split_over_centres() -> None:
    (level,) = mapped("inventory_levels", sample("inventory_levels"))

    assert all("sellable" not in each and "backordered" not in each for each in level["warehouses"])


def test_a_null_quantity_is_unknown_and_zero_is_zero() -> None:
    (level,) = mapped("inventory_levels", sample("inventory_levels_totals"))

    assert told(level) == {"id": "7302", "on_hand": 0}


def test_a_lot_is_counted_in_each_centre_or_once_and_never_in_both() -> None:
    (level,) = mapped("inventory_levels", sample("inventory_levels"))

    assert level["lots"] == [
        {"lot_id": "L-26-01", "on_hand": 70, "expires_on": "2027-03-01", "warehouse_id": "10"},
        {"lot_id": "L-26-01", "on_hand": 30, "expires_on": "2027-03-01", "warehouse_id": "211"},
        {"lot_id": "L-26-02", "on_hand": 15},
    ]


def test_a_bundle_counts_no_stock_that_its_components_count() -> None:
    (level,) = mapped("inventory_levels", sample("inventory_levels_bundle"))

    assert told(level) == {"id": "7390", "sku": "CND-PAIR", "name": "Candle pair", "active": False}


def test_units_in_words_and_symbols_mean_the_same() -> None:
    (level,) = mapped("inventory_levels", sample("inventory_levels"))
    (product,) = mapped("products", sample("products"))

    assert level["measurements"] == product["measurements"]
    assert product["measurements"] == {
        "length_mm": "101.6",
        "width_mm": "88.9",
        "height_mm": "127",
        "weight_g": "340.1942775",
        "length_unit": "in",
        "weight_unit": "oz",
    }


def test_a_measure_of_zero_was_never_taken() -> None:
    (bundle,) = mapped("products", sample("products_bundle"))
    _, shipment, _ = mapped("orders", sample("orders_open"))

    assert "measurements" not in bundle
    assert "measurements" not in shipment["packages"][0]


def test_every_variant_is_a_product_with_the_products_category() -> None:
    page = {"items": [{"id": 1, "name": "Shirt", "variants": [{"id": 11, "name": "S"}, {"id": 12, "name": None}]}]}

    cut = registry.mapper("shipbob", {}).cut(json.dumps(page).encode())

    assert [each.id for each in cut] == ["11", "12"]
    assert [mapped("products", each.raw)[0]["name"] for each in cut] == ["S", "Shirt"]


def test_a_bundle_takes_its_components_stock_and_holds_none() -> None:
    (bundle,) = mapped("products", sample("products_bundle"))

    assert (bundle["is_kit"], bundle["holds_own_stock"]) == (True, False)
    assert bundle["components"] == [
        {"inventory_item_id": "7301", "sku": "CND-CEDAR", "quantity": 2},
        {"inventory_item_id": "variant/9101", "sku": "CND-PINE", "quantity": 1},
    ]


def test_a_bundle_on_a_page_finds_its_components_there() -> None:
    pack = {"id": 12, "bundle_definition": [{"variant_id": 11, "variant_sku": "A", "quantity": 6}]}
    page = {
        "items": [
            {"id": 1, "type": "Bundle", "variants": [pack]},
            {"id": 2, "type": "Regular", "variants": [{"id": 11, "sku": "A", "inventory": {"inventory_id": 700}}]},
        ]
    }

    bundle, _ = registry.mapper("shipbob", {}).cut(json.dumps(page).encode())

    assert mapped("products", bundle.raw)[0]["components"] == [{"inventory_item_id": "700", "sku": "A", "quantity": 6}]


def test_a_plain_product_is_one_of_its_stock_item() -> None:
    (product,) = mapped("products", sample("products"))

    assert product["is_kit"] is False
    assert product["components"] == [{"inventory_item_id": "7301", "sku": "CND-CEDAR", "quantity": 1}]


@pytest.mark.parametrize(("word", "active"), [("Active", True), ("Inactive", False), ("Archived", None)])
def test_an_inactive_variant_stays_and_says_so(word: str, active: bool | None) -> None:
    (product,) = mapped("products", changed("products", status=word))

    assert product.get("active") is active


def test_a_price_on_which_channels_differ_is_none() -> None:
    agreed = [{"price": 9.5, "currency": "USD"}, {"price": 9.50, "currency": None}, {"price": None}]
    differing = [{"price": 9.5, "currency": "USD"}, {"price": 9.5, "currency": "CAD"}]

    (one,) = mapped("products", changed("products", channel_metadata=agreed))
    (none,) = mapped("products", changed("products", channel_metadata=differing))

    assert one["unit_price"] == {"amount": "9.5", "currency": "USD"}
    assert "unit_price" not in none


@pytest.mark.parametrize(
    ("name", "zone"),
    [
        ("Central Standard Time", "America/Chicago"),
        ("Pacific Standard Time", "America/Los_Angeles"),
        ("Europe/Dublin", "Europe/Dublin"),
        ("Middle Earth Time", None),
        (None, None),
    ],
)
def test_windows_zones_become_iana_zones(name: str | None, zone: str | None) -> None:
    (centre,) = mapped("warehouses", {"id": 1, "timezone": name})

    assert centre.get("zone") == zone


def test_an_inactive_centre_stays_and_has_the_address_of_its_services() -> None:
    (centre,) = mapped("warehouses", sample("warehouses_location"))

    assert (centre["active"], centre["city"], centre["postal_code"]) == (False, "Fairburn", "30213")


def test_a_zone_that_does_not_exist_is_a_wrong_setting() -> None:
    with pytest.raises(SettingsInvalid):
        registry.mapper("shipbob", {"zone": "Mars/Olympus"})


@pytest.mark.parametrize(
    ("body", "ids"),
    [
        ([{"id": 1}, {"id": "2"}], ["1", "2"]),
        ({"items": [{"inventory_id": 7}], "next": None}, ["7"]),
        ({"items": [{"invoice_id": 9}]}, ["9"]),
        ({"id": 3, "status": "Awaiting"}, ["3"]),
        ({"id": 4, "variants": [{"id": 41}]}, ["41"]),
        ({"id": 5, "variants": []}, ["product/5"]),
        ([], []),
    ],
)
def test_pages_and_records_are_cut_as_the_vendor_sends_them(body: Any, ids: list[str]) -> None:
    assert [each.id for each in registry.mapper("shipbob", {}).cut(json.dumps(body).encode())] == ids


@pytest.mark.parametrize("body", [b'[{"id": 1}, {"id"', b'{"items": [{"id": 1}', b"<html>"])
def test_a_body_that_was_cut_short_holds_nothing(body: bytes) -> None:
    with pytest.raises(AnswerBroken):
        registry.mapper("shipbob", {}).cut(body)


@pytest.mark.parametrize(
    ("read", "record", "path"),
    [
        ("inventory_levels", {"inventory_id": None}, "inventory_id"),
        ("inventory_levels", {"inventory_id": 1, "total_on_hand_quantity": "7"}, "total_on_hand_quantity"),
        ("inventory_levels", {"inventory_id": 1, "locations": [{}]}, "locations.0.location_id"),
        ("products", {"id": 1, "bundle_definition": [{"variant_id": 2}]}, "bundle_definition.0.quantity"),
        ("products", {"id": 1, "weight": {"weight": "heavy", "unit": "oz"}}, "weight.weight"),
        ("orders", {"id": 1, "products": [{"quantity": 1}, {"sku": "A"}]}, "products.1.quantity"),
        ("orders", {"id": 1, "created_date": "soon"}, "created_date"),
        ("returns", {"id": 1, "inventory": [{"quantity": 1, "action_taken": [{}]}]}, None),
        ("bills", {"amount": 1}, "invoice_id"),
        ("warehouses", {"id": "w" * 2000}, "id"),
    ],
)
def test_a_misfit_is_refused_by_its_path(read: str, record: dict[str, Any], path: str | None) -> None:
    with pytest.raises(RecordInvalid) as caught:
        mapped(read, record)

    assert caught.value.path == (path or "inventory.0.action_taken.0.quantity_processed")
