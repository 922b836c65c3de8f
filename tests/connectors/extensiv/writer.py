"""Extensiv under the writers' contract, against its simulator."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from planster_sync.http.messages import Request
from planster_sync.ports.source import ReadRequest
from planster_sync.ports.writing import DraftLine, InboundShipmentChange, InboundShipmentDraft
from tests.connectors.extensiv.simulated import SIMULATED
from tests.contract.over_http.simulated import Meeting
from tests.contract.writer_bench import Bench, WriterSubject, bench_of

MERCHANT = "41"


def references(meeting: Meeting) -> list[str | None]:
    return [receiver["referenceNum"] for receiver in meeting.truth()["receivers"]]


def touch(meeting: Meeting, shipment_id: str) -> None:
    """Somebody in the warehouse names another carrier than the present one."""
    receivers = {str(each["readOnly"]["receiverId"]): each for each in meeting.truth()["receivers"]}
    carrier = f"{receivers[shipment_id].get('carrier') or ''}+"
    told = {"connection": "con-1", "collection": "receivers", "id": shipment_id, "set": {"carrier": carrier}}
    meeting.control("mutate", told)


def is_change(request: Request) -> bool:
    """Tokens are asked for by POST as well."""
    return request.method in ("POST", "PUT") and request.path.startswith("/inventory/receivers")


def skus(bench: Bench) -> list[str]:
    """Plain SKUs of the merchant's items in use."""
    rows = [
        bench.connector.map("products", record.raw).owned[0].attributes()
        for page in bench.connector.pages(ReadRequest("products"))
        for record in page.records
    ]
    mine = [row for row in rows if row["warehouse_customer_id"] == MERCHANT and row.get("active")]
    return sorted(row["sku"] for row in mine if row["sku"].strip() == row["sku"])


def draft(bench: Bench) -> InboundShipmentDraft:
    one, other = skus(bench)[:2]
    return InboundShipmentDraft(
        "PLN-2026-7",
        (DraftLine(24, sku=one, supplier_sku="MILL-7"), DraftLine(5, sku=other)),
        warehouse_id="1",
        warehouse_customer_id=MERCHANT,
        supplier_id="12",
        expected_at="2026-05-01T04:00:00Z",
        tracking_numbers=("1Z7700",),
    )


def refused(bench: Bench) -> tuple[InboundShipmentDraft, str]:
    return replace(draft(bench), lines=(DraftLine(1, sku="NO-SUCH-SOAP"),)), "SKU"


def change(bench: Bench, made: InboundShipmentDraft) -> InboundShipmentChange:
    return InboundShipmentChange(
        expected_at="2026-05-08T04:00:00Z",
        tracking_numbers=("1Z8800",),
        lines=(DraftLine(99, sku=made.lines[0].sku), DraftLine(3, sku=skus(bench)[2])),
    )


_begin = partial(bench_of, "extensiv", SIMULATED, references, touch=touch, is_change=is_change)
WRITER = WriterSubject(_begin, draft, refused, change, has_versions=True)
