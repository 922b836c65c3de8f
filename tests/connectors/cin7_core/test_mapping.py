"""The traps of Cin7 Core's records, each by name. Samples are varied, not invented anew."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from planster_sync.connectors import registry
from planster_sync.errors import RecordInvalid
from planster_sync.model.record import Record
from tests.connectors.cin7_core.subject import SETTINGS, sample

LEEDS, YORK = "6b7f0000-aaaa-4aaa-8aaa-000000000001", "6b7f0000-aaaa-4aaa-8aaa-000000000002"
LAMP = "11110000-aaaa-4aaa-8aaa-000000000012"


def varied(name: str, **changes: Any) -> dict[str, Any]:
    return {**json.loads(sample(name)), **changes}


def mapped(read: str, document: Mapping[str, Any], **settings: Any) -> list[dict[str, Any]]:
    mapper = registry.mapper("cin7_core", {**SETTINGS, **settings})
    found = mapper.map(read, json.dumps(document).encode())
    records: tuple[Record, ...] = (*found.owned, *found.shared)
    return [{"data_type": str(each.data_type), **each.attributes()} for each in records]


def first(read: str, document: Mapping[str, Any], **settings: Any) -> dict[str, Any]:
    return mapped(read, document, **settings)[0]


def of_type(found: list[dict[str, Any]], data_type: str) -> list[dict[str, Any]]:
    return [each for each in found if each["data_type"] == data_type]


def stock_row(**changes: Any) -> dict[str, Any]:
    return {**varied("inventory_levels")["Rows"][0], "Bin": None, "Batch": None, "ExpiryDate": None, **changes}


def quantities(*rows: dict[str, Any]) -> tuple[Any, ...]:
    found = first("inventory_levels", {"ID": LAMP, "Rows": list(rows)})
    return tuple(found.get(name) for name in ("on_hand", "committed", "fulfillable", "awaiting"))


# --- stock ---------------------------------------------------------------------------------------------------------


def test_quantities_are_summed_over_bins_batches_and_the_row_without_a_bin() -> None:
    found = first("inventory_levels", varied("inventory_levels"))

    assert [found[name] for name in ("on_hand", "committed", "fulfillable", "awaiting")] == [130, 21, 109, 245]
    assert [(each["warehouse_id"], each["on_hand"], each["fulfillable"]) for each in found["warehouses"]] == [
        (LEEDS, 120, 100),
        (YORK, 10, 9),
    ]


def test_the_value_of_the_stock_is_no_quantity_and_transit_is_not_added_to_what_is_on_order() -> None:
    assert quantities(stock_row(OnHand=5, Allocated=1, Available=4, OnOrder=7, StockOnHand=417.6, InTransit=7)) == (
        5,
        1,
        4,
        7,
    )


def test_a_row_without_a_bin_that_repeats_the_available_of_the_bins_is_not_counted_twice() -> None:
    repeated = stock_row(OnHand=0, Allocated=14, Available=106, OnOrder=0)
    in_bin = stock_row(Bin="A-01", OnHand=120, Allocated=0, Available=120, OnOrder=0)

    assert quantities(repeated, in_bin) == (120, 14, 106, 0)


def test_a_pack_that_would_be_cut_out_of_another_product_has_nothing_of_its_own() -> None:
    assert quantities(stock_row(OnHand=0, Allocated=0, Available=40, OnOrder=0)) == (0, 0, 0, 0)


def test_available_is_taken_as_told_also_below_zero() -> None:
    assert quantities(stock_row(OnHand=5, Allocated=8, Available=-3, OnOrder=0)) == (5, 8, -3, 0)


def test_a_quantity_that_is_not_told_is_unknown_and_so_is_its_sum() -> None:
    assert quantities(stock_row(OnHand=5, Allocated=None, Available=5, OnOrder=None)) == (5, None, 5, None)
    assert quantities(stock_row(OnHand=5), stock_row(Location="York Annex", OnHand=None))[0] is None


def test_numbers_written_as_text_are_numbers() -> None:
    assert quantities(stock_row(OnHand="10.0000000000", Allocated="1", Available="9", OnOrder="2.5")) == (
        10,
        1,
        9,
        2.5,
    )


def test_lots_and_bins_carry_what_is_on_hand_in_them() -> None:
    found = first("inventory_levels", varied("inventory_levels"))

    assert found["lots"] == [
        {"lot_id": "B2401", "on_hand": 120, "expires_on": "2027-03-31", "warehouse_id": LEEDS},
    ]
    assert found["locations"] == [
        {"location_id": "6b7f0000-aaaa-4aaa-8aaa-000000000009", "quantity": 120, "warehouse_id": LEEDS},
    ]


def test_a_row_out_of_a_file_names_its_warehouse_as_the_vendor_does() -> None:
    found = first("inventory_levels", {**stock_row(), "ID": LAMP})

    assert [each["warehouse_id"] for each in found["warehouses"]] == ["Leeds DC"]


# --- products ------------------------------------------------------------------------------------------------------


def test_a_kit_takes_its_components_for_each_piece_that_is_made() -> None:
    found = first("products", varied("products"))

    assert (found["is_kit"], found["holds_own_stock"]) == (True, False)
    assert [(each["inventory_item_id"], each["quantity"]) for each in found["components"]] == [
        (LAMP, 1),
        ("11110000-aaaa-4aaa-8aaa-000000000019", 2.5),
    ]


@pytest.mark.parametrize(
    ("bom", "auto", "holds"),
    [
        ("Assembly", False, True),
        ("Assembly", True, False),
        ("Make to Order", False, False),
        ("Production", False, True),
    ],
)
def test_what_is_assembled_ahead_holds_its_own_stock(bom: str, auto: bool, holds: bool) -> None:
    assert first("products", varied("products", BOMType=bom, AutoAssembly=auto))["holds_own_stock"] is holds


def test_a_second_unit_of_measure_is_a_pack_and_no_kit() -> None:
    found = first("products", varied("products_pack"))

    assert (found["is_kit"], found["holds_own_stock"]) == (False, False)
    assert found["components"] == [{"inventory_item_id": LAMP, "sku": "LAMP-12", "quantity": 6}]


def test_a_kit_may_have_one_component_and_what_is_manufactured_is_none() -> None:
    assert first("products", varied("products_pack", AutoDisassembly=False))["is_kit"] is True
    assert first("products", varied("products_manufactured"))["is_kit"] is False


def test_a_share_that_never_ends_is_cut_where_nobody_plans() -> None:
    only = {"ComponentProductID": LAMP, "ProductCode": "LAMP-12", "Quantity": 1}

    found = first("products", varied("products", BillOfMaterialsProducts=[only], QuantityToProduce=3))

    assert found["components"][0]["quantity"] == 0.333333333333


def test_a_plain_product_takes_itself_and_what_carries_no_stock_takes_nothing() -> None:
    assert first("products", varied("products_plain"))["components"] == [
        {"inventory_item_id": LAMP, "sku": "LAMP-12", "quantity": 1}
    ]
    assert not first("products", varied("products_plain", Type="Non Inventory"))["components"]


@pytest.mark.parametrize(("status", "active"), [("Active", True), ("Deprecated", False), ("Setup required", None)])
def test_deprecated_products_stay_and_are_marked(status: str, active: bool | None) -> None:
    assert first("products", varied("products", Status=status)).get("active") is active


def test_weights_without_a_unit_are_kilograms_and_zero_is_no_measure() -> None:
    found = first("products", varied("products_plain"))["measurements"]

    assert found == {"weight_g": "400", "weight_unit": "kg", "length_unit": "cm"}


@pytest.mark.parametrize(("unit", "grams"), [("lb", "362.873896"), ("oz", "22.6796185"), ("g", "0.8"), ("mg", None)])
def test_weights_come_in_grams_with_the_unit_kept(unit: str, grams: str | None) -> None:
    found = first("products", varied("products", WeightUnits=unit))["measurements"]

    assert (found.get("weight_g"), found["weight_unit"]) == (grams, unit)


def test_the_longest_way_to_any_warehouse_is_the_lead_time_and_zero_is_none() -> None:
    terms = first("products", varied("products"))["suppliers"][0]

    assert (terms["lead_time_days"], terms["minimum_quantity"]) == (35, 12)
    assert terms["unit_cost"] == {"amount": "8.25", "currency": "USD"}


def test_nothing_marks_the_main_one_of_several_suppliers() -> None:
    found = first("products", varied("products_plain"))

    assert "supplier_id" not in found
    assert [each["unit_cost"]["amount"] for each in found["suppliers"]] == ["3.1", "3.2"]


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


# --- everything ----------------------------------------------------------------------------------------------------


def test_two_children_with_one_id_are_refused() -> None:
    document = varied("orders_two_parcels")
    parcels = document["Fulfilments"][0]["Ship"]["Lines"]
    parcels[1]["ID"] = parcels[0]["ID"].upper()

    with pytest.raises(RecordInvalid) as refusal:
        mapped("orders", document)

    assert refusal.value.path == "Fulfilments"


def test_bins_come_with_their_warehouse_and_their_own_rows_are_passed_over() -> None:
    warehouse = varied("warehouses")
    child = {"ID": "x", "Name": "*A01*", "ParentID": warehouse["ID"]}
    body = json.dumps({"Total": 2, "Page": 1, "LocationList": [warehouse, child]}).encode()

    cut = registry.mapper("cin7_core", SETTINGS).cut(body)

    assert [each.id for each in cut] == [LEEDS]
    found = of_type(mapped("warehouses", warehouse), "warehouse_locations")
    assert [(each["name"], each["type"]["value"], each["active"]) for each in found] == [
        ("A-01", "bin", True),
        ("DOCK", "staging", False),
    ]


def test_a_page_of_stock_rows_is_gathered_by_product() -> None:
    rows = [{**stock_row(), "ID": LAMP}, {**stock_row(Location="York Annex"), "ID": LAMP.upper()}]
    body = json.dumps({"Total": 2, "Page": 1, "ProductAvailabilityList": rows}).encode()

    (record,) = registry.mapper("cin7_core", SETTINGS).cut(body)

    assert record.id == LAMP
    assert first("inventory_levels", json.loads(record.raw))["on_hand"] == 240


@pytest.mark.parametrize("name", ["orders", "inbound_shipments", "products", "shipping_methods"])
def test_a_single_answer_is_one_record(name: str) -> None:
    (record,) = registry.mapper("cin7_core", SETTINGS).cut(sample(name))

    assert record.id == first(name, varied(name))["id"]


def test_a_row_of_a_list_of_sales_is_a_sale_without_lines() -> None:
    row = {
        "SaleID": "44440000-DDDD-4ddd-8ddd-000000000001",
        "OrderNumber": "SO-10021",
        "OrderDate": "2026-02-17T00:00:00",
        "Updated": "2026-02-18T08:11:09.7Z",
        "Status": "INVOICED",
        "OrderStatus": "AUTHORISED",
        "CombinedShippingStatus": "NOT SHIPPED",
        "OrderLocationID": LEEDS,
    }
    (record,) = registry.mapper("cin7_core", SETTINGS).cut(
        json.dumps({"Total": 1, "Page": 1, "SaleList": [row]}).encode()
    )

    found = first("orders", json.loads(record.raw))

    assert record.id == found["id"] == "44440000-dddd-4ddd-8ddd-000000000001"
    assert (found["number"], found["status"]["value"], found["warehouse_id"]) == ("SO-10021", "open", LEEDS)
    assert (found["ordered_at"], found["updated_at"]) == ("2026-02-17T00:00:00Z", "2026-02-18T08:11:09.700Z")
