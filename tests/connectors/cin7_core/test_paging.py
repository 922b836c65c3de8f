"""How lists without a sort order are walked, how documents are fetched one by one, and what the answers mean."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from planster_sync.errors import (
    AnswerBroken,
    CredentialsRejected,
    EndUnproven,
    Forbidden,
    InvalidRequest,
    RecordInvalid,
    SourceUnavailable,
    SyncError,
    Throttled,
)
from planster_sync.http.messages import Answer
from planster_sync.ports.source import Created, End, Page, ReadRequest
from tests.connectors.cin7_core.scripted import listed, scripted

SINCE = datetime(2026, 2, 18, 12, tzinfo=UTC)
TOO_MANY = Answer(503, {}, b"You have reached 60 calls per 60 seconds API limit.")


def product(own: str, **more: Any) -> dict[str, Any]:
    return {"ID": own, "SKU": own, "Type": "Stock", **more}


def sale_row(own: str, updated: str = "2026-02-19T00:00:00Z") -> dict[str, Any]:
    return {"SaleID": own, "OrderNumber": f"SO-{own}", "Updated": updated}


def sale(query: dict[str, str]) -> dict[str, Any]:
    return {"ID": query["ID"], "Status": "ORDERED", "Order": {"SaleOrderNumber": "SO-1", "Lines": []}}


def sales(*rows: dict[str, Any]) -> dict[str, list[Any]]:
    return {"/saleList": [listed("SaleList", *rows)], "/saleCreditNoteList": [listed("SaleList")], "/sale": [sale]}


def purchase_row(own: str, **more: Any) -> dict[str, Any]:
    return {"ID": own, "Type": "Advanced Purchase", "LastUpdatedDate": "2026-02-19T00:00:00Z", **more}


def ids(pages: list[Page]) -> list[str | None]:
    return [record.id for page in pages for record in page.records]


def ends(pages: list[Page]) -> list[End]:
    return [page.end for page in pages]


def test_a_list_ends_when_as_many_rows_were_shown_as_the_vendor_counts() -> None:
    first, second = listed("Products", product("a"), product("b"), total=3), listed("Products", product("c"), total=3)
    connector, client, _ = scripted({"/product": [first, second]})

    pages = list(connector.pages(ReadRequest("products")))

    assert ids(pages) == ["a", "b", "c"]
    assert ends(pages) == [End.MORE, End.PROVEN]
    assert [query["Page"] for query in client.queries("/product")] == ["1", "2"]


def test_a_page_that_is_cut_short_in_silence_is_no_end() -> None:
    """Pages with bills of materials hold 500 rows, whatever was asked for."""
    short = listed("Products", product("a"), total=2)
    connector, client, _ = scripted({"/product": [short, listed("Products", product("b"), total=2)]})

    pages = list(connector.pages(ReadRequest("products")))

    assert ends(pages) == [End.MORE, End.PROVEN]
    assert {query["Limit"] for query in client.queries("/product")} == {"500"}


def test_a_list_that_lost_rows_while_it_was_read_is_read_once_more() -> None:
    shrunk = listed("Products", product("c"), total=2)
    again = listed("Products", product("b"), product("c"), total=2)
    connector, _, _ = scripted({"/product": [listed("Products", product("a"), total=3), shrunk, again]})

    pages = list(connector.pages(ReadRequest("products")))

    assert set(ids(pages)) == {"a", "b", "c"}
    assert ends(pages) == [End.MORE, End.MORE, End.PROVEN]


def test_a_list_that_is_short_at_both_tries_proves_nothing() -> None:
    connector, _, _ = scripted(
        {"/product": [listed("Products", product("a"), total=9), listed("Products", total=9)] * 2}
    )

    assert ends(list(connector.pages(ReadRequest("products"))))[-1] is End.CLAIMED


def test_the_same_page_again_and_again_breaks_the_read() -> None:
    connector, _, _ = scripted({"/product": [listed("Products", product("a"), total=9)]})

    with pytest.raises(AnswerBroken):
        list(connector.pages(ReadRequest("products")))


@pytest.mark.parametrize("total", [None, -1, True, "many"])
def test_a_page_without_a_count_breaks_the_read(total: object) -> None:
    connector, _, _ = scripted({"/product": [{"Total": total, "Page": 1, "Products": []}]})

    with pytest.raises(AnswerBroken):
        list(connector.pages(ReadRequest("products")))


def test_services_are_no_products_and_still_count_for_the_end() -> None:
    rows = (product("a"), product("_10_", Type="Service"))
    connector, _, _ = scripted({"/product": [listed("Products", *rows)]})

    pages = list(connector.pages(ReadRequest("products")))

    assert ids(pages) == ["a"]
    assert ends(pages) == [End.PROVEN]


def test_ids_in_capitals_are_the_same_ids() -> None:
    connector, _, _ = scripted({"/product": [listed("Products", product("AB-1"))]})

    assert ids(list(connector.pages(ReadRequest("products")))) == ["ab-1"]
    assert ids([connector.lookup("products", ["ab-1"])]) == ["ab-1"]


def test_a_look_up_that_brings_more_than_was_asked_for_says_nothing() -> None:
    connector, _, _ = scripted({"/product": [listed("Products", product("a"), product("b"))]})

    with pytest.raises(AnswerBroken):
        connector.lookup("products", ["a"])


def test_stock_is_gathered_by_product_from_all_pages_and_in_one_order() -> None:
    def row(own: str, place: str) -> dict[str, Any]:
        return {"ID": own, "Location": place, "Bin": None, "Batch": None, "ExpiryDate": None, "OnHand": 1}

    key = "ProductAvailabilityList"
    one = [listed(key, row("b", "X"), row("a", "Y"), total=3), listed(key, row("a", "X"), total=3)]
    other = [listed(key, row("a", "X"), row("a", "Y"), total=3), listed(key, row("b", "X"), total=3)]
    reads = [
        list(scripted({"/ref/productavailability": answers})[0].pages(ReadRequest("inventory_levels")))
        for answers in (one, other)
    ]

    assert [ids(pages) for pages in reads] == [["a", "b"], ["a", "b"]]
    raws = [[record.raw for page in pages for record in page.records] for pages in reads]
    assert raws[0] == raws[1]


def test_stock_that_moved_between_two_pages_is_read_again() -> None:
    """A row that comes twice stands where another one is missing."""

    def row(own: str) -> dict[str, Any]:
        return {"ID": own, "Location": "X", "OnHand": 1}

    key = "ProductAvailabilityList"
    moved = [listed(key, row("a"), total=2), listed(key, row("a"), total=2)]
    still = [listed(key, row("a"), total=2), listed(key, row("b"), total=2)]
    connector, _, _ = scripted({"/ref/productavailability": [*moved, *still]})
    restless, _, _ = scripted({"/ref/productavailability": [*moved, *moved]})

    assert ids(list(connector.pages(ReadRequest("inventory_levels")))) == ["a", "b"]
    with pytest.raises(EndUnproven):
        list(restless.pages(ReadRequest("inventory_levels")))


def test_documents_follow_in_the_order_of_their_ids_and_resume_behind_one() -> None:
    rows = [sale_row(f"s{number:02}") for number in reversed(range(25))]
    connector, _, _ = scripted(sales(*rows))

    pages = list(connector.pages(ReadRequest("orders")))

    assert ids(pages) == [f"s{number:02}" for number in range(25)]
    assert [page.after for page in pages] == ["s09", "s19", None]
    assert ends(pages) == [End.MORE, End.MORE, End.PROVEN]
    assert ids(list(connector.pages(ReadRequest("orders", after="s19")))) == ids(pages)[20:]


def test_what_was_fetched_before_the_limit_is_not_lost() -> None:
    def limited(query: dict[str, str]) -> Any:
        return TOO_MANY if query["ID"] == "s2" else sale(query)

    connector, _, clock = scripted({**sales(*map(sale_row, ("s0", "s1", "s2"))), "/sale": [limited]})
    pages: list[Page] = []

    with pytest.raises(Throttled) as stopped:
        pages.extend(connector.pages(ReadRequest("orders")))

    assert stopped.value.until == clock.now() + timedelta(seconds=60)
    assert [(page.after, page.end) for page in pages] == [("s1", End.MORE)]
    assert ids(pages) == ["s0", "s1"]


def test_only_documents_that_changed_cost_a_request() -> None:
    rows = (sale_row("old", "2026-02-18T11:59:59.9Z"), sale_row("new", "2026-02-18T12:00:00Z"), sale_row("odd", "?"))
    connector, client, _ = scripted(sales(*rows))

    pages = list(connector.pages(ReadRequest("orders", since=SINCE)))

    assert ids(pages) == ["new", "odd"]
    assert client.queries("/saleList")[0]["UpdatedSince"] == "2026-02-17T12:00:00.000"
    assert len(client.queries("/sale")) == 2


def test_a_slice_is_what_was_created_later_less_what_was_created_later_still() -> None:
    def created(query: dict[str, str]) -> Any:
        rows = ["a"] if query.get("CreatedSince", "") > "2026-02" else ["a", "b"]
        return listed("SaleList", *map(sale_row, rows))

    connector, _, _ = scripted({**sales(), "/saleList": [created]})
    bounds = Created(datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 2, tzinfo=UTC))

    assert ids(list(connector.pages(ReadRequest("orders", only=bounds)))) == ["b"]


def test_a_sale_that_is_on_the_list_of_credit_notes_only_is_read_too() -> None:
    connector, _, _ = scripted(
        {**sales(sale_row("a")), "/saleCreditNoteList": [listed("SaleList", sale_row("a"), sale_row("n"))]}
    )

    assert ids(list(connector.pages(ReadRequest("orders")))) == ["a", "n"]


def test_purchases_before_a_day_are_not_asked_for_and_sales_are_bounded_by_the_sync_alone() -> None:
    answers = {**sales(), "/purchaseList": [listed("PurchaseList")]}
    connector, client, _ = scripted(answers, {"history_from": "2025-01-01"})

    list(connector.pages(ReadRequest("orders", since=SINCE)))
    list(connector.pages(ReadRequest("inbound_shipments")))

    list(connector.pages(ReadRequest("orders", only=Created(datetime(2025, 3, 1, tzinfo=UTC), None))))

    assert "CreatedSince" not in client.queries("/saleList")[0]
    assert client.queries("/saleList")[-1]["CreatedSince"] == "2025-03-01T00:00:00.000"
    assert client.queries("/purchaseList")[0]["UpdatedSince"] == "2025-01-01T00:00:00.000"


def test_services_and_what_goes_straight_to_the_buyer_are_no_inbound_shipments() -> None:
    rows = (
        purchase_row("goods"),
        purchase_row("service", Type="Service Purchase"),
        purchase_row("straight", DropShipTaskID="s1"),
    )
    connector, _, _ = scripted(
        {
            "/purchaseList": [listed("PurchaseList", *rows)],
            "/advanced-purchase": [lambda query: {"ID": query["ID"], "OrderNumber": "PO-1"}],
        }
    )

    assert ids(list(connector.pages(ReadRequest("inbound_shipments")))) == ["goods"]


def test_only_transfers_from_one_warehouse_to_another_are_fetched() -> None:
    def place(own: str, **more: Any) -> dict[str, Any]:
        return {"ID": own, "Name": own, "ParentID": None, "Bins": [], **more}

    def transfer(own: str, end: str) -> dict[str, Any]:
        return {"TaskID": own, "From": "W1", "To": end, "LastModifiedOn": "2026-02-19T00:00:00"}

    bins = [{"ID": "B1", "Name": "A-01"}]
    rows = (transfer("across", "w2"), transfer("within", "b1"), transfer("unknown", "w9"))
    connector, client, _ = scripted(
        {
            "/ref/location": [listed("LocationList", place("w1", Bins=bins), place("w2")), listed("LocationList")],
            "/purchaseList": [listed("PurchaseList")],
            "/stockTransferList": [listed("StockTransferList", *rows)],
            "/stockTransfer": [lambda query: {"TaskID": query["TaskID"], "Status": "IN TRANSIT"}],
        }
    )

    pages = list(connector.pages(ReadRequest("inbound_shipments", since=SINCE)))

    assert ids(pages) == ["across", "unknown"]
    assert "UpdatedSince" not in client.queries("/stockTransferList")[0]


def test_a_document_that_is_empty_at_every_address_is_not_taken_for_gone() -> None:
    shell = {"ID": "p", "OrderNumber": None}
    connector, _, _ = scripted(
        {
            "/purchaseList": [listed("PurchaseList", purchase_row("p"))],
            **{path: [shell] for path in ("/advanced-purchase", "/purchase")},
        }
    )

    (record,) = [record for page in connector.pages(ReadRequest("inbound_shipments")) for record in page.records]

    assert record.id == "p"
    with pytest.raises(RecordInvalid):
        connector.map("inbound_shipments", record.raw)


def test_a_purchase_that_one_address_shows_empty_is_asked_for_at_the_other() -> None:
    shell = {"ID": "p", "OrderNumber": None, "Order": None}
    whole = {"ID": "p", "OrderNumber": "PO-1"}
    connector, client, _ = scripted({"/advanced-purchase": [shell], "/purchase": [whole]})

    assert ids([connector.lookup("inbound_shipments", ["p"])]) == ["p"]
    assert [path for path, _ in client.asked[-2:]] == ["/advanced-purchase", "/purchase"]


def test_another_document_than_was_asked_for_breaks_the_read() -> None:
    connector, _, _ = scripted({**sales(sale_row("a")), "/sale": [{"ID": "b", "Status": "ORDERED"}]})

    with pytest.raises(AnswerBroken):
        list(connector.pages(ReadRequest("orders")))


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Answer(403, {}, b"Incorrect credentials!"), CredentialsRejected),
        (Answer(403, {}, b"You do not have permission"), Forbidden),
        (Answer(200, {}, b"<!DOCTYPE html><html></html>"), AnswerBroken),
        (Answer(200, {}, b'[{"ErrorCode":400,"Exception":"Page must be a number"}]'), InvalidRequest),
        (Answer(400, {}, b'{"ErrorCode":400,"Exception":"wrong"}'), InvalidRequest),
        (Answer(400, {}, b"not json"), InvalidRequest),
        (TOO_MANY, Throttled),
        (SourceUnavailable("down"), SourceUnavailable),
    ],
)
def test_what_an_answer_means_is_told_by_status_and_body(answer: object, error: type[SyncError]) -> None:
    connector, _, _ = scripted({"/me": [answer]})

    with pytest.raises(error):
        connector.check()


def test_an_older_accounts_outage_is_no_limit() -> None:
    connector, client, _ = scripted({"/me": [Answer(503, {}, b"busy"), {"Company": "X"}]})

    connector.check()

    assert len(client.asked) == 2
