"""Whoever carries a write-back may be gone at any call: there is one shipment at the vendor, and the request ends."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from planster_sync.errors import StoreBusy
from planster_sync.ports.write_backs import WriteState
from planster_sync.ports.writing import DraftLine, InboundShipmentChange, InboundShipmentDraft
from tests.engine.saboteur import Plan, Watched
from tests.engine.world import Killed
from tests.fakes.clock import ManualClock
from tests.fakes.writable_vendor import WritableVendor
from tests.fakes.write_desk import WriteDesk

DRAFT = InboundShipmentDraft("PO-1", (DraftLine(12, sku="SOAP"),), warehouse_id="wh-1")
CHANGE = InboundShipmentChange(expected_at="2026-05-01T00:00:00Z", lines=(DraftLine(9, sku="SOAP"),))
VENDORS_OWN = ("find_inbound_shipment", "create_inbound_shipment", "update_inbound_shipment")
NEVER = 10**9


class _WatchedVendor:
    """The vendor's effects count as calls; what the connector knows by itself does not."""

    def __init__(self, vendor: WritableVendor, plan: Plan) -> None:
        self._vendor = vendor
        self._watched = Watched(vendor, plan)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._watched if name in VENDORS_OWN else self._vendor, name)


def system_under(plan: Plan) -> tuple[WriteDesk, WritableVendor]:
    clock = ManualClock()
    vendor = WritableVendor(clock)
    desk = WriteDesk(_WatchedVendor(vendor, plan), clock, watch=lambda part: Watched(part, plan))
    return desk, vendor


def ask(desk: WriteDesk, operation: str) -> None:
    if operation == "create":
        desk.create(DRAFT)
    else:
        desk.update("PO-1", "asn-1", CHANGE)


def struck_once(plan: Plan, operation: str, *failures: type[BaseException]) -> tuple[WriteDesk, WritableVendor]:
    """Asks and works until the plan strikes; what was in hand or on its way is lost; then ticks come."""
    desk, vendor = system_under(plan)
    if operation == "update":
        vendor.create_inbound_shipment(DRAFT)
    try:
        ask(desk, operation)
        desk.work()
    except failures:
        desk.queue.drain()
    with suppress(*failures):
        ask(desk, operation)  # the caller had no answer and asks again, which joins what is there
    desk.until_ended("PO-1")
    return desk, vendor


def effects(operation: str) -> int:
    plan = Plan(NEVER, done=False)
    desk, vendor = system_under(plan)
    if operation == "update":
        vendor.create_inbound_shipment(DRAFT)
    ask(desk, operation)
    desk.work()
    return plan.count


@pytest.mark.parametrize("operation", ["create", "update"])
@pytest.mark.parametrize("done", [False, True], ids=["before", "after"])
def test_a_kill_at_any_call_leaves_one_shipment_and_an_ended_request(operation: str, done: bool) -> None:
    total = effects(operation)
    assert total >= 8

    for at in range(1, total + 1):
        plan = Plan(at, done)
        desk, vendor = struck_once(plan, operation, Killed)

        outcome = desk.outcome("PO-1")
        assert plan.struck
        assert outcome.state is WriteState.SUCCEEDED, (at, outcome)
        assert outcome.shipment_id == "asn-1"
        assert vendor.creations == len(vendor.shipments) == 1, at
        if operation == "update":
            assert vendor.shipments["asn-1"]["lines"] == {"SOAP": 9}


@pytest.mark.parametrize("operation", ["create", "update"])
@pytest.mark.parametrize("done", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("failure", [lambda: StoreBusy("Busy."), lambda: RuntimeError("reset")], ids=["busy", "bug"])
def test_an_error_at_any_call_whether_or_not_it_acted_leaves_one_shipment(
    operation: str, done: bool, failure: Callable[[], Exception]
) -> None:
    for at in range(1, effects(operation) + 1):
        desk, vendor = struck_once(Plan(at, done, failure), operation, StoreBusy, RuntimeError)

        outcome = desk.outcome("PO-1")
        assert outcome.state is WriteState.SUCCEEDED, (at, outcome)
        assert vendor.creations == len(vendor.shipments) == 1, at


@pytest.mark.parametrize("done", [False, True], ids=["before", "after"])
def test_two_kills_leave_one_shipment(done: bool) -> None:
    """Every pair of calls: the one who takes over may be gone as well."""
    total = effects("create")
    for first in range(1, total + 1):
        for second in range(1, total + 1):
            plan = Plan(first, done)
            desk, vendor = system_under(plan)
            for _ in range(2):
                with suppress(Killed):
                    desk.create(DRAFT)
                    desk.work()
                desk.queue.drain()
                plan.at = plan.count + second
                desk.clock.advance(desk.timings.claim)
                with suppress(Killed):
                    desk.sweep()
                    desk.work()
                plan.at = NEVER
            outcome = desk.until_ended("PO-1")
            assert outcome.state is WriteState.SUCCEEDED, (first, second, outcome)
            assert vendor.creations == 1, (first, second)


def test_a_worker_that_dies_every_time_is_given_up_and_the_request_says_so() -> None:
    desk, vendor = system_under(Plan(NEVER, done=False))

    def die() -> None:
        raise Killed

    desk.connecting = die
    desk.create(DRAFT)
    for _ in range(200):
        with suppress(Killed):
            desk.work()
        desk.queue.drain()
        desk.clock.advance(900)
        desk.sweep()

    outcome = desk.outcome("PO-1")
    assert outcome.problem is not None
    assert (outcome.state, outcome.problem.code, outcome.in_doubt) == (WriteState.FAILED, "worker_lost", False)
    assert outcome.attempt == desk.timings.max_stalls
    assert vendor.creations == 0


def test_a_request_that_nobody_ever_takes_up_ends() -> None:
    desk, _ = system_under(Plan(NEVER, done=False))
    desk.create(DRAFT)

    for _ in range(100):
        desk.queue.drain()
        desk.clock.advance(900)
        desk.sweep()

    problem = desk.outcome("PO-1").problem
    assert problem is not None
    assert problem.code == "never_started"
