"""What is peculiar to ShipBob over real HTTP, against the simulated vendor; the rest is in the contract over HTTP."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime
from typing import Any, cast

import pytest

from planster_sync.errors import Unsupported
from planster_sync.ports.source import Connector, Created, ReadRequest, Still
from planster_sync.ports.writing import DraftLine, InboundShipmentChange, InboundShipmentDraft, InboundShipmentWriter
from tests.connectors.shipbob.simulated import SIMULATED
from tests.contract.over_http.simulated import Meeting

CREATED = {"orders": "created_date", "inbound_shipments": "insert_date", "returns": "insert_date"}


@pytest.fixture
def meeting() -> Iterator[Meeting]:
    with ExitStack() as closing:
        yield Meeting("shipbob", SIMULATED, closing)


def asked(connector: Connector, read: str, only: Still | Created | None = None) -> dict[str, Any]:
    pages = connector.pages(ReadRequest(read, only=only))
    return {str(record.id): json.loads(record.raw) for page in pages for record in page.records}


@pytest.mark.parametrize("read", CREATED)
def test_slices_by_creation_part_the_list(meeting: Meeting, read: str) -> None:
    connector = meeting.connector()
    whole = asked(connector, read)
    stamps = sorted(datetime.fromisoformat(record[CREATED[read]]) for record in whole.values())
    bound = stamps[len(stamps) // 2].replace(microsecond=0)

    recent, older = asked(connector, read, Created(since=bound)), asked(connector, read, Created(until=bound))

    assert recent.keys() | older.keys() == whole.keys()
    assert 0 < len(recent) < len(whole)
    assert len(recent.keys() & older.keys()) <= 1


def test_invoices_are_parted_by_days(meeting: Meeting) -> None:
    connector = meeting.connector()
    whole = asked(connector, "bills")
    bound = datetime.fromisoformat(f"{sorted(each['invoice_date'] for each in whole.values())[9]}T00:00:00+00:00")

    recent, older = asked(connector, "bills", Created(since=bound)), asked(connector, "bills", Created(until=bound))

    assert recent.keys() | older.keys() == whole.keys()
    assert max(len(recent), len(older)) < len(whole)


@pytest.mark.parametrize("read", ["inbound_shipments", "returns"])
def test_what_is_open_is_a_part_of_the_list(meeting: Meeting, read: str) -> None:
    connector = meeting.connector()

    still_open = asked(connector, read, Still.OPEN)

    assert all(record["status"] not in {"Completed", "Cancelled"} for record in still_open.values())
    assert still_open.items() <= asked(connector, read).items()


def test_a_channel_narrows_orders_and_leaves_stock_whole(meeting: Meeting) -> None:
    every, one = meeting.connector(), meeting.connector(channel_id=301)

    orders = asked(one, "orders")

    assert {record["channel"]["id"] for record in orders.values()} == {301}
    assert len(orders) < len(asked(every, "orders"))
    assert asked(one, "inventory_levels") == asked(every, "inventory_levels")


def test_bundles_name_stock_that_the_vendor_counts(meeting: Meeting) -> None:
    connector = meeting.connector(page_limit=3)
    stock = asked(connector, "inventory_levels")

    records = [connector.map("products", json.dumps(each).encode()) for each in asked(connector, "products").values()]
    kits = [each.owned[0].attributes() for each in records if each.owned[0].attributes()["is_kit"]]

    named = {part["inventory_item_id"] for kit in kits for part in kit["components"]}
    assert named
    assert named <= stock.keys()


def test_payments_are_not_read(meeting: Meeting) -> None:
    there = meeting.truth()["invoices"]

    read = asked(meeting.connector(), "bills")

    assert any(each["invoice_type"] == "Payment" for each in there)
    assert not any(each["invoice_type"] == "Payment" for each in read.values())


def test_an_older_version_takes_new_orders_and_says_that_it_takes_no_changes(meeting: Meeting) -> None:
    connector = cast(InboundShipmentWriter, meeting.connector(api_version="2026-01"))
    line = DraftLine(5, inventory_item_id="7000001")
    draft = InboundShipmentDraft("PO-1", (line,), warehouse_id="10", expected_at="2027-05-04T00:00:00Z")

    made = connector.create_inbound_shipment(draft)

    with pytest.raises(Unsupported):
        connector.update_inbound_shipment(str(made.id), InboundShipmentChange(expected_at="2027-06-04T00:00:00Z"))
