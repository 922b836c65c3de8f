"""How Ongoing's lists are walked, how their ends are judged, and what is laid into an article."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from planster_sync.errors import AnswerBroken, CredentialsRejected, InvalidRequest, NotFound
from planster_sync.ports.source import Created, End, Page, ReadRequest, Still
from tests.connectors.ongoing.scripted import articles, orders, scripted
from tests.fakes.clock import START, ManualClock


def ids(pages: list[Page]) -> list[str | None]:
    return [record.id for each in pages for record in each.records]


def read(connector: Any, name: str, **more: Any) -> list[Page]:
    return list(connector.pages(ReadRequest(name, **more)))


def test_the_account_is_one_user_of_one_warehouse() -> None:
    _, client = scripted({})

    assert client.opened_at == "https://api.ongoingsystems.se/demo/api/v1"
    assert client.headers["authorization"] == "Basic V1NJLTE6cGFzc3dvcmQtZm9yLXRlc3Rz"


def test_pages_go_on_behind_the_highest_id_until_two_are_empty() -> None:
    connector, client = scripted({"/orders": [orders(5, 9), orders(12), [], []]})

    pages = read(connector, "orders")

    assert ids(pages) == ["5", "9", "12"]
    assert [page.end for page in pages] == [End.MORE, End.MORE, End.PROVEN]
    assert [each.get("orderIdFrom") for each in client.params("/orders")] == [None, "10", "13", "13"]
    assert {each["maxOrdersToGet"] for each in client.params("/orders")} == {"100"}


def test_one_empty_page_in_the_middle_does_not_end_the_list() -> None:
    connector, _ = scripted({"/orders": [orders(5), [], orders(9), [], []]})

    pages = read(connector, "orders")

    assert ids(pages) == ["5", "9"]
    assert pages[-1].end is End.PROVEN


def test_a_page_with_ids_before_the_cursor_breaks_the_read() -> None:
    """A parameter that the vendor does not know is ignored, and the list would begin anew for ever."""
    connector, _ = scripted({"/orders": [orders(5, 9)]})

    with pytest.raises(AnswerBroken):
        read(connector, "orders")


def test_a_page_without_a_single_id_breaks_the_read() -> None:
    connector, _ = scripted({"/orders": [[{"orderInfo": None}]]})

    with pytest.raises(AnswerBroken):
        read(connector, "orders")


@pytest.mark.parametrize("body", [b"<html>busy</html>", b'{"Message":"An error"}', b'[{"orderInfo":', b'"text"'])
def test_what_is_no_list_breaks_the_read(body: bytes) -> None:
    connector, _ = scripted({"/orders": [body]})

    with pytest.raises(AnswerBroken):
        read(connector, "orders")


def test_a_record_without_an_id_is_kept_for_quarantine() -> None:
    connector, _ = scripted({"/orders": [[*orders(5), {"orderInfo": {"orderId": None}}], []]})

    assert ids(read(connector, "orders")) == ["5", None]


def test_a_read_resumes_behind_a_page() -> None:
    first, _ = scripted({"/orders": [orders(5), orders(9), []]})
    begun = read(first, "orders")
    second, client = scripted({"/orders": [orders(9), []]})

    rest = read(second, "orders", after=begun[0].after)

    assert ids(rest) == ["9"]
    assert client.params("/orders")[0]["orderIdFrom"] == "6"


def test_recent_changes_are_asked_for_as_such() -> None:
    connector, client = scripted({"/orders": [orders(5), []]})

    read(connector, "orders", since=START - timedelta(hours=26))

    assert {each["orderUpdatedTimeFrom"] for each in client.params("/orders")} == {"2026-02-28T00:00:00Z"}


def test_changes_of_more_than_two_days_ago_are_pieced_together() -> None:
    """The vendor refuses to look back further by modification time."""
    connector, client = scripted({"/orders": [[], [], orders(5), [], [], []]})

    pages = read(connector, "orders", since=START - timedelta(hours=60))

    filters = [
        {name for name in each if name.startswith("orderStatus") or "Time" in name} for each in client.params("/orders")
    ]
    assert filters[0] == {"orderCreatedTimeFrom"}
    assert filters[2] == {"orderStatusChangedTimeFrom"}
    assert filters[-1] == {"orderStatusTo"}
    assert [page.end for page in pages[:-1]] == [End.MORE] * (len(pages) - 1)
    assert pages[-1].end is End.PROVEN


def test_a_pieced_read_resumes_in_its_pass() -> None:
    since = START - timedelta(hours=60)
    first, _ = scripted({"/orders": [orders(3), [], [], orders(5), [], [], orders(7), []]})
    begun = read(first, "orders", since=since)
    second, client = scripted({"/orders": [[]]})

    read(second, "orders", since=since, after=begun[2].after)

    assert [record.id for record in begun[2].records] == ["5"]
    assert client.params("/orders")[0]["orderIdFrom"] == "6"
    assert "orderStatusChangedTimeFrom" in client.params("/orders")[0]


def test_a_pass_that_is_no_longer_asked_for_begins_the_read_anew() -> None:
    clock = ManualClock()
    since = START - timedelta(hours=46)
    first, _ = scripted({"/orders": [orders(3), []]}, clock=clock)
    after = read(first, "orders", since=since)[0].after
    clock.advance(2 * 3600)
    second, client = scripted({"/orders": [[]]}, clock=clock)

    read(second, "orders", since=since, after=after)

    assert "orderIdFrom" not in client.params("/orders")[0]
    assert "orderCreatedTimeFrom" in client.params("/orders")[0]


@pytest.mark.parametrize(
    ("only", "filters"),
    [
        (Still.OPEN, {"orderStatusTo": "424"}),
        (Created(since=datetime(2026, 2, 1, 12, tzinfo=UTC)), {"orderCreatedTimeFrom": "2026-02-01T12:00:00Z"}),
        (Created(until=datetime(2026, 2, 1, 12, tzinfo=UTC)), {"orderCreatedTimeTo": "2026-02-01T12:00:00Z"}),
    ],
)
def test_a_slice_of_orders_has_its_filters(only: Still | Created, filters: dict[str, str]) -> None:
    connector, client = scripted({})

    read(connector, "orders", only=only)

    assert client.params("/orders")[0] == {"maxOrdersToGet": "100", **filters}


def test_an_article_has_its_split_its_items_and_its_definition_laid_into_it() -> None:
    connector, client = scripted(
        {
            "/articles": [articles(7, 9), []],
            "/articles/inventoryPerWarehouse": [
                [{"articleSystemId": 7, "inventoryPerWarehouse": [{"warehouseId": 1}]}],
                [],
            ],
            "/articleItems": [[{"articleSystemId": 9, "items": []}]],
            "/articles/structureDefinitions": [[{"articleSystemId": 9, "articleKind": "Structure", "rows": []}]],
        }
    )

    first, second = [json.loads(each.raw) for page in read(connector, "articles") for each in page.records]

    assert first == {"inventoryPerWarehouse": [{"warehouseId": 1}], "articleSystemId": 7}
    assert second["items"] == []
    assert second["structureDefinition"]["articleKind"] == "Structure"
    assert client.params("/articles/inventoryPerWarehouse")[0] == {
        "articleSystemIdFrom": "7",
        "maxArticlesToGet": "500",
    }
    assert len(client.params("/articles/structureDefinitions")) == 1


def test_a_split_that_comes_in_more_pages_than_its_articles_is_read_to_their_end() -> None:
    """A server may hold back what it gives at once: nothing may be missing for it."""
    per_warehouse = "/articles/inventoryPerWarehouse"
    split: list[Any] = [[{"articleSystemId": each, "inventoryPerWarehouse": []}] for each in (7, 8, 9)]
    connector, client = scripted({"/articles": [articles(7, 8, 9), []], per_warehouse: [*split, []]})

    found = [json.loads(each.raw) for page in read(connector, "articles") for each in page.records]

    assert all("inventoryPerWarehouse" in each for each in found)
    assert [each["articleSystemIdFrom"] for each in client.params(per_warehouse)] == ["7", "8", "9"]


def test_one_empty_answer_about_the_split_does_not_make_it_unknown() -> None:
    split: list[Any] = [[], [{"articleSystemId": 7, "inventoryPerWarehouse": []}]]
    connector, _ = scripted({"/articles": [articles(7), []], "/articles/inventoryPerWarehouse": split})

    (found,) = [json.loads(each.raw) for page in read(connector, "articles") for each in page.records]

    assert found["inventoryPerWarehouse"] == []


def test_return_orders_are_read_by_windows_of_status_that_leave_no_number_out() -> None:
    connector, client = scripted({"/returnOrders": [[{"returnOrderInfo": {"returnOrderId": 1}}], []]})

    pages = read(connector, "return_orders")

    asked = client.params("/returnOrders")
    assert [page.end for page in pages] == [*[End.MORE] * (len(asked) - 1), End.PROVEN]
    assert "returnOrderStatusFrom" not in asked[0]
    assert "returnOrderStatusTo" not in asked[-1]
    for before, after in pairwise(asked):
        assert int(after["returnOrderStatusFrom"]) == int(before["returnOrderStatusTo"]) + 1


def test_locations_carry_the_id_of_the_warehouse_that_was_asked_for() -> None:
    aisles = [{"locations": [{"id": 901, "name": "B07"}]}, {"locations": None}]
    connector, _ = scripted(
        {
            "/warehouses": [[{"id": 10}, {"id": 1}, {"id": 4}]],
            "/warehouses/1/zones": [[{"id": 1, "aisles": aisles}, {"aisles": None}]],
            "/warehouses/4/zones": [NotFound("gone")],
            "/warehouses/10/zones": [[{"aisles": [{"locations": [{"id": 902}]}]}]],
        }
    )

    pages = read(connector, "warehouse_locations")

    assert [json.loads(each.raw) for page in pages for each in page.records] == [
        {"warehouseId": 1, "id": 901, "name": "B07"},
        {"warehouseId": 10, "id": 902},
    ]
    assert [(page.after, page.end) for page in pages] == [("4", End.MORE), ("10", End.MORE), (None, End.PROVEN)]


def test_a_location_read_resumes_at_the_next_warehouse_also_when_that_has_gone() -> None:
    connector, client = scripted({"/warehouses": [[{"id": 1}, {"id": 10}]], "/warehouses/10/zones": [[]]})

    pages = read(connector, "warehouse_locations", after="4")

    assert [each.path for each in client.asked] == ["/warehouses", "/warehouses/10/zones"]
    assert pages[-1].end is End.PROVEN


def test_a_system_without_warehouses_has_no_locations() -> None:
    connector, _ = scripted({})

    assert [page.end for page in read(connector, "warehouse_locations")] == [End.PROVEN]


def test_every_service_of_a_transporter_is_a_shipping_method_once() -> None:
    contract = {
        "transporterName": "PostNord",
        "transporterCode": "PLAB",
        "transporterServiceCode": "",
        "transporterServices": [{"transporterServiceName": "MyPack", "transporterServiceCode": "P19"}],
    }
    bare = {"transporterName": "Bud", "transporterCode": "BUD", "transporterServices": []}
    connector, _ = scripted(
        {
            "/orders/wayOfDeliveryTypes": [{"wayOfDeliveryTypes": [{"id": 8, "code": "PN19", "name": "MyPack"}]}],
            "/transporterContracts": [[contract, {**contract, "ediCode": "2"}, bare]],
        }
    )

    assert ids(read(connector, "shipping_methods")) == ["wod:PN19", "tr:PLAB/P19", "tr:BUD/"]


def test_a_way_of_delivery_without_a_code_goes_to_quarantine() -> None:
    connector, _ = scripted(
        {"/orders/wayOfDeliveryTypes": [{"wayOfDeliveryTypes": [{"id": 8, "code": "", "name": "X"}]}]}
    )

    assert ids(read(connector, "shipping_methods")) == [None]


def test_a_whole_list_that_holds_a_record_twice_breaks_the_read() -> None:
    connector, _ = scripted({"/warehouses": [[{"id": 1}, {"id": 1}]]})

    with pytest.raises(AnswerBroken):
        read(connector, "warehouses")


def test_a_record_is_looked_up_by_its_own_address() -> None:
    connector, client = scripted({"/orders/5": [orders(5)[0]], "/orders/6": [NotFound("gone")], "/orders/7": [b"null"]})

    found = connector.lookup("orders", ["5", "6", "7", "x"])

    assert ids([found]) == ["5"]
    assert [each.path for each in client.asked] == ["/orders/5", "/orders/6", "/orders/7"]


def test_a_look_up_that_answers_with_another_record_proves_nothing() -> None:
    connector, _ = scripted({"/orders/5": [orders(6)[0]]})

    with pytest.raises(AnswerBroken):
        connector.lookup("orders", ["5"])


def test_an_article_that_was_looked_up_is_as_whole_as_a_read_one() -> None:
    stock = [{"articleSystemId": 7, "inventoryPerWarehouse": []}]
    answers: dict[str, list[Any]] = {
        "/articles": [articles(7), []],
        "/articles/7": [articles(7)[0]],
        "/articles/inventoryPerWarehouse": [stock],
    }
    connector, _ = scripted(answers)

    looked_up = connector.lookup("articles", ["7"]).records

    assert [each.raw for each in looked_up] == [each.raw for each in read(connector, "articles")[0].records]


def test_a_goods_owner_that_is_not_the_users_fails_the_check_as_a_credential() -> None:
    connector, _ = scripted({"/articles": [InvalidRequest("no")]})

    with pytest.raises(CredentialsRejected, match="goods owner"):
        connector.check()
