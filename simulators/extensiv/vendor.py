"""The vendor's object: its routes, whose a request is, and which role each route needs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from simulators.business.spec import Record
from simulators.extensiv import receiving
from simulators.extensiv.errors import failed, message, not_permitted
from simulators.extensiv.lists import LISTS, one
from simulators.extensiv.views import VIEWS
from simulators.serving.account import Account, opened
from simulators.serving.asking import basic, bearer, json_object
from simulators.serving.exchange import Answer, Refusal, Request, told
from simulators.serving.limits import Allowance, Limiter, Unlimited
from simulators.serving.routing import Limit, Route, in_order
from simulators.serving.simulation import Call, Simulation

TOKEN_SECONDS = 3600
_USERS = ("user_login", "user_login_id")


def _token(call: Call[Account]) -> Answer:
    """Client in the header, user in the body; there are no refresh tokens."""
    client, secret = basic(call.request) or ("", "")
    account = call.simulation.with_credentials(client_id=client, client_secret=secret)
    if account is None or account.revoked:
        raise message(401, "invalid_client: client not registered")
    body = json_object(call.request, lambda problem: message(400, f"invalid_request: {problem}"))
    if body.get("grant_type") != "client_credentials":
        raise message(400, "unsupported_grant_type")
    if not any(account.credentials.get("user_login") == body.get(name) for name in _USERS):
        raise message(401, "invalid_grant: user not found")
    grant = call.simulation.grants.issue(account.name, TOKEN_SECONDS)
    answer = {"access_token": grant.access_token, "token_type": "Bearer", "expires_in": TOKEN_SECONDS}
    return told({**answer, "refresh_token": None, "scope": None})


def _only_post(_call: Call[Account]) -> Answer:
    raise message(405, "The requested resource does not support http method 'GET'.")


def _needs_a_facility(_call: Call[Account]) -> Answer:
    raise message(400, "The request is invalid.")


ROUTES = (
    Route("POST", "/AuthServer/api/Token", _token),
    Route("GET", "/AuthServer/api/Token", _only_post),
    Route("GET", "/inventory/stocksummaries", LISTS["stock"].serve, "InventoryRead"),
    Route("GET", "/orders", LISTS["orders"].serve, "OrderView"),
    Route("GET", "/orders/{id}", one("orders", "orders"), "OrderView"),
    Route("GET", "/inventory/receivers", LISTS["receivers"].serve, "ReceiverView"),
    Route("POST", "/inventory/receivers", receiving.create, "ReceiverEdit"),
    Route("GET", "/inventory/receivers/{id}", one("receivers", "receivers"), "ReceiverView"),
    Route("PUT", "/inventory/receivers/{id}", receiving.update, "ReceiverEdit"),
    Route("POST", "/inventory/receivers/{id}/canceler", receiving.cancel, "ReceiverEdit"),
    Route("GET", "/customers", LISTS["customers"].serve, "CustomerView"),
    Route("GET", "/customers/{id}", one("customers", "customers"), "CustomerView"),
    Route("GET", "/customers/{id}/items", LISTS["items"].serve, "ItemView"),
    Route("GET", "/properties/facilities", LISTS["facilities"].serve, "ReadPropertiesThirdParty"),
    Route("GET", "/properties/facilities/locations", _needs_a_facility, "ReadPropertiesThirdParty"),
    Route("GET", "/properties/facilities/{id}/locations", LISTS["places"].serve, "ReadPropertiesThirdParty"),
    Route("GET", "/properties/carriers", LISTS["carriers"].serve, "ReadPropertiesThirdParty"),
)


class Extensiv:
    """The vendor, without a limit unless one is given: none is documented."""

    name = "extensiv"

    def __init__(self, limiter: Limiter | None = None) -> None:
        self._limit = Limit(limiter or Unlimited(), _no_headers, _too_many)

    def opened(self, told: Record, base: datetime) -> Account:
        return opened(told, VIEWS, base)

    def holder(self, request: Request, simulation: Simulation[Account]) -> Account | None:
        return simulation.account(simulation.grants.holder(bearer(request)))

    def label(self, request: Request) -> str:
        return request.path

    def answer(self, call: Call[Account]) -> Answer:
        return in_order(call, ROUTES, _unknown, _admit, self._limit)

    def failed(self, status: int) -> Answer:
        return failed(status)


def _unknown(_request: Request) -> Refusal:
    return message(404, "No HTTP resource was found that matches the request URI.")


def _admit(call: Call[Account], route: Route[Account]) -> None:
    if not route.scope:
        return
    if call.holder is None or call.holder.revoked:
        raise message(401, "Authorization has been denied for this request.")
    if route.scope in call.holder.forbidden:
        raise not_permitted([route.scope])


def _no_headers(_left: Allowance) -> Mapping[str, str]:
    return {}


def _too_many(left: Allowance) -> Refusal:
    refused = message(429, "Too many requests")
    wait = {"retry-after": f"{max(1.0, left.wait_seconds):.0f}"}
    return Refusal(Answer(429, refused.answer.body, wait))
