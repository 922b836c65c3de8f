"""What is Deposco's own over real HTTP: two APIs, two routes to stock, blank answers, searches that end."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from typing import Any
from urllib.request import urlopen

import pytest

from planster_sync.errors import Forbidden, SourceUnavailable
from planster_sync.ports.source import Connector, End, ReadRequest
from tests.connectors.deposco.simulated import SIMULATED, start
from tests.contract.over_http.simulated import Meeting

Meet = Callable[..., Meeting]


@pytest.fixture
def meet() -> Iterator[Meet]:
    with ExitStack() as closing:
        yield lambda **settings: Meeting("deposco", replace(SIMULATED, start=partial(start, **settings)), closing)


def mapped(connector: Connector, read: str) -> dict[str, dict[str, Any]]:
    pages = list(connector.pages(ReadRequest(read)))
    assert pages[-1].end is End.PROVEN
    return {
        str(each.id): connector.map(read, each.raw).owned[0].attributes() for page in pages for each in page.records
    }


def test_both_routes_to_stock_tell_the_same_of_each_warehouse(meet: Meet) -> None:
    meeting = meet(full_rows=7)

    enterprise = mapped(meeting.connector(), "inventory_levels")
    full = mapped(meeting.connector(stock_source="full"), "inventory_levels")

    def told(levels: dict[str, dict[str, Any]]) -> dict[str, list[list[Any]]]:
        names = ("warehouse_id", "on_hand", "committed", "fulfillable")
        return {key: [[each[name] for name in names] for each in level["warehouses"]] for key, level in levels.items()}

    assert told(enterprise) == told(full)
    assert len(full) > 20


def test_blank_answers_are_asked_for_again_up_to_a_limit(meet: Meet) -> None:
    passing, lasting = meet(blank_answers=2).connector(), meet(blank_answers=9).connector()

    assert mapped(passing, "inventory_levels")
    with pytest.raises(SourceUnavailable):
        list(lasting.pages(ReadRequest("inventory_levels")))


@pytest.mark.parametrize("read", ["orders", "inbound_shipments", "order_shipments", "returns"])
def test_cut_off_lines_are_completed_whatever_the_vendor_shows(meet: Meet, read: str) -> None:
    one, ten = meet(nested_rows=1).connector(), meet(nested_rows=10).connector()

    assert mapped(one, read) == mapped(ten, read)


def test_a_look_up_completes_lines_too(meet: Meet) -> None:
    connector = meet(nested_rows=1).connector()
    known = {str(each.id): each for page in connector.pages(ReadRequest("orders")) for each in page.records}

    found = connector.lookup("orders", sorted(known)[:5])

    assert all(json.loads(each.raw) == json.loads(known[str(each.id)].raw) for each in found.records)


def test_both_levels_of_orders_tell_the_same_demand(meet: Meet) -> None:
    meeting = meet(nested_rows=1)

    sales = mapped(meeting.connector(), "orders")
    customer = mapped(meeting.connector(order_level="customer_orders"), "orders")

    def demand(found: dict[str, dict[str, Any]]) -> dict[str, Any]:
        names = ("sku", "quantity", "cancelled")
        return {
            each["reference_id"]: ([[line.get(name) for name in names] for line in each["lines"]], each["destination"])
            for each in found.values()
        }

    assert demand(sales) == demand(customer)
    assert len(sales) == 60


def test_a_customer_order_is_looked_up_out_of_its_wrapping(meet: Meet) -> None:
    connector = meet(nested_rows=1).connector(order_level="customer_orders")
    known = {str(each.id): each for page in connector.pages(ReadRequest("orders")) for each in page.records}

    found = connector.lookup("orders", [*sorted(known)[:4], "999999999"])

    assert {each.id: each.raw for each in found.records} == {key: known[key].raw for key in sorted(known)[:4]}


def test_the_check_needs_both_apis(meet: Meet) -> None:
    for scope in ("enterpriseinventory", "facilities"):
        meeting = meet()
        meeting.control("connections/con-1/forbid", {"scope": scope})

        with pytest.raises(Forbidden):
            meeting.connector().check()


def test_one_token_serves_many_requests(meet: Meet) -> None:
    meeting = meet()
    connector = meeting.connector()

    for read in ("products", "orders", "warehouses"):
        mapped(connector, read)

    grants = [each for each in _requests(meeting) if each["path"] == "/oauth2/token"]
    assert [each["status"] for each in grants] == [200]


def _requests(meeting: Meeting) -> list[dict[str, Any]]:
    with urlopen(f"{meeting.url}/_sim/requests") as answer:
        found: list[dict[str, Any]] = json.load(answer)["last"]
    return found
