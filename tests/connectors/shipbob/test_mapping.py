"""Source record to unified record, pair by pair: the values that are easily got wrong."""

from __future__ import annotations

import json
from typing import Any

import pytest

from planster_sync.connectors import registry
from planster_sync.errors import AnswerBroken, RecordInvalid, SettingsInvalid
from tests.connectors.shipbob.subject import sample


def mapped(read: str, raw: bytes | dict[str, Any], **settings: Any) -> list[dict[str, Any]]:
    """The unified records as they are stored."""
    body = raw if isinstance(raw, bytes) else json.dumps(raw).encode()
    result = registry.mapper("shipbob", settings).map(read, body)
    return [record.attributes() for record in (*result.owned, *result.shared)]


def told(record: dict[str, Any]) -> dict[str, Any]:
    """A record without its empty lists."""
    return {name: value for name, value in record.items() if value != []}


def changed(name: str, **fields: Any) -> dict[str, Any]:
    return {**json.loads(sample(name)), **fields}


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


def test_received_is_what_was_stowed_whether_or_not_the_header_counts_it() -> None:
    (inbound,) = mapped("inbound_shipments", sample("inbound_shipments"))

    assert [(line["expected"], line["received"]) for line in inbound["lines"]] == [(100, 50), (20, 7)]
    assert [[line["quantity"] for line in receipt["lines"]] for receipt in inbound["receipts"]] == [[50], [7]]


def test_boxes_are_receipts_once_something_came_out_of_them() -> None:
    (inbound,) = mapped("inbound_shipments", sample("inbound_shipments"))

    assert [receipt["receipt_id"] for receipt in inbound["receipts"]] == ["1571189", "1571190"]
    assert inbound["receipts"][1]["received_at"] == "2026-02-01T00:22:31.996Z"
    assert inbound["receipts"][0]["lines"][0]["sku"] == "CND-CEDAR"
    assert inbound["tracking_numbers"] == ["TRK-W1", "TRK-W2"]


def test_a_receiving_order_was_received_when_it_was_completed() -> None:
    (done,) = mapped("inbound_shipments", sample("inbound_shipments_completed"))
    (going,) = mapped("inbound_shipments", sample("inbound_shipments"))

    assert done["received_at"] == "2026-01-12T08:59:00Z"
    assert "received_at" not in going


@pytest.mark.parametrize(
    ("word", "ours"),
    [
        ("Awaiting", "open"),
        ("PartiallyArrived", "receiving"),
        ("Arrived", "receiving"),
        ("PartiallyArrivedAtHub", "receiving"),
        ("ArrivedAtHub", "receiving"),
        ("Processing", "receiving"),
        ("ProcessingAtHub", "receiving"),
        ("InternalTransfer", "in_transit"),
        ("Completed", "received"),
        ("Cancelled", "cancelled"),
        ("Incomplete", "other"),
        ("Teleported", "other"),
    ],
)
def test_receiving_words(word: str, ours: str) -> None:
    (inbound,) = mapped("inbound_shipments", {"id": 1, "status": word})

    assert inbound["status"] == {"value": ours, "vendor": word}


def test_seven_digits_of_a_second_are_cut_to_milliseconds() -> None:
    order, *_ = mapped("orders", sample("orders"))

    assert order["created_at"] == "2026-02-01T09:00:00.756Z"


def test_an_order_is_what_was_ordered_and_its_shipment_what_was_picked() -> None:
    order, shipment = mapped("orders", sample("orders"))

    assert [(line["sku"], line["quantity"]) for line in order["lines"]] == [("CND-PAIR", 1), ("CND-PINE", 1)]
    assert [(line["inventory_item_id"], line["quantity"]) for line in shipment["lines"]] == [("7301", 2), ("7303", 1)]
    assert (shipment["id"], shipment["shipment_id"], shipment["order_id"]) == ("4001/6001", "6001", "4001")


def test_an_order_has_the_stamp_of_its_latest_shipment() -> None:
    early = {"id": 1, "last_update_at": "2026-02-04T10:00:00.9Z"}
    late = {"id": 2, "last_update_at": "2026-02-04T10:00:01Z"}

    order, *_ = mapped("orders", changed("orders", shipments=[late, early]))

    assert order["updated_at"] == "2026-02-04T10:00:01Z"


def test_an_order_is_shipped_when_all_of_it_is() -> None:
    whole, *_ = mapped("orders", sample("orders"))
    part, *_ = mapped("orders", changed("orders", status="PartiallyFulfilled"))

    assert whole["shipped_at"] == "2026-02-02T17:30:00Z"
    assert "shipped_at" not in part


def test_an_order_from_two_centres_has_no_warehouse_of_its_own() -> None:
    order, *shipments = mapped("orders", sample("orders_open"))

    assert "warehouse_id" not in order
    assert [each["warehouse_id"] for each in shipments] == ["10", "211"]


