"""ShipBob as a simulated vendor: whose token a request carries, and in which order it is judged."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from datetime import datetime
from threading import Lock

from simulators.business.spec import Record
from simulators.serving.account import Account, opened
from simulators.serving.asking import bearer
from simulators.serving.exchange import Answer, Refusal, Request, refusal, told
from simulators.serving.limits import Allowance, Limiter, Unlimited
from simulators.serving.routing import Limit, Route, found, in_order
from simulators.serving.simulation import Call, Simulation
from simulators.shipbob.consent import Consent, may
from simulators.shipbob.routes import ROUTES, VERSIONS, unknown
from simulators.shipbob.views import VIEWS

A_MINUTE = 60
PER_MINUTE = 150


class Sliding:
    """So many requests in any span of so many seconds; a refused one does not count."""

    def __init__(self, limit: int, seconds: float) -> None:
        self.limit = limit
        self.seconds = seconds
        self._taken: dict[str, deque[float]] = {}
        self._lock = Lock()

    def take(self, key: str, now: datetime, cost: float = 1) -> Allowance:  # noqa: ARG002 - each request costs one
        second = now.timestamp()
        with self._lock:
            taken = self._taken.setdefault(key, deque())
            while taken and taken[0] <= second - self.seconds:
                taken.popleft()
            granted = len(taken) < self.limit
            if granted:
                taken.append(second)
            wait = taken[0] + self.seconds - second if taken else 0
            return Allowance(granted, self.limit, self.limit - len(taken), wait)

    def release(self, key: str) -> None:
        """A span forgets nothing before it ends."""


def limiter(rate: float | None) -> Limiter:
    """150 a minute, or another number a minute, or none at all for 0."""
    return Unlimited() if rate == 0 else Sliding(int(rate or PER_MINUTE), A_MINUTE)


class ShipBob:
    """The vendor's object. `rate` is in requests a minute: None for its own, 0 for no limit."""

    name = "shipbob"

    def __init__(self, rate: float | None = None) -> None:
        self.limit = Limit(limiter(rate), _remaining, _too_many)
        self._consenting = Consent().routes()

    def opened(self, told: Record, base: datetime) -> Account:
        return opened(told, VIEWS, base)

    def holder(self, request: Request, simulation: Simulation[Account]) -> Account | None:
        token = bearer(request)
        return simulation.with_credentials(token=token) or simulation.account(simulation.grants.holder(token))

    def label(self, request: Request) -> str:
        return request.path

    def answer(self, call: Call[Account]) -> Answer:
        room = call.request.path.removeprefix("/").partition("/")[0]
        if room == "connect":
            route, _ = found(self._consenting, call.request, unknown)
            return call.simulation.under_faults(call, lambda: route.serve(call))
        if room not in VERSIONS:
            raise unknown(call.request)
        return in_order(call, ROUTES, unknown, _admit, self.limit)

    def failed(self, status: int) -> Answer:
        """Every service has its own error body; a server error has none."""
        if status == 429:
            return told({"statusCode": 429, "message": "Rate limit is exceeded. Try again in 1 seconds."}, 429)
        return Answer(status, b"")


def _admit(call: Call[Account], route: Route[Account]) -> None:
    """Bodies of 401 and 403 are empty."""
    if call.holder is None or call.holder.revoked:
        raise Refusal(Answer(401, b""))
    granted = may(call.simulation.grants.grant(bearer(call.request)), route.scope)
    if route.scope in call.holder.forbidden or not granted:
        raise Refusal(Answer(403, b""))


def _remaining(left: Allowance) -> Mapping[str, str]:
    return {"x-remaining-calls": f"{left.remaining:g}"}


def _too_many(left: Allowance) -> Refusal:
    seconds = max(1, int(left.wait_seconds) + 1)
    body = {"statusCode": 429, "message": f"Rate limit is exceeded. Try again in {seconds} seconds."}
    return refusal(429, body, {"x-retry-after": str(seconds), "x-remaining-calls": "0"})
