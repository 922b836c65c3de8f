"""How ShipBob's lists are walked and looked up, answer by answer."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from planster_sync.errors import AnswerBroken, EndUnproven, SourceUnavailable, Unsupported
from planster_sync.ports.source import Created, End, Page, ReadRequest, Still
from tests.connectors.shipbob.scripted import Said, items, numbered, scripted

SINCE = datetime(2026, 2, 1, 12, tzinfo=UTC)
STAMP = "2026-02-01T12:00:00Z"


def ids(pages: list[Page]) -> list[str | None]:
    return [record.id for page in pages for record in page.records]


def raw(page: Page, place: int = 0) -> Any:
    return json.loads(page.records[place].raw)


def test_a_numbered_list_ends_where_its_headers_say() -> None:
    connector, client = scripted(numbered(1, 2, 3, {"id": 1}, {"id": 2}), numbered(2, 2, 3, {"id": 3}))

    pages = list(connector.pages(ReadRequest("shipping_methods")))

    assert (ids(pages), pages[-1].end, pages[-1].source_total) == (["1", "2", "3"], End.PROVEN, 3)
    assert [client.params(index)["Page"] for index in (0, 1)] == ["1", "2"]


def test_a_numbered_list_without_headers_ends_where_the_next_page_is_empty() -> None:
    connector, client = scripted([{"id": 1}], [{"id": 2}], [{"id": 2}], [])

    pages = list(connector.pages(ReadRequest("shipping_methods")))

    assert ids(pages) == ["1", "2"]
    assert pages[-1].end is End.PROVEN
    assert [client.params(index)["Page"] for index in range(4)] == ["1", "2", "2", "3"]


def test_a_count_that_was_not_reached_proves_no_end() -> None:
    connector, _ = scripted(numbered(1, 1, 3, {"id": 1}))

    assert list(connector.pages(ReadRequest("shipping_methods")))[-1].end is End.CLAIMED


def test_a_last_page_that_turns_out_empty_proves_no_end() -> None:
    connector, _ = scripted(numbered(1, 2, 1, {"id": 1}), numbered(2, 2, 1))

    assert list(connector.pages(ReadRequest("shipping_methods")))[-1].end is End.CLAIMED


@pytest.mark.parametrize("answer", [numbered(1, 2, 2, {"id": 2}), Said([], {"page-number": "two"}), {"items": []}])
def test_another_page_than_was_asked_for_breaks_the_read(answer: Any) -> None:
    connector, _ = scripted(numbered(1, 2, 2, {"id": 1}), answer)

    with pytest.raises(AnswerBroken):
        list(connector.pages(ReadRequest("shipping_methods")))


@pytest.mark.parametrize("host", ["", "https://api.shipbob.com", "https://elsewhere.example.test"])
def test_a_link_is_followed_as_it_is_and_never_to_another_host(host: str) -> None:
    link = f"{host}/2026-07/channel?Cursor=a%2Bb%3D&RecordsPerPage=9&Empty="
    connector, client = scripted(items({"id": 1}, following=link), items({"id": 2}))

    pages = list(connector.pages(ReadRequest("order_channels")))

    assert (ids(pages), pages[-1].end) == (["1", "2"], End.PROVEN)
    assert client.paths[1] == "/2026-07/channel"
    assert client.params(1) == {"Cursor": "a+b=", "RecordsPerPage": "9", "Empty": ""}


def test_a_missing_link_proves_no_end_and_a_null_one_does() -> None:
    silent, _ = scripted({"items": [{"id": 1}]})
    clear, _ = scripted({"items": None, "next": None})

    assert list(silent.pages(ReadRequest("order_channels")))[-1].end is End.CLAIMED
    assert list(clear.pages(ReadRequest("order_channels")))[-1].end is End.PROVEN


@pytest.mark.parametrize("link", [7, "", "nowhere", "https://[broken/2026-07/channel"])
def test_a_link_that_leads_nowhere_breaks_the_read(link: Any) -> None:
    connector, _ = scripted(items({"id": 1}, following=link))

    with pytest.raises(AnswerBroken):
        list(connector.pages(ReadRequest("order_channels")))


def test_a_link_that_comes_back_breaks_the_read() -> None:
    page = items({"id": 1}, following="/2026-07/channel?Cursor=1")
    connector, _ = scripted(page, page)

    with pytest.raises(AnswerBroken):
        list(connector.pages(ReadRequest("order_channels")))


def test_a_read_resumes_behind_a_page() -> None:
    first, _ = scripted(items({"id": 1}, following="/2026-07/channel?Cursor=2"), items({"id": 2}))
    after = next(iter(first.pages(ReadRequest("order_channels")))).after
    connector, client = scripted(items({"id": 2}))

    pages = list(connector.pages(ReadRequest("order_channels", after=after)))

    assert (ids(pages), client.params(0)) == (["2"], {"Cursor": "2"})


def test_changed_orders_are_those_that_moved_and_those_that_a_carrier_has_news_of() -> None:
    connector, client = scripted(
        numbered(1, 1, 1, {"id": 1}), numbered(1, 2, 2, {"id": 1}), numbered(2, 2, 2, {"id": 5})
    )

    pages = list(connector.pages(ReadRequest("orders", since=SINCE)))

    assert (ids(pages), [page.end for page in pages]) == (["1", "1", "5"], [End.MORE, End.MORE, End.PROVEN])
    assert client.params(0)["LastUpdateStartDate"] == client.params(1)["LastTrackingUpdateStartDate"] == STAMP
    assert client.params(0)["SortOrder"] == "Oldest"


def test_changed_orders_resume_in_the_pass_that_was_reached() -> None:
    begun, _ = scripted(numbered(1, 1, 1, {"id": 1}), numbered(1, 2, 2, {"id": 2}), numbered(2, 2, 2, {"id": 3}))
    pages = list(begun.pages(ReadRequest("orders", since=SINCE)))
    connector, client = scripted(numbered(2, 2, 2, {"id": 3}))

    resumed = list(connector.pages(ReadRequest("orders", since=SINCE, after=pages[1].after)))

    assert ids(resumed) == ["3"]
    assert (client.params(0)["Page"], client.params(0)["LastTrackingUpdateStartDate"]) == ("2", STAMP)


def test_a_pass_without_a_proven_end_is_the_last() -> None:
    connector, _ = scripted(numbered(1, 1, 9, {"id": 1}))

    assert [page.end for page in connector.pages(ReadRequest("orders", since=SINCE))] == [End.CLAIMED]


def test_only_orders_and_returns_are_narrowed_to_a_channel() -> None:
    connector, client = scripted(numbered(1, 1, 0), items(), items(), settings={"channel_id": 301})

    for read in ("orders", "returns", "order_channels"):
        list(connector.pages(ReadRequest(read)))

    assert [request.headers.get("shipbob_channel_id") for request in client.asked] == ["301", "301", None]


def test_the_version_is_in_every_path() -> None:
    connector, client = scripted(items(), settings={"api_version": "2027-01"})

    list(connector.pages(ReadRequest("returns")))

    assert client.paths == ["/2027-01/return"]


@pytest.mark.parametrize(
    ("read", "only", "expected"),
    [
        ("orders", Created(since=SINCE), {"StartDate": "2026-02-01T11:59:59Z"}),
        ("orders", Created(until=SINCE), {"EndDate": STAMP}),
        ("returns", Still.OPEN, {"Status": "AwaitingArrival,Arrived,Processing"}),
        ("inbound_shipments", Created(since=SINCE), {"InsertStartDate": "2026-02-01T11:59:59Z"}),
        ("bills", Created(until=SINCE), {"FromDate": "2014-01-01", "ToDate": "2026-02-01"}),
        ("bills", Created(SINCE, SINCE), {"FromDate": "2026-02-01", "ToDate": "2026-02-01"}),
    ],
)
def test_a_slice_is_asked_for_by_its_own_filter(read: str, only: Still | Created, expected: dict[str, str]) -> None:
    empty = items() if read in ("returns", "bills") else numbered(1, 1, 0)
    connector, client = scripted(empty)

    list(connector.pages(ReadRequest(read, only=only)))

    assert client.params(0).items() >= expected.items()


def test_open_receiving_orders_are_all_that_may_still_bring_stock() -> None:
    connector, client = scripted(numbered(1, 1, 0))

    list(connector.pages(ReadRequest("inbound_shipments", only=Still.OPEN)))

    assert not {"Completed", "Cancelled"} & set(client.params(0)["Statuses"].split(","))


def test_what_is_no_number_is_no_id_and_not_asked_for() -> None:
    connector, client = scripted(numbered(1, 1, 1, {"id": 5}))

    page = connector.lookup("orders", ["5", "none", "6,7", "٣"])

    assert (ids([page]), client.params(0)["IDs"]) == (["5"], "5")


def test_a_variant_is_looked_up_in_its_product() -> None:
    product = {"id": 1, "variants": [{"id": 11}, {"id": 12}]}
    connector, client = scripted(items(product), items())

    page = connector.lookup("products", ["12", "13"])

    assert (ids([page]), [client.params(index)["VariantId"] for index in (0, 1)]) == (["12"], ["12", "13"])


@pytest.mark.parametrize(("read", "answer"), [("orders", numbered(1, 1, 1, {"id": 9})), ("products", items({"id": 9}))])
def test_a_lookup_that_answers_something_else_is_not_believed(read: str, answer: Any) -> None:
    connector, _ = scripted(answer)

    with pytest.raises(AnswerBroken):
        connector.lookup(read, ["5"])


@pytest.mark.parametrize("read", ["bills", "warehouses", "order_channels", "shipping_methods"])
def test_lists_without_a_filter_by_id_cannot_be_looked_up(read: str) -> None:
    connector, _ = scripted()

    with pytest.raises(Unsupported):
        connector.lookup(read, ["5"])


def test_an_outage_in_the_middle_of_a_page_is_an_outage() -> None:
    connector, _ = scripted(items({"inventory_id": 1}), SourceUnavailable("down"))

    with pytest.raises(SourceUnavailable):
        list(connector.pages(ReadRequest("inventory_levels")))


def test_a_list_without_pages_that_counts_some_is_not_taken_for_whole() -> None:
    connector, _ = scripted(numbered(1, 2, 2, {"id": 1}))

    with pytest.raises(EndUnproven):
        list(connector.pages(ReadRequest("warehouses")))
