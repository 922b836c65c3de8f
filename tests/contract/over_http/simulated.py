"""How a connector and its vendor's simulator are brought together for the contract over HTTP."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.request import Request as Question
from urllib.request import urlopen

from local_cloud.agreement import Readings
from planster_sync.connectors import registry
from planster_sync.http.account import Account
from planster_sync.http.addresses import AddressPolicy
from planster_sync.http.limits import AnswerLimits
from planster_sync.http.opening import Clients
from planster_sync.http.retries import RetryPolicy
from planster_sync.http.transport import RequestsTransport
from planster_sync.ports.source import Connector
from simulators.serving.server import RunningServer
from tests.contract.over_http.budgets import PacedBudget
from tests.fakes.clock import ManualClock
from tests.fakes.own_tokens import OwnTokens

SIZE = 30
"""Inventory items of a simulated account: small enough for a hundred tests, large enough for several pages."""


@dataclass(frozen=True)
class Lapse:
    """How an account's access ends at this vendor: the control routes below `/_sim/connections/con-1/`, in order.

    `mended`: the connector gets over it by itself (an access token that is renewed).
    """

    name: str
    routes: Sequence[str]
    mended: bool = False


@dataclass(frozen=True)
class Simulated:
    """One vendor, simulated. A vendor joins with `SIMULATED` in tests/connectors/<name>/simulated.py.

    `start(base, clock, rate)` starts a server with one account `con-1` of SIZE items; `rate` is the vendor's own limit
    (None) or none at all (0). `good` are its credentials, `wrong` sets of others. `settings(url)` are an integration's;
    `page_sizes` are settings that make pages small. `lists` says under which label (`/_sim/requests`) a read's list is
    asked for. `scopes` names, per read, what to forbid at the vendor, `check_scope` what the connection check needs.
    `page_faults` are the faults that a page of this vendor can have. `strangers` are ids of no record, in its form.
    """

    start: Callable[[datetime, Callable[[], datetime], float | None], RunningServer[Any]]
    good: Mapping[str, Any]
    wrong: Mapping[str, Mapping[str, Any]]
    settings: Callable[[str], Mapping[str, Any]]
    page_sizes: Sequence[Mapping[str, Any]]
    lists: Mapping[str, str]
    readings: Readings
    lapses: Sequence[Lapse] = (Lapse("revoked", ("revoke",)),)
    scopes: Mapping[str, str] = field(default_factory=dict)
    check_scope: str | None = None
    page_faults: Sequence[str] = ("empty_with_token", "repeat_token", "endless_page")
    strangers: Sequence[str] = ("none-such-1", "none-such-2")


class Meeting:
    """A running simulator and connectors to it, on one clock that only moves when it is told to."""

    def __init__(self, name: str, simulated: Simulated, closing: ExitStack, *, rate: float | None = 0) -> None:
        self.name = name
        self.simulated = simulated
        self.clock = ManualClock()
        self.budget = PacedBudget(self.clock, None if rate == 0 else registry.capabilities(name).rate.per_second)
        self._closing = closing
        base = self.clock.now().replace(hour=0)
        self.url = closing.enter_context(simulated.start(base, self.clock.now, rate)).url

    def connector(self, *, credentials: Mapping[str, Any] | None = None, **settings: Any) -> Connector:
        """A connector with the account's credentials, or these, and the integration's settings with these over them."""
        limits = AnswerLimits(connect=5, read=5, total=10, short_wait=90, size=8 * 1024 * 1024)
        clients = Clients(
            self.budget,
            self.clock,
            lambda: 0.5,
            lambda origin: RequestsTransport(origin, AddressPolicy.loopback(), limits, self.clock),
            RetryPolicy(attempts=3),
            limits,
        )
        self._closing.callback(clients.close)
        account = Account(
            self.simulated.good if credentials is None else credentials,
            {**self.simulated.settings(self.url), **settings},
            self.clock,
            clients.open,
            OwnTokens(self.clock),
        )
        return registry.build(self.name, account)

    def control(self, path: str, body: object = None) -> Any:
        """Asks a control route of the simulator."""
        asked = Question(f"{self.url}/_sim/{path}", json.dumps({} if body is None else body).encode(), method="POST")
        with urlopen(asked) as answer:
            return json.load(answer)

    def advance_day(self) -> None:
        self.clock.advance(86_400)
        self.control("day/advance")

    def fault(self, read: str, kind: str, **more: Any) -> None:
        """The next requests of a read's list meet this fault."""
        self.control("faults", [{"match": self.simulated.lists[read], "kind": kind, **more}])

    def truth(self) -> dict[str, list[dict[str, Any]]]:
        """Every live record of the vendor, per collection of the readings."""
        found = {}
        for collection in self.simulated.readings.collections:
            with urlopen(f"{self.url}/_sim/truth/con-1/{collection}") as answer:
                found[collection] = [json.loads(line) for line in answer.read().splitlines()]
        return found

    def statuses(self) -> list[int]:
        """The statuses of every vendor request so far."""
        with urlopen(f"{self.url}/_sim/requests") as answer:
            return [each["status"] for each in json.load(answer)["last"]]