@pytest.mark.parametrize(
    ("fields", "ours"),
    [
        ({"status": "Completed"}, "shipped"),
        ({"status": "Completed", "delivery_date": "2026-02-04T09:58:00Z"}, "delivered"),
        ({"status": "Completed", "status_details": [{"id": 203}]}, "delivered"),
        ({"status": "Completed", "status_details": [{"id": 204}]}, "shipped"),
        ({"status": "LabeledCreated"}, "open"),
        ({"status": "Exception"}, "open"),
        ({"status": "OnHold"}, "open"),
        ({"status": "None"}, "open"),
        ({"status": "Cancelled", "delivery_date": "2026-02-04T09:58:00Z"}, "cancelled"),
        ({"status": "CleanSweeped"}, "other"),
    ],
)
def test_completed_has_left_and_is_delivered_only_where_the_carrier_says_so(fields: dict[str, Any], ours: str) -> None:
    _, shipment = mapped("orders", {"id": 1, "shipments": [{"id": 2, **fields}]})

    assert shipment["status"] == {"value": ours, "vendor": fields["status"]}


@pytest.mark.parametrize(
    ("amount", "currency", "cost"),
    [
        (8.35, "USD", {"amount": "8.35", "currency": "USD"}),
        (0, "USD", {"amount": "0", "currency": "USD"}),
        (0, None, None),
        (None, None, None),
    ],
)
def test_a_shipment_costs_nothing_that_is_known_before_it_is_invoiced(
    amount: float | None, currency: str | None, cost: dict[str, str] | None
) -> None:
    invoiced = {"tracking": {"carrier": "UPS"}, "invoice_amount": amount, "invoice_currency_code": currency}

    _, shipment = mapped("orders", {"id": 1, "shipments": [{"id": 2, **invoiced}]})

    assert shipment["packages"][0].get("cost") == cost


def test_a_shipment_that_stands_twice_in_an_order_is_refused() -> None:
    with pytest.raises(RecordInvalid) as caught:
        mapped("orders", {"id": 1, "shipments": [{"id": 2}, {"id": 2}]})

    assert caught.value.path == "shipments"


def test_an_unknown_status_is_other_and_a_missing_one_is_null() -> None:
    order, *_ = mapped("orders", sample("orders_open"))
    (bare,) = mapped("orders", {"id": 1})

    assert order["status"] == {"value": "other", "vendor": "WaitingForMoon"}
    assert "status" not in bare


def test_values_are_in_dollars_unless_the_settings_say_otherwise() -> None:
    in_dollars, *_ = mapped("orders", sample("orders"))
    in_euros, *_ = mapped("orders", sample("orders"), currency="EUR")

    assert in_dollars["total_price"] == {"amount": "44.7", "currency": "USD"}
    assert in_euros["lines"][0]["unit_price"] == {"amount": "29.8", "currency": "EUR"}


def test_only_what_was_restocked_is_stock_again() -> None:
    (back,) = mapped("returns", sample("returns"))

    assert (back["lines"][0]["expected"], back["lines"][0]["received"], back["lines"][0]["restocked"]) == (3, 3, 2)
    assert "received" not in back["lines"][1]
    assert [each["disposition"]["value"] for each in back["shipments"][0]["lines"][0]["inspections"]] == [
        "restocked",
        "discarded",
    ]


def test_awaiting_arrival_is_one_word_with_and_without_a_blank() -> None:
    words = [
        mapped("returns", {"id": 1, "status": each})[0]["status"] for each in ("Awaiting Arrival", "AwaitingArrival")
    ]

    assert [each["value"] for each in words] == ["open", "open"]


def test_an_invoice_day_begins_at_midnight_in_the_accounts_zone() -> None:
    days = [
        mapped("bills", changed("bills", invoice_date=day), zone=zone)[0]["billed_at"]
        for day, zone in (
            ("2026-03-08", "UTC"),
            ("2026-03-08", "America/Chicago"),
            ("2026-03-09", "America/Chicago"),
            ("2026-11-02", "America/Chicago"),
        )
    ]

    assert days == ["2026-03-08T00:00:00Z", "2026-03-08T06:00:00Z", "2026-03-09T05:00:00Z", "2026-11-02T06:00:00Z"]


def test_a_charge_is_placed_by_its_fee_and_otherwise_by_its_invoice() -> None:
    (bill,) = mapped("bills", sample("bills"))

    assert [line["charge"] for line in bill["lines"]] == [
        {"value": "shipping", "vendor": "Shipping"},
        {"value": "shipping", "vendor": "Address Correction"},
        {"value": "receiving", "vendor": "Inbound Fee"},
    ]
    assert [line.get("object_id") for line in bill["lines"]] == ["6001", "T-9", None]


@pytest.mark.parametrize("kind", ["Payment", "BalanceAdjustment"])
def test_moved_money_is_no_bill(kind: str) -> None:
    with pytest.raises(RecordInvalid) as caught:
        mapped("bills", changed("bills", invoice_type=kind))

    assert caught.value.path == "invoice_type"


def test_a_charge_is_not_taken_for_an_invoice() -> None:
    charge = json.loads(sample("bills"))["transactions"][0]

    with pytest.raises(RecordInvalid) as caught:
        mapped("bills", charge)

    assert caught.value.path == "transaction_id"


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
