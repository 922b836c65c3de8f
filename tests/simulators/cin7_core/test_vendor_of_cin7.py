"""What the simulated Cin7 Core promises: the vendor's own ways, and the one business behind them."""

from __future__ import annotations

from typing import Any

import pytest

from simulators.business.articles import articles
from simulators.business.business import Business
from simulators.business.spec import BusinessSpec
from tests.simulators.cin7_core.conftest import BASE, Client, Starter

PRODUCTS = {"IncludeDeprecated": "true", "IncludeBOM": "true", "IncludeSuppliers": "true"}


def made(client: Client, **changes: Any) -> dict[str, Any]:
    """A header as a buyer posts it."""
    supplier = client.rows("supplier", "SupplierList")[0]["ID"]
    place = next(row["Name"] for row in client.rows("ref/location", "LocationList") if row["ParentID"] is None)
    body = {"SupplierID": supplier, "Approach": "STOCK", "Location": place, "PurchaseType": "Advanced", "Note": "n"}
    header: dict[str, Any] = client.told("POST", "advanced-purchase", {**body, **changes})
    return header


def line(client: Client, **changes: Any) -> dict[str, Any]:
    product = client.rows("product", "Products")[0]
    priced = {"Quantity": 3, "Price": 2.5, "Discount": 0, "Tax": 0, "TaxRule": "Tax Exempt", "Total": 7.5}
    return {"ProductID": product["ID"], "SKU": product["SKU"], "Name": product["Name"], **priced, **changes}


def order_of(header: dict[str, Any], *lines: dict[str, Any], status: str = "DRAFT") -> dict[str, Any]:
    return {"TaskID": header["ID"], "Memo": "", "Status": status, "Lines": list(lines)}


def test_stock_is_that_of_the_business(start: Starter) -> None:
    rows = start().rows("ref/productavailability", "ProductAvailabilityList")

    on_hand: dict[str, float] = {}
    for row in rows:
        on_hand[row["SKU"]] = on_hand.get(row["SKU"], 0) + row["OnHand"]
    business = Business(BusinessSpec(1, 60), BASE)
    wanted = {
        each.code: sum(stock["onhand"] for stock in each.stock.values()) for each in articles(business) if each.item
    }
    assert {sku: count for sku, count in on_hand.items() if count or sku in wanted} == wanted


def test_stock_has_no_total_row_and_shows_money_where_one_expects_pieces(start: Starter) -> None:
    rows = start().rows("ref/productavailability", "ProductAvailabilityList")

    assert {row["Bin"] is None for row in rows} == {True, False}
    assert all(row["StockOnHand"] == pytest.approx(row["OnHand"] * 3.48) for row in rows)
    assert any(row["Available"] > row["OnHand"] for row in rows)


def test_a_wrong_path_answers_with_a_page_and_status_200(start: Starter) -> None:
    answer = start().send("GET", "prodct")

    assert (answer.status_code, answer.headers["content-type"].split(";")[0]) == (200, "text/html")


def test_paths_are_taken_in_any_case(start: Starter) -> None:
    assert start().told("GET", "SaleList")["Page"] == 1


def test_an_unknown_parameter_is_passed_over_and_the_list_comes_whole(start: Starter) -> None:
    client = start()

    assert client.told("GET", "supplier", Search="nobody") == client.told("GET", "supplier")


@pytest.mark.parametrize("header", ["api-auth-accountid", "api-auth-applicationkey"])
def test_wrong_credentials_are_told_in_words_and_with_403(start: Starter, header: str) -> None:
    client = start()
    client.session.headers[header] = "another"

    answer = client.send("GET", "me")

    assert (answer.status_code, answer.text) == (403, "Incorrect credentials!")


def test_beyond_sixty_calls_a_minute_the_wait_is_a_text_and_only_there(start: Starter) -> None:
    client = start(rate=None)
    answers = [client.send("GET", "me") for _ in range(61)]

    assert [answer.status_code for answer in answers] == [200] * 60 + [429]
    assert answers[-1].text == "You have reached 60 calls per 60 seconds API limit."
    assert answers[-1].headers["retry-after"] == "60 Seconds"
    assert "x-ratelimit-remaining" not in answers[0].headers


def test_products_with_bills_of_materials_come_five_hundred_a_page(start: Starter) -> None:
    client = start(size=520)

    assert len(client.told("GET", "product", Limit="1000", IncludeDeprecated="true")["Products"]) > 500
    assert len(client.told("GET", "product", Limit="1000", **PRODUCTS)["Products"]) == 500


