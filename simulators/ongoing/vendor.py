"""The vendor's object: basic authentication for one warehouse's users, and ASP.NET's error bodies."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from simulators.business.spec import Record
from simulators.ongoing.routes import ROUTES
from simulators.ongoing.views import VIEWS
from simulators.serving.account import Account, opened
from simulators.serving.asking import basic
from simulators.serving.exchange import Answer, Refusal, Request, refusal, told
from simulators.serving.limits import Allowance, Limiter, Windows
from simulators.serving.routing import Limit, Route, in_order
from simulators.serving.simulation import Call, Simulation

_API = "/api/v1"
PER_SECOND = 5


class Ongoing:
    """The vendor's object. It publishes no limit; PER_SECOND is what this one takes (assumption)."""

    name = "ongoing"

    def __init__(self, limiter: Limiter | None = None) -> None:
        self._limit = Limit(limiter or Windows(PER_SECOND, 1), _no_headers, _too_many)

    def opened(self, told: Record, base: datetime) -> Account:
        return opened(told, VIEWS, base)

    def holder(self, request: Request, simulation: Simulation[Account]) -> Account | None:
        user, password = basic(request) or (None, None)
        warehouse = request.path.split("/")[1]
        return simulation.with_credentials(warehouse=warehouse, username=user, password=password)

    def label(self, request: Request) -> str:
        """The path behind the warehouse's own part."""
        return request.path.partition(_API)[2] or request.path

    def answer(self, call: Call[Account]) -> Answer:
        return in_order(call, ROUTES, _unknown, _admit, self._limit)

    def failed(self, status: int) -> Answer:
        return told({"Message": "An error has occurred."}, status)


def _admit(call: Call[Account], route: Route[Account]) -> None:
    if call.holder is None or call.holder.revoked:
        raise refusal(
            401, {"Message": "Authorization has been denied for this request."}, {"www-authenticate": "Basic"}
        )
    if route.scope in call.holder.forbidden:
        raise refusal(403, {"message": "The user is not allowed to do this."})


def _unknown(request: Request) -> Refusal:
    return refusal(404, {"Message": f"No HTTP resource was found that matches the request URI '{request.path}'."})


def _no_headers(_: Allowance) -> Mapping[str, str]:
    return {}


def _too_many(left: Allowance) -> Refusal:
    return refusal(429, {"message": "Too many requests."}, {"retry-after": f"{left.wait_seconds:.0f}"})
