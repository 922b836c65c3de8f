"""Source record to unified record: the values that are easily got wrong."""

from __future__ import annotations

import json
from typing import Any

import pytest

from planster_sync.connectors import registry
from planster_sync.errors import RecordInvalid
from tests.connectors.shiphero.subject import sample


def mapped(read: str, raw: bytes | dict[str, Any], **settings: Any) -> list[dict[str, Any]]:
    """The unified records as they are stored."""
    body = raw if isinstance(raw, bytes) else json.dumps(raw).encode()
    result = registry.mapper("shiphero", settings).map(read, body)
    return [record.attributes() for record in (*result.owned, *result.shared)]


def changed(name: str, **fields: Any) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(sample(name))
    return {**document, **fields}


def test_quantities_are_the_vendors_own_and_totals_their_sums() -> None:
    _, level = mapped("products", sample("products"))

    names = ("on_hand", "committed", "fulfillable", "unsellable", "backordered")
    primary = next(each for each in level["warehouses"] if each["on_hand"] == 2313)
    assert tuple(primary[name] for name in names) == (2313, 65, 2235, 13, 3)
    assert tuple(level[name] for name in names) == (2500, 65, 2422, 13, 3)
    assert "awaiting" not in level


def test_available_is_taken_as_given_where_it_is_less_than_on_hand_less_allocated() -> None:
    row = {"warehouse_id": "w", "on_hand": 100, "allocated": 10, "available": 70, "non_sellable_quantity": 5}

    _, level = mapped("products", {"id": "p", "warehouse_products": [row]})

    assert (level["fulfillable"], level["unsellable"]) == (70, 5)


def test_an_unknown_quantity_is_unknown_in_its_warehouse_and_in_the_total() -> None:
    rows = [{"warehouse_id": "b", "on_hand": 0}, {"warehouse_id": "a", "on_hand": None, "allocated": 0}]

    _, level = mapped("products", {"id": "p", "warehouse_products": rows})

    assert "on_hand" not in level
    assert [each.get("on_hand") for each in level["warehouses"]] == [None, 0]
    assert [each.get("committed") for each in level["warehouses"]] == [0, None]


def test_a_kit_put_together_when_it_is_sold_has_components_and_no_stock() -> None:
    (kit,) = mapped("products", sample("products_kit"))

    assert (kit["is_kit"], kit["holds_own_stock"]) == (True, False)
    assert [(part["sku"], part["quantity"]) for part in kit["components"]] == [(" Cnd-Cedar", 2), ("CND-PINE", 1)]


def test_all_records_name_stock_by_account_and_sku_whatever_its_case() -> None:
    plain, level = mapped("products", sample("products"))
    (kit,) = mapped("products", sample("products_kit"))
    (inbound,) = mapped("inbound_shipments", sample("inbound_shipments"))
    (back,) = mapped("returns", sample("returns"))

    assert level["id"] == f"{plain['warehouse_customer_id']}/cnd-cedar"
    named = [each[0]["inventory_item_id"] for each in (plain["components"], kit["components"], inbound["lines"])]
    assert {*named, back["lines"][0]["inventory_item_id"]} == {level["id"]}


def test_a_kit_that_is_built_ahead_holds_stock_of_its_own() -> None:
    kit, level = mapped("products", sample("products_kit_built"))

    assert (kit["holds_own_stock"], level["on_hand"]) == (True, 12)
    assert "unsellable" not in level


def test_a_kit_of_which_nobody_says_whether_it_is_built_counts_no_stock() -> None:
    records = mapped("products", changed("products_kit_built", kit_build=None))

    assert len(records) == 1
    assert "holds_own_stock" not in records[0]


def test_a_virtual_product_has_neither_stock_nor_components() -> None:
    (card,) = mapped("products", sample("products_virtual"))

    assert card["components"] == []


def test_a_plain_product_is_its_own_component() -> None:
    plain, level = mapped("products", sample("products"))

    assert plain["components"] == [{"inventory_item_id": level["id"], "sku": "CND-CEDAR", "quantity": 1}]


def test_costs_that_differ_between_warehouses_are_nobodys_cost() -> None:
    rows = [
        {"warehouse_id": "a", "value": "2.50", "price": "9.9", "value_currency": "USD"},
        {"warehouse_id": "b", "value": "2.60", "price": None, "value_currency": "USD"},
        {"warehouse_id": "c", "value": "", "price": "9.90", "value_currency": "USD"},
    ]

    plain, level = mapped("products", {"id": "p", "warehouse_products": rows})

    assert "unit_cost" not in plain
    assert "unit_cost" not in level
    assert plain["unit_price"] == {"amount": "9.9", "currency": "USD"}


def test_what_every_warehouse_gave_up_stays_and_is_marked() -> None:
    kit, level = mapped("products", sample("products_kit_built"))
    plain, _ = mapped("products", sample("products"))
    (untold,) = mapped("products", {"id": "p"})

    assert (kit["active"], level["active"], plain["active"]) == (False, False, True)
    assert "active" not in untold


