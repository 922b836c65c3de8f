"""The worker's part of a consent: it alone knows the deployment's registrations, and turns codes into credentials."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from planster_sync.aws.registrations import SsmRegistrations
from planster_sync.aws.secrets import AwsSecrets
from planster_sync.connectors import registry
from planster_sync.errors import AnswerBroken, CredentialsRejected, Unsupported
from planster_sync.http.authorization import CodeFlow
from planster_sync.http.opening import Clients
from planster_sync.ports.connecting import (
    Authorization,
    BeginAnswer,
    BeginQuestion,
    ExchangeQuestion,
    KeepsSecrets,
    Way,
)
from planster_sync.ports.stores import Integrations


class Unmetered:
    """For the few calls of a connection that is being made: they belong to no account's allowance yet."""

    def take(self, deadline: datetime | None) -> None:
        """At once."""

    def learned(self, until: datetime) -> None:
        """The call fails by itself."""


@dataclass(frozen=True, slots=True)
class VendorExchanges:
    """`clients` opens what is closed again when the exchange is over."""

    integrations: Integrations
    secrets: AwsSecrets
    keeper: KeepsSecrets
    registrations: SsmRegistrations
    clients: Callable[[], Clients]

    def begin(self, question: BeginQuestion) -> BeginAnswer:
        """An address of the vendor, or the token of its dialogue.

        Raises:
            Unsupported: the connector is not connected in this way.
            SettingsInvalid: the deployment is not registered with the vendor.
            SourceUnavailable, Throttled, AnswerBroken: the vendor gave no usable answer.
        """
        registration = self.registrations.read(question.connector)
        if question.way is Way.OAUTH:
            return BeginAnswer(address=CodeFlow(_flow(question.connector), registration).address(question.state))
        with self._opened() as clients:
            linker = registry.linker(question.connector, clients.open, registration)
            return BeginAnswer(link_token=linker.begin(self._known(question)))

    def exchange(self, question: ExchangeQuestion) -> None:
        """Stores the credentials that the code brings.

        Raises:
            CredentialsRejected: the vendor does not accept the code.
            As `begin`.
        """
        registration = self.registrations.read(question.connector)
        with self._opened() as clients:
            if question.way is Way.OAUTH:
                credentials = _granted(question, clients, registration)
            else:
                credentials = registry.linker(question.connector, clients.open, registration).exchange(question.code)
        self.keeper.keep(question.organisation, question.integration, credentials)

    def _known(self, question: BeginQuestion) -> Mapping[str, Any] | None:
        """The credentials of an integration that is connected again; None where it never had any."""
        found = self.integrations.get(question.organisation, question.integration) if question.reconnects else None
        if found is None:
            return None
        try:
            return self.secrets.read(found)
        except CredentialsRejected:
            return None

    @contextmanager
    def _opened(self) -> Iterator[Clients]:
        clients = self.clients()
        try:
            yield clients
        finally:
            clients.close()


def _flow(connector: str) -> Authorization:
    authorization = registry.capabilities(connector).authorization
    if authorization is None:
        raise Unsupported("This system is not connected by a consent.", remedy="Connect it in another way.")
    return authorization


def _granted(question: ExchangeQuestion, clients: Clients, registration: Mapping[str, Any]) -> Mapping[str, Any]:
    authorization = _flow(question.connector)
    grant = CodeFlow(authorization, registration).exchanged(clients.open, question.code, question.state)
    if grant.refresh is None:
        raise AnswerBroken("The warehouse system granted access for an hour only.", detail="no refresh token")
    return {authorization.credential: grant.refresh}
