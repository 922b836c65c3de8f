"""Source record to unified record, pair by pair: the values that are easily got wrong."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from planster_sync.connectors import registry
from planster_sync.errors import RecordInvalid, SettingsInvalid
from planster_sync.model.inventory import InventoryLevel
from tests.connectors.ongoing.subject import samples


def mapped(read: str, raw: bytes | dict[str, Any], **settings: Any) -> dict[str, list[dict[str, Any]]]:
    """The unified records as they are stored, by data type."""
    body = raw if isinstance(raw, bytes) else json.dumps(raw).encode()
    result = registry.mapper("ongoing", settings).map(read, body)
    found: dict[str, list[dict[str, Any]]] = {}
    for record in (*result.owned, *result.shared):
        found.setdefault(record.data_type, []).append(record.attributes())
    return found


def level(article: dict[str, Any] | bytes) -> dict[str, Any]:
    (found,) = mapped("articles", article)["inventory_levels"]
    return found


def product(article: dict[str, Any] | bytes, **settings: Any) -> dict[str, Any]:
    (found,) = mapped("articles", article, **settings)["products"]
    return found


def order(**info: Any) -> dict[str, Any]:
    lines = info.pop("orderLines", [])
    return {"orderInfo": {"orderId": 1, **info}, "orderLines": lines}


def inbound(number: int, *lines: tuple[float, float], **settings: Any) -> dict[str, Any]:
    rows = [
        {"id": at, "advisedNumberOfItems": told, "receivedNumberOfItems": came} for at, (told, came) in enumerate(lines)
    ]
    info = {"purchaseOrderId": 1, "purchaseOrderStatus": {"number": number, "text": "Text"}}
    record = {"purchaseOrderInfo": info, "purchaseOrderLines": rows}
    (found,) = mapped("purchase_orders", record, **settings)["inbound_shipments"]
    return found


def test_on_hand_is_the_sum_of_what_is_booked_locked_for_sale_and_sellable() -> None:
    found = level(samples("articles")[0])

    assert (found["on_hand"], found["committed"], found["unsellable"], found["fulfillable"]) == (131, 140, 2, -11)
    assert found["on_hand"] == found["committed"] + found["unsellable"] + found["fulfillable"]
    assert found["awaiting"] == 480


def test_locked_and_allocated_pieces_are_not_taken_off_again() -> None:
    """Of the 131 pieces 5 are locked and 3 allocated: both overlap with what is booked."""
    info = json.loads(samples("articles")[0])["inventoryInfo"]

    assert level(samples("articles")[0])["fulfillable"] == info["sellableNumberOfItems"]


def test_what_a_warehouse_is_not_told_by_is_unknown_and_not_zero() -> None:
    first, second = level(samples("articles")[0])["warehouses"]

    assert [first["warehouse_id"], second["warehouse_id"]] == ["1", "4"]
    assert (first["on_hand"], first["fulfillable"], first["unsellable"]) == (101, -41, 2)
    assert not {"committed", "awaiting"} & set(first)


def test_an_article_without_stock_information_has_a_level_that_knows_nothing() -> None:
    assert not {"on_hand", "committed", "fulfillable", "awaiting", "unsellable"} & set(level(samples("articles")[4]))


def test_a_split_alone_is_read_where_the_totals_are_missing() -> None:
    found = level(
        {
            "articleSystemId": 7,
            "articleNumber": "A",
            "inventoryPerWarehouse": [{"warehouseId": 1, "numberOfItems": 3.0}],
        }
    )

    assert "on_hand" not in found
    assert found["warehouses"] == [{"warehouse_id": "1", "on_hand": 3}]


def test_quantities_are_exact_decimals() -> None:
    stock = b'{"numberOfItems":0.1,"sellableNumberOfItems":2.50,"toReceiveNumberOfItems":3.0}'
    raw = b'{"articleSystemId":7,"inventoryInfo":%s}' % stock

    found = registry.mapper("ongoing", {}).map("articles", raw).owned[1]

    assert isinstance(found, InventoryLevel)
    assert (found.on_hand, found.fulfillable, found.awaiting) == (Decimal("0.1"), Decimal("2.5"), 3)
    assert type(found.awaiting) is int


def test_a_kit_that_is_picked_together_has_parts_and_no_stock() -> None:
    found = mapped("articles", samples("articles")[1])

    assert "inventory_levels" not in found
    (kit,) = found["products"]
    assert (kit["is_kit"], kit["holds_own_stock"]) == (True, False)
    assert [(each["inventory_item_id"], each["quantity"]) for each in kit["components"]] == [("90211", 1), ("90212", 2)]


def test_a_kit_that_is_made_ahead_has_stock_of_its_own() -> None:
    article = {
        "articleSystemId": 7,
        "articleKind": "Production",
        "inventoryInfo": {"numberOfItems": 5.0},
        "structureDefinition": {"rows": [{"articleSystemId": 8, "articleNumber": "B", "numberOfItems": 2.0}]},
    }

    assert product(article)["holds_own_stock"] is True
    assert level(article)["on_hand"] == 5


def test_a_plain_article_is_its_own_only_component() -> None:
    found = product({"articleSystemId": 7, "articleNumber": "A"})

    assert found["is_kit"] is False
    assert "holds_own_stock" not in found
    assert found["components"] == [{"inventory_item_id": "7", "sku": "A", "quantity": 1}]


@pytest.mark.parametrize(("held", "levels"), [(0.0, 0), (4.0, 1)])
def test_a_service_has_no_stock_unless_something_lies_there(held: float, levels: int) -> None:
    article = {"articleSystemId": 7, "isStockArticle": False, "inventoryInfo": {"numberOfItems": held}}

    assert len(mapped("articles", article).get("inventory_levels", [])) == levels


@pytest.mark.parametrize(
    ("told", "active"),
    [
        ({"isActive": True}, True),
        ({"isActive": False}, False),
        ({"isActive": True, "storageProperties": {"isObsolete": True}}, False),
        ({"isActive": None}, None),
        ({}, None),
    ],
)
def test_deactivated_articles_stay_and_say_so(told: dict[str, Any], active: bool | None) -> None:
    article = {"articleSystemId": 7, **told}

    assert product(article).get("active") is active
    assert level(article).get("active") is active


def test_metres_and_kilograms_become_millimetres_and_grams() -> None:
    assert product(samples("articles")[0])["measurements"] == {
        "length_mm": "300",
        "width_mm": "200",
        "height_mm": "455",
        "weight_g": "1250",
        "length_unit": "m",
        "weight_unit": "kg",
    }


def test_only_codes_of_one_piece_are_barcodes() -> None:
    assert product(samples("articles")[0])["barcodes"] == ["7350000000017", "0012345678905"]


def test_a_cost_has_the_articles_currency_and_otherwise_the_settings() -> None:
    article = {"articleSystemId": 7, "purchasePrice": 88.50, "customerPrice": 199, "purcaseCurrencyCode": "SEK"}

    found = product(article, currency="EUR")

    assert found["unit_cost"] == {"amount": "88.5", "currency": "SEK"}
    assert found["unit_price"] == {"amount": "199", "currency": "EUR"}


def test_suppliers_are_known_by_number_and_otherwise_by_name_and_each_once() -> None:
    found = product(samples("articles")[0])

    assert [each["supplier_id"] for each in found["suppliers"]] == ["S-14", "S-15", "name:lampor i borås"]
    assert [each.get("minimum_quantity") for each in found["suppliers"]] == [120, None, None]


def test_stock_of_a_lot_is_summed_over_its_items_by_warehouse() -> None:
    lots = level(samples("articles")[0])["lots"]

    assert [(each["lot_id"], each["on_hand"], each["expires_on"], each["warehouse_id"]) for each in lots] == [
        ("B-1", 92, "2027-03-01", "1"),
        ("B-2", 29.5, "2026-12-24", "4"),
    ]


def test_items_in_any_order_give_the_same_level() -> None:
    article = json.loads(samples("articles")[0])

    assert level({**article, "items": article["items"][::-1]}) == level(article)


def test_the_goods_owner_is_the_warehouse_customer() -> None:
    assert mapped("articles", samples("articles")[0])["warehouse_customers"] == [{"id": "77", "name": "Nordlicht AB"}]


@pytest.mark.parametrize(
    ("number", "word"),
    [
        (-1, "other"),
        (0, "on_hold"),
        (100, "on_hold"),
        (150, "exception"),
        (200, "open"),
        (299, "open"),
        (300, "processing"),
        (320, "processing"),
        (400, "picked"),
        (424, "picked"),
        (425, "fulfilled"),
        (450, "fulfilled"),
        (475, "fulfilled"),
        (500, "fulfilled"),
        (899, "fulfilled"),
        (900, "cancelled"),
        (1000, "cancelled"),
    ],
)
def test_an_orders_status_goes_by_its_number_whatever_its_text(number: int, word: str) -> None:
    (found,) = mapped("orders", order(orderStatus={"number": number, "text": "Cancelled"}))["orders"]

    assert found["status"] == {"value": word, "vendor": "Cancelled"}


@pytest.mark.parametrize(
    ("status", "word"),
    [
        ({"number": None, "text": "Öppen"}, {"value": "other", "vendor": "Öppen"}),
        ({"number": 200, "text": ""}, {"value": "open", "vendor": "200"}),
        ({"number": 200.0, "text": "Öppen"}, {"value": "open", "vendor": "Öppen"}),
        ({}, None),
        (None, None),
    ],
)
def test_a_status_that_is_half_told_is_not_guessed(status: dict[str, Any] | None, word: dict[str, str] | None) -> None:
    (found,) = mapped("orders", order(orderStatus=status))["orders"]

    assert found.get("status") == word


def test_a_status_number_that_is_no_whole_number_is_refused() -> None:
    with pytest.raises(RecordInvalid) as caught:
        mapped("orders", order(orderStatus={"number": 1.5}))

    assert caught.value.path == "orderInfo.orderStatus.number"


def test_a_warehouse_may_give_a_number_another_meaning() -> None:
    status = {"number": 430, "text": "Klar för avhämtning"}

    found = mapped("orders", order(orderStatus=status), order_statuses={"430": "packed"})

    assert found["orders"][0]["status"]["value"] == "packed"
    assert "order_shipments" not in found
    assert "order_shipments" in mapped("orders", order(orderStatus=status))


@pytest.mark.parametrize("setting", ["order_statuses", "inbound_statuses"])
def test_an_override_with_a_word_that_does_not_exist_is_refused(setting: str) -> None:
    with pytest.raises(SettingsInvalid, match=setting):
        registry.mapper("ongoing", {setting: {"430": "flying"}})


@pytest.mark.parametrize(
    ("number", "lines", "word"),
    [
        (50, [(10, 0)], "other"),
        (100, [(10, 0)], "open"),
        (200, [(10, 0)], "receiving"),
        (300, [(10, 4)], "receiving"),
        (400, [(10, 4)], "receiving"),
        (400, [(10, 12)], "received"),
        (400, [(10, 12), (5, 0)], "receiving"),
        (400, [], "receiving"),
        (500, [(10, 4)], "received"),
        (900, [(10, 0)], "cancelled"),
    ],
)
def test_a_deviation_is_open_only_where_something_is_missing(
    number: int, lines: list[tuple[float, float]], word: str
) -> None:
    assert inbound(number, *lines)["status"] == {"value": word, "vendor": "Text"}


def test_an_override_of_a_deviation_holds_for_surplus_too() -> None:
    assert inbound(400, (10, 12), inbound_statuses={"400": "receiving"})["status"]["value"] == "receiving"


def test_a_receipt_is_what_came_in_at_once_with_its_lot() -> None:
    (found,) = mapped("purchase_orders", samples("purchase_orders")[0])["inbound_shipments"]

    assert found["receipts"] == [
        {
            "receipt_id": "70011",
            "received_at": "2026-03-14T10:20:31.500Z",
            "lines": [
                {
                    "inventory_item_id": "90211",
                    "sku": "NL-LAMP-01",
                    "quantity": 432,
                    "lot_id": "B-3",
                    "expires_on": "2028-01-31",
                }
            ],
        }
    ]


@pytest.mark.parametrize(
    ("day", "zone", "moment"),
    [
        ("2026-01-15", "Europe/Stockholm", "2026-01-14T23:00:00Z"),
        ("2026-07-15", "Europe/Stockholm", "2026-07-14T22:00:00Z"),
        ("2026-03-29T02:30:00", "Europe/Stockholm", "2026-03-29T01:30:00Z"),
        ("2026-10-25T02:30:00", "Europe/Stockholm", "2026-10-25T00:30:00Z"),
        ("2026-07-15", "America/New_York", "2026-07-15T04:00:00Z"),
        ("2026-07-15T09:00:00.3Z", "Europe/Stockholm", "2026-07-15T09:00:00.300Z"),
        ("2023-01-01T12:00:00.1234567", "UTC", "2023-01-01T12:00:00.123Z"),
    ],
)
def test_days_and_local_times_are_placed_in_the_accounts_zone(day: str, zone: str, moment: str) -> None:
    record = {"purchaseOrderInfo": {"purchaseOrderId": 1, "inDate": day}}

    (found,) = mapped("purchase_orders", record, zone=zone)["inbound_shipments"]

    assert found["expected_at"] == moment


def test_a_zone_that_does_not_exist_is_refused() -> None:
    with pytest.raises(SettingsInvalid, match="zone"):
        registry.mapper("ongoing", {"zone": "Europe/Göteborg"})


def test_a_kit_is_one_line_of_demand_and_its_parts_are_what_left() -> None:
    found = mapped("orders", samples("orders")[0])

    kit = found["orders"][0]["lines"][1]
    assert (kit["sku"], kit["quantity"], kit["shipped"]) == ("NL-SET-2", 2, 2)
    assert "inventory_item_id" not in kit
    parts = [each for each in found["order_shipments"][0]["lines"] if each["product_id"] == "90300"]
    assert [(each["sku"], each["quantity"]) for each in parts] == [("NL-LAMP-01", 2), ("NL-BULB", 4)]


def test_a_kit_of_which_a_part_is_missing_has_not_been_picked() -> None:
    record = json.loads(samples("orders")[0])
    record["orderLines"][1]["subOrderLines"][0]["pickedNumberOfItems"] = 1.0

    kit = mapped("orders", record)["orders"][0]["lines"][1]

    assert (kit["is_picked"], kit["shipped"]) == (False, 0)


def test_what_is_picked_counts_as_shipped_only_when_the_order_has_left() -> None:
    line = {"id": 1, "orderedNumberOfItems": 3.0, "pickedNumberOfItems": 3.0}

    picked = mapped("orders", order(orderStatus={"number": 400}, orderLines=[line]))
    sent = mapped("orders", order(orderStatus={"number": 450}, orderLines=[line]))

    assert picked["orders"][0]["lines"][0]["shipped"] == 0
    assert "order_shipments" not in picked
    assert sent["orders"][0]["lines"][0]["shipped"] == 3
    assert sent["order_shipments"][0]["lines"][0]["quantity"] == 3


def test_items_that_are_only_planned_have_not_left_and_returned_ones_have() -> None:
    lines = mapped("orders", samples("orders")[0])["order_shipments"][0]["lines"]

    assert [(each["quantity"], each.get("lot_id")) for each in lines if each["product_id"] == "90211"] == [
        (3, "B-1"),
        (1, None),
    ]


def test_labels_for_the_way_back_are_no_packages() -> None:
    (shipment,) = mapped("orders", samples("orders")[0])["order_shipments"]

    assert [each["tracking_number"] for each in shipment["packages"]] == ["00373500001"]


def test_without_parcels_each_waybill_is_one_package() -> None:
    (shipment,) = mapped("orders", samples("orders")[2])["order_shipments"]

    assert [each["tracking_number"] for each in shipment["packages"]] == ["UA000112", "UA000113"]


def test_a_cancelled_order_ships_nothing() -> None:
    assert "order_shipments" not in mapped("orders", order(orderStatus={"number": 1000, "text": "Makulerad"}))


@pytest.mark.parametrize(
    ("told", "channel"),
    [
        ({"marketPlace": {"marketPlace": "Shopify SE"}, "orderType": {"code": "B2C"}}, {"id": "market:Shopify SE"}),
        ({"marketPlace": {"marketPlace": ""}, "orderType": {"code": "B2C", "name": "Webb"}}, {"id": "type:B2C"}),
        ({"marketPlace": None, "orderType": {"code": "", "name": "Webb"}}, None),
        ({}, None),
    ],
)
def test_a_channel_is_the_marketplace_and_otherwise_the_type_of_order(
    told: dict[str, Any], channel: dict[str, str] | None
) -> None:
    found = mapped("orders", order(**told))

    assert [each["id"] for each in found.get("order_channels", [])] == ([channel["id"]] if channel else [])
    assert found["orders"][0].get("channel_id") == (channel and channel["id"])


@pytest.mark.parametrize(
    ("number", "text", "lines", "word"),
    [
        (200, "Öppen", [(2.0, 0.0)], "open"),
        (300, "Pågår", [(2.0, 1.0)], "receiving"),
        (300, "Pågår", [(2.0, 2.0), (1.0, 0.0)], "receiving"),
        (300, "Pågår", [(2.0, 2.0)], "received"),
        (200, "Öppen", [], "open"),
        (1000, "Borttagen", [(2.0, 2.0)], "cancelled"),
        (200, "Makulerad", [(2.0, 0.0)], "cancelled"),
    ],
)
def test_a_returns_status_follows_from_what_came_back(
    number: int, text: str, lines: list[tuple[float, float]], word: str
) -> None:
    rows = [{"toBeReturnedNumberOfItems": told, "returnedNumberOfItems": came} for told, came in lines]
    info = {"returnOrderId": 1, "returnOrderStatus": {"number": number, "text": text}}

    (found,) = mapped("return_orders", {"returnOrderInfo": info, "returnOrderLines": rows})["returns"]

    assert found["status"] == {"value": word, "vendor": text}


def test_what_stock_taking_removed_is_not_restocked_and_unknown_is_not_zero() -> None:
    found = [mapped("return_orders", each)["returns"][0]["lines"][0] for each in samples("return_orders")]

    assert [each.get("restocked") for each in found] == [1, None]


def test_a_cause_is_placed_by_code_or_name_and_keeps_the_warehouses_word() -> None:
    found = [mapped("return_orders", each)["returns"][0]["lines"][0] for each in samples("return_orders")]

    assert [each["reason"] for each in found] == [
        {"value": "size", "vendor": "Passar inte"},
        {"value": "other", "vendor": "Ångrat köp"},
    ]


def test_a_locked_place_is_not_picked_from_and_goes_by_its_name_in_stock() -> None:
    open_place, locked = [
        mapped("warehouse_locations", each)["warehouse_locations"][0] for each in samples("warehouse_locations")
    ]

    assert (open_place["location_id"], open_place["pickable"], open_place["sellable"]) == ("B07", True, True)
    assert (locked["pickable"], locked["sellable"]) == (False, False)


@pytest.mark.parametrize(
    ("body", "ids"),
    [
        (b"[]", []),
        (b'[{"articleSystemId":7},{"articleSystemId":9}]', ["7", "9"]),
        (b'{"articleSystemId":7}', ["7"]),
        (b'[{"orderInfo":{"orderId":5},"orderLines":[{"article":{"articleSystemId":7}}]}]', ["5"]),
        (b'[{"transporter":{"transporterName":"x"},"orderInfo":{"orderId":5}}]', ["5"]),
        (b'[{"goodsOwner":{"id":1},"purchaseOrderInfo":{"purchaseOrderId":5}}]', ["5"]),
        (b'[{"returnOrderInfo":{"returnOrderId":5},"customerOrderInfo":{"orderId":6}}]', ["5"]),
        (b'[{"id":1,"code":"GBG"}]', ["1"]),
        (b'[{"id":3,"aisles":[{"locations":[{"id":901},{"id":902}]}]}]', ["901", "902"]),
        (b'{"wayOfDeliveryTypes":[{"id":8,"code":"PN19"}]}', ["wod:PN19"]),
        (b'{"wayOfDeliveryTypes":[]}', []),
        (b'[{"transporterName":"P","transporterServices":[{"transporterServiceCode":"P19"}]}]', ["tr:/P19"]),
        (b'[{"transporterName":"P","transporterCode":"PLAB","transporterServices":null}]', ["tr:PLAB/"]),
    ],
)  # fmt: skip
def test_every_answer_of_the_vendor_is_cut_into_its_records(body: bytes, ids: list[str]) -> None:
    assert [each.id for each in registry.mapper("ongoing", {}).cut(body)] == ids


def test_a_kits_definition_by_itself_tells_its_parts() -> None:
    body = b'[{"articleSystemId":9,"articleKind":"Structure","rows":[{"articleSystemId":7,"numberOfItems":2.0}]}]'
    mapper = registry.mapper("ongoing", {})

    (cut,) = mapper.cut(body)

    assert [(each["inventory_item_id"], each["quantity"]) for each in product(cut.raw)["components"]] == [("7", 2)]
