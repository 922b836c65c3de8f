"""An account that was connected by a consent, over real HTTP: tokens that end, and refresh tokens that are used up."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests

from planster_sync.connectors import registry
from planster_sync.connectors.shipbob.capabilities import AUTHORIZATION
from planster_sync.errors import CredentialsRejected, SettingsInvalid
from planster_sync.http.account import Account
from planster_sync.http.addresses import AddressPolicy
from planster_sync.http.authorization import CodeFlow
from planster_sync.http.limits import AnswerLimits
from planster_sync.http.opening import Clients
from planster_sync.http.retries import RetryPolicy
from planster_sync.http.transport import RequestsTransport
from planster_sync.ports.source import Connector, End, ReadRequest
from simulators.serving.server import serve
from simulators.serving.simulation import Simulation
from simulators.shipbob.consent import APP
from simulators.shipbob.vendor import ShipBob
from tests.fakes.clock import ManualClock
from tests.fakes.memory_platform import FreeBudget
from tests.fakes.own_tokens import OwnTokens

BACK = "http://127.0.0.1:9/back"
HOUR = 3600


class Merchant:
    """A simulated account, and what the deployment is registered as there."""

    def __init__(self, closing: ExitStack) -> None:
        self.clock = ManualClock()
        account = {"connection_id": "con-1", "credentials": {"token": "sim-pat-1"}, "size": "6"}
        simulation = Simulation(ShipBob(0), self.clock.now().replace(hour=0), self.clock.now)
        self.url = closing.enter_context(serve(simulation, [account])).url
        self.registration = {
            **APP,
            "redirect_uri": BACK,
            "consent_url": f"{self.url}/connect/authorize",
            "exchange_url": f"{self.url}/connect/token",
        }
        limits = AnswerLimits(connect=5, read=5, total=10)
        self.clients = Clients(
            FreeBudget(self.clock),
            self.clock,
            lambda: 0.5,
            lambda origin: RequestsTransport(origin, AddressPolicy.loopback(), limits, self.clock),
            RetryPolicy(attempts=2),
        )
        closing.callback(self.clients.close)
        self.flow = CodeFlow(AUTHORIZATION, self.registration)
        self.tokens = OwnTokens(self.clock)

    def code(self, state: str) -> str:
        """The merchant consents."""
        answer = requests.get(f"{self.flow.address(state)}&account=con-1", allow_redirects=False, timeout=10)
        return dict(parse_qsl(urlsplit(answer.headers["location"]).query))["code"]

    def connected(self) -> Connector:
        grant = self.flow.exchanged(self.clients.open, self.code("state-1"), "state-1")
        return self.connector(refresh_token=grant.refresh)

    def connector(self, **credentials: Any) -> Connector:
        account = Account(
            credentials,
            {"base_url": self.url},
            self.clock,
            self.clients.open,
            self.tokens,
            lambda: self.registration,
        )
        return registry.build("shipbob", account)


@pytest.fixture
def merchant() -> Iterator[Merchant]:
    with ExitStack() as closing:
        yield Merchant(closing)


def ends(connector: Connector, read: str) -> list[End]:
    return [page.end for page in connector.pages(ReadRequest(read))]


def test_every_list_can_be_read_after_a_consent(merchant: Merchant) -> None:
    connector = merchant.connected()

    connector.check()

    for read in registry.capabilities("shipbob").reads:
        assert ends(connector, read)[-1] is End.PROVEN, read


def test_night_after_night_each_token_comes_from_the_refresh_token_before_it(merchant: Merchant) -> None:
    connector = merchant.connected()

    for _ in range(40):
        connector.check()
        merchant.clock.advance(24 * HOUR)

    granted = [token.refresh for token in merchant.tokens.vault.versions]
    assert len(granted) == len(set(granted)) == 40


def test_a_grant_that_was_not_used_for_thirty_days_wants_another_consent(merchant: Merchant) -> None:
    connector = merchant.connected()
    connector.check()
    merchant.clock.advance(31 * 24 * HOUR)

    with pytest.raises(CredentialsRejected):
        connector.check()


def test_a_code_of_another_state_is_refused(merchant: Merchant) -> None:
    with pytest.raises(CredentialsRejected):
        merchant.flow.exchanged(merchant.clients.open, merchant.code("theirs"), "ours")


def test_a_deployment_that_the_vendor_does_not_know_is_no_fault_of_the_customer(merchant: Merchant) -> None:
    connector = merchant.connected()
    merchant.registration["client_secret"] = "wrong"
    unknown = merchant.connector(refresh_token="any")

    with pytest.raises(SettingsInvalid):
        unknown.check()
    connector.check()


@pytest.mark.parametrize("credentials", [{}, {"token": "t", "refresh_token": "r"}])
def test_there_is_one_way_to_sign_and_not_two(merchant: Merchant, credentials: dict[str, str]) -> None:
    with pytest.raises(CredentialsRejected):
        merchant.connector(**credentials)
