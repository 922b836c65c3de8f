"""The traps of Cin7 Core's stock and products, each by name, and of what a file may hold."""

from __future__ import annotations

import json
from typing import Any

import pytest

from planster_sync.connectors import registry
from planster_sync.errors import RecordInvalid
from tests.connectors.cin7_core.samples import LAMP, LEEDS, YORK, first, mapped, of_type, varied
from tests.connectors.cin7_core.subject import SETTINGS, sample


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
