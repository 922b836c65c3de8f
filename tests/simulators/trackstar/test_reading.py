"""What the simulator answers to reads: paging, filters, records, refusals."""

from __future__ import annotations

import json

import pytest

from tests.simulators.trackstar.conftest import Starter, account

LISTS = {
    "/wms/inventory": "inventory",
    "/wms/inventory/ledger": "inventory_ledger",
    "/wms/products": "products",
    "/wms/inbound-shipments": "inbound_shipments",
    "/wms/inbound-shipments/suppliers": "suppliers",
    "/wms/orders": "orders",
    "/wms/orders/channels": "channels",
    "/wms/returns": "returns",
    "/wms/billing": "bills",
    "/wms/warehouses": "warehouses",
    "/wms/shipping-methods": "shipping_methods",
    "/wms/warehouse-customers": "warehouse_customers",
    "/wms/labor-activities": "labor_activities",
}


@pytest.mark.parametrize(("path", "collection"), LISTS.items(), ids=LISTS.values())
def test_paging_covers_every_record_once_in_id_order(start: Starter, path: str, collection: str) -> None:
    client = start()

    ids = client.ids(path, limit="7")

    assert ids == [record["id"] for record in client.truth(collection)]
    assert ids == sorted(set(ids))


def test_locations_are_listed_per_warehouse_and_repeat_across_warehouses(start: Starter) -> None:
    client = start()
    quoted = {warehouse: warehouse.replace("=", "%3D") for warehouse in client.ids("/wms/warehouses")}

    lists = [client.ids(f"/wms/warehouses/{each}/locations", limit="5") for each in quoted.values()]

    assert sum(len(ids) for ids in lists) == len(client.truth("locations"))
    assert all(ids == lists[0] for ids in lists)
    assert client.get("/wms/warehouses/nowhere/locations").status_code == 404


def test_single_record_equals_the_listed_one(start: Starter) -> None:
    client = start()
    order = client.truth("orders")[3]
    place = client.truth("locations")[0]

    one = client.get(f"/wms/orders/{order['id']}")
    location = client.get(f"/wms/warehouses/{place['warehouse_id']}/locations/{place['id']}")

    assert one.json() == {"data": order}
    assert location.json() == {"data": place}
    assert client.get("/wms/orders/ord-none").json() == {"error": "Not found", "id": "ord-none"}


def test_order_packs_hold_the_packages_of_the_order(start: Starter) -> None:
    client = start()
    order = next(each for each in client.truth("orders") if each["shipments"])

    packs = client.get(f"/wms/orders/{order['id']}/packs").json()["data"]

    packages = [package["package_id"] for shipment in order["shipments"] for package in shipment["packages"]]
    assert [pack["pack_id"] for pack in packs["packs"]] == packages


def test_page_tells_its_own_count_and_the_last_page_has_no_token(start: Starter) -> None:
    client = start()

    first = client.get("/wms/inventory", limit="50").json()
    last = client.get("/wms/inventory", limit="50", page_token=first["next_token"]).json()

    assert (first["total_count"], last["total_count"]) == (50, 10)
    assert last["next_token"] is None


def test_page_token_does_not_remember_filters(start: Starter) -> None:
    client = start()
    first = client.get("/wms/inventory", limit="1", active="false").json()

    following = client.get("/wms/inventory", limit="100", page_token=first["next_token"]).json()

    assert any(record["active"] for record in following["data"])


def test_date_filter_selects_by_the_vendors_own_stamp(start: Starter) -> None:
    client = start()
    stamps = {record["id"]: record["trackstar_updated_date"] for record in client.truth("inventory")}
    middle = sorted(stamps.values())[30]

    later = client.ids("/wms/inventory", **{"trackstar_updated_date[gte]": middle})
    between = client.ids(
        "/wms/inventory", **{"trackstar_updated_date[gte]": middle, "trackstar_updated_date[lt]": middle}
    )

    assert later == [item for item, stamp in sorted(stamps.items()) if stamp >= middle]
    assert between == []


def test_word_filters_select_as_their_operator_says(start: Starter) -> None:
    client = start()
    orders = {order["id"]: order for order in client.truth("orders")}
    number = orders[min(orders)]["order_number"]

    fulfilled = client.ids("/wms/orders", **{"status[in]": "fulfilled,open"})
    others = client.ids("/wms/orders", **{"status[nin]": "fulfilled,open"})
    plain = client.ids("/wms/orders", order_number=number)
    folded = client.ids("/wms/inventory", **{"sku[contains]": "ČAJ"})

    assert {orders[each]["status"] for each in fulfilled} == {"fulfilled", "open"}
    assert len(fulfilled) + len(others) == len(orders)
    assert plain == [min(orders)]
    assert folded
    assert client.ids("/wms/orders", **{"order_number[eq-insensitive]": number.upper()}) == plain


def test_ids_filter_ignores_the_other_filters(start: Starter) -> None:
    client = start()
    wanted = client.ids("/wms/inventory")[:3]

    found = client.ids("/wms/inventory", **{"ids[in]": ",".join([*wanted, "inv-none"]), "sku": "no such"})

    assert found == wanted


