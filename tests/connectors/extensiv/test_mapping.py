"""Source record to unified record: the numbers, words and times that are easily got wrong."""

from __future__ import annotations

import json
from typing import Any

import pytest

from planster_sync.connectors import registry
from planster_sync.errors import RecordInvalid
from tests.connectors.extensiv.scripted import REL, stock
from tests.connectors.extensiv.subject import SETTINGS, sample

ITEM = {"itemIdentifier": {"sku": "S7", "id": 7}, "qualifier": ""}


def mapped(read: str, raw: bytes | dict[str, Any], **settings: Any) -> list[dict[str, Any]]:
    """The unified records as they are stored."""
    body = raw if isinstance(raw, bytes) else json.dumps(raw).encode()
    result = registry.mapper("extensiv", {**SETTINGS, **settings}).map(read, body)
    return [record.attributes() for record in (*result.owned, *result.shared)]


def order(lines: list[dict[str, Any]] | None = None, /, **own: Any) -> dict[str, Any]:
    return {"readOnly": {"orderId": 1, **own}, "_embedded": {f"{REL}orders/item": lines or []}}


def receiver(status: int, line: dict[str, Any], **fields: Any) -> dict[str, Any]:
    own = {"receiverId": 1, "status": status}
    return {"readOnly": own, "_embedded": {f"{REL}inventory/receiveritem": [line]}, **fields}


def test_on_hand_available_and_hold_are_the_vendors_own_numbers_over_all_facilities() -> None:
    (level,) = mapped("inventory_levels", sample("inventory_levels"))

    assert (level["on_hand"], level["fulfillable"], level["unsellable"]) == (455, 440, 12)
    assert [(each["warehouse_id"], each["on_hand"]) for each in level["warehouses"]] == [("3", 412), ("4", 43)]
    assert "committed" not in level


def test_only_what_is_ordered_beyond_the_available_stock_is_backordered() -> None:
    (level,) = mapped("inventory_levels", sample("inventory_levels"))
    (unknown,) = mapped("inventory_levels", sample("inventory_levels_sparse"))

    assert [each["backordered"] for each in level["warehouses"]] == [50, 0]
    assert "backordered" not in unknown


def test_a_quantity_that_one_facility_does_not_tell_is_unknown_in_total() -> None:
    rows = [{**ITEM, "facilityId": 3, "onHand": 5, "available": None}, {**ITEM, "facilityId": 4, "available": 2}]

    (level,) = mapped("inventory_levels", {"rows": rows})

    assert "on_hand" not in level
    assert level["warehouses"] == [{"warehouse_id": "3", "on_hand": 5}, {"warehouse_id": "4", "fulfillable": 2}]


def test_a_qualifier_makes_another_stock_item_of_the_same_sku() -> None:
    (level,) = mapped("inventory_levels", sample("inventory_levels"))

    assert (level["id"], level["sku"]) == ("5501:BLUE", "FG-MUG-12")


def test_fractions_of_a_unit_stay_exact() -> None:
    (level,) = mapped("inventory_levels", sample("inventory_levels_sparse"))

    assert (level["on_hand"], level["fulfillable"], level["unsellable"]) == (3, 2.5, 0.5)


@pytest.mark.parametrize(
    ("zone", "text", "utc"),
    [
        ("America/Los_Angeles", "2025-09-02T21:10:05", "2025-09-03T04:10:05Z"),
        ("America/Los_Angeles", "2025-12-02T21:10:05.4130000", "2025-12-03T05:10:05.413Z"),
        ("America/New_York", "2025-11-02T01:30:00", "2025-11-02T05:30:00Z"),  # the first of two
        ("America/New_York", "2025-03-09T02:30:00", "2025-03-09T07:30:00Z"),  # an hour that does not exist
        ("America/New_York", "0001-01-01T00:00:00", None),
    ],
)
def test_times_are_the_warehouses_own(zone: str, text: str, utc: str | None) -> None:
    (found,) = mapped("orders", order(creationDate=text), zone=zone)

    assert found.get("created_at") == utc


