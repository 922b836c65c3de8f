"""What the simulated ShipBob promises: its protocol as documented, and stock as the business has it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from simulators.business.business import Business
from simulators.business.spec import BusinessSpec
from tests.simulators.shipbob.conftest import BASE, Client, HandClock, V

ARRIVAL = "2027-05-01T00:00:00Z"


def draft(**fields: Any) -> dict[str, Any]:
    return {
        "fulfillment_center": {"id": 10},
        "package_type": "Package",
        "box_packaging_type": "EverythingInOneBox",
        "expected_arrival_date": ARRIVAL,
        "purchase_order_number": "PO-1",
        "boxes": [{"tracking_number": "T-1", "box_items": [{"inventory_id": 7_000_001, "quantity": 5}]}],
        **fields,
    }


def test_a_token_opens_its_account_and_refusals_have_no_body(client: Client) -> None:
    client.control("connections/con-1/forbid", {"scope": "billing_read"})

    forbidden, good = client.get("invoices"), client.get("channel")
    client.token = "another"
    stranger = client.get("channel")

    assert (good.status_code, stranger.status_code, forbidden.status_code) == (200, 401, 403)
    assert stranger.content == forbidden.content == b""


@pytest.mark.parametrize("path", ["/1.0/order", "/2025-07/order", f"{V}/orders", f"{V}/warehouse", "/order"])
def test_a_version_or_route_that_does_not_exist_is_not_found(client: Client, path: str) -> None:
    assert client.ask("GET", path).status_code == 404


@pytest.mark.parametrize(
    ("path", "params"),
    [
        ("order", {"Limit": 251}),
        ("order", {"Page": 0}),
        ("order", {"IDs": "1,x"}),
        ("order", {"UpdatedSince": "2026-01-01"}),
        ("order", {"SortOrder": "Ascending"}),
        ("order", {"LastUpdateStartDate": "yesterday"}),
        ("receiving", {"Statuses": "Awaiting,Lost"}),
        ("return", {"Status": "Awaiting Arrival"}),
        ("inventory-level", {"InventoryIds": ""}),
        ("inventory-level", {"Page": 2}),
        ("invoices", {"InvoiceTypes": "Payment"}),
        ("fulfillment-center", {"Page": 1}),
    ],
)
def test_a_parameter_that_does_not_fit_is_refused_by_its_name(
    client: Client, path: str, params: dict[str, Any]
) -> None:
    answer = client.get(path, **params)

    assert answer.status_code == 400
    assert list(answer.json()) == list(params)


def test_parameters_may_be_written_in_lower_case(client: Client) -> None:
    assert client.get("order", page=2, limit=5).json() == client.get("order", Page=2, Limit=5).json()


def test_numbered_lists_are_bare_and_counted_in_headers(client: Client) -> None:
    first, last = client.get("order", Limit=25), client.get("order", Limit=25, Page=3)

    counts = ("Page-Number", "Total-Pages", "Total-Count", "Page-Size")
    assert [first.headers[name] for name in counts] == ["1", "3", "60", "25"]
    assert (len(first.json()), len(last.json())) == (25, 10)
    assert "Next-Page" in first.headers
    assert "Next-Page" not in last.headers


def test_orders_come_newest_first_unless_asked_otherwise(client: Client) -> None:
    newest = [order["id"] for order in client.get("order", Limit=250).json()]
    oldest = [order["id"] for order in client.get("order", Limit=250, SortOrder="Oldest").json()]

    assert newest == oldest[::-1]


def test_links_lead_through_the_whole_list_and_end_in_null(client: Client) -> None:
    stock = client.items("inventory-level", PageSize=7)
    products = client.items("product", PageSize=4, SortBy="Id", SortOrder="ASC")

    assert [each["inventory_id"] for each in stock] == sorted({each["inventory_id"] for each in stock})
    assert len(stock) == 30
    assert [each["id"] for each in products] == sorted({each["id"] for each in products})


def test_links_are_absolute_in_one_list_and_relative_in_another(client: Client) -> None:
    stock, products = client.get("inventory-level", PageSize=7).json(), client.get("product", PageSize=4).json()

    assert stock["next"].startswith(f"{client.url}{V}/inventory-level?")
    assert products["next"].startswith(f"{V}/product?")


def test_stock_is_the_businesss_in_the_vendors_terms(client: Client) -> None:
    business = Business(BusinessSpec(size=30), BASE)
    totals = {each["inventory_id"]: each for each in client.items("inventory-level")}
    split = {each["inventory_id"]: each["locations"] for each in client.items("inventory-level/locations")}

    for item in business.records("inventory"):
        level = totals[7_000_000 + item["number"]]
        assert (level["sku"], level["total_on_hand_quantity"]) == (item["sku"], item["onhand"])
        assert level["total_committed_quantity"] == item["committed"]
        assert level["total_sellable_quantity"] == item["fulfillable"]
        for each in split[level["inventory_id"]]:
            assert each["on_hand_quantity"] == each["committed_quantity"] + each["fulfillable_quantity"]
        assert sum(each["on_hand_quantity"] for each in split[level["inventory_id"]]) == level["total_on_hand_quantity"]


def test_bundles_have_no_stock_of_their_own(client: Client) -> None:
    bundles = [each for each in client.items("product") if each["type"] == "Bundle"]
    stocked = {each["sku"] for each in client.items("inventory-level")}

    assert bundles
    for bundle in bundles:
        (variant,) = bundle["variants"]
        assert variant["inventory"]["inventory_id"] is None
        assert variant["sku"] not in stocked
        assert variant["bundle_definition"]


def test_a_changed_order_is_found_by_its_update_and_by_nothing_else(client: Client, clock: HandClock) -> None:
    before = {order["id"]: order for order in client.get("order", Limit=250).json()}
    clock.forward(days=1)
    client.control("day/advance", {"days": 1})
    moment = clock().isoformat().replace("+00:00", "Z")

    found = {order["id"]: order for order in client.get("order", Limit=250, LastUpdateStartDate=moment).json()}

    after = {order["id"]: order for order in client.get("order", Limit=250).json()}
    assert found == {id_: order for id_, order in after.items() if before.get(id_) != order}
    assert found


def test_invoices_reach_back_a_month_unless_days_are_given(client: Client) -> None:
    recent = client.items("invoices")
    everything = client.get("invoices", FromDate="2014-01-01", ToDate="2026-12-31", PageSize=1000).json()

    assert 0 < len(recent) < len(everything["items"])
    assert client.get("invoices", FromDate="2026-02-01", ToDate="2026-01-01").status_code == 422


def test_150_requests_in_a_minute_pass_and_the_next_one_waits(opened: Callable[..., Client], clock: HandClock) -> None:
    client = opened(None)
    for _ in range(75):
        client.get("channel")
    clock.forward(seconds=30)
    left = [client.get("channel").headers["x-remaining-calls"] for _ in range(75)]

    refused = client.get("channel")
    clock.forward(seconds=31)
    later = client.get("channel")

    assert (left[0], left[-1]) == ("74", "0")
    assert refused.status_code == 429
    assert refused.headers["x-retry-after"] == "31"
    assert refused.json() == {"statusCode": 429, "message": "Rate limit is exceeded. Try again in 31 seconds."}
    assert (later.status_code, later.headers["x-remaining-calls"]) == (200, "74")


def test_a_new_order_awaits_its_boxes_and_is_found_by_its_number(client: Client) -> None:
    made = client.ask("POST", f"{V}/receiving", json=draft())

    order = made.json()
    assert (made.status_code, order["status"]) == (201, "Awaiting")
    assert order["inventory_quantities"][0]["expected_quantity"] == 5
    assert [each["id"] for each in client.get("receiving", PurchaseOrderNumbers="PO-1").json()] == [order["id"]]
    assert client.get(f"receiving/{order['id']}/boxes").json()[0]["tracking_number"] == "T-1"


@pytest.mark.parametrize(
    ("fields", "status", "field"),
    [
        ({"expected_arrival_date": "2027-05-01"}, 422, "expected_arrival_date"),
        ({"expected_arrival_date": "2026-01-01T00:00:00Z"}, 422, "expected_arrival_date"),
        ({"package_type": "Bag"}, 422, "package_type"),
        ({"boxes": []}, 422, "boxes"),
        ({"supplier": "Mill"}, 422, "supplier"),
        ({"boxes": [{"tracking_number": "T", "box_items": [{"sku": "?", "quantity": 1}]}]}, 422, None),
        ({"boxes": [{"tracking_number": "T", "box_items": [{"inventory_id": 7_000_001, "quantity": 0}]}]}, 422, None),
        ({"fulfillment_center": {"id": 4711}}, 404, None),
    ],
)
def test_an_order_that_does_not_fit_is_refused(
    client: Client, fields: dict[str, Any], status: int, field: str | None
) -> None:
    answer = client.ask("POST", f"{V}/receiving", json=draft(**fields))

    assert answer.status_code == status
    assert field is None or field in answer.json()["errors"]


def test_the_older_version_knows_no_skus_and_no_changes_and_complains_by_field(client: Client) -> None:
    by_sku = [{"tracking_number": "T", "box_items": [{"sku": "ANY", "quantity": 1}]}]

    refused = client.ask("POST", "/2026-01/receiving", json=draft(boxes=by_sku))
    made = client.ask("POST", "/2026-01/receiving", json=draft()).json()

    assert (refused.status_code, list(refused.json())) == (400, ["boxes[0].box_items[0].inventory_id"])
    assert client.ask("PATCH", f"/2026-01/receiving/{made['id']}", json={}).status_code == 405


def test_boxes_are_replaced_as_a_whole_while_an_order_awaits_arrival(client: Client) -> None:
    made = client.ask("POST", f"{V}/receiving", json=draft()).json()
    boxes = [{"tracking_number": "T-2", "box_items": [{"inventory_id": 7_000_002, "quantity": 3}]}]

    changed = client.ask("PATCH", f"{V}/receiving/{made['id']}", json={"boxes": boxes}).json()
    client.control(
        "mutate", {"connection": "con-1", "collection": "receiving", "id": made["id"], "set": {"status": "Arrived"}}
    )
    refused = client.ask("PATCH", f"{V}/receiving/{made['id']}", json={"boxes": boxes})
    renamed = client.ask("PATCH", f"{V}/receiving/{made['id']}", json={"purchase_order_number": "PO-2"})

    assert [each["inventory_id"] for each in changed["inventory_quantities"]] == [7_000_002]
    assert (refused.status_code, renamed.status_code) == (422, 200)
    assert renamed.json()["purchase_order_number"] == "PO-2"
