"""A failed write-back is told: on the bus and to webhooks, once each, whoever dies on the way."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from planster_sync.engine.failed_writes import FailureTeller
from planster_sync.entry.webhooks.wording import JsonWording
from planster_sync.errors import StoreBusy
from planster_sync.model.integrations import IntegrationStatus
from planster_sync.model.webhooks import Kind
from planster_sync.ports.write_backs import WriteBack, WriteState
from planster_sync.ports.writing import DraftLine
from tests.engine.test_write_back import DRAFT
from tests.engine.world import World
from tests.fakes.house_office import HouseOffice
from tests.fakes.writable_vendor import WritableVendor
from tests.fakes.write_desk import WriteDesk

WRONG = replace(DRAFT, lines=(DraftLine(1, sku="UNKNOWN"),))


class Building:
    """Write-backs, webhooks and the bus, by one clock. `fails` are the errors of the next tellings."""

    def __init__(self) -> None:
        self.world = World()
        self.vendor = WritableVendor(self.world.clock)
        self.office = HouseOffice(self.world)
        self.fails: list[Exception] = []
        self.desk = WriteDesk(self.vendor, self.world.clock, tell_failure=self.tell)

    def tell(self, write: WriteBack) -> None:
        if self.fails:
            raise self.fails.pop()
        FailureTeller(
            self.desk.integrations, (self.office.registered, self.office.webhooks), JsonWording(), self.office.queue,
            self.world.clock, self.world.timings, self.world.journal,
        ).tell(write)  # fmt: skip

    def failed(self) -> WriteBack:
        self.desk.create(WRONG)
        self.desk.work()
        outcome = self.desk.outcome("PO-1")
        assert outcome.state is WriteState.FAILED
        return outcome

    @property
    def bus(self) -> list[dict[str, Any]]:
        """What consumers were told, once everything on its way has arrived."""
        self.office.work()
        return [detail for kind, detail in self.office.told if kind is Kind.ACTION_NEEDED]


def test_a_refused_shipment_is_told_with_its_remedy_on_the_bus_and_to_webhooks() -> None:
    building = Building()
    target = building.office.register(Kind.ACTION_NEEDED)

    outcome = building.failed()
    building.office.work()

    assert outcome.problem is not None
    (told,) = building.bus
    (delivery,) = building.office.deliveries(target)
    body = json.loads(delivery.body)
    assert told == body
    assert (body["data"]["integration"], body["data"]["code"]) == ("int1", "write_refused")
    assert (body["type"], body["id"]) == ("action.needed", delivery.id)
    assert body["data"]["reference"] == "PO-1"
    assert body["data"]["data_types"] == ["inbound_shipments"]
    assert body["data"]["remedy"] == outcome.problem.remedy
    assert len(building.office.post.sent) == 1
    assert outcome.check_at is None


def test_one_that_succeeded_is_told_to_nobody() -> None:
    building = Building()
    target = building.office.register()
    building.desk.create(DRAFT)
    building.desk.work()

    assert (building.bus, building.office.deliveries(target)) == ([], [])


@pytest.mark.parametrize("failure", [StoreBusy("The bus is busy."), RuntimeError("it died")], ids=["busy", "dead"])
def test_what_was_not_told_is_found_by_the_sweep_and_told_once(failure: Exception) -> None:
    building = Building()
    target = building.office.register()
    building.fails = [failure]
    assert building.failed().check_at is not None
    assert building.bus == []

    building.world.clock.advance(900)
    assert building.desk.sweep() == 1
    building.desk.work()
    building.office.work()

    assert len(building.bus) == len(building.office.deliveries(target)) == len(building.office.post.sent) == 1
    building.world.clock.advance(4000)
    assert building.desk.sweep() == 0


def test_telling_twice_delivers_once() -> None:
    building = Building()
    target = building.office.register()
    outcome = building.failed()
    building.office.work()

    building.tell(outcome)
    building.office.work()

    assert len(building.office.deliveries(target)) == 1
    assert len(building.office.post.sent) == len(building.bus) == 1


def test_one_that_the_sweep_gives_up_is_told_too() -> None:
    building = Building()
    building.desk.create(DRAFT)
    building.desk.queue.sent.clear()
    building.world.clock.advance(building.desk.timings.max_run + 1)

    building.desk.sweep()
    building.desk.work()

    (told,) = building.bus
    assert told["data"]["code"] == "never_started"


def test_a_second_failure_of_the_same_reference_is_told_anew() -> None:
    building = Building()
    target = building.office.register()
    building.failed()
    building.office.work()
    building.world.clock.advance(60)
    building.desk.create(replace(WRONG, lines=(DraftLine(2, sku="UNKNOWN"),)))
    building.desk.work()

    assert len(building.bus) == len(building.office.deliveries(target)) == 2


def test_nothing_is_told_of_what_is_being_erased_nor_to_whom_it_does_not_concern() -> None:
    building = Building()
    runs_only = building.office.register(Kind.RUN_COMPLETED)
    outcome = building.failed()
    later = building.office.register(Kind.ACTION_NEEDED, url="https://hooks.example.com/later")
    building.tell(outcome)
    told = len(building.bus)
    building.desk.set_status(IntegrationStatus.DISCONNECTING)
    building.tell(outcome)

    assert (building.office.deliveries(runs_only), building.office.deliveries(later)) == ([], [])
    assert len(building.bus) == told
