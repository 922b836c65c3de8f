"""Orders, receiving orders, returns and invoices, record by record: the values that are easily got wrong."""

from __future__ import annotations

import json
from typing import Any

import pytest

from planster_sync.errors import RecordInvalid
from tests.connectors.shipbob.mapping import changed, mapped
from tests.connectors.shipbob.subject import sample


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
    ("word", "ours"),
    [
        ("Processing", "processing"),
        ("Exception", "exception"),
        ("PartiallyFulfilled", "partially_fulfilled"),
        ("Fulfilled", "fulfilled"),
        ("Cancelled", "cancelled"),
        ("ImportReview", "on_hold"),
        ("Vanished", "other"),
    ],
)
def test_order_words(word: str, ours: str) -> None:
    (order,) = mapped("orders", {"id": 1, "status": word})

    assert order["status"] == {"value": ours, "vendor": word}


@pytest.mark.parametrize(("word", "ours"), [("DTC", "d2c"), ("B2B", "b2b"), ("DropShip", "dropship"), ("C2C", "other")])
def test_order_types(word: str, ours: str) -> None:
    (order,) = mapped("orders", {"id": 1, "type": word})

    assert order["type"] == {"value": ours, "vendor": word}


@pytest.mark.parametrize(
    ("word", "ours"),
    [("Arrived", "receiving"), ("Processing", "receiving"), ("Completed", "closed"), ("Cancelled", "cancelled")],
)
def test_return_words(word: str, ours: str) -> None:
    (back,) = mapped("returns", {"id": 1, "status": word})

    assert back["status"] == {"value": ours, "vendor": word}


@pytest.mark.parametrize(
    ("word", "ours"),
    [
        ("Shipment", "order_shipment"),
        ("Return", "return"),
        ("WRO", "inbound_shipment"),
        ("URO", "other"),
        ("FC", "other"),
    ],
)
def test_what_a_charge_is_for(word: str, ours: str) -> None:
    charge = {"amount": 1, "reference_type": word, "reference_id": 7}

    (bill,) = mapped("bills", {"invoice_id": 1, "transactions": [charge]})

    assert bill["lines"][0]["object_type"] == {"value": ours, "vendor": word}
    assert bill["lines"][0]["object_id"] == "7"
