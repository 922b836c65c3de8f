"""Writing through the simulated vendor over HTTP: its own faults, its refusals, and what a change leaves alone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, cast

import pytest

from planster_sync.connectors.trackstar.paging import Walk
from planster_sync.connectors.trackstar.writing import InboundShipmentWrites
from planster_sync.errors import (
    AnswerBroken,
    Conflict,
    Forbidden,
    NotFound,
    SourceUnavailable,
    SyncError,
    Unsupported,
    WriteRefused,
)
from planster_sync.http.client import HttpClient
from planster_sync.http.messages import Answer, Request
from planster_sync.model.record import Money
from planster_sync.ports.source import Connector
from planster_sync.ports.write_backs import WriteState
from planster_sync.ports.writing import DraftLine, InboundShipmentChange, InboundShipmentDraft, InboundShipmentWriter
from simulators.trackstar.config import AccountSpec, ServerConfig
from simulators.trackstar.server import serve
from tests.connectors.trackstar import writer as subject
from tests.connectors.trackstar.simulated import SIMULATED
from tests.contract.over_http.simulated import SIZE, Meeting
from tests.contract.writer_bench import Bench, HttpLine
from tests.fakes.write_desk import WriteDesk

PATH = "/wms/inbound-shipments"


@dataclass
class Vendor:
    """A simulated vendor in one of its moods, and what was sent to it."""

    meeting: Meeting
    connector: Connector

    @property
    def writer(self) -> InboundShipmentWriter:
        return cast(InboundShipmentWriter, self.connector)

    @property
    def bench(self) -> Bench:
        meeting = self.meeting
        return Bench(self.connector, meeting.clock, HttpLine(), lambda: subject.references(meeting))

    def desk(self) -> WriteDesk:
        return WriteDesk(self.connector, self.meeting.clock)

    def draft(self) -> InboundShipmentDraft:
        return subject.draft(self.bench)

    def held(self, id_: str | None) -> dict[str, Any]:
        """The shipment as it lies at the vendor."""
        (found,) = [row for row in self.meeting.truth()["inbound_shipments"] if row["id"] == id_]
        return found

    def numbers(self) -> list[str | None]:
        return subject.references(self.meeting)


@pytest.fixture
def closing() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def begun(closing: ExitStack, settings: dict[str, Any] | None = None, **spec: Any) -> Vendor:
    account = AccountSpec("con-1", "sim-token-1", size=SIZE, **spec)
    simulated = replace(
        SIMULATED,
        start=lambda base, clock, _: serve(ServerConfig((account,), rate_get=0, base_date=base, clock=clock)),
    )
    meeting = Meeting("trackstar", simulated, closing)
    return Vendor(meeting, meeting.connector(**(settings or {})))


@pytest.fixture
def vendor(closing: ExitStack) -> Vendor:
    return begun(closing)


@pytest.mark.parametrize("kind", ["reset", "truncated_json", "status_500", "status_503", "html_502"])
def test_whatever_becomes_of_the_answer_there_is_one_shipment(vendor: Vendor, kind: str) -> None:
    """`reset` and `truncated_json` act and lose the answer; the others come before anything is done."""
    draft = vendor.draft()
    desk = vendor.desk()
    vendor.meeting.control("faults", [{"match": PATH, "kind": kind, "after_requests": 1}])  # the look comes first

    desk.create(draft)
    outcome = desk.until_ended(draft.reference)

    assert outcome.state is WriteState.SUCCEEDED
    assert outcome.attempt == 2
    assert vendor.numbers().count(draft.reference) == 1
    assert vendor.held(outcome.shipment_id)["purchase_order_number"] == draft.reference


def test_a_faulty_look_sends_nothing(vendor: Vendor) -> None:
    draft = vendor.draft()
    vendor.meeting.control("faults", [{"match": PATH, "kind": "truncated_json"}])

    with pytest.raises(AnswerBroken):
        vendor.writer.find_inbound_shipment(draft.reference)
    assert draft.reference not in vendor.numbers()


def test_the_vendor_itself_makes_no_second_one_of_the_same_reference(vendor: Vendor) -> None:
    draft = vendor.draft()

    first, again = vendor.writer.create_inbound_shipment(draft), vendor.writer.create_inbound_shipment(draft)

    assert first == again
    assert vendor.numbers().count(draft.reference) == 1


def test_two_shipments_of_one_number_are_nobodys_to_choose_from(vendor: Vendor) -> None:
    draft = vendor.draft()
    made = vendor.writer.create_inbound_shipment(draft)
    double = {**json.loads(made.raw), "id": "asn-double"}
    vendor.meeting.control(
        "mutate", {"connection": "con-1", "collection": "inbound_shipments", "create": double, "id": "asn-double"}
    )

    with pytest.raises(Conflict, match=draft.reference):
        vendor.writer.find_inbound_shipment(draft.reference)


@pytest.mark.parametrize(
    ("spec", "error"),
    [
        ({"unsupported": frozenset({"create_inbound_shipment"})}, Unsupported),
        ({"forbidden": frozenset({"create_inbound_shipment"})}, Forbidden),
    ],
)
def test_a_system_that_cannot_and_one_that_must_not_are_told_apart(
    closing: ExitStack, spec: dict[str, Any], error: type[SyncError]
) -> None:
    vendor = begun(closing, **spec)

    with pytest.raises(error):
        vendor.writer.create_inbound_shipment(vendor.draft())


def test_a_field_that_this_warehouse_system_needs_is_named_in_our_words(closing: ExitStack) -> None:
    """What binds is the connected system's own schema, which only the vendor knows."""
    vendor = begun(closing)
    desk = vendor.desk()
    desk.create(replace(vendor.draft(), expected_at=None))

    outcome = desk.until_ended(subject.REFERENCE)

    assert outcome.problem is not None
    assert outcome.problem.code == "write_refused"
    assert "expected_at: Missing data for required field." in outcome.problem.what