def test_without_a_zone_a_time_is_unknown() -> None:
    (found,) = mapped("orders", order(creationDate="2025-09-02T21:10:05"), zone=None)

    assert "created_at" not in found


@pytest.mark.parametrize(
    ("own", "status"),
    [
        ({"status": 0}, "open"),
        ({"status": 0, "fullyAllocated": True}, "confirmed"),
        ({"status": 0, "fullyAllocated": True, "pickTicketPrintDate": "2025-09-03T14:02:00"}, "processing"),
        ({"status": 0, "pickStarted": True}, "processing"),
        ({"status": 0, "pickStarted": False}, "open"),
        ({"status": 0, "pickDoneDate": "2025-09-03T14:02:00"}, "picked"),
        ({"status": 0, "packDoneDate": "2025-09-03T14:02:00", "pickDoneDate": "2025-09-03T14:02:00"}, "packed"),
        ({"status": 0, "packDoneDate": "0001-01-01T00:00:00"}, "open"),
        ({"status": 0, "onHoldDate": "2025-09-03T14:02:00", "packDoneDate": "2025-09-03T14:02:00"}, "on_hold"),
        ({"status": 0, "isClosed": True}, "fulfilled"),
        ({"status": 1}, "fulfilled"),
        ({"status": 2, "isClosed": True}, "cancelled"),
        ({"status": 9}, "other"),
    ],
)
def test_the_first_step_that_was_taken_decides_the_status(own: dict[str, Any], status: str) -> None:
    found = mapped("orders", order(**own))[0]

    assert found["status"] == {"value": status, "vendor": str(own["status"])}


def test_a_line_is_shipped_when_its_order_closes_and_not_before() -> None:
    line = {**ITEM, "qty": 2.0}

    lines = [mapped("orders", order([line], status=each))[0]["lines"][0] for each in (0, 1, 2)]

    assert [each["shipped"] for each in lines] == [0, 2, 0]


def test_an_order_for_amazons_warehouse_is_a_transfer() -> None:
    (found,) = mapped("orders", {**order(), "orderType": "AmazonFBA"})

    assert found["type"] == {"value": "transfer", "vendor": "AmazonFBA"}


def test_a_closed_order_is_one_shipment_with_every_tracking_number_once() -> None:
    found, shipment, channel = mapped("orders", sample("orders"))

    assert (shipment["id"], shipment["order_id"], shipment["status"]["value"]) == ("880145", "880145", "shipped")
    assert [each["tracking_number"][-1] for each in shipment["packages"]] == ["1", "2", "3"]
    assert shipment["packages"][0]["lines"][0]["inventory_item_id"] == "5501:BLUE"
    assert shipment["shipped_at"] == found["shipped_at"] == "2025-09-03T22:38:00Z"
    assert channel == {"id": "77", "name": "Integration Manager - Shopify"}


def test_an_open_order_without_packages_has_no_shipment() -> None:
    assert len(mapped("orders", sample("orders_sparse"))) == 1


def test_packages_of_an_open_order_are_a_shipment_that_has_not_left() -> None:
    source = {**order(status=0), "packages": [{"packageId": 5, "packageContents": []}]}

    _, shipment = mapped("orders", source)

    assert shipment["status"]["value"] == "open"
    assert [each["package_id"] for each in shipment["packages"]] == ["5"]
    assert "shipped_at" not in shipment


def test_inches_and_pounds_become_millimetres_and_grams() -> None:
    (product,) = mapped("products", sample("products"))

    assert product["measurements"] == {
        "length_mm": "101.6",
        "width_mm": "101.6",
        "height_mm": "127",
        "weight_g": "408.233133",
        "length_unit": "in",
        "weight_unit": "lb",
    }


def test_a_kit_names_its_components_and_holds_stock_of_its_own() -> None:
    (kit,) = mapped("products", sample("products"))
    (plain,) = mapped("products", sample("products_sparse"))

    assert (kit["is_kit"], kit["holds_own_stock"]) == (True, True)
    assert [(each["inventory_item_id"], each["quantity"]) for each in kit["components"]] == [
        ("5501:BLUE", 2),
        ("5502", 1),
    ]
    assert (plain["is_kit"], "holds_own_stock" in plain) == (False, False)
    assert plain["components"] == [{"inventory_item_id": "5502", "sku": "FG-BOWL", "quantity": 1}]


