"""What is erased of a disconnected integration, and what of its neighbours is not; the proofs of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from planster_sync.model.data_types import DataType
from planster_sync.model.freshness import Night, NightWatch
from planster_sync.model.integrations import Disconnection, IntegrationChange, IntegrationStatus
from planster_sync.model.runs import StreamKey
from planster_sync.model.streams import Lease
from planster_sync.model.webhooks import DIGEST, Delivery, Kind, Told
from planster_sync.ports.connecting import Consent, Way
from planster_sync.ports.source import WriteOperation
from planster_sync.ports.stores import Adjustment, AskedSync, QuarantineEntry
from planster_sync.ports.write_backs import WriteBack, WriteState
from planster_sync.storage.house import DynamoHouse
from tests.contract.stores.backends import OnAws, Stores
from tests.contract.stores.samples import LEASE, NOON, PROBLEM, STREAM, integration, product_key, run, write

REQUEST = WriteBack(
    "acme", "warehouse-1", "PO-1", WriteOperation.CREATE_INBOUND_SHIPMENT, WriteState.REQUESTED, requested_at=NOON
)
LATER = NOON + timedelta(days=1)
PROOF = Disconnection("acme", "warehouse-1", "toy", NOON, "user-1", NOON + timedelta(seconds=400))
NEIGHBOURS = [("acme", "warehouse-10"), ("acme", "warehouse-1#STREAM"), ("acme2", "warehouse-1")]


def fill(aws: OnAws, organisation: str, name: str) -> None:
    stream = replace(STREAM, organisation=organisation, integration=name)
    lease: Lease = replace(LEASE, stream=stream)
    aws.integrations.put(replace(integration(name), organisation=organisation))
    aws.streams.take(stream, run="run-1", segment=0, holder="h", now=NOON, seconds=1)
    aws.records.put(lease, [write(str(number)) for number in range(3)])
    aws.records.bury(lease, [product_key("2")], NOON)
    aws.quarantine.put(lease, [QuarantineEntry("q", PROBLEM, "path", "{}", NOON)])
    aws.adjustments.make(organisation, name, Adjustment(product_key("1"), {"name": "x"}, NOON, "user-1", "counted"))
    aws.indexes.put_index(stream, "index-1", b"content")
    aws.indexes.put_chunk(stream, "index-1", 1, 1, b"chunk")
    aws.runs.create(replace(run(), organisation=organisation, integration=name))
    aws.writes.create(replace(REQUEST, organisation=organisation, integration=name))
    aws.asked_syncs.note(organisation, name, AskedSync("key", "content", "run-1", NOON))
    notice = Delivery(organisation, "t-1", f"notice-{name}", Kind.RUN_COMPLETED, "{}", NOON, integration=name)
    aws.webhooks.tell(Told(organisation, name, NOON, version=1), [notice])
    aws.nights.keep(Night(organisation, name, "2026-03-01", NOON))
    aws.nights.begin_watch(NightWatch(organisation, name, "2026-03-02", NOON))
    house = DynamoHouse(aws.control, aws.clock)
    house.tell(Told(organisation, name, NOON, version=1), [])
    digest = Delivery(organisation, DIGEST, f"digest-{name}", Kind.STATE_CHANGED, "text", NOON, concerns=("x", name))
    house.tell_digest([Told(organisation, name, NOON, version=1)], digest)
    aws.consents.keep(Consent(organisation, name, "toy", Way.OAUTH, "user-1", LATER, reconnects=True))


def erased(aws: OnAws, organisation: str, name: str) -> tuple[int, int, int]:
    there = replace(integration(name), organisation=organisation)
    until = aws.clock.now() + timedelta(minutes=5)
    return (aws.traces.records(there, until), aws.indexes.erase(organisation, name), aws.traces.rows(there, until))


def test_everything_is_erased_and_a_second_pass_finds_nothing(aws: OnAws) -> None:
    fill(aws, "acme", "warehouse-1")

    first, second = erased(aws, "acme", "warehouse-1"), erased(aws, "acme", "warehouse-1")

    assert first == (5, 2, 12)
    assert second == (0, 0, 0)
    assert aws.reader.page("acme", "warehouse-1", DataType.PRODUCTS, limit=10).records == []
    assert aws.quarantine.entries(STREAM) == []
    assert aws.indexes.get_index(STREAM, "index-1") is None
    assert aws.runs.recent("acme", "warehouse-1", 10, None) == ([], None)
    assert aws.webhooks.deliveries("acme", "t-1", 10, None) == ([], None)
    assert aws.webhooks.deliveries("acme", DIGEST, 10, None) == ([], None)
    assert DynamoHouse(aws.control, aws.clock).board("acme").told == {}
    assert DynamoHouse(aws.control, aws.clock).told_in_digests("acme") == {}
    assert aws.nights.since("acme", ["warehouse-1"], NOON.date().replace(year=2000)) == [[]]
    assert aws.nights.due_watches(LATER, 10) == []


@pytest.mark.parametrize(("organisation", "name"), NEIGHBOURS)
def test_a_neighbour_whose_name_begins_alike_keeps_everything(aws: OnAws, organisation: str, name: str) -> None:
    fill(aws, "acme", "warehouse-1")
    fill(aws, organisation, name)

    erased(aws, "acme", "warehouse-1")

    assert erased(aws, organisation, name) == (5, 2, 12)


def test_erasing_stops_when_the_time_is_over(aws: OnAws) -> None:
    fill(aws, "acme", "warehouse-1")

    assert aws.traces.records(integration(), aws.clock.now()) == 0
    assert aws.traces.rows(integration(), aws.clock.now()) == 0


def test_a_proof_is_begun_once_counted_up_and_completed_once(stores: Stores) -> None:
    proofs = stores.disconnections
    proofs.begin(PROOF)
    proofs.note(PROOF, "records", 3)
    proofs.begin(PROOF)
    proofs.note(PROOF, "records", 2)
    proofs.note(PROOF, "objects", 1)
    proofs.complete(PROOF, LATER)
    proofs.complete(PROOF, LATER + timedelta(days=1))

    assert list(proofs.of("acme")) == [replace(PROOF, completed_at=LATER, erased={"records": 5, "objects": 1})]
    assert list(proofs.of("acme2")) == []


def test_the_same_integration_can_be_disconnected_again_later(stores: Stores) -> None:
    stores.disconnections.begin(PROOF)
    stores.disconnections.begin(replace(PROOF, requested_at=LATER))

    assert [proof.requested_at for proof in stores.disconnections.of("acme")] == [NOON, LATER]


def test_an_integration_that_is_disconnected_stays_so_until_it_is_removed(stores: Stores) -> None:
    integrations = stores.integrations
    integrations.put(integration())
    place = ("acme", "warehouse-1")

    left = integrations.disconnect(*place, by="user-1", at=NOON)
    integrations.pause(*place)
    integrations.resume(*place, LATER)
    integrations.change(*place, IntegrationChange(name="back"))
    integrations.needs_reauth(*place, PROBLEM, LATER)
    again = integrations.disconnect(*place, by="user-2", at=LATER)

    assert left is not None
    assert left == again == integrations.get(*place)
    assert (left.status, left.disconnecting_at, left.disconnecting_by, left.due_at) == (
        IntegrationStatus.DISCONNECTING, NOON, "user-1", NOON,
    )  # fmt: skip
    integrations.remove(*place)
    integrations.remove(*place)
    assert integrations.get(*place) is None
    assert integrations.disconnect(*place, by="user-1", at=LATER) is None


def test_a_stream_of_another_integration_is_no_trace(aws: OnAws) -> None:
    other = StreamKey("acme", "warehouse-2", "products")
    aws.streams.take(other, run="run-1", segment=0, holder="h", now=NOON, seconds=1)

    erased(aws, "acme", "warehouse-1")

    assert aws.streams.get(other).owner == "run-1"
