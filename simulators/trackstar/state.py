"""What a running server remembers: its connections, its fault rules and its request log."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Mapping
from datetime import datetime
from threading import Lock
from typing import Any

from simulators.trackstar.account import Account
from simulators.trackstar.config import AccountSpec, ServerConfig
from simulators.trackstar.faults import FaultBook
from simulators.trackstar.limits import RateLimiter

KEPT_REQUESTS = 10_000


class RequestLog:
    """Counts per connection and path, and the last 10,000 requests by arrival; never a header's value or a body."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._last: deque[Mapping[str, Any]] = deque(maxlen=KEPT_REQUESTS)
        self._lock = Lock()

    def note(self, connection: str | None, method: str, path: str, query: str, status: int, at: datetime) -> None:
        entry = {"connection": connection, "method": method, "path": path, "query": query, "status": status}
        with self._lock:
            self._counts[f"{connection or '-'} {method} {path}"] += 1
            self._last.append({**entry, "at": at.isoformat()})

    def told(self) -> Mapping[str, Any]:
        with self._lock:
            return {"counts": dict(sorted(self._counts.items())), "last": list(self._last)}

    def clear(self) -> None:
        with self._lock:
            self._counts.clear()
            self._last.clear()


class SimulatorState:
    """The server's memory. Safe for use by several threads."""

    def __init__(self, config: ServerConfig) -> None:
        self.config = config
        self.base = config.base()
        self.now = config.clock
        self.limiter = RateLimiter()
        self.faults = FaultBook()
        self.log = RequestLog()
        self._accounts: dict[str, Account] = {}
        self._by_token: dict[str, Account] = {}
        self._lock = Lock()
        for spec in config.accounts:
            self.register(spec)

    def register(self, spec: AccountSpec) -> None:
        """Adds a connection.

        Raises:
            ValueError: its id or its token is taken.
        """
        with self._lock:
            if spec.connection_id in self._accounts or spec.access_token in self._by_token:
                raise ValueError(f"connection {spec.connection_id} or its token exists already")
            account = Account(spec, self.base)
            self._accounts[spec.connection_id] = account
            self._by_token[spec.access_token] = account

    def accounts(self) -> list[Account]:
        """Every connection, in order of registration."""
        with self._lock:
            return list(self._accounts.values())

    def account(self, connection_id: str) -> Account | None:
        """A connection by its id."""
        with self._lock:
            return self._accounts.get(connection_id)

    def holder(self, token: str | None) -> Account | None:
        """The connection that an access token belongs to, revoked or not."""
        with self._lock:
            return self._by_token.get(token) if token is not None else None