def test_a_cartons_barcode_is_not_the_products() -> None:
    (product,) = mapped("products", sample("products"))

    assert product["barcodes"] == ["0850001234567"]


def test_a_deactivated_item_stays_and_is_marked() -> None:
    (product,) = mapped("products", sample("products_sparse"))

    assert product["active"] is False


def test_what_is_planned_is_not_received_before_the_confirmation() -> None:
    line = {**ITEM, "qty": 240.0}

    lines = [mapped("inbound_shipments", receiver(each, line))[0]["lines"][0] for each in (0, 1, 2, 7)]

    assert [each["expected"] for each in lines] == [240] * 4
    assert [each.get("received") for each in lines] == [0, 240, 0, None]


def test_a_converted_announcement_keeps_what_was_announced() -> None:
    (inbound, _) = mapped("inbound_shipments", sample("inbound_shipments"))

    assert (inbound["lines"][0]["expected"], inbound["lines"][0]["received"]) == (240, 236)
    assert inbound["receipts"][0]["lines"][0]["quantity"] == 236


def test_the_arrival_date_counts_only_once_confirmed() -> None:
    (inbound, _) = mapped("inbound_shipments", sample("inbound_shipments"))
    (announced,) = mapped("inbound_shipments", sample("inbound_shipments_sparse"))

    assert inbound["received_at"] == "2025-09-11T17:30:00Z"
    assert "received_at" not in announced
    assert announced["purchase_order_number"] == "FERN-IN-0098"


@pytest.mark.parametrize(
    ("status", "scanned", "expected"),
    [(0, None, "open"), (0, "2025-09-11T08:00:00", "receiving"), (1, None, "received"), (2, None, "cancelled")],
)
def test_a_scanned_arrival_makes_an_open_receiver_one_that_is_received(
    status: int, scanned: str | None, expected: str
) -> None:
    (inbound,) = mapped("inbound_shipments", receiver(status, {**ITEM, "qty": 1}, scannedArrivalDate=scanned))

    assert inbound["status"] == {"value": expected, "vendor": str(status)}


def test_suppliers_come_out_of_the_lines_and_two_of_them_make_none_the_main_one() -> None:
    line = {**ITEM, "qty": 1, "supplierIdentifier": {"name": "A", "id": 12}}
    source = receiver(0, line)
    source["_embedded"][f"{REL}inventory/receiveritem"].append(
        {**ITEM, "qty": 1, "supplierIdentifier": {"name": "B", "id": 13}}
    )

    one, supplier = mapped("inbound_shipments", receiver(0, line))
    two, *suppliers = mapped("inbound_shipments", source)

    assert (one["supplier_id"], supplier) == ("12", {"id": "12", "name": "A"})
    assert "supplier_id" not in two
    assert [each["id"] for each in suppliers] == ["12", "13"]


def test_what_came_back_and_is_on_hold_is_not_restocked() -> None:
    (back,) = mapped("returns", sample("returns"))
    (open_,) = mapped("returns", sample("returns_sparse"))

    assert [(each["received"], each["restocked"]) for each in back["lines"]] == [(1, 0), (2, 2)]
    found = [each["inspections"][0]["disposition"]["value"] for each in back["shipments"][0]["lines"]]
    assert found == ["quarantined", "restocked"]
    assert (open_["lines"][0]["expected"], open_["lines"][0]["received"]) == (1, 0)


