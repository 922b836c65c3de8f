"""Cin7 Core under the writers' contract, against its simulator."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from planster_sync.model.record import Money
from planster_sync.ports.source import ReadRequest
from planster_sync.ports.writing import DraftLine, InboundShipmentChange, InboundShipmentDraft
from tests.connectors.cin7_core.simulated import SIMULATED
from tests.contract.over_http.simulated import Meeting
from tests.contract.writer_bench import Bench, WriterSubject, bench_of

REFERENCE = "PL-2026-0417"


def references(meeting: Meeting) -> list[str | None]:
    """Our references on all purchases that the vendor holds, with lines or without."""
    notes = [row.get("Note") or "" for row in meeting.truth()["purchases"]]
    return [note.removeprefix("Planster reference: ") for note in notes if note]


def skus(bench: Bench) -> list[str]:
    """SKUs of goods that can still be bought."""
    found = [
        bench.connector.map("products", record.raw).owned[0].attributes()
        for page in bench.connector.pages(ReadRequest("products"))
        for record in page.records
    ]
    return sorted({row["sku"] for row in found if row["active"] and not row["is_kit"]})


def first_id(bench: Bench, read: str) -> str:
    return min(str(record.id) for page in bench.connector.pages(ReadRequest(read)) for record in page.records)


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
        expected_at="2026-05-03T22:00:00Z",
    )


def refused(bench: Bench) -> tuple[InboundShipmentDraft, str]:
    return replace(draft(bench), supplier_id="00000000-0000-4000-8000-000000000000"), "supplier"


def change(bench: Bench, made: InboundShipmentDraft) -> InboundShipmentChange:
    return InboundShipmentChange(
        expected_at="2026-05-10T22:00:00Z",
        lines=(
            DraftLine(99, sku=made.lines[0].sku),
            DraftLine(5, sku=skus(bench)[2], unit_cost=Money(amount="2")),
        ),
    )


WRITER = WriterSubject(partial(bench_of, "cin7_core", SIMULATED, references), draft, refused, change)
