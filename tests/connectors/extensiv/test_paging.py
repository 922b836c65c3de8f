"""How Extensiv's lists are walked, filtered and gathered, and how their end is judged."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from planster_sync.errors import AnswerBroken, EndUnproven, NotFound, SettingsInvalid, Unsupported
from planster_sync.ports.source import Created, End, Page, ReadRequest, Still
from tests.connectors.extensiv.scripted import listing, orders, scripted, stock

SUMMER_NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)


def ends(pages: list[Page]) -> list[End]:
    return [each.end for each in pages]


def ids(pages: list[Page]) -> list[str | None]:
    return [record.id for each in pages for record in each.records]


def test_as_many_records_as_the_vendor_counts_prove_the_end() -> None:
    connector, client = scripted(orders(1, 2, total=3), orders(3, total=3), page_limit=2)

    pages = list(connector.pages(ReadRequest("orders")))

    assert ids(pages) == ["1", "2", "3"]
    assert ends(pages) == [End.MORE, End.PROVEN]
    assert (client.params(1)["pgsiz"], client.params(1)["pgnum"]) == ("2", "2")
    assert client.asked[0].headers["accept"] == "application/hal+json"


def test_an_empty_list_has_an_end_even_without_anything_embedded() -> None:
    connector, _ = scripted({"totalResults": 0, "_links": {}})

    assert ends(list(connector.pages(ReadRequest("orders")))) == [End.PROVEN]


@pytest.mark.parametrize("last", [orders(3, total=4), orders(total=3), orders(total=0)], ids=["short", "dry", "reset"])
def test_fewer_records_than_counted_or_promised_prove_nothing(last: object) -> None:
    connector, _ = scripted(orders(1, 2, total=3), last, page_limit=2)

    assert ends(list(connector.pages(ReadRequest("orders")))) == [End.MORE, End.CLAIMED]


def test_a_page_that_comes_again_breaks_the_read() -> None:
    connector, _ = scripted(orders(1, 2, total=4), orders(1, 2, total=4), page_limit=2)

    with pytest.raises(AnswerBroken):
        list(connector.pages(ReadRequest("orders")))


def test_a_page_size_that_the_vendor_cuts_in_silence_is_noticed() -> None:
    connector, _ = scripted(orders(1, 2, total=150))

    assert ends(list(connector.pages(ReadRequest("orders")))) == [End.CLAIMED]


def test_a_list_that_ignores_the_page_size_is_read_once() -> None:
    connector, client = scripted(orders(1, 2, 3, total=3), page_limit=2)

    assert ends(list(connector.pages(ReadRequest("orders")))) == [End.PROVEN]
    assert len(client.asked) == 1


@pytest.mark.parametrize(
    "answer",
    [
        [],
        {"totalResults": 1},
        {"totalResults": "many", "summaries": []},
        {"ErrorCode": "Unallocated"},
        orders(1, 2, total=1),
        {"totalResults": 2, "_embedded": {"a": [], "b": []}},
        b"<html>",
    ],
)
def test_an_undocumented_shape_breaks_the_read(answer: object) -> None:
    connector, _ = scripted(answer)

    with pytest.raises(AnswerBroken):
        list(connector.pages(ReadRequest("orders")))


def test_the_list_is_found_by_the_end_of_its_rel_whatever_else_is_embedded() -> None:
    answer = {
        "totalResults": 1,
        "_embedded": {"http://x/Rels/Orders/Order": [{"readOnly": {"orderId": 1}}], "item": []},
    }
    connector, _ = scripted(answer)

    assert ids(list(connector.pages(ReadRequest("orders")))) == ["1"]


def test_a_read_resumes_behind_a_page_and_still_counts_the_list() -> None:
    connector, client = scripted(orders(3, total=3), page_limit=2)
    after = next(iter(scripted(orders(1, 2, total=3), page_limit=2)[0].pages(ReadRequest("orders")))).after

    pages = list(connector.pages(ReadRequest("orders", after=after)))

    assert client.params(0)["pgnum"] == "2"
    assert ends(pages) == [End.PROVEN]


def test_a_moment_is_asked_for_in_the_warehouses_own_time() -> None:
    connector, client = scripted(orders(), orders())

    list(connector.pages(ReadRequest("orders", since=SUMMER_NOON)))
    list(connector.pages(ReadRequest("orders", only=Created(SUMMER_NOON, datetime(2026, 12, 1, 12, tzinfo=UTC)))))

    assert client.params(0)["rql"] == "readonly.lastmodifieddate=ge=2026-07-01T05:00:00"
    assert client.params(1)["rql"] == (
        "readonly.creationdate=ge=2026-07-01T05:00:00;readonly.creationdate=lt=2026-12-01T04:00:00"
    )


def test_open_orders_are_asked_for_by_the_reliable_flag() -> None:
    connector, client = scripted(orders())

    list(connector.pages(ReadRequest("orders", only=Still.OPEN)))

    assert client.params(0)["rql"] == "readonly.isclosed==false"


def test_rows_of_one_item_are_gathered_from_wherever_they_lie() -> None:
    connector, _ = scripted(stock((7, "", 3, 5), (8, "", 3, 1), total=3), stock((7, "", 4, 2), total=3), page_limit=2)

    (page,) = connector.pages(ReadRequest("inventory_levels"))

    assert ids([page]) == ["7", "8"]
    assert [row["facilityId"] for row in json.loads(page.records[0].raw)["rows"]] == [3, 4]
    assert (page.end, page.source_total) == (End.PROVEN, 2)


def test_qualifiers_part_an_item() -> None:
    connector, _ = scripted(stock((7, "", 3, 5), (7, "RED", 3, 1)))

    assert ids(list(connector.pages(ReadRequest("inventory_levels")))) == ["7", "7:RED"]


def test_a_row_shown_twice_hides_another_and_the_stock_stays_as_it_was() -> None:
    connector, _ = scripted(stock((7, "", 3, 5), (8, "", 3, 1), total=3), stock((7, "", 3, 5), total=3), page_limit=2)

    with pytest.raises(EndUnproven):
        list(connector.pages(ReadRequest("inventory_levels")))


def test_stock_resumes_behind_the_last_item_shown() -> None:
    answer = stock((7, "", 3, 5), (8, "", 3, 1), (9, "", 3, 1), total=3)
    first = next(iter(scripted(answer, page_limit=3)[0].pages(ReadRequest("inventory_levels"))))
    connector, _ = scripted(answer)

    assert ids([first]) == ["7", "8", "9"]
    assert ids(list(connector.pages(ReadRequest("inventory_levels", after="8")))) == ["9"]


def test_items_are_read_below_every_customer_and_counted_together() -> None:
    customers = listing("customers/customer", [{"readOnly": {"customerId": each}} for each in (41, 9)])
    items = [listing("customers/item", [{"itemId": each}]) for each in (1, 2)]
    connector, client = scripted(customers, *items)

    pages = list(connector.pages(ReadRequest("products")))

    assert [request.path for request in client.asked[1:]] == ["/customers/9/items", "/customers/41/items"]
    assert ids(pages) == ["1", "2"]
    assert (pages[-1].end, pages[-1].source_total) == (End.PROVEN, 2)


def test_a_doubt_about_one_customers_items_stays_to_the_end() -> None:
    customers = listing("customers/customer", [{"readOnly": {"customerId": each}} for each in (9, 41)])
    items = [listing("customers/item", [{"itemId": each}], total) for each, total in ((1, 5), (2, 1))]
    connector, _ = scripted(customers, *items)

    assert ends(list(connector.pages(ReadRequest("products")))) == [End.MORE, End.CLAIMED]


def test_places_carry_their_facility() -> None:
    facilities = listing("properties/facility", [{"facilityId": 3}])
    places = listing("properties/location", [{"locationId": 9}])
    connector, client = scripted(facilities, places)

    assert ids(list(connector.pages(ReadRequest("warehouse_locations")))) == ["3/9"]
    assert client.asked[1].path == "/properties/facilities/3/locations"


def receiver(key: int, kind: int) -> dict[str, object]:
    return {"readOnly": {"receiverId": key, "receiverType": kind}}


def test_a_type_that_the_vendor_ignores_brings_no_return_among_what_is_on_its_way() -> None:
    everything = listing("inventory/receiver", [receiver(1, 0), receiver(2, 1), receiver(3, 2)])
    connector, client = scripted(everything, everything)
    returns, _ = scripted(everything)

    assert set(ids(list(connector.pages(ReadRequest("inbound_shipments"))))) == {"1", "3"}
    assert [client.params(each)["receivertype"] for each in (0, 1)] == ["2", "0"]
    assert ids(list(returns.pages(ReadRequest("returns")))) == ["2"]


def test_transactions_without_charges_are_no_bills_and_their_pages_are_passed_over() -> None:
    charged = {"readOnly": {"orderId": 3}, "billing": {"billingCharges": [{"subtotal": 1}]}}
    connector, _ = scripted(
        orders(1, 2, total=3),
        listing("orders/order", [charged], 3),
        listing("inventory/receiver", [{**receiver(9, 0), "billing": {"billingCharges": []}}]),
        page_limit=2,
    )

    pages = list(connector.pages(ReadRequest("bills")))

    assert ids(pages) == ["order/3"]
    assert ends(pages) == [End.MORE, End.PROVEN]


def test_a_look_up_asks_for_each_transaction_by_its_number() -> None:
    connector, client = scripted({"readOnly": {"orderId": 3}}, NotFound("gone"))
    bills, billed = scripted({"readOnly": {"receiverId": 9}})

    assert ids([connector.lookup("orders", ["3", "4"])]) == ["3"]
    assert [request.path for request in client.asked] == ["/orders/3", "/orders/4"]
    assert ids([bills.lookup("bills", ["receiver/9"])]) == ["receiver/9"]
    assert billed.asked[0].path == "/inventory/receivers/9"


def test_what_has_no_number_to_ask_by_is_not_looked_up() -> None:
    connector, _ = scripted()

    with pytest.raises(Unsupported):
        connector.lookup("shipping_methods", ["UPS"])


def test_nothing_is_read_before_somebody_said_in_which_zone_the_times_are() -> None:
    with pytest.raises(SettingsInvalid):
        scripted(zone=None)
