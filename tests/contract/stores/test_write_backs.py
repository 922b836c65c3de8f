"""Write-backs: written once, changed under their version, found by what is asked of them."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from planster_sync.errors import StoreBusy
from planster_sync.model.record import Money
from planster_sync.ports.source import WriteOperation
from planster_sync.ports.write_backs import WriteBack, WriteBacks, WriteState
from planster_sync.ports.writing import DraftLine, InboundShipmentChange, InboundShipmentDraft
from tests.contract.stores.backends import OnAws, Stores
from tests.contract.stores.samples import NOON, PROBLEM

LATER = NOON + timedelta(minutes=5)
DRAFT = InboundShipmentDraft(
    "PO/7 #1",
    [DraftLine(12, sku="SOAP", unit_cost=Money(amount="1.25", currency="EUR")), DraftLine(Decimal("2.5"), sku="OIL")],
    warehouse_id="wh-1",
    expected_at="2026-05-01T00:00:00Z",
    tracking_numbers=["1Z7"],
)


def request(reference: str = "PO/7 #1", **fields: Any) -> WriteBack:
    defaults: dict[str, Any] = {
        "operation": WriteOperation.CREATE_INBOUND_SHIPMENT,
        "state": WriteState.REQUESTED,
        "requested_at": NOON,
        "draft": DRAFT,
        "requested_by": "planner-1",
        "check_at": NOON,
    }
    return WriteBack("acme", "warehouse-1", reference, **{**defaults, **fields})


def change_request(reference: str, **fields: Any) -> WriteBack:
    return request(
        reference,
        operation=WriteOperation.UPDATE_INBOUND_SHIPMENT,
        draft=None,
        change=InboundShipmentChange(tracking_numbers=[], lines=[DraftLine(0, sku="SOAP")]),
        **{"shipment_id": "asn-1", **fields},
    )


def stored(writes: WriteBacks, reference: str = "PO/7 #1") -> WriteBack:
    found = writes.get("acme", "warehouse-1", reference)
    assert found is not None
    return found


def changed(writes: WriteBacks, there: WriteBack, **fields: Any) -> WriteBack:
    then = writes.change(there, replace(there, **fields))
    assert then is not None
    return then


@pytest.mark.parametrize("made", [request(), change_request("CHG-1")], ids=["creation", "change"])
def test_a_new_request_is_written_whole(stores: Stores, made: WriteBack) -> None:
    assert stores.writes.create(made) is None
    assert stored(stores.writes, made.reference) == made


def test_a_reference_is_written_once(stores: Stores) -> None:
    stores.writes.create(request())

    assert stores.writes.create(request(requested_by="planner-2")) == request()
    assert stored(stores.writes) == request()


def test_what_was_never_asked_for_is_not_there(stores: Stores) -> None:
    assert stores.writes.get("acme", "warehouse-1", "PO-9") is None


def test_references_of_other_tenants_and_integrations_are_others(stores: Stores) -> None:
    stores.writes.create(request())
    other = replace(request(), organisation="acme#warehouse-1", integration="x")

    assert stores.writes.create(other) is None
    assert stores.writes.create(replace(request(), integration="warehouse-2")) is None


def test_a_change_is_made_to_the_version_that_was_read_only(stores: Stores) -> None:
    stores.writes.create(request())
    claimed = changed(stores.writes, request(), attempt=1, holder="a", lease_until=LATER, check_at=LATER)

    assert claimed.version == 1
    assert stores.writes.change(request(), replace(request(), holder="b")) is None
    assert stored(stores.writes) == claimed


def test_what_a_change_leaves_out_is_gone(stores: Stores) -> None:
    stores.writes.create(request())
    claimed = changed(stores.writes, request(), holder="a", lease_until=LATER, problem=PROBLEM)

    ended = changed(
        stores.writes,
        claimed,
        state=WriteState.SUCCEEDED,
        holder=None,
        lease_until=None,
        check_at=None,
        problem=None,
        shipment_id="asn-1",
        not_kept=("supplier_name",),
        ended_at=LATER,
    )

    assert stored(stores.writes) == ended
    assert (ended.holder, ended.problem, ended.not_kept) == (None, None, ("supplier_name",))


def test_what_is_not_there_cannot_be_changed(stores: Stores) -> None:
    assert stores.writes.change(request(), replace(request(), holder="a")) is None
    assert stores.writes.get("acme", "warehouse-1", "PO/7 #1") is None


def test_unfinished_requests_are_found_when_their_check_is_due_oldest_first(stores: Stores) -> None:
    for reference, at in (("PO-2", LATER), ("PO-1", NOON), ("PO-3", LATER + timedelta(seconds=1))):
        stores.writes.create(request(reference, check_at=at))

    assert [write.reference for write in stores.writes.due_for_check(LATER, 10)] == ["PO-1", "PO-2"]
    assert [write.reference for write in stores.writes.due_for_check(LATER, 1)] == ["PO-1"]


def test_an_ended_request_is_never_due_again(stores: Stores) -> None:
    stores.writes.create(request())
    changed(stores.writes, request(), state=WriteState.FAILED, check_at=None)

    assert not stores.writes.due_for_check(LATER, 10)


def test_a_shipment_is_one_requests_at_a_time(stores: Stores) -> None:
    first, second = change_request("CHG-1"), change_request("CHG-2", requested_at=LATER)
    until = LATER + timedelta(minutes=5)

    assert stores.writes.take_shipment(first, LATER, until)
    assert stores.writes.take_shipment(first, LATER, until)
    assert not stores.writes.take_shipment(second, LATER, until)
    assert stores.writes.take_shipment(change_request("CHG-3", shipment_id="asn-2"), LATER, until)


def test_a_shipment_that_was_freed_or_whose_time_is_over_is_anybodys_who_asked_later(stores: Stores) -> None:
    first, second = change_request("CHG-1"), change_request("CHG-2", requested_at=LATER)
    stores.writes.take_shipment(first, NOON, LATER)
    stores.writes.free_shipment(first)

    assert stores.writes.take_shipment(second, NOON, LATER)
    assert stores.writes.take_shipment(replace(second, reference="CHG-3"), LATER + timedelta(seconds=1), LATER)


def test_an_older_change_does_not_take_a_shipment_after_a_newer_one(stores: Stores) -> None:
    older, newer = change_request("CHG-1"), change_request("CHG-2", requested_at=LATER)
    stores.writes.take_shipment(newer, LATER, LATER)
    stores.writes.free_shipment(newer)

    assert not stores.writes.take_shipment(older, LATER + timedelta(hours=1), LATER)


def test_only_who_has_a_shipment_frees_it(stores: Stores) -> None:
    first, second = change_request("CHG-1"), change_request("CHG-2", requested_at=LATER)
    stores.writes.take_shipment(first, NOON, LATER)

    stores.writes.free_shipment(second)

    assert not stores.writes.take_shipment(second, NOON, LATER)


def test_a_request_whose_answer_was_lost_is_known_to_be_new(aws: OnAws) -> None:
    aws.endpoint.lose_answer("PutItem")

    assert aws.writes.create(request()) is None


def test_a_change_whose_answer_was_lost_is_known_to_be_ones_own(aws: OnAws) -> None:
    aws.writes.create(request())
    aws.endpoint.lose_answer("UpdateItem")

    claimed = aws.writes.change(request(), replace(request(), holder="a"))

    assert claimed == replace(request(), holder="a", version=1)


def test_anothers_change_is_not_taken_for_ones_own_where_an_answer_was_lost(aws: OnAws) -> None:
    aws.writes.create(request())
    aws.writes.change(request(), replace(request(), holder="b"))
    aws.endpoint.lose_answer("UpdateItem")

    assert aws.writes.change(request(), replace(request(), holder="a")) is None


def test_a_store_that_stays_busy_says_so(aws: OnAws) -> None:
    aws.endpoint.throttle("PutItem", times=1000)

    with pytest.raises(StoreBusy):
        aws.writes.create(request())


@pytest.mark.cloud
def test_of_workers_of_the_same_moment_one_changes_the_row(emulator: OnAws) -> None:
    """Not on moto, which takes no lock around a conditional update."""
    emulator.writes.create(request())
    won: list[str] = []

    def attempt(number: int) -> None:
        if emulator.writes.change(request(), replace(request(), holder=f"h-{number}")) is not None:
            won.append(f"h-{number}")

    workers = [threading.Thread(target=attempt, args=(number,)) for number in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert len(won) == 1
    assert stored(emulator.writes).holder == won[0]