def test_a_line_field_that_this_warehouse_system_does_not_know_is_named_with_its_line(closing: ExitStack) -> None:
    vendor = begun(closing, integration_name="extensiv-3pl-central")
    draft = replace(vendor.draft(), supplier_id=None, tracking_numbers=())

    with pytest.raises(WriteRefused) as refusal:
        vendor.writer.create_inbound_shipment(draft)

    assert "reference_number: Missing data for required field." in refusal.value.what


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"warehouse_id": "wh-none"}, "Warehouse does not exist"),
        ({"supplier_id": "sup-none"}, "Supplier does not exist"),
        ({"lines": (DraftLine(1, sku="471147114711"),)}, "SKU 471147114711 does not exist"),
    ],
)
def test_the_connected_systems_own_words_come_back(vendor: Vendor, change: dict[str, Any], word: str) -> None:
    with pytest.raises(WriteRefused) as refusal:
        vendor.writer.create_inbound_shipment(replace(vendor.draft(), **change))

    assert word in refusal.value.what
    assert refusal.value.remedy.startswith("Correct the inbound shipment")


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"tracking_numbers": ("1Z1", "1Z2")}, "one tracking number"),
        ({"lines": (DraftLine(Decimal("2.5"), sku="SOAP"),)}, "whole pieces"),
        ({"lines": (DraftLine(2, sku="SOAP", unit_cost=Money(amount="1", currency="USD")),)}, "in EUR, not in USD"),
    ],
)
def test_what_the_vendor_could_only_keep_wrongly_is_refused_before_it_is_sent(
    closing: ExitStack, change: dict[str, Any], word: str
) -> None:
    vendor = begun(closing, settings={"currency": "EUR"})
    draft = replace(vendor.draft(), **change)
    before = vendor.numbers()

    with pytest.raises(WriteRefused, match=word):
        vendor.writer.create_inbound_shipment(draft)
    assert vendor.numbers() == before


