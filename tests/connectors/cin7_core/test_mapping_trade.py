"""The traps of Cin7 Core's purchases and sales, each by name."""

from __future__ import annotations

import json

import pytest

from tests.connectors.cin7_core.samples import LEEDS, YORK, first, mapped, of_type, varied

# --- purchases -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "receiving", "order", "ours"),
    [
        ("DRAFT", "NOT AVAILABLE", "NOT AVAILABLE", "draft"),
        ("ORDERING", "NOT AVAILABLE", "DRAFT", "draft"),
        ("ORDERED", "NOT RECEIVED", "AUTHORISED", "open"),
        ("INVOICED", "NOT RECEIVED", "AUTHORISED", "open"),
        ("PARTIALLY INVOICED", "NOT RECEIVED", "AUTHORISED", "open"),
        ("INVOICED", "PARTIALLY RECEIVED", "AUTHORISED", "receiving"),
        ("RECEIVING / CREDITED", "PARTIALLY RECEIVED", "AUTHORISED", "receiving"),
        ("INVOICED", "FULLY RECEIVED", "AUTHORISED", "received"),
        ("RECEIVED / CREDITED", "NOT AVAILABLE", "AUTHORISED", "received"),
        ("COMPLETED / CREDIT NOTE CLOSED", "NOT AVAILABLE", "AUTHORISED", "received"),
        ("VOIDED", "FULLY RECEIVED", "AUTHORISED", "cancelled"),
        ("AWAITING APPROVAL", "NOT AVAILABLE", "NOT AVAILABLE", "other"),
    ],
)
def test_an_invoice_is_no_arrival(status: str, receiving: str, order: str, ours: str) -> None:
    document = varied("inbound_shipments", Status=status, CombinedReceivingStatus=receiving)
    document["Order"]["Status"] = order

    assert first("inbound_shipments", document)["status"] == {"value": ours, "vendor": status}


def test_goods_that_were_received_and_put_away_are_counted_once() -> None:
    found = first("inbound_shipments", varied("inbound_shipments"))

    assert [(line["expected"], line["received"]) for line in found["lines"]] == [(240, 140)]
    assert [sum(line["quantity"] for line in each["lines"]) for each in found["receipts"]] == [140]


def test_without_put_away_what_was_taken_in_counts() -> None:
    found = first("inbound_shipments", varied("inbound_shipments_option_off"))

    assert [line["received"] for line in found["lines"]] == [240]


def test_parts_of_a_simple_purchase_are_objects() -> None:
    found = mapped("inbound_shipments", varied("inbound_shipments_simple"))

    assert [line["received"] for line in found[0]["lines"]] == [30]
    assert [each["id"] for each in of_type(found, "bills")] == [f"{found[0]['id']}/invoice"]


@pytest.mark.parametrize(
    ("status", "told", "received"),
    [("DRAFT", None, 0), ("DRAFT", False, 0), ("VOIDED", True, 0), ("", True, 240), ("AUTHORISED", "false", 0)],
)
def test_a_draft_is_a_plan_and_a_lines_own_word_counts(status: str, told: object, received: int) -> None:
    document = varied("inbound_shipments_option_off")
    document["StockReceived"][0]["Status"] = status
    document["StockReceived"][0]["Lines"][0]["Received"] = told

    assert first("inbound_shipments", document)["lines"][0]["received"] == received


def test_what_arrived_fills_the_lines_of_its_product_in_order_and_the_last_takes_the_rest() -> None:
    document = varied("inbound_shipments_option_off")
    line = document["Order"]["Lines"][0]
    document["Order"]["Lines"] = [{**line, "Quantity": 100}, {**line, "Quantity": 100}]

    found = first("inbound_shipments", document)

    assert [(each["expected"], each["received"]) for each in found["lines"]] == [(100, 100), (100, 140)]


def test_a_blind_receipt_announces_what_it_brings() -> None:
    document = varied("inbound_shipments_option_off", BlindReceipt=True)
    document["Order"] = {"Status": "NOT AVAILABLE", "Lines": []}

    found = first("inbound_shipments", document)

    assert [(each["sku"], each["expected"], each["received"]) for each in found["lines"]] == [("LAMP-12", 240, 240)]


@pytest.mark.parametrize(
    ("status", "ours", "lines"),
    [
        ("DRAFT", "draft", []),
        ("IN TRANSIT", "in_transit", [(30, 0)]),
        ("COMPLETED", "received", [(30, 30)]),
        ("VOIDED", "cancelled", [(30, 0)]),
    ],
)
def test_goods_between_two_warehouses_come_as_a_shipment_once_they_have_left(
    status: str, ours: str, lines: list[tuple[int, int]]
) -> None:
    found = first("inbound_shipments", varied("inbound_shipments_transfer", Status=status))

    assert (found["status"]["value"], found["warehouse_id"]) == (ours, YORK)
    assert [(line["expected"], line["received"]) for line in found["lines"]] == lines


@pytest.mark.parametrize(
    ("zone", "told", "stored"),
    [
        ("UTC", "2026-03-29T00:00:00", "2026-03-29T00:00:00Z"),
        ("Europe/London", "2026-03-29T00:00:00", "2026-03-29T00:00:00Z"),
        ("Europe/London", "2026-03-30T00:00:00", "2026-03-29T23:00:00Z"),
        ("Europe/Berlin", "2026-10-26T00:00:00", "2026-10-25T23:00:00Z"),
        ("Australia/Sydney", "2026-04-06T00:00:00", "2026-04-05T14:00:00Z"),
        ("Europe/London", "", None),
    ],
)
def test_a_date_begins_at_midnight_in_the_companys_zone(zone: str, told: str, stored: str | None) -> None:
    assert (
        first("inbound_shipments", varied("inbound_shipments", RequiredBy=told), zone=zone).get("expected_at") == stored
    )


