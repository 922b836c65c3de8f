"""Source record to unified record: the values that are easily got wrong, each with its trap."""

from __future__ import annotations

import json
from typing import Any

import pytest

from planster_sync.connectors import registry
from planster_sync.errors import RecordInvalid
from tests.connectors.deposco.subject import SETTINGS, sample


def mapped(read: str, raw: bytes | dict[str, Any], **settings: Any) -> list[dict[str, Any]]:
    """The unified records as they are stored."""
    body = raw if isinstance(raw, bytes) else json.dumps(raw).encode()
    result = registry.mapper("deposco", {**SETTINGS, **settings}).map(read, body)
    return [record.attributes() for record in (*result.owned, *result.shared)]


def with_lines(name: str, **fields: Any) -> dict[str, Any]:
    """The sample with these fields in its first line, and no other line."""
    record: dict[str, Any] = json.loads(sample(name))
    record["orderLines"]["data"] = [{**record["orderLines"]["data"][0], **fields}]
    return record


def test_on_hand_is_what_is_promised_and_what_can_still_be() -> None:
    (level,) = mapped("inventory_levels", sample("inventory_levels"))

    assert (level["on_hand"], level["committed"], level["fulfillable"], level["awaiting"]) == (240, 246, -6, 600)
    assert level["on_hand"] == level["committed"] + level["fulfillable"]
    assert "unsellable" not in level


def test_a_measure_that_is_left_out_of_a_facility_is_unknown_and_not_zero() -> None:
    (level,) = mapped("inventory_levels", sample("inventory_levels"))

    assert level["warehouses"] == [
        {"warehouse_id": "ATL1", "on_hand": 240, "committed": 246, "fulfillable": -6, "awaiting": 0},
        {"warehouse_id": "RNO2", "on_hand": 0, "awaiting": 600},
    ]


def test_the_route_of_every_tenant_tells_facilities_in_decimal_texts_and_no_totals() -> None:
    (level,) = mapped("inventory_levels", sample("inventory_levels_sparse"))

    assert level["warehouses"] == [{"warehouse_id": "ATL1", "on_hand": 100, "committed": 25, "fulfillable": 70}]
    assert level.keys().isdisjoint({"on_hand", "committed", "fulfillable", "awaiting"})


def test_what_is_in_transit_is_not_added_to_what_is_on_order() -> None:
    (level,) = mapped("inventory_levels", {"itemNumber": "A", "qtyOnPO": 600, "inTransitQty": 120})

    assert level["awaiting"] == 600


def test_a_list_of_one_facility_may_be_the_facility_itself() -> None:
    only = {"facility": "ATL1", "totalOnHandQty": "7.0"}

    (level,) = mapped("inventory_levels", {"itemNumber": "A", "facilities": only})

    assert level["warehouses"] == [{"warehouse_id": "ATL1", "on_hand": 7}]


def test_packs_become_eaches_and_cancelled_packs_are_not_expected() -> None:
    (inbound,) = mapped("inbound_shipments", sample("inbound_shipments"))

    case = inbound["lines"][0]
    assert (case["expected"], case["received"], case["rejected"]) == (45 * 12, 30 * 12, 12)
    assert case["unit_cost"] == {"amount": "11.4", "currency": "CAD"}


def test_a_line_that_is_closed_short_in_an_open_order_expects_no_more() -> None:
    (inbound,) = mapped("inbound_shipments", sample("inbound_shipments"))

    assert (inbound["lines"][1]["expected"], inbound["lines"][1]["received"]) == (80, 80)


def test_of_an_order_that_is_over_the_announced_quantity_stays() -> None:
    (inbound,) = mapped("inbound_shipments", sample("inbound_shipments_sparse"))

    assert (inbound["lines"][0]["expected"], inbound["lines"][0]["received"]) == (500, 499)
    assert inbound["received_at"] == "2026-03-15T18:00:00Z"


