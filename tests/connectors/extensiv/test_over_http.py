"""Writing inbound shipments over real HTTP, and first loads in slices, against the simulated vendor."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime
from itertools import count
from typing import cast

import pytest

from planster_sync.connectors.extensiv.client import ExtensivConnector
from planster_sync.errors import AnswerBroken, Conflict, Forbidden, SourceUnavailable, WriteRefused
from planster_sync.ports.source import Created, ReadRequest, SourceRecord, Still
from planster_sync.ports.writing import DraftLine, InboundShipmentChange, InboundShipmentDraft
from tests.connectors.extensiv.simulated import SIMULATED
from tests.contract.over_http.budgets import PacedBudget
from tests.contract.over_http.simulated import Meeting

RECEIVERS = "/inventory/receivers"
DRAFT = InboundShipmentDraft(
    reference="PLANSTER-1",
    lines=(DraftLine(quantity=24, inventory_item_id="5000"), DraftLine(quantity=6, inventory_item_id="5006:BLUE")),
    warehouse_id="1",
    warehouse_customer_id="41",
    expected_at="2026-07-01T04:00:00Z",
    tracking_numbers=("T1",),
)


@pytest.fixture
def meeting() -> Iterator[Meeting]:
    with ExitStack() as closing:
        yield Meeting("extensiv", SIMULATED, closing)


@pytest.fixture
def connector(meeting: Meeting) -> ExtensivConnector:
    return cast(ExtensivConnector, meeting.connector())


def listed(connector: ExtensivConnector, key: str | None) -> list[bytes]:
    pages = connector.pages(ReadRequest("inbound_shipments"))
    return [record.raw for page in pages for record in page.records if record.id == key]


def lines_of(connector: ExtensivConnector, record: SourceRecord) -> list[tuple[str, int]]:
    (inbound,) = connector.map("inbound_shipments", record.raw).owned
    return [(line["inventory_item_id"], line["expected"]) for line in inbound.attributes()["lines"]]


def test_what_was_created_is_what_the_next_sync_reads(connector: ExtensivConnector) -> None:
    made = connector.create_inbound_shipment(DRAFT)

    (inbound,) = connector.map("inbound_shipments", made.raw).owned
    told = inbound.attributes()
    assert listed(connector, made.id) == [made.raw]
    assert (told["purchase_order_number"], told["warehouse_id"]) == ("PLANSTER-1", "1")
    assert (told["expected_at"], told["tracking_numbers"]) == ("2026-07-01T04:00:00Z", ["T1"])
    assert lines_of(connector, made) == [("5000", 24), ("5006:BLUE", 6)]


@pytest.mark.parametrize("kind", ["reset", "truncated_json"])
def test_a_creation_whose_answer_was_lost_is_found_again_and_not_made_twice(
    meeting: Meeting, connector: ExtensivConnector, kind: str
) -> None:
    connector.check()
    meeting.control("faults", [{"match": RECEIVERS, "kind": kind}])

    with pytest.raises((SourceUnavailable, AnswerBroken)):
        connector.create_inbound_shipment(DRAFT)
    found = connector.find_inbound_shipment("PLANSTER-1")

    assert found is not None
    assert len(listed(connector, found.id)) == 1
    with pytest.raises(WriteRefused, match="already has"):
        connector.create_inbound_shipment(DRAFT)


def test_a_creation_that_the_vendor_did_not_serve_is_not_repeated_by_itself(
    meeting: Meeting, connector: ExtensivConnector
) -> None:
    connector.check()
    meeting.control("faults", [{"match": RECEIVERS, "kind": "status_500"}])

    with pytest.raises(SourceUnavailable):
        connector.create_inbound_shipment(DRAFT)

    assert connector.find_inbound_shipment("PLANSTER-1") is None


def test_a_reference_with_everything_that_rql_means_something_by_is_found(connector: ExtensivConnector) -> None:
    made = connector.create_inbound_shipment(replace(DRAFT, reference="PO (1), 50%; a*=b!"))

    found = connector.find_inbound_shipment("PO (1), 50%; a*=b!")

    assert found == made


def test_a_change_is_made_to_what_it_names_and_leaves_the_rest(connector: ExtensivConnector) -> None:
    made = connector.create_inbound_shipment(DRAFT)
    change = InboundShipmentChange(
        lines=(DraftLine(quantity=30, inventory_item_id="5000"), DraftLine(quantity=2, inventory_item_id="5001"))
    )

    changed = connector.update_inbound_shipment(str(made.id), change)

    assert changed.id == made.id
    assert lines_of(connector, changed) == [("5000", 30), ("5006:BLUE", 6), ("5001", 2)]
    assert connector.map("inbound_shipments", changed.raw).owned[0].attributes()["tracking_numbers"] == ["T1"]
    assert listed(connector, made.id) == [changed.raw]


def test_an_announcement_of_the_vendors_own_can_be_postponed(connector: ExtensivConnector) -> None:
    pages = connector.pages(ReadRequest("inbound_shipments"))
    records = [record for page in pages for record in page.records]
    before = next(record for record in records if b'"receiverType":2' in record.raw and b'"status":0' in record.raw)

    after = connector.update_inbound_shipment(str(before.id), InboundShipmentChange(expected_at="2026-08-01T04:00:00Z"))

    old, new = (connector.map("inbound_shipments", each.raw).owned[0].attributes() for each in (before, after))
    moved = ("expected_at", "updated_at")
    assert new["expected_at"] == "2026-08-01T04:00:00Z"
    assert {name: new[name] for name in new if name not in moved} == {
        name: old[name] for name in old if name not in moved
    }


class Interfering(PacedBudget):
    """Lets somebody else change the shipment before each request that follows `armed`."""

    armed: Callable[[], None] | None = None

    def take(self, deadline: datetime | None) -> None:
        super().take(deadline)
        if self.armed is not None:
            self.armed()


def test_who_comes_second_is_told_and_changes_nothing(meeting: Meeting) -> None:
    meeting.budget = budget = Interfering(meeting.clock, None)
    connector = cast(ExtensivConnector, meeting.connector())
    made = connector.create_inbound_shipment(DRAFT)
    carriers = count()

    def somebody() -> None:
        change = {"connection": "con-1", "collection": "receivers", "id": int(str(made.id))}
        meeting.control("mutate", {**change, "set": {"carrier": f"Carrier {next(carriers)}"}})

    budget.armed = somebody
    with pytest.raises(Conflict):
        connector.update_inbound_shipment(str(made.id), InboundShipmentChange(tracking_numbers=("T2",)))
    budget.armed = None

    (now,) = listed(connector, made.id)
    assert connector.map("inbound_shipments", now).owned[0].attributes()["tracking_numbers"] == ["T1"]


def test_a_received_shipment_can_no_longer_be_changed(connector: ExtensivConnector) -> None:
    pages = connector.pages(ReadRequest("inbound_shipments"))
    received = next(record for page in pages for record in page.records if b'"status":1' in record.raw)

    with pytest.raises(WriteRefused, match="already received"):
        connector.update_inbound_shipment(str(received.id), InboundShipmentChange(tracking_numbers=("T2",)))


def test_an_item_that_nobody_knows_is_named_in_a_planners_words(connector: ExtensivConnector) -> None:
    draft = replace(DRAFT, lines=(DraftLine(quantity=1, sku="NO-SUCH"),))

    with pytest.raises(WriteRefused, match="does not know an item's SKU"):
        connector.create_inbound_shipment(draft)


def test_reading_alone_is_not_enough_to_write(meeting: Meeting, connector: ExtensivConnector) -> None:
    meeting.control("connections/con-1/forbid", {"scope": "ReceiverEdit"})

    with pytest.raises(Forbidden):
        connector.create_inbound_shipment(DRAFT)


def test_a_key_that_may_write_and_not_read_is_never_told_that_nothing_happened(
    meeting: Meeting, connector: ExtensivConnector
) -> None:
    meeting.control("connections/con-1/forbid", {"scope": "ReceiverView"})

    with pytest.raises(AnswerBroken):
        connector.create_inbound_shipment(DRAFT)


def test_slices_by_creation_part_the_orders_and_open_ones_are_among_them(connector: ExtensivConnector) -> None:
    def asked(only: Still | Created | None) -> set[str | None]:
        pages = connector.pages(ReadRequest("orders", only=only))
        return {record.id for page in pages for record in page.records}

    everything = asked(None)
    bound = datetime.fromisoformat("2025-12-15T12:00:00+00:00")
    young, old = asked(Created(since=bound)), asked(Created(until=bound))

    assert young | old == everything
    assert not young & old
    assert young
    assert old
    assert set() < asked(Still.OPEN) < everything
