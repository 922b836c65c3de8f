"""ShipBob under the writers' contract, against its simulator."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from urllib.request import urlopen

from planster_sync.ports.writing import DraftLine, InboundShipmentChange, InboundShipmentDraft
from simulators.serving.server import serve
from simulators.serving.simulation import Simulation
from simulators.shipbob.vendor import ShipBob
from tests.contract.writer_suite import Bench, HttpLine, WriterSubject, connected
from tests.fakes.clock import ManualClock

BASE = datetime(2026, 3, 1, tzinfo=UTC)
GOOD = {"token": "sim-pat-1"}


@contextmanager
def _bench() -> Iterator[Bench]:
    clock, line = ManualClock(), HttpLine()
    account = {"connection_id": "con-1", "credentials": GOOD, "size": 30}
    with serve(Simulation(ShipBob(0), BASE, clock.now), [account]) as server:
        settings = {"base_url": server.url, "page_limit": 7}
        with connected("shipbob", GOOD, settings, clock, line) as connector:
            yield Bench(connector, clock, line, lambda: _references(server.url))


def _references(url: str) -> list[str | None]:
    with urlopen(f"{url}/_sim/truth/con-1/receiving") as answer:
        return [json.loads(row)["purchase_order_number"] for row in answer.read().splitlines()]


def _skus(bench: Bench) -> list[str]:
    page = bench.connector.lookup("inventory_levels", ["7000000", "7000001", "7000002"])
    return [bench.connector.map("inventory_levels", each.raw).owned[0].attributes()["sku"] for each in page.records]


def _draft(bench: Bench) -> InboundShipmentDraft:
    """One item by its SKU, the other by its id as well."""
    one, other, _ = _skus(bench)
    return InboundShipmentDraft(
        "PO-2026-0417",
        (DraftLine(120, sku=one), DraftLine(36, sku=other, inventory_item_id="7000001")),
        warehouse_id="10",
        expected_at="2027-05-04T00:00:00Z",
        tracking_numbers=("1Z7700",),
    )


def _refused(bench: Bench) -> tuple[InboundShipmentDraft, str]:
    wrong = _draft(bench)
    return replace(wrong, lines=(*wrong.lines, DraftLine(1, sku="NO-SUCH-SOAP"))), "does not know an item"


def _change(bench: Bench, made: InboundShipmentDraft) -> InboundShipmentChange:
    lines = (DraftLine(99, sku=made.lines[0].sku), DraftLine(5, sku=_skus(bench)[2]))
    return InboundShipmentChange(expected_at="2027-05-11T00:00:00Z", lines=lines)


WRITER = WriterSubject(_bench, _draft, _refused, _change)
