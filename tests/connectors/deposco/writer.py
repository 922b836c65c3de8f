"""Deposco under the writers' contract, against its simulator."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from planster_sync.http.messages import Request
from planster_sync.model.record import Money
from planster_sync.ports.source import ReadRequest
from planster_sync.ports.writing import DraftLine, InboundShipmentChange, InboundShipmentDraft
from tests.connectors.deposco.simulated import SIMULATED
from tests.contract.over_http.simulated import Meeting
from tests.contract.writer_bench import Bench, WriterSubject, bench_of


def references(meeting: Meeting) -> list[str | None]:
    return [order["number"] for order in meeting.truth()["purchaseOrders"]]


def is_change(request: Request) -> bool:
    """Tokens are asked for by POST as well."""
    return request.method == "POST" and request.path.endswith("/purchaseOrders")


def skus(bench: Bench) -> list[str]:
    rows = [
        bench.connector.map("products", record.raw).owned[0].attributes()
        for page in bench.connector.pages(ReadRequest("products"))
        for record in page.records
    ]
    return [row["sku"] for row in rows if "sku" in row]


def draft(bench: Bench) -> InboundShipmentDraft:
    one, other = skus(bench)[:2]
    cost = Money(amount="4.25", currency="CAD")
    return InboundShipmentDraft(
        "PLN-2026-7",
        (DraftLine(24, sku=one, unit_cost=cost), DraftLine(5, sku=other)),
        warehouse_id="DC1",
        supplier_id="V-0001",
        expected_at="2026-04-01T00:00:00Z",
    )


def refused(bench: Bench) -> tuple[InboundShipmentDraft, str]:
    return replace(draft(bench), lines=(DraftLine(1, sku="NO-SUCH-SOAP"),)), "NO-SUCH-SOAP"


def change(bench: Bench, made: InboundShipmentDraft) -> InboundShipmentChange:
    lines = (DraftLine(99, sku=made.lines[0].sku), DraftLine(3, sku=skus(bench)[2]))
    return InboundShipmentChange(expected_at="2026-05-01T00:00:00Z", lines=lines)


WRITER = WriterSubject(partial(bench_of, "deposco", SIMULATED, references, is_change=is_change), draft, refused, change)
