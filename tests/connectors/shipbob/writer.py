"""ShipBob under the writers' contract, against its simulator."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from planster_sync.ports.writing import DraftLine, InboundShipmentChange, InboundShipmentDraft
from tests.connectors.shipbob.simulated import SIMULATED
from tests.contract.over_http.simulated import Meeting
from tests.contract.writer_bench import Bench, WriterSubject, bench_of


def references(meeting: Meeting) -> list[str | None]:
    """The numbers of all receiving orders that the vendor holds."""
    return [row["purchase_order_number"] for row in meeting.truth()["receiving"]]


def skus(bench: Bench) -> list[str]:
    """SKUs of the first three stock items."""
    page = bench.connector.lookup("inventory_levels", ["7000000", "7000001", "7000002"])
    return [bench.connector.map("inventory_levels", each.raw).owned[0].attributes()["sku"] for each in page.records]


def draft(bench: Bench) -> InboundShipmentDraft:
    """One item by its SKU, the other by its id as well."""
    one, other, _ = skus(bench)
    return InboundShipmentDraft(
        "PO-2026-0417",
        (DraftLine(120, sku=one), DraftLine(36, sku=other, inventory_item_id="7000001")),
        warehouse_id="10",
        expected_at="2027-05-04T00:00:00Z",
        tracking_numbers=("1Z7700",),
    )


def refused(bench: Bench) -> tuple[InboundShipmentDraft, str]:
    wrong = draft(bench)
    return replace(wrong, lines=(*wrong.lines, DraftLine(1, sku="NO-SUCH-SOAP"))), "does not know an item"


def change(bench: Bench, made: InboundShipmentDraft) -> InboundShipmentChange:
    lines = (DraftLine(99, sku=made.lines[0].sku), DraftLine(5, sku=skus(bench)[2]))
    return InboundShipmentChange(expected_at="2027-05-11T00:00:00Z", lines=lines)


WRITER = WriterSubject(partial(bench_of, "shipbob", SIMULATED, references), draft, refused, change)