def test_the_first_arrival_is_not_the_end_of_receiving() -> None:
    (inbound,) = mapped("inbound_shipments", sample("inbound_shipments"))

    assert "received_at" not in inbound


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("Draft", "draft"),
        ("New", "open"),
        ("HOLD", "open"),
        ("In-Transit", "in_transit"),
        ("in transit", "in_transit"),
        ("Arrived", "receiving"),
        ("Receiving", "receiving"),
        ("Partial Receipt", "receiving"),
        ("Received", "received"),
        ("Closed", "closed"),
        ("Canceled", "cancelled"),
        ("Quarantined", "other"),
    ],
)
def test_a_purchase_orders_status_is_placed_and_kept(theirs: str, ours: str) -> None:
    (inbound,) = mapped("inbound_shipments", {"self": {"id": 1}, "orderStatus": theirs})

    assert inbound["status"] == {"value": ours, "vendor": theirs}


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("New", "open"),
        ("Ready for Fulfillment", "confirmed"),
        ("Hold", "on_hold"),
        ("Back Ordered", "backordered"),
        ("Partially Released", "processing"),
        ("Pick Complete", "picked"),
        ("Loaded", "packed"),
        ("Partially Shipped", "partially_fulfilled"),
        ("Ship Complete", "fulfilled"),
        ("Canceled", "cancelled"),
        ("Draft", "other"),
    ],
)
def test_a_sales_orders_status_is_placed_and_kept(theirs: str, ours: str) -> None:
    found = mapped("orders", {"self": {"id": 1}, "orderStatus": theirs})

    assert found[0]["status"] == {"value": ours, "vendor": theirs}


def test_an_order_line_counts_eaches_of_its_pack() -> None:
    order = mapped("orders", sample("orders"))[0]

    single, case = order["lines"]
    assert (single["quantity"], single["cancelled"], single["shipped"], single["is_picked"]) == (4, 1, 3, True)
    assert (case["quantity"], case["shipped"]) == (24, 24)


def test_a_unit_discount_becomes_the_lines() -> None:
    order = mapped("orders", sample("orders"))[0]

    assert order["lines"][0]["discount"] == {"amount": "26", "currency": "USD"}
    assert order["total_discount"] == {"amount": "26", "currency": "USD"}


def test_a_customer_order_counts_eaches_and_what_waits_for_stock() -> None:
    order = mapped("orders", sample("orders_customer"))[0]

    (line,) = order["lines"]
    assert (line["quantity"], line["cancelled"], line["shipped"], line["backordered"]) == (48, 12, 12, 24)
    assert line["discount"] == {"amount": "24", "currency": "GBP"}
    assert (order["reference_id"], order["status"]["value"]) == ("SHOP-4711", "backordered")
    assert order["destination"] == {"region": "GA", "postal_code": "30030", "country": "US"}


def test_a_customer_orders_line_of_an_item_with_an_unknown_pack_refuses_the_order() -> None:
    record = json.loads(sample("orders_customer"))
    record["coLines"]["data"][0]["packQuantity"] = None

    with pytest.raises(RecordInvalid) as caught:
        mapped("orders", record)

    assert caught.value.path == "coLines.data.0.packQuantity"


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("Template", "other"),
        ("Sourced", "confirmed"),
        ("Review", "on_hold"),
        ("Partially InFulfillment", "processing"),
        ("Closed", "fulfilled"),
        ("Voided", "cancelled"),
    ],
)
@pytest.mark.parametrize("field", ["status", "orderStatus"])
def test_a_customer_orders_status_is_placed_from_either_field(field: str, theirs: str, ours: str) -> None:
    found = mapped("orders", {"self": {"id": 1}, "externalOrderNumber": "X", field: theirs})

    assert found[0]["status"] == {"value": ours, "vendor": theirs}


