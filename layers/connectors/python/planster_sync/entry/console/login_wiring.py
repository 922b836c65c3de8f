"""Makes the way into the console from the environment; with it come the HTTP parts, which nothing else of it needs."""

from __future__ import annotations

import random
from datetime import datetime

from planster_sync.aws.settings import VendorNetwork
from planster_sync.entry.console.issuer import ANSWER_SECONDS, Client, Issuer, Open
from planster_sync.entry.console.login import Login
from planster_sync.entry.console.sessions import SessionVisitors
from planster_sync.entry.parts import Parts
from planster_sync.http.addresses import AddressPolicy, Origin
from planster_sync.http.auth import HeaderAuth
from planster_sync.http.client import HttpClient
from planster_sync.http.limits import AnswerLimits
from planster_sync.http.retries import RetryPolicy
from planster_sync.http.transport import RequestsTransport
from planster_sync.ports.platform import Clock

LARGEST_ANSWER = 256 * 1024
"""Bytes."""


def build_login(made: Parts, visitors: SessionVisitors) -> Login | None:
    """The way in; None where the deployment names no issuer, or not how the console is registered there."""
    settings = made.settings
    if not settings.console_issuer or not settings.console_client_id:
        return None
    addresses = addresses_of(settings.console_issuer, settings.vendor_network)
    issuer = Issuer(
        Client(settings.console_issuer, settings.console_client_id),
        addresses,
        open_with(addresses, made.clock),
        made.clock,
    )
    return Login(issuer, visitors.sessions, visitors, made.clock, visitors.new_secret)


def addresses_of(issuer: str, network: VendorNetwork) -> AddressPolicy:
    """Public ones over TLS; in a deployment of one machine its own without TLS."""
    is_local = network is VendorNetwork.LOOPBACK and issuer.startswith("http:")
    return AddressPolicy.loopback() if is_local else AddressPolicy.public()


def open_with(addresses: AddressPolicy, clock: Clock) -> Open:
    limits = AnswerLimits(
        connect=ANSWER_SECONDS / 2,
        read=ANSWER_SECONDS,
        total=ANSWER_SECONDS,
        past_deadline=0.0,
        short_wait=1.0,
        size=LARGEST_ANSWER,
    )

    def opened(origin: Origin) -> HttpClient:
        transport = RequestsTransport(origin, addresses, limits, clock)
        retries = RetryPolicy(attempts=2)
        return HttpClient(transport, HeaderAuth({}), _Unbounded(), clock, retries, limits, {}, random.random)

    return opened


class _Unbounded:
    """An issuer's allowance is nobody's account: each sign-in asks once."""

    def take(self, deadline: datetime | None) -> None:
        """Always at once."""

    def learned(self, until: datetime) -> None:
        """The answer itself says it; nobody else waits."""