@pytest.mark.parametrize(("unit", "grams"), [("lb", "226.796185"), ("oz", "14.1747615625")])
def test_sizes_are_inches_and_weights_in_the_accounts_unit(unit: str, grams: str) -> None:
    _, level = mapped("products", sample("products"), weight_unit=unit)

    assert level["measurements"] == {
        "length_mm": "101.6",
        "width_mm": "88.9",
        "height_mm": "76.2",
        "weight_g": grams,
        "length_unit": "in",
        "weight_unit": unit,
    }


def test_empty_texts_are_no_measurements() -> None:
    (kit,) = mapped("products", sample("products_kit"))

    assert "measurements" not in kit


def test_a_product_with_several_suppliers_has_no_main_one() -> None:
    offers = [{"vendor_id": "v1", "vendor_sku": "A", "price": ""}, {"vendor_id": "v2", "price": "2"}]

    (plain,) = mapped("products", {"id": "p", "vendors": offers}, currency="EUR")

    assert "supplier_id" not in plain
    assert [each.get("unit_cost") for each in plain["suppliers"]] == [None, {"amount": "2", "currency": "EUR"}]


def test_an_order_brings_its_shipments_its_channel_and_its_methods() -> None:
    records = mapped("orders", sample("orders"), currency="USD")

    order, first, second, channel, *methods = records
    assert order["total_price"] == {"amount": "329.5", "currency": "SEK"}
    assert order["destination"] == {"region": "M", "postal_code": "222 22", "country": "SE"}
    assert (first["status"]["value"], second["status"]) == ("delivered", {"value": "cancelled", "vendor": "voided"})
    assert first["id"] == f"{order['id']}/{first['shipment_id']}"
    assert first["packages"][0]["cost"] == {"amount": "7.2", "currency": "USD"}
    assert channel["id"] == order["channel_id"] == f"{order['warehouse_customer_id']}/north.example"
    assert {each["id"] for each in methods} == {"dhl/express", "dpd/classic"}


def test_a_cancelled_line_says_what_will_not_be_shipped() -> None:
    order = mapped("orders", sample("orders"))[0]

    assert [line.get("cancelled") for line in order["lines"]] == [None, 2]


@pytest.mark.parametrize(
    ("status", "held", "ours"),
    [
        ("pending", False, "open"),
        ("Pending", True, "on_hold"),
        ("fulfilled", True, "fulfilled"),
        ("canceled", False, "cancelled"),
        ("Cancelled", False, "cancelled"),
        ("Awaiting Moon", True, "other"),
    ],
)
def test_an_orders_status_is_placed_by_table_and_keeps_the_vendors_word(status: str, held: bool, ours: str) -> None:
    order = changed("orders_sparse", fulfillment_status=status, holds={"fraud_hold": held})

    assert mapped("orders", order)[0]["status"] == {"value": ours, "vendor": status}


@pytest.mark.parametrize(
    ("allocated", "planned", "ours"),
    [(["a"], ["b"], "a"), ([], ["b", None], "b"), (["a", "b"], ["a"], None), ([], ["a", "b"], None), ([], [], None)],
)
def test_an_order_has_a_warehouse_only_if_it_is_one(
    allocated: list[str], planned: list[str | None], ours: str | None
) -> None:
    order = changed("orders_sparse", allocations=[{"warehouse_id": each} for each in allocated])
    order["line_items"] = {"edges": [{"node": {"quantity": 1, "warehouse_id": each}} for each in planned]}

    assert mapped("orders", order)[0].get("warehouse_id") == ours


def test_a_label_in_force_among_void_ones_means_shipped() -> None:
    order = changed("orders")
    order["shipments"][1]["shipping_labels"].append({"id": "l", "status": "valid"})

    assert mapped("orders", order)[2]["status"] == {"value": "shipped"}


def test_a_purchase_order_is_expected_on_its_date_and_ordered_when_it_was_made() -> None:
    (inbound,) = mapped("inbound_shipments", sample("inbound_shipments"))

    assert (inbound["expected_at"], inbound["created_at"]) == ("2026-02-11T00:00:00Z", "2026-01-20T12:00:00Z")
    assert inbound["updated_at"] == "2026-02-09T08:00:00Z"
    assert inbound["tracking_numbers"] == ["TRK-1", "TRK-2", "TRK-3"]
    line = inbound["lines"][0]
    assert (line["expected"], line["received"], line["rejected"]) == (40, 15, 1)


def test_a_purchase_order_without_a_supplier_has_that_of_its_lines_if_it_is_one() -> None:
    (inbound,) = mapped("inbound_shipments", sample("inbound_shipments_closed"))
    several = changed("inbound_shipments_closed")
    several["line_items"]["edges"].append({"node": {"vendor_id": "another"}})

    assert inbound["supplier_id"] == json.loads(sample("inbound_shipment_suppliers"))["id"]
    assert "supplier_id" not in mapped("inbound_shipments", several)[0]


