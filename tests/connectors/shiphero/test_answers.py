"""Answers that GraphQL servers give with status 200, and what the connector makes of them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from planster_sync.errors import (
    AnswerBroken,
    EndUnproven,
    Forbidden,
    InvalidRequest,
    NotFound,
    SettingsInvalid,
    SourceUnavailable,
    SyncError,
    Throttled,
    Unsupported,
)
from planster_sync.ports.source import Created, End, ReadRequest, Still
from tests.connectors.shiphero.scripted import ScriptedConnector, answer, connection, failure, scripted

SPENT = {"code": 30, "required_credits": 1301, "remaining_credits": 263, "time_remaining": "18 seconds"}
WORDS = (
    "There are not enough credits to perform the requested operation, which requires 1301 credits, but there are only "
    "263 left. In 18 seconds you will have enough credits to perform the operation"
)


def read(connector: ScriptedConnector, name: str = "products", **more: Any) -> list[Any]:
    return list(connector.pages(ReadRequest(name, **more)))


@pytest.mark.parametrize(
    ("error", "seconds"),
    [
        (SPENT, 19),
        ({**SPENT, "time_remaining": "2 minutes"}, 121),
        ({"code": 30, "extensions": {"time_remaining": "4 seconds"}}, 5),
        ({"extensions": {"code": 30, "required_credits": 101, "remaining_credits": 40}}, 3),
        ({"code": 30, "message": WORDS}, 19),
        ({"code": 30, "message": WORDS.split(" In ", maxsplit=1)[0]}, 19),
        ({"code": 30, "message": "Too many credits"}, 11),
    ],
)
def test_spent_credits_are_waited_for_as_long_as_the_vendor_says(error: dict[str, Any], seconds: int) -> None:
    connector, _, clock = scripted(failure("products", **error))

    with pytest.raises(Throttled) as caught:
        read(connector)

    assert caught.value.until == clock.now() + timedelta(seconds=seconds)


def test_a_page_that_no_account_can_pay_is_a_setting_to_change_and_not_a_wait() -> None:
    connector, _, _ = scripted(failure("products", **{**SPENT, "required_credits": 10001}))

    with pytest.raises(SettingsInvalid) as caught:
        read(connector)

    assert "page_limit" in caught.value.remedy


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (failure("products", code=7, message="Missing required scope(s): view:products"), Forbidden),
        (failure("products", code=5, message="Product not found"), NotFound),
        (failure("products", code=99), SourceUnavailable),
        (failure("products"), SourceUnavailable),
        (failure("products", locations=[{"line": 1, "column": 2}]), InvalidRequest),
        ({"errors": "it failed", "data": None}, AnswerBroken),
        ({"data": None}, AnswerBroken),
        ({"data": {"products": None}}, AnswerBroken),
        (answer("products", None), AnswerBroken),
        (answer("products", {"edges": []}), AnswerBroken),
        (answer("products", {"pageInfo": {"hasNextPage": "no"}, "edges": []}), AnswerBroken),
        (answer("products", {"pageInfo": {"hasNextPage": True, "endCursor": None}, "edges": []}), AnswerBroken),
        (b'{"data": {"products"', AnswerBroken),
        (b"<html></html>", AnswerBroken),
    ],
)
def test_an_answer_without_a_whole_page_never_counts_as_one(body: Any, error: type[SyncError]) -> None:
    connector, _, _ = scripted(body)

    with pytest.raises(error):
        read(connector)


def test_rows_beside_an_error_do_not_count() -> None:
    body = {**answer("products", connection({"id": "a"})), "errors": [{"message": "It failed", "code": 99}]}
    connector, _, _ = scripted(body)

    with pytest.raises(SourceUnavailable):
        read(connector)


def test_an_error_never_repeats_what_the_vendor_said() -> None:
    connector, _, _ = scripted(failure("products", code=99, message="Order of Ana Invented failed"))

    with pytest.raises(SourceUnavailable) as caught:
        read(connector)

    assert "Ana" not in f"{caught.value.what} {caught.value.remedy} {caught.value.detail}"


def test_pages_follow_their_cursors_to_the_end_that_the_vendor_says() -> None:
    connector, client, _ = scripted(
        answer("products", connection({"id": "a"}, {"id": "b"}, more="c1")),
        answer("products", connection({"id": "c"})),
        page_limit=2,
    )

    pages = read(connector)

    assert [[record.id for record in page.records] for page in pages] == [["a", "b"], ["c"]]
    assert [page.end for page in pages] == [End.MORE, End.PROVEN]
    assert [client.variables(place)["after"] for place in (0, 1)] == [None, "c1"]
    assert client.variables(0)["first"] == 2


def test_a_list_inside_a_record_is_read_to_its_end_before_the_record_counts() -> None:
    lines = [{"id": f"l{place}", "quantity": place} for place in range(5)]
    order = {"id": "o", "line_items": connection(*lines[:2], more="c1"), "shipments": []}
    connector, client, _ = scripted(
        answer("orders", connection(order)),
        answer("order", {"line_items": connection(*lines[2:4], more="c3")}),
        answer("order", {"line_items": connection(lines[4])}),
    )

    (page,) = read(connector, "orders")

    (record,) = page.records
    mapped = connector.map("orders", record.raw).owned[0].attributes()
    assert [line["quantity"] for line in mapped["lines"]] == [0, 1, 2, 3, 4]
    assert [client.variables(place)["after"] for place in (1, 2)] == ["c1", "c3"]
    assert client.variables(1)["id"] == "o"


def test_a_list_inside_a_shipment_is_read_from_the_shipment() -> None:
    shipped = {"id": "s", "line_items": connection({"quantity": 1}, more="c0"), "shipping_labels": []}
    order = {"id": "o", "line_items": connection(), "shipments": [shipped]}
    connector, client, _ = scripted(
        answer("orders", connection(order)), answer("shipment", {"line_items": connection({"quantity": 7})})
    )

    (page,) = read(connector, "orders")

    shipment = connector.map("orders", page.records[0].raw).owned[1].attributes()
    assert [line["quantity"] for line in shipment["lines"]] == [1, 7]
    assert client.variables(1)["id"] == "s"


def test_a_record_whose_lists_came_whole_stays_as_it_was_sent() -> None:
    raw = b'{"id" : "o", "line_items":{"pageInfo":{"hasNextPage":false},"edges":[]}, "total": 1.50}'
    body = b'{"data":{"orders":{"data":{"pageInfo":{"hasNextPage":false},"edges":[{"node":' + raw + b"}]}}}}"
    connector, _, _ = scripted(body)

    (page,) = read(connector, "orders")

    assert page.records[0].raw == raw


@pytest.mark.parametrize(
    ("rest", "error"),
    [
        (answer("order", {"line_items": connection(more="c9")}), AnswerBroken),
        (answer("order", {"line_items": connection()}), EndUnproven),
        (answer("order", None), AnswerBroken),
    ],
)
def test_a_list_inside_whose_rest_is_not_had_breaks_the_read(rest: Any, error: type[SyncError]) -> None:
    order = {"id": "o", "line_items": connection({"quantity": 1}, more="c9"), "shipments": []}
    connector, _, _ = scripted(answer("orders", connection(order)), rest)

    with pytest.raises(error):
        read(connector, "orders")


def test_one_malformed_record_goes_to_quarantine_and_not_the_page() -> None:
    bad = b'{"id":"o1","total":NaN,"line_items":{"pageInfo":{"hasNextPage":true}}}'
    nodes = b'[{"node":' + bad + b'},{"node":{"id":"o2"}}]'
    connector, _, _ = scripted(
        b'{"data":{"orders":{"data":{"pageInfo":{"hasNextPage":false,"endCursor":null},"edges":' + nodes + b"}}}}"
    )

    (page,) = read(connector, "orders")

    assert [record.id for record in page.records] == ["o1", "o2"]


def test_changes_are_asked_for_in_utc_and_slices_by_creation() -> None:
    empty = answer("orders", connection())
    connector, client, _ = scripted(empty, empty, empty)
    at = datetime(2026, 3, 1, 1, 30, tzinfo=UTC)

    read(connector, "orders", since=at)
    read(connector, "orders", only=Created(since=at, until=at + timedelta(days=1)))
    read(connector, "orders", only=Still.OPEN)

    assert client.variables(0)["updated_from"] == "2026-03-01T01:30:00"
    assert client.variables(1)["created_from"] == "2026-03-01T01:30:00"
    assert client.variables(1)["created_to"] == "2026-03-02T01:30:00"
    assert client.variables(2)["fulfillment_status_not_in"] == ["fulfilled", "canceled"]


def test_a_list_without_a_filter_for_changes_is_read_whole_whatever_is_asked() -> None:
    connector, client, _ = scripted(answer("purchase_orders", connection()))

    read(connector, "inbound_shipments", since=datetime(2026, 3, 1, tzinfo=UTC))

    assert "updated_from" not in client.document(0)


def test_every_list_is_asked_for_with_its_number_of_rows() -> None:
    connector, client, _ = scripted(answer("orders", connection()))

    read(connector, "orders")

    assert client.document(0).count("(first: $") == 3
    assert client.variables(0) == {"first": 25, "after": None, "line_items": 10}


def test_bills_of_a_brand_are_unsupported_and_not_an_error_of_permission() -> None:
    connector, _, _ = scripted(answer("account", {"is_3pl": False}))

    with pytest.raises(Unsupported):
        read(connector, "bills")


def test_a_look_up_tells_missing_records_by_their_errors() -> None:
    record = {"id": "b", "sku": "S"}
    body = {
        "errors": [{"message": "Product not found", "code": 5}],
        "data": {"r0": None, "r1": {"request_id": "r", "complexity": 1, "data": record}},
    }
    connector, client, _ = scripted(body)

    page = connector.lookup("products", ["a", "b"])

    assert [each.id for each in page.records] == ["b"]
    assert (client.variables(0)["i0"], client.variables(0)["i1"]) == ("a", "b")


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"data": {"r0": None}}, AnswerBroken),
        ({"errors": [{"code": 99}], "data": {"r0": None}}, SourceUnavailable),
        ({"errors": [{"code": 5}, {"code": 5}], "data": {"r0": None}}, AnswerBroken),
        ({"data": {"r0": {"data": {"id": "other"}}}}, AnswerBroken),
    ],
)
def test_a_look_up_that_says_nothing_certain_proves_no_deletion(body: Any, error: type[SyncError]) -> None:
    connector, _, _ = scripted(body)

    with pytest.raises(error):
        connector.lookup("products", ["a"])


def test_nothing_personal_is_asked_for() -> None:
    empty = [answer(name, connection()) for name in ("orders", "vendors", "returns", "locations", "products")]
    connector, client, _ = scripted(*empty)

    for name in ("orders", "inbound_shipment_suppliers", "returns", "warehouse_locations", "products"):
        read(connector, name)

    asked = json.dumps([client.document(place) for place in range(5)])
    for word in ("first_name", "email", "phone", "address1", "city", "company", "note", "tracking_url"):
        assert word not in asked
