"""ShipHero's own ways over HTTP: credits that run out and come back, tokens, lists longer than a page."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.request import urlopen

import pytest

from planster_sync.errors import Throttled, Unsupported
from planster_sync.ports.source import Connector, End, Page, ReadRequest
from simulators.serving.limits import Bucket
from simulators.serving.server import serve
from simulators.serving.simulation import Simulation
from simulators.shiphero.vendor import CAPACITY, PER_SECOND, Shiphero
from tests.connectors.shiphero.simulated import GOOD, SIMULATED
from tests.contract.over_http.simulated import Meeting


@contextmanager
def met(bucket: Bucket, *, rate: float | None = 0, **account: Any) -> Iterator[Meeting]:
    """A vendor with this bucket of credits. `rate` None: the connector keeps to the rate that it declares."""

    def start(base: datetime, clock: Any, _: float | None) -> Any:
        told = {"connection_id": "con-1", "credentials": GOOD, "size": 60, **account}
        return serve(Simulation(Shiphero(bucket), base, clock), [told])

    with ExitStack() as closing:
        yield Meeting("shiphero", replace(SIMULATED, start=start), closing, rate=rate)


def with_patience(meeting: Meeting, connector: Connector, read: str) -> tuple[list[Page], int]:
    """The read's pages, gone on with after every wait that the vendor named, and how many waits there were."""
    pages: list[Page] = []
    waits = 0
    while not pages or pages[-1].end is End.MORE:
        try:  # what came before a wait stays in the list
            pages.extend(connector.pages(ReadRequest(read, after=pages[-1].after if pages else None)))
        except Throttled as wait:
            meeting.clock.advance(_seconds_until(meeting, wait))
            waits += 1
    return pages, waits


def _seconds_until(meeting: Meeting, wait: Throttled) -> float:
    assert wait.until is not None
    seconds = (wait.until - meeting.clock.now()).total_seconds()
    assert seconds > 0
    return seconds


def test_a_read_goes_on_where_its_credits_ended_as_soon_as_the_vendor_says() -> None:
    with met(Bucket(520, PER_SECOND)) as meeting:
        connector = meeting.connector()

        pages, waits = with_patience(meeting, connector, "orders")

        found = {record.id for page in pages for record in page.records}
        assert waits > 0
        assert found == {record["id"] for record in meeting.truth()["orders"]}
        assert pages[-1].end is End.PROVEN


def test_the_wait_that_the_vendor_names_is_enough() -> None:
    with met(Bucket(520, PER_SECOND)) as meeting:
        pages, waits = with_patience(meeting, meeting.connector(), "orders")

        assert waits < len(pages)


@pytest.mark.parametrize("read", ["products", "orders", "inbound_shipments", "bills"])
def test_the_declared_rate_never_runs_out_of_credits(read: str) -> None:
    with met(Bucket(CAPACITY, PER_SECOND), rate=None, size=300) as meeting:
        pages, waits = with_patience(meeting, meeting.connector(), read)

        assert waits == 0
        assert pages[-1].end is End.PROVEN


def test_an_access_token_is_asked_for_once_in_a_night() -> None:
    with met(Bucket(CAPACITY, 1000)) as meeting:
        connector = meeting.connector()

        for read in connector.capabilities.reads:
            list(connector.pages(ReadRequest(read)))

        with urlopen(f"{meeting.url}/_sim/requests") as answer:
            counts = json.load(answer)["counts"]
        assert counts["con-1 POST /auth/refresh"] == 1
        assert 401 not in meeting.statuses()


def test_a_brand_has_no_customers_and_no_bills() -> None:
    with met(Bucket(CAPACITY, 1000), settings={"is_3pl": False}) as meeting:
        connector = meeting.connector()

        (customers,) = connector.pages(ReadRequest("warehouse_customers"))

        assert (customers.records, customers.end) == ((), End.PROVEN)
        with pytest.raises(Unsupported):
            list(connector.pages(ReadRequest("bills")))


def test_lines_beyond_the_first_page_are_the_same_lines() -> None:
    with met(Bucket(CAPACITY, 1000)) as meeting:
        few, many = meeting.connector(line_limit=1), meeting.connector()

        lines = [
            [
                connector.map("inbound_shipments", record.raw).owned[0].attributes()["lines"]
                for page in connector.pages(ReadRequest("inbound_shipments"))
                for record in page.records
            ]
            for connector in (few, many)
        ]

        assert lines[0] == lines[1]
        assert max(map(len, lines[0])) > 1