def test_stamps_are_utc_whatever_the_zone() -> None:
    found = first("inbound_shipments", varied("inbound_shipments"), zone="Australia/Sydney")

    assert found["updated_at"] == "2026-02-18T16:03:11.420Z"


def test_the_price_of_a_piece_is_less_its_discount() -> None:
    found = first("inbound_shipments", varied("inbound_shipments"))

    assert found["lines"][0]["unit_cost"] == {"amount": "2.945", "currency": "USD"}


def test_our_own_reference_goes_before_the_vendors_number_and_nothing_else_of_the_note_is_kept() -> None:
    ours = first("inbound_shipments", varied("inbound_shipments"))
    theirs = first("inbound_shipments", varied("inbound_shipments", Note="call before noon"))

    assert (ours["purchase_order_number"], theirs["purchase_order_number"]) == ("PL-77", "PO-00412")
    assert "noon" not in json.dumps(ours)


def test_an_invoice_that_was_paid_in_full_is_paid_and_placeholders_are_none() -> None:
    bills = of_type(mapped("inbound_shipments", varied("inbound_shipments")), "bills")

    assert [each["status"] for each in bills] == [{"value": "paid", "vendor": "AUTHORISED"}]
    assert [line.get("charge") for line in bills[0]["lines"]] == [
        None,
        {"value": "shipping", "vendor": "Freight"},
        {"value": "other"},
    ]


# --- sales ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "order", "ours"),
    [
        ({"Status": "VOIDED"}, "VOIDED", "cancelled"),
        ({"Status": "INVOICED"}, "AUTHORISED", "open"),
        ({"Status": "CREDITED"}, "AUTH_NO_ALLOC", "open"),
        ({"Status": "BACKORDERED"}, "AUTHORISED", "backordered"),
        ({"Status": "ORDERING"}, "DRAFT", "on_hold"),
        ({"Status": "ESTIMATED"}, "NOT AVAILABLE", "other"),
        ({"Status": "PICKING", "CombinedPickingStatus": "PICKING"}, "AUTHORISED", "processing"),
        ({"Status": "PACKING", "CombinedPackingStatus": "PACKING"}, "AUTHORISED", "picked"),
        ({"Status": "PACKED", "CombinedPackingStatus": "PACKED"}, "AUTHORISED", "packed"),
        ({"Status": "SHIPPING", "CombinedShippingStatus": "SHIPPING"}, "AUTHORISED", "packed"),
        ({"Status": "INVOICED", "CombinedShippingStatus": "PARTIALLY SHIPPED"}, "AUTHORISED", "partially_fulfilled"),
        ({"Status": "INVOICED", "FulFilmentStatus": "FULFILLED"}, "AUTHORISED", "fulfilled"),
        ({"Status": "CREDITED", "CombinedShippingStatus": "SHIPPED"}, "CLOSED", "fulfilled"),
        ({"Status": "SOMETHING NEW"}, "NOT AVAILABLE", "other"),
    ],
)
def test_the_state_of_a_sale_is_where_its_goods_are(changes: dict[str, str], order: str, ours: str) -> None:
    document = varied("orders_open", **changes)
    document["Order"]["Status"] = order

    assert first("orders", document)["status"] == {"value": ours, "vendor": changes["Status"]}


def test_a_parcel_holds_what_was_packed_into_its_boxes() -> None:
    parcels = of_type(mapped("orders", varied("orders_two_parcels")), "order_shipments")

    assert [[line["quantity"] for line in each["lines"]] for each in parcels] == [[1], [1]]
    assert [each["status"]["value"] for each in parcels] == ["shipped", "open"]
    assert "shipped_at" not in parcels[1]


def test_a_parcel_that_names_no_box_holds_what_was_picked_when_it_is_the_only_one() -> None:
    parcels = of_type(mapped("orders", varied("orders_sparse")), "order_shipments")

    assert [[line["quantity"] for line in each["lines"]] for each in parcels] == [[1]]


def test_a_bin_leads_to_its_warehouse() -> None:
    (parcel,) = of_type(mapped("orders", varied("orders")), "order_shipments")

    assert parcel["warehouse_id"] == LEEDS


def test_an_order_that_goes_from_supplier_to_buyer_takes_no_stock() -> None:
    assert first("orders", varied("orders_sparse"))["type"] == {"value": "dropship"}
    assert "type" not in first("orders", varied("orders_open"))


def test_only_what_was_put_back_came_back() -> None:
    notes = of_type(mapped("orders", varied("orders")), "returns")

    assert [each["status"]["value"] for each in notes] == ["received", "closed"]
    assert [(line["sku"], line["expected"], line["restocked"]) for line in notes[0]["lines"]] == [
        ("LAMP-12", 2, 1),
        ("BULB-1", 0, 1),
    ]
    assert [line["restocked"] for line in notes[1]["lines"]] == [0]


def test_a_draft_of_a_credit_note_moves_no_stock() -> None:
    document = varied("orders")
    document["CreditNotes"][0]["Status"] = "DRAFT"

    note = of_type(mapped("orders", document), "returns")[0]

    assert note["status"]["value"] == "open"
    assert {line["restocked"] for line in note["lines"]} == {0}


@pytest.mark.parametrize(
    ("word", "channel"), [("Shopify", "shopify"), ("SHOPIFY ", "shopify"), ("", None), (None, None)]
)
def test_a_channel_is_its_word_in_any_spelling(word: str | None, channel: str | None) -> None:
    found = mapped("orders", varied("orders_open", SourceChannel=word))

    assert found[0].get("channel_id") == channel
    assert [each["id"] for each in of_type(found, "order_channels")] == ([channel] if channel else [])
