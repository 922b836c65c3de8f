"""How both APIs' lists are walked, how their ends are judged, and how cut-off collections are completed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from planster_sync.errors import (
    AnswerBroken,
    CredentialsRejected,
    InvalidRequest,
    NotFound,
    SettingsInvalid,
    SyncError,
    Unsupported,
)
from planster_sync.ports.source import End, Page, ReadRequest
from tests.connectors.deposco.scripted import CREDENTIALS, page, scripted, stock

PRODUCTS = ReadRequest("products")
STOCK = ReadRequest("inventory_levels")


def ends(pages: list[Page]) -> list[End]:
    return [each.end for each in pages]


def ids(pages: list[Page]) -> list[str | None]:
    return [record.id for each in pages for record in each.records]


def test_links_are_followed_by_their_query_alone_until_the_vendor_says_complete() -> None:
    connector, client = scripted(page(1, coming="a", pages=2), page(2, pages=2))

    pages = list(connector.pages(PRODUCTS))

    assert ids(pages) == ["1", "2"]
    assert ends(pages) == [End.MORE, End.PROVEN]
    assert client.params(0) == {"businessUnit": "KNIT", "pageSize": "100"}
    assert client.params(1) == {"searchId": "a"}


def test_one_search_id_for_all_pages_is_no_circle_while_the_pages_are_new() -> None:
    connector, _ = scripted(page(1, coming="a", pages=3), page(2, coming="a", pages=3), page(3, pages=3))

    pages = list(connector.pages(PRODUCTS))

    assert ids(pages) == ["1", "2", "3"]
    assert pages[-1].end is End.PROVEN


@pytest.mark.parametrize("again", [(1,), ()], ids=["the-same", "empty"])
def test_a_page_that_shows_nothing_new_breaks_the_read(again: tuple[int, ...]) -> None:
    connector, _ = scripted(page(1, coming="a", pages=3), page(*again, coming="b", pages=3))

    with pytest.raises(AnswerBroken):
        list(connector.pages(PRODUCTS))


def test_fewer_pages_than_promised_prove_no_end() -> None:
    connector, _ = scripted(page(1, coming="a", pages=3), page(2, pages=3))

    assert ends(list(connector.pages(PRODUCTS))) == [End.MORE, End.CLAIMED]


def test_pages_are_counted_across_a_resumption() -> None:
    first, _ = scripted(page(1, coming="a", pages=2))
    begun = next(iter(first.pages(PRODUCTS)))
    second, client = scripted(page(2, pages=2))

    rest = list(second.pages(ReadRequest("products", after=begun.after)))

    assert ends(rest) == [End.PROVEN]
    assert client.params(0) == {"searchId": "a"}


@pytest.mark.parametrize("error", [InvalidRequest("over"), NotFound("over")])
def test_a_search_that_the_vendor_has_forgotten_is_begun_anew(error: SyncError) -> None:
    first, _ = scripted(page(1, coming="a", pages=2))
    begun = next(iter(first.pages(PRODUCTS)))
    second, client = scripted(error, page(1, coming="b", pages=2), page(2, pages=2))

    rest = list(second.pages(ReadRequest("products", after=begun.after)))

    assert ids(rest) == ["1", "2"]
    assert rest[-1].end is End.PROVEN
    assert client.params(1) == {"businessUnit": "KNIT", "pageSize": "100"}


def test_a_refusal_in_the_middle_of_a_search_is_not_its_end() -> None:
    connector, _ = scripted(page(1, coming="a", pages=2), InvalidRequest("over"))

    with pytest.raises(InvalidRequest):
        list(connector.pages(PRODUCTS))


def test_a_page_without_a_way_on_that_is_not_complete_proves_nothing() -> None:
    connector, _ = scripted({**page(1), "complete": False})

    assert ends(list(connector.pages(PRODUCTS))) == [End.CLAIMED]


@pytest.mark.parametrize(
    "answer",
    [
        page(1, coming="a", path="/latest/trips"),
        {**page(1), "links": "none", "complete": False},
        {"data": None, "complete": True},
        {"error": "nothing"},
        b"<html>busy</html>",
        b"",
        b'{"data":[{"self":{"id":1}},{"self":',
    ],
    ids=["elsewhere", "links", "null", "error", "html", "nothing", "cut"],
)
def test_an_undocumented_answer_breaks_the_read(answer: Any) -> None:
    connector, _ = scripted(answer)

    with pytest.raises(AnswerBroken):
        list(connector.pages(PRODUCTS))


def test_orders_come_in_pages_of_fifty_and_all_owners_facilities_are_read() -> None:
    connector, client = scripted(page(1), page())

    list(connector.pages(ReadRequest("orders")))
    list(connector.pages(ReadRequest("warehouses")))

    assert client.params(0) == {"businessUnit": "KNIT", "pageSize": "50"}
    assert client.params(1) == {"pageSize": "100"}


def test_an_incremental_read_asks_a_second_early() -> None:
    connector, client = scripted(page(1))
    since = datetime(2026, 2, 1, 4, 30, 15, 999_999, tzinfo=timezone(timedelta(hours=2)))

    list(connector.pages(ReadRequest("orders", since=since)))

    assert client.params(0)["updatedAfter"] == "2026-02-01T02:30:14Z"


def test_a_snapshot_read_asks_for_everything() -> None:
    connector, client = scripted(page(1))

    list(connector.pages(ReadRequest("inbound_shipments", since=datetime(2026, 2, 1, tzinfo=UTC))))

    assert "updatedAfter" not in client.params(0)


def _order(rows: Mapping[str, Any]) -> Any:
    return page(orders := 7) | {"data": [{"self": {"id": orders}, "orderLines": rows}]}


CUT_OFF: Mapping[str, Any] = {"data": [{"self": {"id": 1}}], "links": [], "complete": False, "pages": 9}


def test_lines_that_are_cut_off_are_read_from_their_own_address() -> None:
    lines = "/latest/orders/salesOrders/7/orderLines"
    connector, client = scripted(
        _order(CUT_OFF), page(1, 2, coming="n", pages=2, path=lines), page(3, pages=2, path=lines)
    )

    (record,) = next(iter(connector.pages(ReadRequest("orders")))).records

    assert [row["self"]["id"] for row in json.loads(record.raw)["orderLines"]["data"]] == [1, 2, 3]
    assert json.loads(record.raw)["orderLines"]["complete"] is True
    assert [each.path for each in client.asked[1:]] == ["/orders/salesOrders/7/orderLines"] * 2


@pytest.mark.parametrize("pages", [0, 1])
def test_lines_that_are_all_there_cost_no_request(pages: int) -> None:
    connector, client = scripted(_order({**CUT_OFF, "complete": True, "pages": pages}))

    list(connector.pages(ReadRequest("orders")))

    assert len(client.asked) == 1


def test_lines_of_which_more_are_promised_never_pass_as_all() -> None:
    connector, _ = scripted(_order(CUT_OFF), {**page(1, 2), "complete": False})

    with pytest.raises(SyncError):
        list(connector.pages(ReadRequest("orders")))


def test_an_order_that_vanishes_before_its_lines_are_read_stays_cut_off() -> None:
    connector, _ = scripted(_order(CUT_OFF), NotFound("gone"))

    (record,) = next(iter(connector.pages(ReadRequest("orders")))).records

    assert json.loads(record.raw)["orderLines"]["complete"] is False


def test_a_record_is_looked_up_at_its_own_address_wrapped_or_not() -> None:
    connector, client = scripted({"self": {"id": 1}}, {"item": {"self": {"id": 2}}}, NotFound("gone"))

    found = connector.lookup("products", ["1", "2", "3", "not-a-number"])

    assert ids([found]) == ["1", "2"]
    assert [each.path for each in client.asked] == ["/items/1", "/items/2", "/items/3"]


def test_a_filter_that_the_vendor_ignores_finds_nothing_that_was_not_asked_for() -> None:
    others = {"data": [{"code": "V-9", "partnershipType": "Vendor"}], "links": [], "complete": True, "pages": 1}
    connector, client = scripted(others)

    found = connector.lookup("inbound_shipment_suppliers", ["V-1"])

    assert ids([found]) == []
    assert client.params(0)["code"] == "V-1"


def test_only_partners_that_one_buys_from_are_suppliers() -> None:
    kinds = ["Vendor", "Customer", "drop ship vendor", None]
    data = [{"code": f"P-{place}", "partnershipType": kind} for place, kind in enumerate(kinds)]
    connector, _ = scripted({"data": data, "links": [], "complete": True, "pages": 1})

    pages = list(connector.pages(ReadRequest("inbound_shipment_suppliers")))

    assert ids(pages) == ["P-0", "P-2"]
    assert pages[-1].end is End.PROVEN


def test_an_account_without_the_second_api_has_stock_and_says_what_it_lacks() -> None:
    first_only = {name: CREDENTIALS[name] for name in ("username", "password")}
    connector, _ = scripted(stock("A"), stock(), stock(), stock(), credentials=first_only)

    assert ids(list(connector.pages(STOCK))) == ["A"]
    with pytest.raises(Unsupported):
        connector.pages(PRODUCTS)


@pytest.mark.parametrize(
    ("credentials", "settings", "error"),
    [
        ({"username": "u", "password": ""}, {}, CredentialsRejected),
        ({"username": "u", "password": "p", "client_id": "canary-4711"}, {}, CredentialsRejected),
        (CREDENTIALS, {"stock_url": None}, SettingsInvalid),
        (CREDENTIALS, {"business_unit": None}, SettingsInvalid),
        (CREDENTIALS, {"zone": "Mars/canary-4711"}, SettingsInvalid),
        (CREDENTIALS, {"canary": "4711"}, SettingsInvalid),
    ],
)
def test_an_incomplete_account_is_refused_without_quoting_it(
    credentials: Mapping[str, str], settings: Mapping[str, Any], error: type[SyncError]
) -> None:
    with pytest.raises(error) as caught:
        scripted(credentials=credentials, settings=settings)

    assert "4711" not in str(caught.value)