REFUSED = {
    "unknown parameter": {"colour": "red"},
    "unknown field": {"name[eq]": "x"},
    "unknown operator": {"created_date[contains]": "2026"},
    "operator on a plain field": {"active[eq]": "true"},
    "date without a time": {"updated_date[gte]": "2026-01-01"},
    "date with a zone offset": {"updated_date[gte]": "2026-01-01T00:00:00+00:00"},
    "101 ids": {"ids[in]": ",".join(str(number) for number in range(101))},
    "limit above the maximum": {"limit": "1001"},
    "limit of zero": {"limit": "0"},
    "foreign page token": {"page_token": "abc"},
}


@pytest.mark.parametrize("parameters", REFUSED.values(), ids=REFUSED.keys())
def test_wrong_parameter_is_refused_by_name(start: Starter, parameters: dict[str, str]) -> None:
    client = start()

    answer = client.get("/wms/inventory", **parameters)

    assert answer.status_code == 422
    assert answer.json().keys() == {"error", "detail"}
    assert next(iter(parameters)).split("[")[0] in next(iter(answer.json()["detail"]["query"]))


def test_unknown_route_is_404_and_every_answer_has_a_request_id(start: Starter) -> None:
    client = start()

    answers = [client.get(path) for path in ("/wms/stock", "/wms/orders/a/b", "/", "/wms/orders")]

    assert [answer.status_code for answer in answers] == [404, 404, 404, 200]
    assert len({answer.headers["X-Request-Id"] for answer in answers}) == 4


def test_wrong_keys_and_revoked_connections_are_401(start: Starter) -> None:
    client = start()
    client.post("/_sim/connections/con-1/revoke", {})

    revoked = client.get("/wms/orders")
    client.post("/_sim/connections/con-1/restore", {})
    restored = client.get("/wms/orders")
    client.session.headers["x-trackstar-api-key"] = "wrong"

    assert revoked.status_code == 401
    assert revoked.json()["origin"] == "trackstar"
    assert restored.status_code == 200
    assert client.get("/wms/orders").status_code == 401


def test_lacking_capability_is_501_and_switched_off_endpoint_403(start: Starter) -> None:
    spec = account(
        integration_name="cool-wms", unsupported=frozenset({"get_returns"}), forbidden=frozenset({"get_bills"})
    )
    client = start(spec)

    lacking, switched_off = client.get("/wms/returns"), client.get("/wms/billing")

    assert lacking.status_code == 501
    assert lacking.json() == {"error": "Endpoint get_returns is not implemented for Cool Wms"}
    assert switched_off.status_code == 403
    assert "get_bills" in switched_off.json()["error"]
    actions = client.get("/connections/con-1").json()["data"]["available_actions"]
    assert "get_orders" in actions
    assert not {"get_returns", "get_bills"} & set(actions)


def test_connections_are_listed_without_their_tokens(start: Starter) -> None:
    client = start(account(), account(connection_id="con-2", access_token="token-2", seed=2))

    listed = client.get("/connections")

    assert [each["connection_id"] for each in listed.json()["data"]] == ["con-1", "con-2"]
    assert "token-" not in listed.text
    assert client.get("/connections/con-9").status_code == 404


def test_eleventh_read_in_a_second_is_429_until_the_next_second(start: Starter, clock: object) -> None:
    client = start(rate_get=10)

    answers = [client.get("/wms/warehouses") for _ in range(11)]
    clock.forward(seconds=1)  # type: ignore[attr-defined]
    after = client.get("/wms/warehouses")

    assert [answer.status_code for answer in answers] == [200] * 10 + [429]
    assert answers[0].headers["x-ratelimit-limit"] == "10"
    assert answers[0].headers["x-ratelimit-remaining"] == "9"
    assert answers[10].headers["retry-after"] == "1"
    assert int(answers[10].headers["x-ratelimit-reset"]) > 0
    assert after.status_code == 200


def test_two_servers_with_one_seed_answer_the_same_bytes(start: Starter) -> None:
    first, second, other = start(), start(), start(account(seed=2))

    answers = [[client.get(path).content for path in LISTS] for client in (first, second, other)]

    assert answers[0] == answers[1]
    assert answers[0] != answers[2]


def test_personal_data_sits_only_where_the_vendor_has_it(start: Starter) -> None:
    client = start()

    carriers = {name for name in LISTS.values() if "example.test" in json.dumps(client.truth(name))}
    stripped = client.truth("orders")
    for order in stripped:
        for holder in (order, *order["shipments"]):
            del holder["ship_to_address"]

    assert carriers == {"orders", "warehouse_customers"}
    assert "example.test" not in json.dumps(stripped)


def test_records_name_only_records_that_exist(start: Starter) -> None:
    client = start()
    for _ in range(6):
        client.post("/_sim/day/advance", {})

    known = {name: {record["id"] for record in client.truth(name)} for name in LISTS.values()}
    places = {(place["warehouse_id"], place["id"]) for place in client.truth("locations")}
    named_items = {
        line["inventory_item_id"]
        for name in ("inbound_shipments", "returns")
        for record in client.truth(name)
        for line in record["line_items"]
    }
    parts = {part["inventory_item_id"] for product in client.truth("products") for part in product["inventory_items"]}
    sold = {line["product_id"] for order in client.truth("orders") for line in order["line_items"]}
    stocked = {(at["warehouse_id"], at["location_id"]) for item in client.truth("inventory") for at in _places(item)}

    assert named_items | parts <= known["inventory"]
    assert sold <= known["products"]
    assert stocked <= places


def _places(item: dict[str, object]) -> list[dict[str, str]]:
    found = item.get("locations", [])
    assert isinstance(found, list)
    return found
