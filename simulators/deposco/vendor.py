"""The vendor's object: whose a request is, in which order it is judged, and how it fails."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from threading import Lock

from simulators.business.spec import Record
from simulators.deposco import stock
from simulators.deposco.answers import NESTED_ROWS, plainly, shown, wrong
from simulators.deposco.names import TENANT
from simulators.deposco.searching import KINDS, Kind, Searches
from simulators.deposco.views import VIEWS
from simulators.deposco.writing import purchase_order
from simulators.serving.account import Account, opened
from simulators.serving.asking import basic, bearer, form
from simulators.serving.exchange import Answer, Refusal, Request, refusal, told
from simulators.serving.limits import Allowance, Limiter, Windows
from simulators.serving.routing import Limit, Route, in_order
from simulators.serving.simulation import Call, Simulation

TOKEN_SECONDS = 3600
PER_SECOND = 4
"""Of a whole account, all its apps together."""

V1, V2, TOKEN = f"/integration/{TENANT}", "/latest", "/oauth2/token"
NESTED: Mapping[str, Mapping[str, str]] = {
    "items": {"upcs": "upcs", "itemVendors": "itemVendors"},
    "salesOrders": {"orderLines": "orderLines"},
    "customerOrders": {"customerOrderLines": "coLines"},
    "purchaseOrders": {"orderLines": "orderLines"},
    "customerReturns": {"orderLines": "orderLines"},
    "outboundShipments": {"shipmentLines": "shipmentLines"},
}
"""Addresses behind a record's own, and the collection that each one shows whole."""

WITHOUT_SINGLES = frozenset({"transactions"})


class Deposco:
    """Both APIs and the token server behind one address."""

    name = "deposco"

    def __init__(self, limiter: Limiter | None = None) -> None:
        self.searches = Searches()
        self._limit = Limit(limiter or Windows(PER_SECOND, 1), lambda _: {}, _too_many)
        self._routes = tuple(_routes(self.searches))
        self._blanks: dict[str, int] = {}
        self._lock = Lock()

    def opened(self, told: Record, base: datetime) -> Account:
        account = opened(told, VIEWS, base)
        self._blanks[account.name] = int(account.spec.settings.get("blank_answers", 0))
        return account

    def holder(self, request: Request, simulation: Simulation[Account]) -> Account | None:
        if request.path == TOKEN:
            return simulation.with_credentials(client_id=form(request).get("client_id"))
        if request.path.startswith(V1):
            user, password = basic(request) or (None, None)
            return simulation.with_credentials(username=user, password=password)
        return simulation.account(simulation.grants.holder(bearer(request)))

    def label(self, request: Request) -> str:
        return request.path

    def answer(self, call: Call[Account]) -> Answer:
        answer = in_order(call, self._routes, _unknown, _admit, self._limit)
        is_blank = call.request.path.startswith(V1) and answer.status == 200 and self._is_blank(call.account.name)
        return replace(answer, body=b"") if is_blank else answer

    def failed(self, status: int) -> Answer:
        """A throttled request gets no body at all."""
        return Answer(429, b"") if status == 429 else told({"errors": [{"errorMessage": f"Status {status}"}]}, status)

    def _is_blank(self, account: str) -> bool:
        with self._lock:
            left = self._blanks.get(account, 0)
            self._blanks[account] = max(0, left - 1)
            return left > 0


def _routes(searches: Searches) -> list[Route[Account]]:
    routes = [
        Route("POST", TOKEN, _token),
        Route("GET", f"{V1}/enterpriseinventory/{{unit}}/availability", stock.availability, "enterpriseinventory"),
        Route("GET", f"{V1}/inventory/full", stock.full, "inventory"),
        Route("POST", f"{V2}/orders/purchaseOrders", purchase_order, "purchaseOrders:write"),
    ]
    for kind in KINDS:
        path = f"{V2}/{kind.path}"
        routes.append(Route("GET", path, partial(_listed, searches, kind), kind.name))
        if kind.name not in WITHOUT_SINGLES:
            routes.append(Route("GET", f"{path}/{{id}}", partial(_single, kind), kind.name))
        for name, member in NESTED.get(kind.name, {}).items():
            routes += [Route("GET", f"{path}/{{id}}/{name}", _rows(searches, kind, member), kind.name)]
    return routes


def _listed(searches: Searches, kind: Kind, call: Call[Account]) -> Answer:
    return searches.listed(call, kind)


def _rows(searches: Searches, kind: Kind, name: str) -> Callable[[Call[Account]], Answer]:
    return lambda call: searches.rows(call, _found(kind, call)[name]["data"])


def _single(kind: Kind, call: Call[Account]) -> Answer:
    """One record; a customer order comes inside another object, beside notices about it."""
    record = shown(_found(kind, call), int(call.account.spec.settings.get("nested_rows", NESTED_ROWS)))
    return told({"customerOrder": record, "notices": []} if kind.name == "customerOrders" else record)


def _found(kind: Kind, call: Call[Account]) -> Record:
    record = call.account.lists[kind.name].get(call.ids["id"])
    if record is None:
        raise wrong(404, f"{kind.name} with id [{call.ids['id']}] does not exist")
    return record


def _token(call: Call[Account]) -> Answer:
    """The refresh token is the installation's and stays as it is."""
    asked = form(call.request)
    if asked.get("grant_type") != "refresh_token":
        raise refusal(400, {"error": "unsupported_grant_type"})
    app = call.simulation.with_credentials(client_id=asked.get("client_id"), client_secret=asked.get("client_secret"))
    if app is None:
        raise refusal(401, {"error": "invalid_client"})
    if app.revoked or asked.get("refresh_token") != app.credentials.get("refresh_token"):
        raise refusal(400, {"error": "invalid_grant"})
    granted = call.simulation.grants.issue(app.name, life_seconds=TOKEN_SECONDS)
    return told({"access_token": granted.access_token, "token_type": "Bearer", "expires_in": TOKEN_SECONDS})


def _is_first_api(request: Request) -> bool:
    return request.path.startswith("/integration/")


def _unknown(request: Request) -> Refusal:
    words = f"No resource {request.path}"
    return plainly(404, words) if _is_first_api(request) else wrong(404, words)


def _admit(call: Call[Account], route: Route[Account]) -> None:
    if not route.scope:
        return
    if call.holder is None or call.holder.revoked:
        raise plainly(401, "Unauthorized") if _is_first_api(call.request) else wrong(401, "Unauthorized")
    if route.scope in call.holder.forbidden:
        raise plainly(403, "Forbidden") if _is_first_api(call.request) else wrong(403, "Forbidden")


def _too_many(_: Allowance) -> Refusal:
    return Refusal(Answer(429, b""))