def test_a_cancelled_purchase_order_was_not_received_when_it_was_closed() -> None:
    (cancelled,) = mapped("inbound_shipments", sample("inbound_shipments_cancelled"))
    (closed,) = mapped("inbound_shipments", sample("inbound_shipments_closed"))

    assert "received_at" not in cancelled
    assert (closed["received_at"], closed["updated_at"]) == ("2026-02-12T08:00:00Z", "2026-02-12T08:00:00Z")


@pytest.mark.parametrize(
    ("status", "ours"),
    [("Pending", "open"), ("closed", "closed"), ("CANCELED", "cancelled"), ("On the water", "other")],
)
def test_an_inbound_status_of_the_account_itself_is_other_and_kept(status: str, ours: str) -> None:
    order = changed("inbound_shipments", fulfillment_status=status)

    assert mapped("inbound_shipments", order)[0]["status"] == {"value": ours, "vendor": status}


def test_a_return_keeps_known_reasons_only_and_has_the_stamp_of_its_lines() -> None:
    (back,) = mapped("returns", sample("returns"))

    assert [line["reason"] for line in back["lines"]] == [{"value": "damaged", "vendor": "Damaged"}, {"value": "other"}]
    assert back["updated_at"] == "2026-02-12T08:00:00Z"
    assert [line["sku"] for line in back["lines"]] == ["CND-CEDAR", "CND-PINE"]


def test_a_username_that_is_an_email_address_is_not_a_name() -> None:
    (named,) = mapped("warehouse_customers", sample("warehouse_customers"))
    (unnamed,) = mapped("warehouse_customers", changed("warehouse_customers", username="ana@wick.example", status="?"))

    assert (named["name"], named["code"], named["active"]) == ("wickworks", "7001", True)
    assert not {"name", "active"} & unnamed.keys()


@pytest.mark.parametrize(
    ("told", "stored"),
    [
        ("2026-02-01T10:00:00", "2026-02-01T10:00:00Z"),
        ("2026-02-01 10:00:00", "2026-02-01T10:00:00Z"),
        ("2026-02-01T10:00:00.123456", "2026-02-01T10:00:00.123Z"),
        ("2026-02-01T10:00:00+02:00", "2026-02-01T08:00:00Z"),
        ("2026-02-01", "2026-02-01T00:00:00Z"),
    ],
)
def test_a_time_without_an_offset_is_utc(told: str, stored: str) -> None:
    assert mapped("orders", changed("orders_sparse", order_date=told))[0]["ordered_at"] == stored


def test_a_record_of_which_only_a_page_of_lines_is_here_is_refused() -> None:
    order = changed("orders_sparse", line_items={"pageInfo": {"hasNextPage": True, "endCursor": "c"}, "edges": []})

    with pytest.raises(RecordInvalid) as caught:
        mapped("orders", order)

    assert caught.value.path == "line_items"


@pytest.mark.parametrize(
    ("read", "record", "path"),
    [
        ("products", {"id": None}, "id"),
        ("products", {"id": "p", "warehouse_products": [{"on_hand": 1}]}, "warehouse_products.0.warehouse_id"),
        ("products", {"id": "p", "kit": True, "kit_components": [{"sku": "c"}]}, "kit_components.0.quantity"),
        ("products", {"id": "p", "kit": True, "kit_components": [{"quantity": 1}]}, "kit_components.0.sku"),
        ("orders", {"id": "o", "line_items": {"edges": [{"node": {"sku": "A"}}]}}, "line_items.edges.0.node.quantity"),
        ("orders", {"id": "o", "order_date": "soon"}, "order_date"),
        ("orders", {"id": "o", "shipments": [{"id": "s"}, {"id": "s"}]}, "shipments"),
        ("bills", {"id": "b", "totals": {"edges": [{"node": {"category": "x"}}]}}, "totals.edges.0.node.amount"),
    ],
)
def test_a_misfit_is_refused_by_its_path(read: str, record: dict[str, Any], path: str) -> None:
    with pytest.raises(RecordInvalid) as caught:
        mapped(read, record)

    assert caught.value.path == path


@pytest.mark.parametrize(
    "body",
    [
        b'{"data":{"products":{"request_id":"r","complexity":2,"data":{"edges":[{"node":{"id":"a"}}]}}}}',
        b'{"data":{"product":{"request_id":"r","data":{"id":"a"}}}}',
        b'{"data":{"account":{"data":{"warehouses":[{"id":"a"}]}}}}',
        b'{"data":{"account":{"data":{"customers":{"edges":[{"node":{"id":"a"}}]}}}}}',
        b'{"data":{"purchase_order_create":{"request_id":"r","purchase_order":{"id":"a"}}}}',
        b'{"id":"a"}',
        b'[{"id":"a"}]',
    ],
)
def test_a_body_is_cut_whatever_its_operation(body: bytes) -> None:
    assert [each.id for each in registry.mapper("shiphero", {}).cut(body)] == ["a"]
