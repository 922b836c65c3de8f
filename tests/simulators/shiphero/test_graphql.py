"""What the simulated vendor promises of GraphQL: documents, pages, credits, errors."""

from __future__ import annotations

from typing import Any

import pytest

from simulators.serving.limits import Bucket, Windows
from tests.simulators.shiphero.conftest import Client, Starter

PAGE = """
query ($first: Int, $after: String) {
  products { request_id complexity data(first: $first, after: $after) {
    pageInfo { hasNextPage endCursor } edges { cursor node { id sku } }
  } }
}
"""


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ("{ products { data(first: 1) { edges { node { id colour } } } } }", "Cannot query field 'colour'"),
        ("{ warehouses { data { id } } }", "Cannot query field 'warehouses'"),
        ("{ products(colour: 1) { request_id } }", "Unknown argument 'colour'"),
        ("{ products(first: 1) { request_id } }", "Unknown argument 'first'"),
        ("{ products(sku: 7) { request_id } }", "invalid value"),
        ('{ orders(updated_from: "soon") { request_id } }', "invalid value"),
        ('{ purchase_orders(updated_from: "2026-01-01T00:00:00") { request_id } }', "invalid value"),
        ("{ order { request_id } }", "is required"),
        ("{ products { data } }", "must have a selection"),
        ("{ products { request_id { a } } }", "must not have a selection"),
        ("query ($a: String) { products { request_id } }", "is never used"),
        ("query ($a: Int) { products(sku: $a) { request_id } }", "is expected"),
        ("{ products(sku: $a) { request_id } }", "is not defined"),
        ("{ products { request_id }", "Syntax Error"),
        ("{ products { request_id } } }", "Syntax Error"),
        ("subscription { products }", "Syntax Error"),
        ("{ products % }", "Syntax Error"),
        ('mutation { purchase_order_cancel(data: {po_id: "a", why: "b"}) { request_id } }', "is not defined by type"),
        ("mutation { purchase_order_cancel(data: {}) { request_id } }", "non-null"),
        ("{ uuid(legacy_id: 1, entity: Pallet) { data { id } } }", "does not exist"),
    ],
)
def test_what_the_schema_does_not_know_is_a_bad_request(client: Client, document: str, words: str) -> None:
    answer = client.ask(document)

    assert answer.status_code == 400
    assert words in " ".join(error["message"] for error in answer.json()["errors"])


def test_a_body_without_a_document_is_a_bad_request(client: Client) -> None:
    assert client.post("/graphql", {"variables": {}}).status_code == 400
    assert client.post("/graphql", [1]).status_code == 400


def test_pages_follow_cursors_that_are_offsets(client: Client) -> None:
    whole = client.nodes(PAGE, first=100)
    first = client.data(PAGE, first=10)["products"]["data"]

    second = client.nodes(PAGE, first=10, after=first["pageInfo"]["endCursor"])

    assert first["pageInfo"] == {"hasNextPage": True, "endCursor": "YXJyYXljb25uZWN0aW9uOjk="}
    assert [edge["node"] for edge in first["edges"]] + second == whole[:20]


def test_a_hundred_rows_come_when_nobody_says_how_many(start: Starter) -> None:
    client = start(size=120)

    assert len(client.nodes("{ products { data { edges { node { id } } } } }")) == 100


def test_a_cursor_that_is_none_is_an_error_of_the_operation(client: Client) -> None:
    told = client.answer(PAGE, first=1, after="second")

    assert told["data"] == {"products": None}
    assert "cursor" in told["errors"][0]["message"]


def test_aliases_literals_comments_and_typenames_are_understood(client: Client) -> None:
    sku = client.nodes(PAGE, first=1)[0]["sku"]

    told = client.data(
        f"""{{ mine: products(sku: "{sku.lower()}", has_kits: null) {{  # by SKU
          __typename data(first: 2) {{ edges {{ node {{ sku }} }} }}
        }} }}"""
    )

    assert told["mine"]["__typename"] == "ProductQueryResult"
    assert [edge["node"]["sku"] for edge in told["mine"]["data"]["edges"]] == [sku]


def test_lists_inside_records_have_pages_of_their_own(client: Client) -> None:
    document = """
    query ($id: String!, $after: String) {
      order(id: $id) { data {
        line_items(first: 1, after: $after) { pageInfo { hasNextPage endCursor } edges { node { id } } }
      } }
    }
    """
    orders = client.nodes("{ orders { data { edges { node { id line_items { edges { node { id } } } } } } } }")
    order = max(orders, key=lambda each: len(each["line_items"]["edges"]))
    found, after, more = [], None, True

    while more:
        lines = client.data(document, id=order["id"], after=after)["order"]["data"]["line_items"]
        found += lines["edges"]
        after, more = lines["pageInfo"]["endCursor"], lines["pageInfo"]["hasNextPage"]

    assert len(found) > 2
    assert found == order["line_items"]["edges"]


