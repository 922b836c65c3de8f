"""A browser as the sign-in sees one: it keeps cookies, follows to the issuer and back, and may be attacked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from aws_lambda_powertools.event_handler import Response

from planster_sync.aws.settings import VendorNetwork
from planster_sync.entry.console.issuer import Client, Issuer
from planster_sync.entry.console.login import Login
from planster_sync.entry.console.login_wiring import addresses_of, open_with
from planster_sync.entry.console.sessions import SessionVisitors
from planster_sync.entry.console.visitors import Visitor
from tests.console.sign_in.small_issuer import CLIENT, SmallIssuer
from tests.fakes.clock import ManualClock
from tests.fakes.memory_sessions import MemorySessions
from tests.integration.api.caller import http_event

HOST = "abcd1234.execute-api.localhost:4566"


class CountedSecrets:
    """43 characters each, another one every time."""

    def __init__(self) -> None:
        self._numbers = count(1)

    def __call__(self) -> str:
        return f"secret-{next(self._numbers):036d}"


@dataclass
class Console:
    """The way in, on a clock that a test moves."""

    issuer: SmallIssuer
    clock: ManualClock
    sessions: MemorySessions = field(default_factory=MemorySessions)
    network: VendorNetwork = VendorNetwork.LOOPBACK

    def __post_init__(self) -> None:
        secrets = CountedSecrets()
        self.visitors = SessionVisitors(self.sessions, self.clock, secrets)
        addresses = addresses_of(self.issuer.url, self.network)
        client = Client(self.issuer.url, CLIENT)
        opened = open_with(addresses, self.clock)
        self.login = Login(
            Issuer(client, addresses, opened, self.clock), self.sessions, self.visitors, self.clock, secrets
        )


@dataclass
class Browser:
    """One browser. `cookies` are what it holds for the console."""

    console: Console
    cookies: dict[str, str] = field(default_factory=dict)
    host: str = HOST

    def event(self, address: str, **headers: str) -> dict[str, Any]:
        event = http_event("GET", address, headers={"host": self.host, **headers})
        return {**event, "cookies": [f"{name}={value}" for name, value in self.cookies.items()]}

    def sent_to_issuer(self, asking: str = "/console/login") -> str:
        return self._follow(self.console.login.sign_in(self.event(asking)))

    def comes_back(self, address: str) -> str:
        """`address` is where the issuer sent the browser; gives where the console sends it then."""
        parts = urlsplit(address)
        return self._follow(self.console.login.callback(self.event(f"{parts.path}?{parts.query}")))

    def signs_in(self, subject: str = "ada", asking: str = "/console/login") -> str:
        return self.comes_back(self.console.issuer.approve(self.sent_to_issuer(asking), subject))

    @property
    def visitor(self) -> Visitor | None:
        return self.console.visitors.visitor(self.event("/console"))

    def _follow(self, answer: Response[str]) -> str:
        assert answer.status_code == 303
        for cookie in answer.cookies:
            self.cookies[cookie.name] = cookie.value
        location = answer.headers["Location"]
        assert isinstance(location, str)
        return location


def query_of(address: str) -> Mapping[str, str]:
    return dict(parse_qsl(urlsplit(address).query))
