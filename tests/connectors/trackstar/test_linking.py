"""The link over real HTTP: what its code brings, whose key is used where, and what refusals mean."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from typing import Any

import pytest

from planster_sync.connectors import registry
from planster_sync.errors import CredentialsRejected, SettingsInvalid, SyncError
from planster_sync.http.account import Account
from planster_sync.http.addresses import AddressPolicy
from planster_sync.http.limits import AnswerLimits
from planster_sync.http.opening import Clients
from planster_sync.http.retries import RetryPolicy
from planster_sync.http.transport import RequestsTransport
from planster_sync.ports.connecting import Linker
from planster_sync.ports.source import Connector
from simulators.trackstar.config import AccountSpec, ServerConfig
from simulators.trackstar.server import serve
from tests.fakes.clock import ManualClock
from tests.fakes.memory_platform import FreeBudget
from tests.fakes.own_tokens import OwnTokens
from tests.integration.linking import installed


class Organisation:
    """Planster's own organisation at a simulated Trackstar with one connection."""

    def __init__(self, closing: ExitStack) -> None:
        self.clock = ManualClock()
        spec = AccountSpec("con-1", "token-1", size=6)
        config = ServerConfig((spec,), base_date=self.clock.now().replace(hour=0), clock=self.clock.now)
        self.url = closing.enter_context(serve(config)).url
        self.registration = {"api_key": "sim-api-key", "base_url": self.url}
        limits = AnswerLimits(connect=5, read=5, total=10)
        self.clients = Clients(
            FreeBudget(self.clock),
            self.clock,
            lambda: 0.5,
            lambda origin: RequestsTransport(origin, AddressPolicy.loopback(), limits, self.clock),
            RetryPolicy(attempts=2),
        )
        closing.callback(self.clients.close)

    def linker(self, **changes: str) -> Linker:
        return registry.linker("trackstar", self.clients.open, {**self.registration, **changes})

    def connector(self, credentials: Mapping[str, Any], **settings: str) -> Connector:
        tokens = OwnTokens(self.clock)
        account = Account(credentials, settings, self.clock, self.clients.open, tokens, lambda: self.registration)
        return registry.build("trackstar", account)


@pytest.fixture
def organisation() -> Iterator[Organisation]:
    with ExitStack() as closing:
        yield Organisation(closing)


def linked(organisation: Organisation, known: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
    linker = organisation.linker()
    return linker.exchange(installed(organisation.url, linker.begin(known)))


def test_a_linked_connection_is_read_with_the_deployment_s_key(organisation: Organisation) -> None:
    credentials = linked(organisation)

    assert credentials == {"access_token": "token-1", "connection_id": "con-1"}
    organisation.connector(credentials).check()


def test_the_deployment_s_key_goes_to_the_deployment_s_address_whatever_the_settings_say(
    organisation: Organisation,
) -> None:
    organisation.connector(linked(organisation), base_url="http://127.0.0.1:9").check()


def test_a_connection_is_installed_again_under_its_id_and_token(organisation: Organisation) -> None:
    first = linked(organisation)

    assert linked(organisation, first) == first


@pytest.mark.parametrize("known", [{"connection_id": "con-9"}])
def test_a_connection_that_is_gone_cannot_be_installed_again(
    organisation: Organisation, known: Mapping[str, Any]
) -> None:
    with pytest.raises(CredentialsRejected):
        organisation.linker().begin(known)


def test_a_code_is_refused_the_second_time(organisation: Organisation) -> None:
    linker = organisation.linker()
    code = installed(organisation.url, linker.begin(None))
    linker.exchange(code)

    with pytest.raises(CredentialsRejected):
        linker.exchange(code)


def test_a_wrong_key_of_the_deployment_is_no_fault_of_the_customer(organisation: Organisation) -> None:
    with pytest.raises(SettingsInvalid):
        organisation.linker(api_key="wrong").begin(None)


@pytest.mark.parametrize(
    ("credentials", "error"),
    [({"access_token": "token-1"}, CredentialsRejected), ({"connection_id": "con-1"}, CredentialsRejected)],
)
def test_a_token_without_its_own_key_is_only_believed_of_a_link(
    organisation: Organisation, credentials: Mapping[str, Any], error: type[SyncError]
) -> None:
    with pytest.raises(error):
        organisation.connector(credentials)