def test_a_price_in_the_accounts_own_currency_is_kept(closing: ExitStack) -> None:
    vendor = begun(closing, settings={"currency": "EUR"})
    draft = vendor.draft()
    priced = replace(draft.lines[0], unit_cost=Money(amount="1.25", currency="EUR"))

    made = vendor.writer.create_inbound_shipment(replace(draft, lines=(priced,)))

    assert vendor.held(made.id)["line_items"][0]["unit_cost"] == 1.25


def test_a_change_of_quantities_sends_the_other_lines_as_they_were(vendor: Vendor) -> None:
    draft = vendor.draft()
    made = vendor.writer.create_inbound_shipment(draft)
    other = next(line for line in vendor.held(made.id)["line_items"] if line["sku"] == draft.lines[0].sku)

    vendor.writer.update_inbound_shipment(
        str(made.id), InboundShipmentChange(lines=(DraftLine(7, sku=draft.lines[1].sku),))
    )

    lines = {line["sku"]: line for line in vendor.held(made.id)["line_items"]}
    assert lines[draft.lines[0].sku] == other
    assert lines[draft.lines[1].sku]["expected_quantity"] == 7
    assert lines[draft.lines[1].sku]["unit_cost"] == 4


@pytest.mark.parametrize("line_items", [[{"sku": None}], [{"sku": "SOAP"}, {"sku": "SOAP"}]], ids=["bare", "twice"])
def test_lines_that_cannot_be_named_are_not_changed(vendor: Vendor, line_items: list[dict[str, Any]]) -> None:
    made = vendor.writer.create_inbound_shipment(vendor.draft())
    shape = {"inventory_item_id": "i", "expected_quantity": 1, "received_quantity": 0}
    there = [{**shape, **line} for line in line_items]
    told = {"connection": "con-1", "collection": "inbound_shipments", "id": made.id, "set": {"line_items": there}}
    vendor.meeting.control("mutate", told)

    with pytest.raises(WriteRefused):
        vendor.writer.update_inbound_shipment(str(made.id), InboundShipmentChange(lines=(DraftLine(7, sku="SOAP"),)))
    assert vendor.held(made.id)["line_items"] == there


def test_a_tracking_number_cannot_be_taken_away(vendor: Vendor) -> None:
    with pytest.raises(WriteRefused, match="take a tracking number away"):
        vendor.writer.update_inbound_shipment("asn-1", InboundShipmentChange(tracking_numbers=()))


def test_a_shipment_that_is_not_there_cannot_be_changed(vendor: Vendor) -> None:
    with pytest.raises(NotFound):
        vendor.writer.update_inbound_shipment("asn-none", InboundShipmentChange(expected_at="2026-05-01T00:00:00Z"))


def test_a_change_back_to_what_it_was_is_no_replay(vendor: Vendor) -> None:
    made = vendor.writer.create_inbound_shipment(vendor.draft())
    for day in ("2026-06-01", "2026-07-01", "2026-06-01"):
        vendor.writer.update_inbound_shipment(str(made.id), InboundShipmentChange(expected_at=f"{day}T00:00:00Z"))

    assert vendor.held(made.id)["expected_arrival_date"] == "2026-06-01T00:00:00Z"


class _StillRunning:
    """A vendor that is at work on the same key; the simulator is never that slow."""

    def send(self, request: Request, *, deadline: object) -> Answer:
        return Answer(409, {}, b'{"error":"A request with this idempotency key is still running"}')


def test_a_creation_that_is_still_under_way_there_is_of_unknown_outcome(vendor: Vendor) -> None:
    writes = InboundShipmentWrites(Walk(cast(HttpClient, _StillRunning()), vendor.meeting.clock, 7))

    with pytest.raises(SourceUnavailable):
        writes.create(vendor.draft())