def test_deprecated_products_come_only_when_they_are_asked_for(start: Starter) -> None:
    client = start()

    statuses = [{row["Status"] for row in client.rows("product", "Products", **more)} for more in ({}, PRODUCTS)]

    assert statuses == [{"Active"}, {"Active", "Deprecated"}]


def test_lists_of_documents_have_no_lines_and_change_filters_are_strict(start: Starter) -> None:
    client = start()
    rows = client.rows("saleList", "SaleList")
    middle = sorted(row["Updated"] for row in rows)[len(rows) // 2]

    later = client.rows("saleList", "SaleList", UpdatedSince=middle.removesuffix("Z"))

    assert all("Lines" not in row and "Order" not in row for row in rows)
    assert {row["SaleID"] for row in later} == {row["SaleID"] for row in rows if row["Updated"] > middle}


def test_a_credit_note_without_a_sale_is_on_its_own_list_only(start: Starter) -> None:
    client = start(size=400)
    alone = [row for row in client.rows("saleCreditNoteList", "SaleList") if row["Type"] == "Credit Note"]

    assert alone
    assert not {row["SaleID"] for row in alone} & {row["SaleID"] for row in client.rows("saleList", "SaleList")}
    assert client.told("GET", "sale", ID=alone[0]["SaleID"])["CreditNotes"]


def test_a_purchase_is_shown_where_its_type_says(start: Starter) -> None:
    client = start(size=200)
    rows = client.rows("purchaseList", "PurchaseList")
    simple, advanced = (
        next(row["ID"] for row in rows if row["Type"] == f"{kind} Purchase") for kind in ("Simple", "Advanced")
    )

    assert isinstance(client.told("GET", "purchase", ID=simple)["StockReceived"], dict)
    assert client.told("GET", "advanced-purchase", ID=simple)["OrderNumber"] is None
    assert isinstance(client.told("GET", "advanced-purchase", ID=advanced)["StockReceived"], list)
    assert client.send("GET", "purchase", ID=advanced).status_code == 400


def test_a_purchase_is_a_header_first_and_then_its_lines(start: Starter) -> None:
    client = start()

    header = made(client, Order={"Lines": [line(client)]})
    before = client.told("GET", "advanced-purchase", ID=header["ID"])["Order"]
    client.told("POST", "purchase/order", order_of(header, line(client)))
    after = client.told("GET", "advanced-purchase", ID=header["ID"])

    assert (before["Status"], before["Lines"]) == ("NOT AVAILABLE", [])
    assert (after["Order"]["Status"], after["Status"], len(after["Order"]["Lines"])) == ("DRAFT", "ORDERING", 1)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"Total": 7}, "Expected value is: 7.50"),
        ({"Quantity": 0.5, "Total": 1.25}, "Quantity"),
        ({"ProductID": "x", "SKU": "none"}, "not found"),
    ],
)
def test_a_line_that_does_not_fit_is_refused(start: Starter, changes: dict[str, Any], words: str) -> None:
    client = start()

    answer = client.send("POST", "purchase/order", order_of(made(client), line(client, **changes)))

    assert answer.status_code == 400
    assert words in answer.json()[0]["Exception"]


def test_an_order_that_was_authorised_takes_no_lines(start: Starter) -> None:
    client = start()
    header = made(client)
    client.told("POST", "purchase/order", order_of(header, line(client), status="AUTHORISED"))

    assert client.send("POST", "purchase/order", order_of(header, line(client))).status_code == 400


@pytest.mark.parametrize("changes", [{"SupplierID": "none"}, {"Location": "nowhere"}, {"Approach": None}])
def test_a_header_that_names_what_is_not_there_is_refused(start: Starter, changes: dict[str, Any]) -> None:
    client = start()
    header = {"SupplierID": made(client)["SupplierID"], "Approach": "STOCK", **changes}

    assert client.send("POST", "advanced-purchase", header).status_code == 400


def test_what_was_created_stays_when_a_day_passes(start: Starter) -> None:
    client = start()
    header = made(client)

    client.session.post(f"{client.server.url}/_sim/day/advance", json={}, timeout=10)

    assert client.told("GET", "advanced-purchase", ID=header["ID"])["Note"] == "n"
