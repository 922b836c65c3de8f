"""V1's stock: pages that run out, answers that are blank, two routes and two formats."""

from __future__ import annotations

import pytest

from planster_sync.errors import AnswerBroken, SourceUnavailable
from planster_sync.ports.source import End, Page, ReadRequest
from tests.connectors.deposco.scripted import scripted, stock
from tests.connectors.deposco.test_mapping import XML
from tests.fakes.clock import START

STOCK = ReadRequest("inventory_levels")


def ends(pages: list[Page]) -> list[End]:
    return [each.end for each in pages]


def ids(pages: list[Page]) -> list[str | None]:
    return [record.id for each in pages for record in each.records]


def test_stock_is_read_until_a_page_is_empty_twice_and_so_is_the_next() -> None:
    connector, client = scripted(stock("A"), stock("B"), stock(), stock(), stock())

    pages = list(connector.pages(STOCK))

    assert ids(pages) == ["A", "B"]
    assert ends(pages) == [End.MORE, End.PROVEN]
    assert [client.params(place)["pageNumber"] for place in range(5)] == ["1", "2", "3", "3", "4"]
    assert client.asked[0].path == "/enterpriseinventory/KNIT/availability"


def test_an_empty_page_of_stock_that_was_a_hiccup_is_read_after_all() -> None:
    connector, _ = scripted(stock("A"), stock(), stock("B"), stock(), stock(), stock())

    pages = list(connector.pages(STOCK))

    assert ids(pages) == ["A", "B"]
    assert pages[-1].end is End.PROVEN


def test_an_empty_page_of_stock_before_a_full_one_breaks_the_read() -> None:
    connector, _ = scripted(stock("A"), stock(), stock(), stock("C"))

    with pytest.raises(AnswerBroken):
        list(connector.pages(STOCK))


def test_stock_that_is_empty_from_the_start_proves_nothing() -> None:
    connector, _ = scripted(stock(), stock(), stock())

    assert ends(list(connector.pages(STOCK))) == [End.CLAIMED]


def test_stock_pages_that_do_not_advance_break_the_read() -> None:
    connector, _ = scripted(stock("A", "B"), stock("B", "A"))

    with pytest.raises(AnswerBroken):
        list(connector.pages(STOCK))


def test_a_page_of_stock_is_as_old_as_the_moment_before_its_request() -> None:
    connector, _ = scripted(stock("A"), stock(), stock(), stock())

    assert next(iter(connector.pages(STOCK))).read_at == START


def test_a_blank_answer_is_asked_for_again_and_is_never_no_data() -> None:
    passing, _ = scripted(b"", b" \n", stock("A"), stock(), stock(), stock())
    lasting, client = scripted(b"", b"", b"")

    assert ids(list(passing.pages(STOCK))) == ["A"]
    with pytest.raises(SourceUnavailable):
        list(lasting.pages(STOCK))
    assert len(client.asked) == 3


def test_stock_of_a_tenant_without_the_order_module_is_read_by_the_other_route() -> None:
    empty = b'<ns2:inventories xmlns:ns2="u"/>'
    connector, client = scripted(XML, empty, empty, empty, settings={"stock_source": "full"})

    pages = list(connector.pages(STOCK))

    assert ids(pages) == ["A & B"]
    assert (client.asked[0].path, client.params(0)) == ("/inventory/full", {"pageNo": "1"})


@pytest.mark.parametrize(
    "answer",
    [
        b"<ns2:orders/>",
        b"<html></html>",
        b"<!DOCTYPE x [<!ENTITY a 'b'>]><inventories/>",
        b"<inventories>",
        b"Internal error",
        b'{"enterpriseInventory":null}',
        b"{}",
    ],
    ids=["other-root", "html", "entities", "cut", "words", "null", "nothing"],
)
def test_an_answer_without_stock_breaks_the_read(answer: bytes) -> None:
    connector, _ = scripted(answer)

    with pytest.raises(AnswerBroken):
        list(connector.pages(STOCK))


def test_stock_is_looked_up_by_numbers_and_one_with_a_comma_in_the_whole_list() -> None:
    connector, client = scripted([stock("A")], stock("A", "x,y"), stock(), stock(), stock())

    found = connector.lookup("inventory_levels", ["A", "B", "x,y"])

    assert ids([found]) == ["A", "x,y"]
    assert client.params(0)["itemNumbers"] == "A,B"


def test_a_look_up_of_stock_that_ignores_its_filter_proves_nothing() -> None:
    connector, _ = scripted(stock("A", "Z"))

    with pytest.raises(AnswerBroken):
        connector.lookup("inventory_levels", ["A", "B"])
