"""What the simulated Ongoing promises: its lists, its filters, its refusals, and the business that it shows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests

from simulators.business.articles import articles
from simulators.business.business import Business
from simulators.business.spec import BusinessSpec
from simulators.ongoing.__main__ import credentials, make
from simulators.serving.server import serve
from simulators.serving.simulation import Simulation

BASE = datetime(2026, 3, 1, tzinfo=UTC)
NOW = BASE + timedelta(hours=30)
OWNED = {"goodsOwnerId": "77"}


class Client:
    """An API user of the simulated warehouse."""

    def __init__(self, url: str) -> None:
        self.api = f"{url}/simulated/api/v1"
        self.url = url
        self.session = requests.Session()
        self.session.auth = (credentials(1)["username"], credentials(1)["password"])

    def send(self, method: str, path: str, body: Any = None, **options: Any) -> requests.Response:
        return self.session.request(method, self.api + path, json=body, timeout=10, **options)

    def get(self, path: str, **params: Any) -> requests.Response:
        return self.send("GET", path, params={**OWNED, **params})

    def rows(self, path: str, **params: Any) -> list[dict[str, Any]]:
        answer = self.get(path, **params)
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()
        return found

    def put(self, number: str, *lines: tuple[str, Any], **head: Any) -> requests.Response:
        rows = [
            {"rowNumber": str(at), "articleNumber": sku, "numberOfItems": many} for at, (sku, many) in enumerate(lines)
        ]
        body = {"goodsOwnerId": 77, "purchaseOrderNumber": number, "purchaseOrderLines": rows, **head}
        return self.send("PUT", "/purchaseOrders", body)


@pytest.fixture(scope="module")
def shared() -> Iterator[Client]:
    yield from _started()


@pytest.fixture
def client() -> Iterator[Client]:
    yield from _started()


def _started() -> Iterator[Client]:
    account = {"connection_id": "con-1", "credentials": credentials(1), "size": 60, "sizes": {"returns": 60}}
    with serve(Simulation(make(0), BASE, lambda: NOW), [account]) as server:
        yield Client(server.url)


LISTS = {
    "/articles": ("articleSystemIdFrom", "maxArticlesToGet", ("articleSystemId",)),
    "/articles/inventoryPerWarehouse": ("articleSystemIdFrom", "maxArticlesToGet", ("articleSystemId",)),
    "/articleItems": ("articleSystemIdFrom", "maxArticlesToGet", ("articleSystemId",)),
    "/orders": ("orderIdFrom", "maxOrdersToGet", ("orderInfo", "orderId")),
    "/purchaseOrders": ("purchaseOrderIdFrom", "maxPurchaseOrdersToGet", ("purchaseOrderInfo", "purchaseOrderId")),
}


def _id(row: dict[str, Any], steps: tuple[str, ...]) -> int:
    value: Any = row
    for step in steps:
        value = value[step]
    return int(value)


@pytest.mark.parametrize("path", LISTS)
def test_a_list_goes_on_from_an_id_that_it_includes(shared: Client, path: str) -> None:
    first, most, key = LISTS[path]
    everything = shared.rows(path)
    ids = [_id(row, key) for row in everything]

    page = shared.rows(path, **{first: ids[1], most: 2})

    assert ids == sorted(set(ids))
    assert page == everything[1:3]
    assert shared.rows(path, **{first: ids[-1] + 1}) == []


def test_the_business_is_shown_with_its_quantities(shared: Client) -> None:
    wanted = {
        each.code: tuple(
            sum(stock[name] for stock in each.stock.values()) for name in ("onhand", "committed", "fulfillable")
        )
        for each in articles(Business(BusinessSpec(1, 60), BASE))
    }

    shown = {
        row["articleNumber"]: tuple(
            row["inventoryInfo"][name] for name in ("numberOfItems", "numberOfBookedItems", "sellableNumberOfItems")
        )
        for row in shared.rows("/articles")
        if row["articleKind"] is None
    }

    assert shown == wanted


def test_what_lies_there_is_booked_locked_for_sale_or_sellable(shared: Client) -> None:
    items = {row["articleSystemId"]: row["items"] for row in shared.rows("/articleItems")}
    for row in shared.rows("/articles"):
        stock = row["inventoryInfo"]
        parts = ("numberOfBookedItems", "lockedForSaleNumberOfItems", "sellableNumberOfItems")
        if row["articleKind"] != "Structure":
            assert stock["numberOfItems"] == sum(stock[name] for name in parts)
        if row["articleKind"] is None:
            lying = items.get(row["articleSystemId"], [])
            assert sum(item["numberOfItems"] for item in lying) == stock["numberOfItems"]
            locked = sum(item["numberOfItems"] for item in lying if item["isLockedForSale"])
            assert locked == stock["lockedForSaleNumberOfItems"]


def test_the_split_adds_up_to_the_total(shared: Client) -> None:
    split = {
        row["articleSystemId"]: row["inventoryPerWarehouse"] for row in shared.rows("/articles/inventoryPerWarehouse")
    }
    totals = {row["articleSystemId"]: row["inventoryInfo"]["numberOfItems"] for row in shared.rows("/articles")}

    assert split
    for key, houses in split.items():
        assert sum(house["numberOfItems"] for house in houses) == totals[key]


def test_arrays_repeat_their_key_and_a_comma_is_part_of_the_value(shared: Client) -> None:
    skus = [row["articleNumber"] for row in shared.rows("/articles")[:2]]

    assert [row["articleNumber"] for row in shared.rows("/articles", articleNumbers=skus)] == skus
    assert shared.rows("/articles", articleNumbers=",".join(skus)) == []


@pytest.mark.parametrize(
    ("path", "name", "oldest"),
    [
        ("/articles", "stockInfoChangedFrom", timedelta(hours=24)),
        ("/orders", "orderUpdatedTimeFrom", timedelta(days=2)),
    ],
)
def test_changes_are_only_known_for_a_while(shared: Client, path: str, name: str, oldest: timedelta) -> None:
    within, beyond = ((NOW - oldest + timedelta(minutes=by)).isoformat() for by in (1, -1))

    assert shared.get(path, **{name: within}).status_code == 200
    assert shared.get(path, **{name: beyond}).status_code == 400


def test_a_day_changes_orders_and_the_filter_finds_them(client: Client) -> None:
    before = {row["orderInfo"]["orderId"]: row for row in client.rows("/orders")}
    since = NOW - timedelta(minutes=1)

    requests.post(f"{client.url}/_sim/day/advance", json={}, timeout=10)

    changed = [row for row in client.rows("/orders") if before.get(row["orderInfo"]["orderId"]) != row]
    assert changed
    found = client.rows("/orders", orderUpdatedTimeFrom=since.isoformat())
    assert all(row in found for row in changed)
    assert len(found) < len(before)


def test_returns_come_by_status_and_have_no_pages(shared: Client) -> None:
    everything = shared.rows("/returnOrders")
    done = shared.rows("/returnOrders", returnOrderStatusFrom=500, returnOrderStatusTo=899)

    assert {row["returnOrderInfo"]["returnOrderStatus"]["number"] for row in done} == {500}
    assert 0 < len(done) < len(everything)
    assert shared.get("/returnOrders", maxReturnOrdersToGet=1).status_code == 400


@pytest.mark.parametrize(
    ("params", "status"),
    [({"goodsOwnerId": None}, 400), ({"goodsOwnerId": "78"}, 400), ({"page": "2"}, 400), ({"orderIdFrom": "x"}, 400)],
)
def test_what_cannot_be_asked_is_refused(shared: Client, params: dict[str, str | None], status: int) -> None:
    answer = shared.get("/orders", **params)

    assert answer.status_code == status
    assert answer.json()["message"]


def test_strangers_unknown_routes_and_records_are_told_apart(shared: Client) -> None:
    stranger = requests.get(f"{shared.api}/orders", params=OWNED, auth=("WSI-sim-1", "wrong"), timeout=10)

    assert stranger.status_code == 401
    assert stranger.json() == {"Message": "Authorization has been denied for this request."}
    assert shared.send("GET", "/articles/inventory").status_code == 404
    assert shared.get("/invoices").status_code == 404
    assert shared.send("GET", "/orders/999999").status_code == 404


def test_a_purchase_order_is_created_and_then_updated_under_its_number(client: Client) -> None:
    skus = [row["articleNumber"] for row in client.rows("/articles")[:2]]

    made = client.put("PLN-1", (skus[0], 12), (skus[1], 1.5), inDate="2026-04-20", warehouseId=1).json()
    again = client.put("PLN-1", (skus[0], 20)).json()

    (row,) = client.rows("/purchaseOrders", purchaseOrderNumber="PLN-1")
    assert made["purchaseOrderId"] == again["purchaseOrderId"] == row["purchaseOrderInfo"]["purchaseOrderId"]
    assert "created" in made["message"]
    assert [line["advisedNumberOfItems"] for line in row["purchaseOrderLines"]] == [20.0]
    assert row["purchaseOrderInfo"]["inDate"] is None


def test_an_order_that_the_warehouse_works_on_is_not_changed(client: Client) -> None:
    rows = client.rows("/purchaseOrders", purchaseOrderStatusFrom=201)
    info = rows[0]["purchaseOrderInfo"]
    sku = client.rows("/articles")[0]["articleNumber"]

    answers = [
        client.put(info["purchaseOrderNumber"], (sku, 1)),
        client.send("PATCH", f"/purchaseOrders/{info['purchaseOrderId']}/inDate", {"inDate": "2026-04-20"}),
        client.send("DELETE", f"/purchaseOrders/{info['purchaseOrderId']}"),
    ]

    assert [answer.status_code for answer in answers] == [400, 400, 400]
    assert client.rows("/purchaseOrders", purchaseOrderStatusFrom=201) == rows


def test_what_a_purchase_order_may_not_say_is_refused(client: Client) -> None:
    sku = client.rows("/articles")[0]["articleNumber"]

    answers = [
        client.put("PLN-1", ("NO-SUCH", 1)),
        client.put("PLN-1", (sku, 1), (sku, 2)),
        client.put("PLN-1", (sku, -1)),
        client.put("PLN-1", (sku, 1), warehouseId=99),
        client.put("PLN-1", (sku, 1), colour="red"),
        client.put("PLN-1", (sku, 1), goodsOwnerId=78),
        client.put("", (sku, 1)),
    ]

    assert [answer.status_code for answer in answers] == [400] * len(answers)
    assert client.rows("/purchaseOrders", purchaseOrderNumber="PLN-1") == []


def test_a_cancelled_purchase_order_stays_and_says_so(client: Client) -> None:
    sku = client.rows("/articles")[0]["articleNumber"]
    key = client.put("PLN-1", (sku, 1)).json()["purchaseOrderId"]

    client.send("DELETE", f"/purchaseOrders/{key}")

    row = client.send("GET", f"/purchaseOrders/{key}").json()
    assert row["purchaseOrderInfo"]["purchaseOrderStatus"]["number"] == 900
    assert client.put("PLN-1", (sku, 2)).status_code == 400
