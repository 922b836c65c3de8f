"""What the simulated vendor shows of the shared business, and what can be written into it."""

from __future__ import annotations

from typing import Any

import pytest

from simulators.business.business import Business
from simulators.business.spec import BusinessSpec
from tests.simulators.shiphero.conftest import BASE, Client, Starter

STOCK = """{ products { data { edges { node { sku kit warehouse_products {
  warehouse_id on_hand allocated available non_sellable_quantity } } } } } }"""
LINES = "line_items(first: 20) { edges { node { sku quantity quantity_received } } }"


def new_order(client: Client, **changes: Any) -> dict[str, Any]:
    house = client.data("{ account { data { warehouses { id } } } }")["account"]["data"]["warehouses"][0]["id"]
    sku = client.nodes("{ products { data(first: 1) { edges { node { sku } } } } }")[0]["sku"]
    line = {"sku": sku, "quantity": 12, "price": "1.25", "expected_weight_in_lbs": "0"}
    money = {"subtotal": "15.00", "shipping_price": "0.00", "total_price": "15.00"}
    return {"po_number": "PO-NEW", "warehouse_id": house, **money, "line_items": [line], **changes}


def create(client: Client, data: dict[str, Any]) -> Any:
    document = f"""mutation ($data: CreatePurchaseOrderInput!) {{
      purchase_order_create(data: $data) {{ purchase_order {{ id po_number fulfillment_status po_date {LINES} }} }}
    }}"""
    return client.answer(document, data=data)


def update(client: Client, data: dict[str, Any]) -> Any:
    document = f"""mutation ($data: UpdatePurchaseOrderInput!) {{
      purchase_order_update(data: $data) {{ purchase_order {{ id po_date tracking_number {LINES} }} }}
    }}"""
    return client.answer(document, data=data)


def test_stock_is_the_shared_business_under_the_vendors_words(client: Client) -> None:
    business = Business(BusinessSpec(1, 40), BASE)
    wanted = sorted(
        (record["sku"], stock["onhand"], stock["committed"], stock["fulfillable"], stock["unfulfillable"])
        for record in business.records("inventory")
        for stock in record["inventory_by_warehouse_id"].values()
        if record["sku"]
    )

    found = [
        (node["sku"], row["on_hand"], row["allocated"], row["available"], row["non_sellable_quantity"])
        for node in client.nodes(STOCK)
        if not node["kit"] and not node["sku"].startswith("NOSKU")
        for row in node["warehouse_products"]
    ]

    assert sorted(found, key=lambda row: row[:4]) == sorted(wanted, key=lambda row: row[:4])


@pytest.mark.parametrize(
    ("query", "argument", "lines"),
    [("products", "updated_from", False), ("orders", "updated_from", False), ("returns", "updated_from", True)],
)
def test_what_changed_is_found_from_a_moment_on(client: Client, query: str, argument: str, *, lines: bool) -> None:
    shown = "id line_items { id }" if query == "returns" else "id"
    document = (
        f"query ($at: ISODateTime) {{ {query}({argument}: $at) {{ data {{ edges {{ node {{ {shown} }} }} }} }} }}"
    )
    client.clock.forward(hours=1)
    stamp = client.clock().strftime("%Y-%m-%dT%H:%M:%S")
    before = client.nodes(document, at=stamp)
    client.control("day/advance")

    assert before == []
    assert 0 < len(client.nodes(document, at=stamp)) < len(client.nodes(document, at=None))


def test_a_brand_has_no_customers(start: Starter) -> None:
    client = start(settings={"is_3pl": False})

    told = client.data("{ account { data { is_3pl customers { edges { node { id } } } } } }")["account"]["data"]

    assert told == {"is_3pl": False, "customers": {"edges": []}}


def test_a_purchase_order_is_made_found_and_changed(client: Client) -> None:
    data = new_order(client, po_date="2026-05-04T00:00:00")
    made = create(client, data)["data"]["purchase_order_create"]["purchase_order"]
    sku = data["line_items"][0]["sku"]

    changed = update(
        client,
        {"po_id": made["id"], "tracking_number": "1Z", "line_items": [{"sku": f" {sku.lower()}", "quantity": 99}]},
    )["data"]["purchase_order_update"]["purchase_order"]

    found = client.nodes(
        f'{{ purchase_orders(po_number: "PO-NEW") {{ data {{ edges {{ node {{ id po_date {LINES} }} }} }} }} }}'
    )
    assert made["fulfillment_status"] == "pending"
    assert [each["id"] for each in found] == [made["id"]]
    assert (changed["po_date"], changed["tracking_number"]) == ("2026-05-04T00:00:00", "1Z")
    assert changed["line_items"]["edges"][0]["node"] == {"sku": sku, "quantity": 99, "quantity_received": 0}


def test_null_does_not_clear_a_date_but_the_flag_does(client: Client) -> None:
    made = create(client, new_order(client, po_date="2026-05-04T00:00:00"))
    order = made["data"]["purchase_order_create"]["purchase_order"]["id"]

    kept = update(client, {"po_id": order, "po_date": None})
    cleared = update(client, {"po_id": order, "clear_po_date": True})

    assert kept["data"]["purchase_order_update"]["purchase_order"]["po_date"] == "2026-05-04T00:00:00"
    assert cleared["data"]["purchase_order_update"]["purchase_order"]["po_date"] is None


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"warehouse_id": "elsewhere"}, "Warehouse not found"),
        ({"vendor_id": "nobody"}, "Vendor not found"),
        ({"line_items": [{"sku": "NO-SUCH", "quantity": 1, "price": "1", "expected_weight_in_lbs": "0"}]}, "NO-SUCH"),
    ],
)
def test_what_the_vendor_does_not_know_is_refused(client: Client, changes: dict[str, Any], words: str) -> None:
    told = create(client, new_order(client, **changes))

    assert told["data"] == {"purchase_order_create": None}
    assert words in told["errors"][0]["message"]


def test_a_number_that_is_taken_is_refused(client: Client) -> None:
    create(client, new_order(client))

    assert "already exists" in create(client, new_order(client))["errors"][0]["message"]


def test_an_order_that_was_closed_takes_no_change(client: Client) -> None:
    made = create(client, new_order(client))["data"]["purchase_order_create"]["purchase_order"]
    client.data(
        "mutation ($data: EndPurchaseOrderInput!) { purchase_order_close(data: $data) { request_id } }",
        data={"po_id": made["id"]},
    )

    assert "can't be updated" in update(client, {"po_id": made["id"], "tracking_number": "1Z"})["errors"][0]["message"]


def test_a_write_needs_its_own_scope(client: Client) -> None:
    client.control("connections/con-1/forbid", {"scope": "change:purchase_orders"})

    assert create(client, new_order(client))["errors"][0]["code"] == 7


def test_a_date_range_includes_its_bounds(client: Client) -> None:
    shown = "{ shipments { data { edges { node { id created_date } } } } }"
    at = client.nodes(shown)[0]["created_date"]

    found = client.nodes(
        f'{{ shipments(date_from: "{at}", date_to: "{at}") {{ data {{ edges {{ node {{ created_date }} }} }} }} }}'
    )

    assert {each["created_date"] for each in found} == {at}


def test_what_was_written_stays_when_a_day_passes(client: Client) -> None:
    client.clock.forward(days=1)
    made = create(client, new_order(client))["data"]["purchase_order_create"]["purchase_order"]["id"]

    client.control("day/advance")

    assert made in {each["id"] for each in client.nodes("{ purchase_orders { data { edges { node { id } } } } }")}
