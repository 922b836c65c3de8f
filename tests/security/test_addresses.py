"""Wherever people can enter an address, none leads inside: base URLs of every connector, and targets of webhooks."""

from __future__ import annotations

import socket
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from planster_sync.connectors import registry
from planster_sync.errors import InvalidRequest, SettingsInvalid, SyncError
from planster_sync.http.account import Account
from planster_sync.http.addresses import AddressPolicy
from planster_sync.http.limits import AnswerLimits
from planster_sync.http.opening import Clients
from planster_sync.http.retries import RetryPolicy
from planster_sync.http.transport import RequestsTransport
from planster_sync.http.webhook_addresses import check_url
from tests.contract.test_connectors_over_http import SIMULATED
from tests.fakes.clock import ManualClock
from tests.fakes.memory_platform import FreeBudget
from tests.fakes.own_tokens import OwnTokens
from tests.security.hostile_addresses import ALL, LED_INSIDE

GOOD = "https://wms.example.com"


def _addresses_of(connector: str) -> list[str]:
    """The settings of a connector that hold an address."""
    told = SIMULATED[connector].settings(GOOD)
    return [name for name, value in told.items() if isinstance(value, str) and value.startswith(GOOD)]


ENTRANCES = [(name, setting) for name in SIMULATED for setting in _addresses_of(name)]
every_entrance = pytest.mark.parametrize(
    ("connector", "setting"), ENTRANCES, ids=["-".join(each) for each in ENTRANCES]
)


@dataclass
class Wire:
    """Counts what would leave this machine; nothing does."""

    resolved: list[str] = field(default_factory=list)
    dialled: list[Any] = field(default_factory=list)
    leads_to: Sequence[str] = ("93.184.215.14",)

    def resolve(self, host: str, port: int) -> Sequence[str]:
        self.resolved.append(host)
        return self.leads_to


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> Wire:
    found = Wire()

    def connect(_: socket.socket, address: Any) -> None:
        found.dialled.append(address)
        raise OSError("nothing leaves this machine")

    monkeypatch.setattr(socket.socket, "connect", connect)
    return found


def _used(connector: str, settings: Mapping[str, Any], wire: Wire) -> None:
    """Builds the connector as the worker does, and has it check the connection."""
    clock = ManualClock()
    policy = AddressPolicy.public(wire.resolve)
    limits = AnswerLimits(connect=5, read=5, total=10)
    clients = Clients(
        FreeBudget(clock),
        clock,
        lambda: 0.5,
        lambda origin: RequestsTransport(origin, policy, limits, clock),
        RetryPolicy(attempts=1),
        limits,
    )
    account = Account(SIMULATED[connector].good, settings, clock, clients.open, OwnTokens(clock))
    registry.build(connector, account).check()


@every_entrance
def test_no_address_in_a_connector_s_settings_leads_inside(connector: str, setting: str, wire: Wire) -> None:
    good = SIMULATED[connector].settings(GOOD)
    taken = []

    for trick, url in ALL:
        try:
            _used(connector, {**good, setting: url}, wire)
        except SettingsInvalid:
            continue
        except SyncError as error:
            taken.append((trick, url, error.code))
    assert taken == []
    assert [each for each in wire.dialled if each[0] != "93.184.215.14"] == []


@every_entrance
def test_a_name_that_leads_inside_is_not_connected_to(connector: str, setting: str, wire: Wire) -> None:
    for leads_to in LED_INSIDE.values():
        wire.leads_to = leads_to
        with pytest.raises(SettingsInvalid):
            _used(connector, SIMULATED[connector].settings(GOOD), wire)
    assert wire.resolved
    assert wire.dialled == []
    assert setting


def test_every_connector_has_an_address_that_was_tried() -> None:
    assert {name for name, _ in ENTRANCES} == set(registry.names())


@pytest.mark.parametrize(("trick", "url"), ALL)
def test_no_webhook_is_registered_with_it(trick: str, url: str) -> None:
    with pytest.raises(InvalidRequest):
        check_url(url, AddressPolicy.public(_unasked))
    assert trick


def _unasked(host: str, port: int) -> Sequence[str]:
    raise AssertionError(f"{host}:{port} was resolved")


@pytest.mark.parametrize("url", ["https://wms.example.com", "https://8.8.8.8", "https://[2606:4700::1111]"])
def test_a_public_address_is_taken(url: str, wire: Wire) -> None:
    check: Callable[[str, AddressPolicy], None] = check_url

    check(url, AddressPolicy.public(wire.resolve))
