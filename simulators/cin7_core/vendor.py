"""The vendor's object: routes, and the order in which a request is judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from simulators.business.spec import Record
from simulators.cin7_core import reading, writing
from simulators.cin7_core.answers import nowhere, plain, too_many
from simulators.cin7_core.views import VIEWS
from simulators.serving.account import Account, opened
from simulators.serving.exchange import Answer, Request, told
from simulators.serving.limits import Allowance, Limiter, Unlimited, Windows
from simulators.serving.routing import Limit, Route, in_order
from simulators.serving.simulation import Call, Simulation

BASE = "/externalapi/v2"
"""Paths are taken in any case."""

ROUTES = (
    Route("GET", f"{BASE}/me", reading.company, scope="me"),
    Route("GET", f"{BASE}/product", reading.products, scope="product"),
    Route("GET", f"{BASE}/supplier", reading.suppliers, scope="supplier"),
    Route("GET", f"{BASE}/ref/location", reading.locations, scope="ref"),
    Route("GET", f"{BASE}/ref/carrier", reading.carriers, scope="ref"),
    Route("GET", f"{BASE}/ref/productavailability", reading.availability, scope="availability"),
    Route("GET", f"{BASE}/salelist", reading.sales, scope="sale"),
    Route("GET", f"{BASE}/salecreditnotelist", reading.credit_notes, scope="sale"),
    Route("GET", f"{BASE}/sale", reading.sale, scope="sale"),
    Route("GET", f"{BASE}/stocktransferlist", reading.transfers, scope="purchase"),
    Route("GET", f"{BASE}/stocktransfer", reading.transfer, scope="purchase"),
    Route("GET", f"{BASE}/purchaselist", reading.purchases, scope="purchase"),
    Route("GET", f"{BASE}/purchase", reading.simple_purchase, scope="purchase"),
    Route("GET", f"{BASE}/advanced-purchase", reading.purchase, scope="purchase"),
    Route("POST", f"{BASE}/advanced-purchase", writing.create, scope="purchase"),
    Route("PUT", f"{BASE}/advanced-purchase", writing.change, scope="purchase"),
    Route("DELETE", f"{BASE}/advanced-purchase", writing.void, scope="purchase"),
    Route("POST", f"{BASE}/purchase/order", writing.order, scope="purchase"),
)
CALLS_A_MINUTE = 60


class Cin7Core:
    """One running vendor; `limiter` counts calls per application key."""

    name = "cin7_core"

    def __init__(self, limiter: Limiter) -> None:
        self._limit = Limit(limiter, _silent, too_many)

    def opened(self, told: Record, base: datetime) -> Account:
        return opened(told, VIEWS, base)

    def holder(self, request: Request, simulation: Simulation[Account]) -> Account | None:
        return simulation.with_credentials(
            account_id=request.headers.get("api-auth-accountid"),
            application_key=request.headers.get("api-auth-applicationkey"),
        )

    def label(self, request: Request) -> str:
        return request.path.lower()

    def answer(self, call: Call[Account]) -> Answer:
        plain_call = replace(call, request=replace(call.request, path=call.request.path.lower()))
        return in_order(plain_call, ROUTES, lambda _: nowhere(), _admit, self._limit)

    def failed(self, status: int) -> Answer:
        return told([{"ErrorCode": status, "Exception": "Internal server error"}], status)


def make(rate: float | None) -> Cin7Core:
    """`rate` is in requests a second; None is the vendor's own limit, 0 none."""
    if rate == 0:
        return Cin7Core(Unlimited())
    return Cin7Core(Windows(CALLS_A_MINUTE if rate is None else rate * 60, 60))


def credentials(number: int) -> Mapping[str, str]:
    return {"account_id": f"sim-account-{number}", "application_key": f"sim-key-{number}"}


def _silent(left: Allowance) -> Mapping[str, str]:  # noqa: ARG001 - no answer but the refusal tells what is left
    return {}


def _admit(call: Call[Account], route: Route[Account]) -> None:
    """There are no scopes; what a user may not do in the application is refused with the same status."""
    if call.holder is None or call.holder.revoked:
        raise plain(403, "Incorrect credentials!")
    if route.scope in call.holder.forbidden:
        raise plain(403, "You do not have permission to perform this operation.")
