"""What another vendor costs: one short file serves three data types over real HTTP."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from planster_sync.errors import CredentialsRejected
from planster_sync.http.account import Account
from planster_sync.http.addresses import AddressPolicy
from planster_sync.http.limits import AnswerLimits
from planster_sync.http.opening import Clients
from planster_sync.http.transport import RequestsTransport
from planster_sync.model.data_types import DataType
from planster_sync.ports.source import End, ReadRequest
from simulators.serving.account import Account as Holder
from simulators.serving.server import RunningServer, serve
from simulators.serving.simulation import Simulation
from tests.connectors.eighth import connector as eighth
from tests.connectors.eighth.vendor import Eighth
from tests.contract.connector_suite import capability_gaps
from tests.fakes.clock import ManualClock
from tests.fakes.memory_platform import FreeBudget
from tests.fakes.own_tokens import OwnTokens

MOST_LINES = 120
SIZE = 45


@pytest.fixture
def vendor() -> Iterator[RunningServer[Holder]]:
    told = {"connection_id": "con-1", "credentials": {"key": "key-1"}, "size": SIZE}
    with serve(Simulation(Eighth(), ManualClock().now()), [told]) as server:
        yield server


@pytest.fixture
def closing() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def connect(url: str, closing: ExitStack, key: str = "key-1") -> eighth.EighthConnector:
    clock, limits = ManualClock(), AnswerLimits()
    clients = Clients(
        FreeBudget(clock), clock, lambda: 0.0, lambda to: RequestsTransport(to, AddressPolicy.loopback(), limits, clock)
    )
    closing.callback(clients.close)
    account = Account({}, {}, clock, clients.open, OwnTokens(clock))
    credentials = eighth.Credentials.model_validate({"key": key})
    return eighth.build(account, credentials, eighth.Settings(base_url=url))


def test_it_serves_three_data_types_in_few_lines() -> None:
    source = Path(str(eighth.__file__)).read_text()

    assert len([line for line in source.splitlines() if line.strip()]) < MOST_LINES
    assert len(eighth.CAPABILITIES.data_types) == 3
    assert capability_gaps(eighth.CAPABILITIES) == []


def test_it_reads_everything_that_the_vendor_has(vendor: RunningServer[Holder], closing: ExitStack) -> None:
    connector = connect(vendor.url, closing)
    account = vendor.simulation.accounts()[0]

    for read in eighth.CAPABILITIES.reads:
        pages = list(connector.pages(ReadRequest(read)))

        found = {record.id: json.loads(record.raw) for page in pages for record in page.records}
        assert found == {str(record["id"]): record for record in account.lists[read].records()}
        assert pages[-1].end is End.PROVEN


def test_it_maps_every_record_and_shares_what_is_shared(vendor: RunningServer[Holder], closing: ExitStack) -> None:
    connector = connect(vendor.url, closing)

    mapped = [
        connector.map(read, record.raw)
        for read in eighth.CAPABILITIES.reads
        for page in connector.pages(ReadRequest(read))
        for record in page.records
    ]

    kinds = {each.data_type for one in mapped for each in (*one.owned, *one.shared)}
    assert kinds == {DataType.INVENTORY_LEVELS, DataType.INBOUND_SHIPMENT_SUPPLIERS, DataType.WAREHOUSES}


def test_it_looks_ids_up_and_checks_its_key(vendor: RunningServer[Holder], closing: ExitStack) -> None:
    connector = connect(vendor.url, closing)

    connector.check()

    assert [record.id for record in connector.lookup("items", ["1003", "7"]).records] == ["1003"]
    with pytest.raises(CredentialsRejected):
        connect(vendor.url, closing, key="another").check()