def test_an_order_brings_its_channel_and_its_shipping_method() -> None:
    order, channel, method = mapped("orders", sample("orders"))

    assert channel == {"id": "Web shop", "name": "Web shop"}
    assert method == {"id": "UPS/Ground", "name": "Ground", "carrier_id": "UPS", "carrier_name": "UPS"}
    assert (order["channel_id"], order["shipping_method_id"]) == (channel["id"], method["id"])


@pytest.mark.parametrize(
    ("written", "zone", "read"),
    [
        ("2026-03-08T03:30:00", "America/New_York", "2026-03-08T07:30:00Z"),
        ("2026-03-08T01:30:00", "America/New_York", "2026-03-08T06:30:00Z"),
        ("2026-07-01", "US/Eastern", "2026-07-01T04:00:00Z"),
        ("2026-07-01T00:00:00-04:00", "Europe/Berlin", "2026-07-01T04:00:00Z"),
        ("2026-07-01T00:00:00Z", "Europe/Berlin", "2026-07-01T00:00:00Z"),
    ],
)
def test_times_without_an_offset_are_of_the_zone_also_when_clocks_change(written: str, zone: str, read: str) -> None:
    order = mapped("orders", {"self": {"id": 1}, "placedDate": written}, zone=zone)[0]

    assert order["ordered_at"] == read


@pytest.mark.parametrize("read", ["orders", "inbound_shipments", "returns"])
def test_lines_that_are_cut_off_refuse_the_record(read: str) -> None:
    record = json.loads(sample(read))
    record["orderLines"]["complete"] = False

    with pytest.raises(RecordInvalid) as caught:
        mapped(read, record)

    assert caught.value.path == "orderLines"


@pytest.mark.parametrize("read", ["orders", "inbound_shipments", "returns"])
@pytest.mark.parametrize("pack", [None, {"businessKey": {}}, {"businessKey": {"quantity": 0}}])
def test_a_line_of_unknown_packs_is_never_taken_for_eaches(read: str, pack: Any) -> None:
    with pytest.raises(RecordInvalid) as caught:
        mapped(read, with_lines(read, pack=pack))

    assert caught.value.path == "orderLines.data.0.pack.businessKey.quantity"


@pytest.mark.parametrize("read", ["orders", "order_shipments", "products", "inbound_shipments", "returns", "bills"])
def test_another_merchants_record_is_refused(read: str) -> None:
    record = {**json.loads(sample(read)), "businessUnit": {"businessKey": {"code": "OTHER"}}}

    with pytest.raises(RecordInvalid) as caught:
        mapped(read, record)

    assert caught.value.path == "businessUnit.businessKey.code"


def test_a_shipment_of_one_order_names_it_and_one_of_several_names_none() -> None:
    (one,) = mapped("order_shipments", sample("order_shipments"))
    (several,) = mapped("order_shipments", sample("order_shipments_sparse"))

    assert (one["order_id"], one["order_number"]) == ("30211", "SO30211")
    assert "order_id" not in several
    assert (several["status"]["value"], "shipped_at" in several) == ("cancelled", False)


def test_a_shipment_line_takes_its_pack_from_the_order_line_where_it_has_none() -> None:
    (shipment,) = mapped("order_shipments", sample("order_shipments"))

    assert [line["quantity"] for line in shipment["lines"]] == [3, 24]
    assert shipment["lines"][0]["expires_on"] == "2028-01-31"


@pytest.mark.parametrize(
    ("name", "is_kit", "holds", "parts"),
    [
        ("products", False, None, [("KNT-BLU-M", 1)]),
        ("products_kit_order", True, False, [("KNT-BLU-M", 1), ("KNT-RED-S", 2)]),
        ("products_kit_stock", True, True, [("SET-GIFT", 1)]),
        ("products_kit_either", True, None, [("KNT-RED-S", 3)]),
    ],
)
def test_a_kit_counts_as_stock_only_where_it_is_assembled_ahead(
    name: str, is_kit: bool, holds: bool | None, parts: list[tuple[str, int]]
) -> None:
    (product,) = mapped("products", sample(name))

    assert (product["is_kit"], product.get("holds_own_stock")) == (is_kit, holds)
    assert [(each["inventory_item_id"], each["quantity"]) for each in product["components"]] == parts


