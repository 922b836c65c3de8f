"""Whole nights of the engine on the simulated Ongoing: what is stored after days of change, and what a night costs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any, cast
from urllib.request import Request, urlopen

import pytest

from local_cloud.oracle import compare
from planster_sync.connectors import registry
from planster_sync.http.account import Account
from planster_sync.http.addresses import AddressPolicy
from planster_sync.http.limits import AnswerLimits
from planster_sync.http.opening import Clients
from planster_sync.http.transport import RequestsTransport
from planster_sync.model.data_types import DataType
from planster_sync.model.runs import RunStatus
from planster_sync.ports.writing import DraftLine, InboundShipmentDraft, InboundShipmentWriter
from tests.connectors.ongoing.simulated import SIMULATED
from tests.engine.world import World
from tests.fakes.memory_platform import FreeBudget
from tests.fakes.own_tokens import OwnTokens

CAPABILITIES = registry.capabilities("ongoing")


class Nights:
    """The engine in memory, with the registered connector over HTTP, on one clock."""

    def __init__(self, closing: ExitStack) -> None:
        self.world = World()
        clock = self.world.clock
        self.server = closing.enter_context(SIMULATED.start(clock.now().replace(hour=0), clock.now, 0))
        clients = Clients(
            FreeBudget(clock),
            clock,
            lambda: 0.0,
            lambda origin: RequestsTransport(origin, AddressPolicy.loopback(), AnswerLimits(), clock),
        )
        closing.callback(clients.close)
        settings = SIMULATED.settings(self.server.url)
        account = Account(SIMULATED.good, settings, clock, clients.open, OwnTokens(clock))
        self.connector = registry.build("ongoing", account)
        self.world.source = cast(Any, _Source(self.connector))

    def ask(self, path: str, body: object = None) -> bytes:
        data = None if body is None else json.dumps(body).encode()
        with urlopen(Request(f"{self.server.url}/_sim/{path}", data)) as answer:
            return cast(bytes, answer.read())

    def report(self) -> Any:
        """What is stored against what the vendor has."""
        truth = {
            name: [json.loads(line) for line in self.ask(f"truth/con-1/{name}").splitlines()]
            for name in SIMULATED.readings.collections
        }
        stored = {
            str(data_type): [{"id": key, **fields} for key, fields in self.world.live(data_type).items()]
            for data_type in CAPABILITIES.data_types
        }
        return compare(SIMULATED.readings, truth, stored)


class _Source:
    """The connector under the name by which the world asks for its declaration."""

    declared = CAPABILITIES

    def __init__(self, connector: Any) -> None:
        self._connector = connector

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connector, name)


@pytest.fixture
def nights() -> Iterator[Nights]:
    with ExitStack() as closing:
        yield Nights(closing)


def test_after_days_of_change_what_is_stored_is_what_the_vendor_has(nights: Nights) -> None:
    for _ in range(3):
        run = nights.world.night()

        report = nights.report()
        assert run.status is RunStatus.SUCCEEDED, run
        assert report.equal, report.text()
        nights.ask("day/advance", {})


def test_an_unchanged_night_writes_nothing(nights: Nights) -> None:
    nights.world.night()
    nights.world.night()
    writes = nights.world.stores.records.writes

    nights.world.night()

    assert nights.world.stores.records.writes == writes


def test_a_delayed_night_finds_what_changed_while_nobody_looked(nights: Nights) -> None:
    """Modifications are known for two days only; what is older is pieced together."""
    nights.world.night()
    for _ in range(4):
        nights.world.clock.advance(86_400)
        nights.ask("day/advance", {})

    nights.world.night()

    report = nights.report()
    assert report.equal, report.text()


def test_what_is_sent_to_the_warehouse_is_the_same_record_the_next_night(nights: Nights) -> None:
    nights.world.night()
    before = set(nights.world.live(DataType.INBOUND_SHIPMENTS))
    draft = InboundShipmentDraft("PLN-1", (DraftLine(12, sku="SOAP-00000"),), supplier_id="S-1")

    made = cast(InboundShipmentWriter, nights.connector).create_inbound_shipment(draft)
    nights.world.night()

    assert set(nights.world.live(DataType.INBOUND_SHIPMENTS)) - before == {made.id}
    assert nights.report().equal