@pytest.mark.parametrize(
    ("document", "cost"),
    [
        ("{ products { complexity data { edges { node { id } } } } }", 101),
        ("{ products { complexity data(first: 30) { edges { node { id } } } } }", 31),
        ("{ orders { complexity data { edges { node { line_items { edges { node { id } } } } } } } }", 10001),
        (
            """{ orders { complexity data(first: 25) { edges { node {
              line_items(first: 10) { edges { node { id } } }
              shipments { line_items(first: 10) { edges { node { id } } } }
            } } } } }""",
            501,
        ),
        ("{ user_quota { complexity max_available } }", 1),
    ],
)
def test_a_document_costs_the_rows_that_it_asks_for(client: Client, document: str, cost: int) -> None:
    (found,) = client.data(document).values()

    assert found["complexity"] == cost


def test_rows_that_are_not_there_are_given_back(start: Starter) -> None:
    client = start(bucket=Bucket(4004, 60))
    sku = client.nodes(PAGE, first=1)[0]["sku"]
    quota = "{ user_quota { credits_remaining max_available increment_rate } }"
    before = client.data(quota)["user_quota"]

    client.data("query ($s: String) { products(sku: $s) { data { edges { node { id } } } } }", s=sku)

    after = client.data(quota)["user_quota"]
    assert (before["max_available"], before["increment_rate"]) == (4004, 60)
    assert before["credits_remaining"] - after["credits_remaining"] == 1 + 1 + 1  # the query, its row, the second look


def test_spent_credits_are_an_error_with_status_200_that_says_how_long_to_wait(start: Starter) -> None:
    client = start(bucket=Bucket(150, 10), size=120)
    client.data(PAGE, first=100)

    told = client.answer(PAGE, first=100)

    (error,) = told["errors"]
    assert told["data"] == {"products": None}
    assert (error["code"], error["required_credits"], error["remaining_credits"]) == (30, 101, 49)
    assert error["time_remaining"] == "6 seconds"
    assert "requires 101 credits, but there are only 49 left. In 6 seconds" in error["message"]
    client.clock.forward(seconds=6)
    client.data(PAGE, first=100)


def test_more_credits_than_the_bucket_holds_are_never_there(start: Starter) -> None:
    client = start(bucket=Bucket(4004, 60))

    told = client.answer("{ orders { data { edges { node { line_items { edges { node { id } } } } } } } }")

    assert (told["errors"][0]["code"], told["errors"][0]["required_credits"]) == (30, 10001)


def test_to_analyse_costs_nothing_and_executes_nothing(start: Starter) -> None:
    client = start(bucket=Bucket(10, 1))

    told = client.data("{ products(analyze: true) { complexity data { edges { node { id } } } } }")

    assert told == {"products": {"complexity": 101, "data": None}}


def test_too_many_requests_are_a_429_whatever_they_cost(start: Starter) -> None:
    client = start(requests_=Windows(2, 300))

    statuses = [client.ask("{ user_quota { complexity } }").status_code for _ in range(3)]

    assert statuses == [200, 200, 429]


def test_a_missing_scope_fails_one_operation_and_leaves_the_others(client: Client) -> None:
    client.control("connections/con-1/forbid", {"scope": "view:orders"})

    told = client.answer("{ orders { data(first: 1) { edges { node { id } } } } account { data { id } } }")

    assert told["data"]["orders"] is None
    assert told["data"]["account"]["data"]["id"]
    (error,) = told["errors"]
    assert (error["code"], error["message"], error["operation"]) == (
        7,
        "Missing required scope(s): view:orders",
        "orders",
    )


def test_a_record_that_is_not_there_is_error_5(client: Client) -> None:
    told = client.answer('{ order(id: "T3JkZXI6MQ==") { data { id } } }')

    assert (told["errors"][0]["code"], told["errors"][0]["message"]) == (5, "Order not found")


def test_a_legacy_id_has_a_new_form(client: Client) -> None:
    found: dict[str, Any] = client.data("{ uuid(legacy_id: 11790, entity: Warehouse) { data { id } } }")

    assert found["uuid"]["data"]["id"] == "V2FyZWhvdXNlOjExNzkw"


def test_an_access_token_ends_after_28_days_and_the_refresh_token_does_not(client: Client) -> None:
    client.clock.forward(days=28)
    refused = client.ask("{ account { data { id } } }").status_code
    client.log_in()

    assert refused == 401
    assert client.ask("{ account { data { id } } }").status_code == 200


def test_a_user_without_access_gets_no_token_and_its_token_ends(client: Client) -> None:
    client.control("connections/con-1/revoke")

    assert client.ask("{ account { data { id } } }").status_code == 401
    assert client.post("/auth/refresh", {"refresh_token": "sim-refresh-1"}).status_code == 401
    assert client.post("/auth/token", {"username": "x", "password": "y"}).status_code == 401


def test_a_password_gets_a_token_as_well(client: Client) -> None:
    granted = client.post("/auth/token", {"username": "developer1@example.test", "password": "sim-password-1"})

    assert granted.json()["expires_in"] == 2_419_200