def test_the_barcode_of_a_case_is_not_the_items() -> None:
    (product,) = mapped("products", sample("products"))

    assert product["barcodes"] == ["810000000017", "810000000024"]


def test_sizes_are_the_single_packs_in_millimetres_and_grams() -> None:
    (product,) = mapped("products", sample("products"))
    (light,) = mapped("products", sample("products_kit_order"))

    assert product["measurements"] == {
        "length_mm": "254",
        "width_mm": "203.2",
        "height_mm": "38.1",
        "weight_g": "181.436948",
        "length_unit": "in",
        "weight_unit": "lb",
    }
    assert light["measurements"] == {"weight_g": "85.048569375", "weight_unit": "oz"}


def test_a_deactivated_item_stays_and_is_marked() -> None:
    (product,) = mapped("products", sample("products"))

    assert product["active"] is False


@pytest.mark.parametrize("kind", ["Customer", "Transportation Provider", None])
def test_a_partner_that_sells_nothing_is_no_supplier(kind: str | None) -> None:
    with pytest.raises(RecordInvalid):
        mapped("inbound_shipment_suppliers", {"code": "C-1", "partnershipType": kind})


def test_a_price_in_a_number_with_decimals_is_exact() -> None:
    (bill,) = mapped("bills", sample("bills_sparse"))

    assert bill["total"] == {"amount": "16.31", "currency": "USD"}
    assert bill["status"] == {"value": "draft", "vendor": "Pending Approval"}


XML = b"""<?xml version="1.0"?>
<ns2:inventories xmlns:ns2="http://integration.deposco.com/inventory" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
  <itemInventory><itemNumber>A &amp; B</itemNumber>
    <facilityInventory><facility>ATL1</facility><inventory><total>240.0</total>
      <availableToPromise>-6.0</availableToPromise><allocated xsi:nil="true"/></inventory></facilityInventory>
    <facilityInventory><facility>RNO2</facility><inventory><total>1.0</total></inventory></facilityInventory>
  </itemInventory></ns2:inventories>"""


def test_stock_in_xml_reads_like_stock_in_json() -> None:
    mapper = registry.mapper("deposco", SETTINGS)
    (record,) = mapper.cut(XML)

    level = mapper.map("inventory_levels", record.raw).owned[0].attributes()

    assert record.id == level["id"] == "A & B"
    assert level["warehouses"] == [
        {"warehouse_id": "ATL1", "on_hand": 240, "fulfillable": -6},
        {"warehouse_id": "RNO2", "on_hand": 1},
    ]


@pytest.mark.parametrize(
    ("body", "ids"),
    [
        (b'{"data":[{"self":{"id":1}},{"self":{"id":2}}],"complete":true}', ["1", "2"]),
        (b'{"customerOrder":{"self":{"id":3}}}', ["3"]),
        (sample("orders"), ["30211"]),
        (sample("inventory_levels"), ["KNT-BLU-M"]),
        (b'{"enterpriseInventory":[{"itemNumber":"A"}]}', ["A"]),
        (b'[{"enterpriseInventory":[{"itemNumber":"A"}]}]', ["A"]),
        (b'{"inventories":{"itemInventory":{"@itemNumber":"A","x":{"@nil":"true"}}}}', ["A"]),
        (b'<ns2:inventories xmlns:ns2="u"/>', []),
        (b'{"enterpriseInventory":[]}', []),
    ],
    ids=["page", "wrapped", "order", "item", "enterprise", "in-a-list", "bridged", "xml-empty", "json-empty"],
)
def test_a_body_is_cut_into_its_records_whatever_route_it_came_from(body: bytes, ids: list[str]) -> None:
    assert [record.id for record in registry.mapper("deposco", {}).cut(body)] == ids
