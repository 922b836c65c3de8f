"""Trackstar under the writers' contract, against its simulator."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.request import Request, urlopen

from planster_sync.model.record import Money
from planster_sync.ports.source import ReadRequest
from planster_sync.ports.writing import DraftLine, InboundShipmentChange, InboundShipmentDraft
from simulators.trackstar.config import AccountSpec, ServerConfig
from simulators.trackstar.server import serve
from tests.contract.writer_suite import Bench, HttpLine, WriterSubject, connected
from tests.fakes.clock import ManualClock

PATH = "/wms/inbound-shipments"
REFERENCE = "PO-2026-0417"


def asked(url: str, path: str, body: object = None) -> Any:
    """What one of the simulator's control routes answers."""
    content = None if body is None else json.dumps(body).encode()
    with urlopen(Request(f"{url}/_sim/{path}", content, method="GET" if body is None else "POST")) as answer:
        return answer.read()


def truth(url: str, collection: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in asked(url, f"truth/con-1/{collection}").splitlines()]


@contextmanager
def begun(**spec: Any) -> Iterator[tuple[Bench, str]]:
    """A simulated vendor with one connection, and its URL."""
    account = AccountSpec("con-1", "token-1", size=30, **spec)
    clock, line = ManualClock(), HttpLine()
    base = datetime(2026, 3, 1, tzinfo=UTC)
    with serve(ServerConfig((account,), rate_get=0, rate_write=0, base_date=base)) as server:
        url = server.url
        credentials = {"api_key": "sim-api-key", "access_token": "token-1"}
        with connected("trackstar", credentials, {"base_url": url, "page_limit": 7}, clock, line) as connector:
            numbers = lambda: [row["purchase_order_number"] for row in truth(url, "inbound_shipments")]  # noqa: E731
            yield Bench(connector, clock, line, numbers), url


@contextmanager
def _bench() -> Iterator[Bench]:
    with begun() as (bench, _):
        yield bench


def skus(bench: Bench) -> list[str]:
    """SKUs that the warehouse knows."""
    found = []
    for page in bench.connector.pages(ReadRequest("inventory_levels")):
        found += [
            bench.connector.map("inventory_levels", each.raw).owned[0].attributes().get("sku") for each in page.records
        ]
    return sorted({sku for sku in found if sku})


def warehouse(bench: Bench) -> str:
    return next(str(each.id) for page in bench.connector.pages(ReadRequest("warehouses")) for each in page.records)


def supplier(bench: Bench) -> str:
    pages = bench.connector.pages(ReadRequest("inbound_shipment_suppliers"))
    return next(str(each.id) for page in pages for each in page.records)


def draft(bench: Bench) -> InboundShipmentDraft:
    one, other = skus(bench)[:2]
    return InboundShipmentDraft(
        REFERENCE,
        (
            DraftLine(120, sku=one, supplier_sku="MILL-7", unit_cost=Money(amount="1.25")),
            DraftLine(36, sku=other, unit_cost=Money(amount="4")),
        ),
        warehouse_id=warehouse(bench),
        supplier_id=supplier(bench),
        expected_at="2026-05-04T00:00:00Z",
        tracking_numbers=("1Z7700",),
    )


def refused(bench: Bench) -> tuple[InboundShipmentDraft, str]:
    wrong = draft(bench)
    return replace(wrong, lines=(*wrong.lines, DraftLine(1, sku="NO-SUCH-SOAP"))), "NO-SUCH-SOAP"


def change(bench: Bench, made: InboundShipmentDraft) -> InboundShipmentChange:
    return InboundShipmentChange(
        expected_at="2026-05-11T00:00:00Z",
        lines=(DraftLine(99, sku=made.lines[0].sku), DraftLine(5, sku=skus(bench)[2])),
    )


WRITER = WriterSubject(_bench, draft, refused, change)
