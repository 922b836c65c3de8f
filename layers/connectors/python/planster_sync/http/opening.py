"""Opens the clients of one account and closes them together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from planster_sync.errors import SyncError
from planster_sync.http.addresses import Origin
from planster_sync.http.auth import Auth
from planster_sync.http.client import HttpClient
from planster_sync.http.limits import AnswerLimits
from planster_sync.http.messages import Transport
from planster_sync.http.retries import RetryPolicy
from planster_sync.ports.platform import Clock, RateBudget


@dataclass(frozen=True, slots=True)
class Clients:
    """What all clients of an account share. `open` is what `Account.open` is given; `close` ends all of them.

    `transport` makes what carries requests to one base URL; nothing is sent after `ends`.
    """

    budget: RateBudget
    clock: Clock
    random: Callable[[], float]
    transport: Callable[[Origin], Transport]
    retries: RetryPolicy = field(default_factory=RetryPolicy)
    limits: AnswerLimits = field(default_factory=AnswerLimits)
    ends: datetime | None = None
    _opened: list[HttpClient] = field(default_factory=list, init=False, repr=False)

    def open(self, base_url: str, auth: Auth, statuses: Mapping[int, type[SyncError]]) -> HttpClient:
        """A client for one base URL.

        Raises:
            SettingsInvalid: the URL is malformed, or the address policy does not allow it.
        """
        client = HttpClient(
            self.transport(Origin.parse(base_url)),
            auth,
            self.budget,
            self.clock,
            self.retries,
            self.limits,
            statuses,
            self.random,
            self.ends,
        )
        self._opened.append(client)
        return client

    def close(self) -> None:
        while self._opened:
            self._opened.pop().close()
