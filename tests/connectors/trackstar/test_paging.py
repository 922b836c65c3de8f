"""How a list is walked and how its end is judged."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from planster_sync.errors import AnswerBroken, EndUnproven, NotFound
from planster_sync.ports.source import Created, End, Page, ReadRequest, Still
from tests.connectors.trackstar.scripted import page, scripted
from tests.fakes.clock import START

NOON = datetime(2026, 2, 1, 12, tzinfo=UTC)


def ends(pages: list[Page]) -> list[End]:
    return [each.end for each in pages]


def ids(pages: list[Page]) -> list[str | None]:
    return [record.id for each in pages for record in each.records]


def test_a_null_token_on_a_page_with_records_proves_the_end() -> None:
    connector, client = scripted(page("a", "b", token="t1"), page("c"))

    pages = list(connector.pages(ReadRequest("products")))

    assert ids(pages) == ["a", "b", "c"]
    assert ends(pages) == [End.MORE, End.PROVEN]
    assert [each.after for each in pages] == ["2|t1", None]
    assert client.params(1) == {"limit": "1000", "page_token": "t1"}


def test_an_empty_first_page_proves_an_empty_list() -> None:
    connector, _ = scripted(page())

    assert ends(list(connector.pages(ReadRequest("products")))) == [End.PROVEN]


def test_an_empty_page_that_was_promised_proves_nothing() -> None:
    connector, _ = scripted(page("a", token="t1"), page())

    assert ends(list(connector.pages(ReadRequest("products")))) == [End.MORE, End.CLAIMED]


def test_an_empty_page_after_resuming_proves_nothing() -> None:
    connector, _ = scripted(page())

    assert ends(list(connector.pages(ReadRequest("products", after="t9")))) == [End.CLAIMED]


def test_an_answer_without_a_token_field_proves_nothing() -> None:
    connector, _ = scripted({"data": [{"id": "a"}]})

    assert ends(list(connector.pages(ReadRequest("products")))) == [End.CLAIMED]


@pytest.mark.parametrize("tokens", [("t1", "t1"), ("t1", "t2", "t1")], ids=["twice", "circle"])
def test_a_token_that_comes_back_breaks_the_read(tokens: tuple[str, ...]) -> None:
    connector, _ = scripted(*(page(f"id-{place}", token=token) for place, token in enumerate(tokens)))

    with pytest.raises(AnswerBroken):
        list(connector.pages(ReadRequest("products")))


def test_the_token_of_a_resumed_page_must_not_come_back() -> None:
    connector, _ = scripted(page("a", token="t1"))

    with pytest.raises(AnswerBroken):
        list(connector.pages(ReadRequest("products", after="t1")))


@pytest.mark.parametrize(
    "answer",
    [
        page("a", total_count=0),
        page("a", total_count="1"),
        page("a", next_token=7),
        page("a", next_token=""),
        {"error": "nothing"},
        {"data": None, "next_token": None},
        [],
        b"<html>busy</html>",
        b"",
        b'{"data":[{"id":"a"},{"id":',
    ],
    ids=["count", "count-text", "token-number", "token-empty", "error", "null", "list", "html", "nothing", "cut"],
)
def test_an_undocumented_answer_breaks_the_read(answer: Any) -> None:
    connector, _ = scripted(answer)

    with pytest.raises(AnswerBroken):
        list(connector.pages(ReadRequest("products")))


def test_a_count_of_the_whole_list_proves_the_end_only_where_all_of_it_was_read() -> None:
    whole, _ = scripted(page("a", token="t1", total_count=2), page("b", total_count=2))
    short, _ = scripted(page("a", token="t1", total_count=3), page("b", total_count=3))

    assert [one.end for one in whole.pages(ReadRequest("products"))] == [End.MORE, End.PROVEN]
    assert [one.end for one in short.pages(ReadRequest("products"))] == [End.MORE, End.CLAIMED]


def test_an_incremental_read_repeats_its_filter_on_every_page() -> None:
    connector, client = scripted(page("a", token="t1"), page("b"))
    since = datetime(2026, 2, 1, 4, 30, 15, 999_999, tzinfo=timezone(timedelta(hours=2)))

    list(connector.pages(ReadRequest("orders", since=since)))

    assert [client.params(place)["trackstar_updated_date[gte]"] for place in (0, 1)] == ["2026-02-01T02:30:15Z"] * 2


def test_a_snapshot_read_asks_for_everything() -> None:
    connector, client = scripted(page("a"))

    list(connector.pages(ReadRequest("products", since=datetime(2026, 2, 1, tzinfo=UTC))))

    assert client.params(0) == {"limit": "1000"}


def test_a_page_is_as_old_as_the_moment_before_its_request() -> None:
    connector, _ = scripted(page("a"))

    assert next(iter(connector.pages(ReadRequest("products")))).read_at == START


def test_the_page_limit_is_a_setting() -> None:
    connector, client = scripted(page("a"), settings={"page_limit": 7})

    list(connector.pages(ReadRequest("products")))

    assert client.params(0)["limit"] == "7"


def test_locations_are_read_warehouse_by_warehouse() -> None:
    connector, client = scripted(page("wh/2", "wh-1"), page("A", token="t1"), page("B"), page("A"))

    pages = list(connector.pages(ReadRequest("warehouse_locations")))

    assert ids(pages) == ["wh-1/A", "wh-1/B", "wh%2F2/A"]
    assert ends(pages) == [End.MORE, End.MORE, End.PROVEN]
    assert client.asked[3].path == "/wms/warehouses/wh%2F2/locations"


@pytest.mark.parametrize("stop", [1, 2])
def test_a_location_read_resumes_where_it_stopped(stop: int) -> None:
    answers = [page("A", token="t1"), page("B"), page("C")]
    first, _ = scripted(page("wh-1", "wh-2"), *answers)
    read = first.pages(ReadRequest("warehouse_locations"))
    begun = [next(iter(read)) for _ in range(stop)]
    second, _ = scripted(page("wh-2", "wh-1"), *answers[stop:])

    rest = list(second.pages(ReadRequest("warehouse_locations", after=begun[-1].after)))

    assert json.loads(begun[-1].after or "")
    assert ids(begun + rest) == ["wh-1/A", "wh-1/B", "wh-2/C"]
    assert rest[-1].end is End.PROVEN


def test_one_doubtful_warehouse_leaves_the_whole_location_read_unproven() -> None:
    connector, _ = scripted(page("wh-1", "wh-2"), page("A", token="t1"), page(), page("B"))

    assert ends(list(connector.pages(ReadRequest("warehouse_locations")))) == [End.MORE, End.MORE, End.CLAIMED]


def test_a_warehouse_that_vanishes_meanwhile_has_no_locations() -> None:
    connector, _ = scripted(page("wh-1", "wh-2"), NotFound("gone"), page("B"))

    pages = list(connector.pages(ReadRequest("warehouse_locations")))

    assert ids(pages) == ["wh-2/B"]
    assert pages[-1].end is End.PROVEN


def test_an_account_without_warehouses_has_no_locations() -> None:
    connector, _ = scripted(page())

    assert ends(list(connector.pages(ReadRequest("warehouse_locations")))) == [End.PROVEN]


def test_a_lookup_gives_what_is_there() -> None:
    connector, client = scripted(page("a", "c"))

    found = connector.lookup("products", ["a", "b", "c"])

    assert ids([found]) == ["a", "c"]
    assert found.end is End.PROVEN
    assert client.params(0)["ids[in]"] == "a,b,c"


def test_a_lookup_that_ignores_the_ids_proves_nothing() -> None:
    connector, _ = scripted(page("a", "z"))

    with pytest.raises(AnswerBroken):
        connector.lookup("products", ["a", "b"])


def test_a_lookup_without_a_proven_end_proves_nothing() -> None:
    connector, _ = scripted(page("a", token="t1"), page())

    with pytest.raises(EndUnproven):
        connector.lookup("products", ["a", "b"])


@pytest.mark.parametrize("found", [(), ("a",)], ids=["empty", "the-same"])
def test_a_lookup_that_promises_more_for_ever_proves_nothing(found: tuple[str, ...]) -> None:
    connector, client = scripted(*(page(*found, token=f"t{place}") for place in range(99)))

    with pytest.raises(AnswerBroken):
        connector.lookup("products", ["a", "b"])

    assert len(client.asked) <= 20


def test_a_list_of_warehouses_that_promises_more_for_ever_breaks_the_read() -> None:
    connector, client = scripted(*(page("wh-1", token=f"t{place}") for place in range(99)))

    with pytest.raises(AnswerBroken):
        list(connector.pages(ReadRequest("warehouse_locations")))

    assert len(client.asked) <= 20


def test_an_id_with_a_comma_is_looked_up_by_itself() -> None:
    connector, client = scripted(page("a"), {"data": {"id": "x,y"}}, NotFound("gone"))

    found = connector.lookup("products", ["a", "x,y", "p,q"])

    assert ids([found]) == ["a", "x,y"]
    assert [request.path for request in client.asked] == [
        "/wms/products",
        "/wms/products/x%2Cy",
        "/wms/products/p%2Cq",
    ]


def test_long_ids_are_looked_up_in_addresses_that_a_server_takes() -> None:
    wanted = [f"{place:02}" + "é" * 500 for place in range(4)]
    connector, client = scripted(page(wanted[0]), page(), page(), page(wanted[3]))

    found = connector.lookup("products", wanted)

    assert ids([found]) == [wanted[0], wanted[3]]
    assert [client.params(place)["ids[in]"] for place in range(4)] == wanted


def test_a_supplier_id_with_a_comma_is_sought_in_the_whole_list() -> None:
    connector, _ = scripted(page("a", "b", token="t1"), page("x,y"))

    assert ids([connector.lookup("inbound_shipment_suppliers", ["x,y", "p,q"])]) == ["x,y"]


def test_locations_are_looked_up_by_warehouse() -> None:
    connector, client = scripted(page("A", "B"), NotFound("gone"))

    found = connector.lookup("warehouse_locations", ["wh-1/A", "wh%2F2/A", "wh-1/B"])

    assert ids([found]) == ["wh-1/A", "wh-1/B"]
    assert [request.path for request in client.asked] == [
        "/wms/warehouses/wh-1/locations",
        "/wms/warehouses/wh%2F2/locations",
    ]


@pytest.mark.parametrize(
    ("read", "only", "filters"),
    [
        (
            "orders",
            Still.OPEN,
            {"status[in]": "open,confirmed,processing,picked,packed,partially_fulfilled,backordered,exception"},
        ),
        ("returns", Still.OPEN, {"status[in]": "open,in-transit,receiving"}),
        ("orders", Created(since=NOON), {"created_date[gte]": "2026-02-01T12:00:00Z"}),
        (
            "bills",
            Created(since=NOON, until=NOON + timedelta(days=1, microseconds=1)),
            {"created_date[gte]": "2026-02-01T12:00:00Z", "created_date[lt]": "2026-02-02T12:00:00Z"},
        ),
        ("orders", Created(until=NOON), {"created_date[lt]": "2026-02-01T12:00:00Z"}),
    ],
)
def test_a_slice_repeats_its_filters_on_every_page(read: str, only: Still | Created, filters: dict[str, str]) -> None:
    connector, client = scripted(page("a", token="t1"), page("b"))

    list(connector.pages(ReadRequest(read, only=only)))

    assert client.params(0) == {"limit": "1000", **filters}
    assert client.params(1) == {"limit": "1000", **filters, "page_token": "t1"}
