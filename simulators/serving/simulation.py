"""What a running simulator remembers, what a vendor supplies to it, and what a request finds there."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from threading import Event, Lock
from typing import Any, Generic, Protocol, TypeVar

from simulators.business.spec import Clock, Record, base_of, utc_now
from simulators.serving.exchange import Answer, Refusal, Request
from simulators.serving.faults import FaultBook, Serve, Struck
from simulators.serving.grants import Grants

KEPT_REQUESTS = 10_000


class Tenant(Protocol):
    """One customer's account at the vendor, as the server and the control routes see it.

    `name` is what the control routes call it (`con-1`). `credentials` are the secrets that it is known by. `forbidden`
    holds the vendor's own words for what it may not do.
    """

    name: str
    credentials: Mapping[str, str]
    revoked: bool
    forbidden: set[str]

    @property
    def day(self) -> int: ...

    @property
    def collections(self) -> Sequence[str]:
        """The names of its lists."""
        ...

    def described(self) -> Mapping[str, Any]:
        """What `/_sim/state` says of it besides name, day, revocation and counts; no secret."""
        ...

    def advance(self, stamp: datetime) -> None: ...

    def counts(self) -> Mapping[str, int]: ...

    def prepare(self, collection: str) -> None: ...

    def truth(self, collection: str) -> Iterable[bytes]:
        """Every live record's bytes in key order."""
        ...

    def mutate(self, collection: str, change: Record, now: datetime) -> Mapping[str, Any]: ...


T = TypeVar("T", bound=Tenant)


class Vendor(Protocol[T]):
    """What a vendor's simulator supplies. One object per running server."""

    name: str

    def opened(self, told: Record, base: datetime) -> T:
        """The account that a start or `/_sim/connections` describes. Raises ValueError, TypeError or KeyError."""
        ...

    def holder(self, request: Request, simulation: Simulation[T]) -> T | None:
        """The account whose credentials or token a request carries, revoked or not. Refuses nothing."""
        ...

    def label(self, request: Request) -> str:
        """Its name in fault rules and the log: its path, or more where one path serves all. Refuses nothing."""
        ...

    def answer(self, call: Call[T]) -> Answer:
        """The vendor's answer. Raises Refusal for one of its error answers."""
        ...

    def failed(self, status: int) -> Answer:
        """The vendor's error body for 413, 429, 500 and 503."""
        ...


class RequestLog:
    """Counts per account and label, and the last 10,000 requests by arrival; never a header's value or a body."""

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


class Simulation(Generic[T]):
    """The server's memory: accounts, faults, log, token grants, clock. Safe for use by several threads.

    `base` is the moment at which day 0 ends: nothing in the first data is younger. Default: yesterday, 00:00 UTC.
    """

    def __init__(self, vendor: Vendor[T], base_date: datetime | None = None, clock: Clock = utc_now) -> None:
        self.vendor = vendor
        self.now = clock
        self.base = base_of(base_date, clock)
        self.faults = FaultBook()
        self.log = RequestLog()
        self.grants = Grants(clock)
        self.stopping = Event()
        self._accounts: dict[str, T] = {}
        self._lock = Lock()

    def open(self, told: Record) -> T:
        """Adds an account.

        Raises:
            ValueError: its name or its credentials are taken, or the vendor cannot make it.
        """
        account = self.vendor.opened(told, self.base)
        with self._lock:
            known = self._accounts.values()
            if account.name in self._accounts or any(account.credentials == each.credentials for each in known):
                raise ValueError(f"connection {account.name} or its credentials exist already")
            self._accounts[account.name] = account
        return account

    def accounts(self) -> list[T]:
        """Every account, in the order in which they were opened."""
        with self._lock:
            return list(self._accounts.values())

    def account(self, name: str | None) -> T | None:
        """An account by its name."""
        with self._lock:
            return None if name is None else self._accounts.get(name)

    def with_credentials(self, **told: str | None) -> T | None:
        """The account that has all these credentials, revoked or not; None when one is missing or wrong."""
        if not told or None in told.values():
            return None
        return next((each for each in self.accounts() if told.items() <= each.credentials.items()), None)

    def under_faults(self, call: Call[T], serve: Serve) -> Answer:
        """The answer of `serve`, or what a fault rule makes of it. A refusal is an answer like any other."""
        label = self.vendor.label(call.request)
        rule = self.faults.strike(label, call.holder.name if call.holder else None, self.now())
        try:
            if rule is None:
                return serve()
            return Struck(rule, serve, self.vendor.failed, self.stopping.wait).answer()
        except Refusal as refused:
            return refused.answer


@dataclass(frozen=True, slots=True)
class Call(Generic[T]):
    """A request at a running simulator. `holder` is whose it is; `ids` are the variable parts of its route."""

    request: Request
    holder: T | None
    simulation: Simulation[T]
    ids: Mapping[str, str] = field(default_factory=dict)

    @property
    def account(self) -> T:
        """Whose request it is, once that was judged. Raises LookupError for nobody's."""
        if self.holder is None:
            raise LookupError(f"{self.request.path} is served before anybody looked whose request it is")
        return self.holder

    @property
    def now(self) -> datetime:
        return self.simulation.now()
