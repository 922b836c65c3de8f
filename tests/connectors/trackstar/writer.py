"""Trackstar under the writers' contract, against its simulator."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from planster_sync.model.record import Money
from planster_sync.ports.source import ReadRequest
from planster_sync.ports.writing import DraftLine, InboundShipmentChange, InboundShipmentDraft
from tests.connectors.trackstar.simulated import SIMULATED
from tests.contract.over_http.simulated import Meeting
from tests.contract.writer_bench import Bench, WriterSubject, bench_of

REFERENCE = "PO-2026-0417"


def references(meeting: Meeting) -> list[str | None]:
    """The numbers of all inbound shipments that the vendor holds."""
    return [row["purchase_order_number"] for row in meeting.truth()["inbound_shipments"]]


def skus(bench: Bench) -> list[str]:
    """SKUs that the warehouse knows."""
    rows = [
        bench.connector.map("inventory_levels", record.raw).owned[0].attributes()
        for page in bench.connector.pages(ReadRequest("inventory_levels"))
        for record in page.records
    ]
    return sorted({row["sku"] for row in rows if "sku" in row})


def first_id(bench: Bench, read: str) -> str:
    return next(str(record.id) for page in bench.connector.pages(ReadRequest(read)) for record in page.records)


def draft(bench: Bench) -> InboundShipmentDraft:
    one, other = skus(bench)[:2]
    return InboundShipmentDraft(
        REFERENCE,
        (
            DraftLine(120, sku=one, supplier_sku="MILL-7", unit_cost=Money(amount="1.25")),
            DraftLine(36, sku=other, unit_cost=Money(amount="4")),
        ),
        warehouse_id=first_id(bench, "warehouses"),
        supplier_id=first_id(bench, "inbound_shipment_suppliers"),
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


WRITER = WriterSubject(partial(bench_of, "trackstar", SIMULATED, references), draft, refused, change)
