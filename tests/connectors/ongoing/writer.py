"""Ongoing under the writers' contract, against its simulator."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from planster_sync.ports.writing import DraftLine, InboundShipmentChange, InboundShipmentDraft
from tests.connectors.ongoing.simulated import SIMULATED
from tests.contract.over_http.simulated import Meeting
from tests.contract.writer_bench import Bench, WriterSubject, bench_of

REFERENCE = "PLN-2026-0417"


def references(meeting: Meeting) -> list[str | None]:
    """The numbers of all purchase orders that the vendor holds."""
    return [row["purchaseOrderInfo"]["purchaseOrderNumber"] for row in meeting.truth()["purchase_orders"]]


def draft(_: Bench) -> InboundShipmentDraft:
    """Articles 0 and 2 of the business; the second is named by its id as well."""
    return InboundShipmentDraft(
        REFERENCE,
        (DraftLine(120, sku="SOAP-00000"), DraftLine(36, sku="ČAJ-00002", inventory_item_id="10004")),
        warehouse_id="1",
        warehouse_customer_id="77",
        supplier_id="S-1",
        supplier_name="Zhou Lighting",
        expected_at="2026-05-04T00:00:00Z",
    )


def refused(bench: Bench) -> tuple[InboundShipmentDraft, str]:
    wrong = draft(bench)
    return replace(wrong, lines=(*wrong.lines, DraftLine(1, sku="NO-SUCH-SOAP"))), "articles"


def change(_: Bench, made: InboundShipmentDraft) -> InboundShipmentChange:
    """Another day, another quantity, and an article that is new in it."""
    return InboundShipmentChange(
        expected_at="2026-05-11T00:00:00Z",
        lines=(DraftLine(99, sku=made.lines[0].sku), DraftLine(5, sku="cup-00003")),
    )


WRITER = WriterSubject(partial(bench_of, "ongoing", SIMULATED, references), draft, refused, change)
