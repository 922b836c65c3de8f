"""ShipHero under the writers' contract, against its simulator."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from planster_sync.http.messages import Request
from planster_sync.model.record import Money
from planster_sync.ports.source import ReadRequest
from planster_sync.ports.writing import DraftLine, InboundShipmentChange, InboundShipmentDraft
from tests.connectors.shiphero.simulated import SIMULATED
from tests.contract.over_http.simulated import Meeting
from tests.contract.writer_bench import Bench, WriterSubject, bench_of

REFERENCE = "PO-2026-0417"


def references(meeting: Meeting) -> list[str | None]:
    """The numbers of all purchase orders that the vendor holds."""
    return [row["po_number"] for row in meeting.truth()["purchase_orders"]]


def is_mutation(request: Request) -> bool:
    """Everything is posted to one path; only some documents ask for a change."""
    return b'"query": "mutation' in (request.body or b"")


def first_id(bench: Bench, read: str) -> str:
    return next(str(record.id) for page in bench.connector.pages(ReadRequest(read)) for record in page.records)


def draft(bench: Bench) -> InboundShipmentDraft:
    rows = [
        bench.connector.map("products", record.raw).owned[0].attributes()
        for page in bench.connector.pages(ReadRequest("products"))
        for record in page.records
    ]
    one, other = sorted(row["sku"] for row in rows)[:2]
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
    stranger = DraftLine(1, sku="NO-SUCH-SOAP", unit_cost=Money(amount="1"))
    return replace(wrong, lines=(*wrong.lines, stranger)), "NO-SUCH-SOAP"


def change(_: Bench, made: InboundShipmentDraft) -> InboundShipmentChange:
    return InboundShipmentChange(expected_at="2026-05-11T00:00:00Z", lines=(DraftLine(99, sku=made.lines[0].sku),))


_begin = partial(bench_of, "shiphero", SIMULATED, references, is_change=is_mutation)
WRITER = WriterSubject(_begin, draft, refused, change)
