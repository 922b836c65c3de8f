"""The vendor's server: whose a request is, in which order it is judged, and what an error looks like."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import datetime

from simulators.business.spec import Record, size_of
from simulators.serving import server as serving
from simulators.serving.exchange import Answer, Refusal, Request, refusal, told
from simulators.serving.limits import Windows
from simulators.serving.routing import Route, found
from simulators.serving.server import RunningServer
from simulators.serving.simulation import Simulation
from simulators.trackstar.account import Account
from simulators.trackstar.answers import refused
from simulators.trackstar.config import AccountSpec, ServerConfig
from simulators.trackstar.linking import Link
from simulators.trackstar.routes import ROUTES, Wanted, permit, unknown


class Trackstar:
    """Trackstar's WMS API."""

    name = "trackstar"

    def __init__(self, config: ServerConfig) -> None:
        self._config = config
        self._windows: dict[int, Windows] = {}
        self._routes = (*Link().routes(), *ROUTES)

    def opened(self, told: Record, base: datetime) -> Account:
        """A connection: the fields of AccountSpec. Raises ValueError for unknown keys or values."""
        strange = told.keys() - {each.name for each in fields(AccountSpec)}
        if strange:
            raise ValueError(f"unknown keys of a connection: {', '.join(sorted(strange))}")
        sets = {name: frozenset(told.get(name, ())) for name in ("unsupported", "forbidden")}
        return Account(AccountSpec(**{**told, **sets, "size": size_of(str(told.get("size", "small")))}), base)

    def holder(self, request: Request, simulation: Simulation[Account]) -> Account | None:
        return simulation.with_credentials(access_token=request.headers.get("x-trackstar-access-token"))

    def label(self, request: Request) -> str:
        return request.path

    def failed(self, status: int) -> Answer:
        message = {413: "Body too large"}.get(status, f"Simulated {status}")
        return told({"error": message, "origin": "trackstar"}, status)

    def answer(self, call: Wanted) -> Answer:
        """Every answer has an id of its own, refusals too."""
        try:
            answer = self._judged(call)
        except Refusal as refused_call:
            answer = refused_call.answer
        return replace(answer, headers={"X-Request-Id": str(uuid.uuid4()), **answer.headers})

    def _judged(self, call: Wanted) -> Answer:
        """Route (404), keys (401), rate limit (429), fault rules, then what answers the route."""
        route, ids = found(self._routes, call.request, unknown)
        if call.request.headers.get("x-trackstar-api-key") != self._config.api_key:
            raise refused(401, "Invalid API key")
        if route.scope and (call.holder is None or call.holder.revoked):
            raise refused(401, "Invalid access token")
        allowed = {} if call.holder is None else self._allowance(call, call.holder)
        answer = call.simulation.under_faults(call, lambda: _served(route, replace(call, ids=ids)))
        return replace(answer, headers={**allowed, **answer.headers})

    def _allowance(self, call: Wanted, account: Account) -> Mapping[str, str]:
        """The rate headers of a call with a connection, reads and writes apart; an unlimited server sends none."""
        account.used(call.now)
        if call.request.method == "GET":
            kind, limit = "read", self._config.rate_get if account.spec.rate_get is None else account.spec.rate_get
        else:
            kind, limit = "write", self._config.rate_write
        if limit == 0:
            return {}
        left = self._windows.setdefault(limit, Windows(limit)).take(f"{account.name} {kind}", call.now)
        headers = {
            "x-ratelimit-limit": str(limit),
            "x-ratelimit-remaining": str(int(left.remaining)),
            "x-ratelimit-reset": str(int(call.now.timestamp()) + 1),
        }
        if not left.granted:
            body = {"error": "Rate limit exceeded", "origin": "trackstar"}
            raise refusal(429, body, {**headers, "retry-after": "1"})
        return headers


def _served(route: Route[Account], call: Wanted) -> Answer:
    if route.scope:
        permit(call.account, route.scope)
    return route.serve(call)


def serve(config: ServerConfig) -> RunningServer[Account]:
    """Starts a server and returns once it listens.

    Raises:
        OSError: the port is taken.
    """
    accounts = [{each.name: getattr(spec, each.name) for each in fields(spec)} for spec in config.accounts]
    return serving.serve(Simulation(Trackstar(config), config.base_date, config.clock), accounts, config.port)
