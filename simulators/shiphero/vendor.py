"""The vendor's object: token grants, the GraphQL endpoint, the order in which a request is judged."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from simulators.business.spec import Record
from simulators.serving.account import Account, opened
from simulators.serving.asking import bearer
from simulators.serving.exchange import Answer, Refusal, Request, refusal, told
from simulators.serving.grants import Grant
from simulators.serving.limits import Bucket, Limiter, Windows
from simulators.serving.simulation import Call, Simulation
from simulators.shiphero import endpoint
from simulators.shiphero.problems import failed, unauthorized
from simulators.shiphero.views import VIEWS

CAPACITY, PER_SECOND = 4004, 60
REQUESTS, REQUEST_SECONDS = 7000, 300
TOKEN_SECONDS = 28 * 86_400


class Shiphero:
    """One running simulation of the vendor. Without `credits_`, nothing costs anything."""

    name = "shiphero"

    def __init__(self, credits_: Bucket | None = None, requests: Limiter | None = None) -> None:
        self._credits = credits_
        self._requests = requests or Windows(REQUESTS, REQUEST_SECONDS)

    def opened(self, told: Record, base: datetime) -> Account:
        return opened(told, VIEWS, base)

    def holder(self, request: Request, simulation: Simulation[Account]) -> Account | None:
        if request.path.startswith("/auth/"):
            return simulation.with_credentials(refresh_token=_asked(request).get("refresh_token"))
        return simulation.account(simulation.grants.holder(bearer(request)))

    def label(self, request: Request) -> str:
        return endpoint.label(request) if request.path == "/graphql" else request.path

    def answer(self, call: Call[Account]) -> Answer:
        """Route (404), credentials (401), requests (429), fault rules, then the document."""
        serve = _ROUTES.get((call.request.method, call.request.path))
        if serve is None and call.request.path != "/graphql":
            raise refusal(404, {"message": "Not Found"})
        if serve is not None:
            return call.simulation.under_faults(call, lambda: serve(call))
        if call.request.method != "POST":
            raise refusal(405, {"message": "Method Not Allowed"})
        if call.holder is None or call.holder.revoked:
            raise unauthorized()
        allowance = self._requests.take(call.holder.name, call.now)
        if not allowance.granted:
            raise Refusal(failed(429))
        return call.simulation.under_faults(call, lambda: endpoint.serve(call, self._credits))

    def failed(self, status: int) -> Answer:
        return failed(status)


def _asked(request: Request) -> Mapping[str, Any]:
    try:
        body = json.loads(request.body)
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _granted(grant: Grant) -> Answer:
    """The refresh token stays what it was; the answer to a refresh does not repeat it."""
    told_ = {"access_token": grant.access_token, "expires_in": TOKEN_SECONDS, "token_type": "Bearer"}
    return told({**told_, "scope": "openid profile offline_access"})


def _token(call: Call[Account]) -> Answer:
    """Username and password of a user."""
    body = _asked(call.request)
    account = call.simulation.with_credentials(username=body.get("username"), password=body.get("password"))
    if account is None or account.revoked:
        raise refusal(401, {"error": "invalid_grant", "error_description": "Wrong email or password."})
    return _granted(call.simulation.grants.issue(account.name, TOKEN_SECONDS))


def _refresh(call: Call[Account]) -> Answer:
    """A developer user's refresh token, which does not end while the user is active."""
    if call.holder is None or call.holder.revoked:
        raise refusal(401, {"error": "invalid_grant", "error_description": "Unknown or invalid refresh token."})
    return _granted(call.simulation.grants.issue(call.holder.name, TOKEN_SECONDS))


_ROUTES: Mapping[tuple[str, str], Callable[[Call[Account]], Answer]] = MappingProxyType(
    {("POST", "/auth/token"): _token, ("POST", "/auth/refresh"): _refresh}
)