def test_a_transactions_charges_are_one_bill() -> None:
    (of_order,) = mapped("bills", sample("bills"))
    (of_receiver,) = mapped("bills", sample("bills_sparse"))

    assert of_order["total"] == {"amount": "12.8", "currency": "USD"}
    assert [each["charge"] for each in of_order["lines"]] == [
        {"value": "other", "vendor": "Order handling"},
        {"value": "shipping", "vendor": "Freight"},
    ]
    assert (of_order["id"], of_order["status"]["value"]) == ("order/880145", "draft")
    assert (of_receiver["id"], of_receiver["lines"][0]["object_type"]["value"]) == (
        "receiver/70030",
        "inbound_shipment",
    )
    assert (of_receiver["lines"][0]["charge"], "status" in of_receiver) == ({"value": "other", "vendor": "2"}, False)


def test_a_facilitys_windows_zone_becomes_an_iana_name() -> None:
    (reno,) = mapped("warehouses", sample("warehouses"))
    (depot,) = mapped("warehouses", sample("warehouses_sparse"))

    assert reno["zone"] == "America/Los_Angeles"
    assert "zone" not in depot
    assert depot["postal_code"] == "89503"


def test_an_order_names_its_service_as_the_list_of_carriers_does() -> None:
    carrier, ground, slow = mapped("shipping_methods", sample("shipping_methods"))
    found = mapped("orders", sample("orders"))[0]

    assert [each["id"] for each in (carrier, ground, slow)] == ["UPS", "UPS/03", "UPS/02"]
    assert (found["carrier_id"], found["shipping_method_id"]) == (carrier["id"], ground["id"])
    assert [each["active"] for each in (carrier, ground, slow)] == [True, True, False]


def test_plain_json_in_pascal_case_maps_like_hal() -> None:
    plain = {
        "TotalResults": 1,
        "ResourceList": [
            {"ReadOnly": {"OrderId": 1, "Status": 0}, "OrderItems": [{"Qty": 2.0, "ItemIdentifier": {"Id": 7}}]}
        ],
        "_links": [],
    }
    mapper = registry.mapper("extensiv", SETTINGS)

    (source,) = mapper.cut(json.dumps(plain).encode())
    direct = mapped("orders", plain["ResourceList"][0])  # type: ignore[index]

    assert source.id == "1"
    assert [each.attributes() for each in mapper.map("orders", source.raw).owned] == direct
    assert direct[0]["lines"][0]["quantity"] == 2


def test_a_page_of_stock_is_cut_by_item_and_a_single_record_is_itself() -> None:
    mapper = registry.mapper("extensiv", SETTINGS)
    page = json.dumps(stock((7, "", 4, 2), (7, "", 3, 5), (8, "", 3, 1))).encode()

    assert [each.id for each in mapper.cut(page)] == ["7", "8"]
    assert mapper.map("inventory_levels", mapper.cut(page)[0].raw).owned[0].attributes()["on_hand"] == 7
    assert [each.id for each in mapper.cut(json.dumps(stock((7, "RED", 4, 2))["summaries"][0]).encode())] == ["7:RED"]
    assert [each.id for each in mapper.cut(sample("orders"))] == ["880145"]


@pytest.mark.parametrize(
    ("read", "record", "path"),
    [
        ("inventory_levels", {"rows": [{"facilityId": 3}]}, "rows.0.itemIdentifier.id"),
        ("inventory_levels", {"rows": [{**ITEM, "facilityId": 3}] * 2}, "rows"),
        ("inventory_levels", {"rows": [{**ITEM, "facilityId": 3, "onHand": "7"}]}, "rows.0.onHand"),
        ("orders", order([{**ITEM}]), "qty"),
        ("orders", order(creationDate="soon"), "readOnly.creationDate"),
        ("shipping_methods", {"name": "UPS", "shipmentServices": [{"code": "03"}] * 2}, "shipmentServices"),
        (
            "bills",
            {"readOnly": {"orderId": 1}, "billing": {"billingCharges": [{}]}},
            "billing.billingCharges.0.subtotal",
        ),
        ("warehouse_locations", {"locationId": 1}, "facilityIdentifier.id"),
    ],
)
def test_a_misfit_is_refused_by_its_path(read: str, record: dict[str, Any], path: str) -> None:
    with pytest.raises(RecordInvalid) as caught:
        mapped(read, record)

    assert caught.value.path.endswith(path)
