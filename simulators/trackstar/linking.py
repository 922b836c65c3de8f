"""The link: a token for the dialogue, the dialogue itself (a route here), and the exchange of its code.

How long the two last is not documented: ten minutes here. A code is good for one use.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from threading import Lock

from simulators.serving.asking import json_object
from simulators.serving.exchange import Answer, told
from simulators.serving.routing import Route
from simulators.serving.simulation import Call
from simulators.trackstar.account import Account
from simulators.trackstar.answers import invalid, refused

LASTS = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Handed:
    """A link token or a code. `connection` is the one that it is for; None leaves the choice to the customer."""

    connection: str | None
    ends: datetime


class Link:
    """Tokens and codes that were given and not used yet."""

    def __init__(self) -> None:
        self._tokens: dict[str, Handed] = {}
        self._codes: dict[str, Handed] = {}
        self._numbers = count(1)
        self._lock = Lock()

    def routes(self) -> tuple[Route[Account], ...]:
        return (
            Route("POST", "/link/token", self._token),
            Route("POST", "/link/install", self._install),
            Route("POST", "/link/exchange", self._exchange),
        )

    def _token(self, call: Call[Account]) -> Answer:
        wanted = _body(call, {"customer_id", "connection_id"}).get("connection_id")
        if wanted is not None and not _is_there(call, wanted):
            raise refused(404, "Connection not found")
        return told({"link_token": self._handed(self._tokens, "sim-link", wanted, call.now)})

    def _install(self, call: Call[Account]) -> Answer:
        """Stands for the dialogue: the customer picks a connection and gives its credentials there."""
        body = _body(call, {"link_token", "connection_id"})
        with self._lock:
            link = self._tokens.get(body.get("link_token", ""))
        chosen = body.get("connection_id", "")
        if (
            link is None
            or call.now >= link.ends
            or link.connection not in (None, chosen)
            or not _is_there(call, chosen)
        ):
            raise refused(400, "The dialogue cannot be opened")
        return told({"auth_code": self._handed(self._codes, "sim-code", chosen, call.now)})

    def _exchange(self, call: Call[Account]) -> Answer:
        with self._lock:
            code = self._codes.pop(_body(call, {"auth_code", "customer_id"}).get("auth_code", ""), None)
        account = call.simulation.account(code.connection) if code is not None and call.now < code.ends else None
        if account is None:
            raise refused(400, "Invalid auth code")
        record = account.connection_record()
        kept = {
            name: record[name] for name in ("connection_id", "integration_name", "customer_id", "available_actions")
        }
        return told({"access_token": account.spec.access_token, **kept, "available_endpoints": []})

    def _handed(self, among: dict[str, Handed], kind: str, connection: str | None, now: datetime) -> str:
        with self._lock:
            name = f"{kind}-{next(self._numbers)}"
            among[name] = Handed(connection, now + LASTS)
            return name


def _body(call: Call[Account], known: set[str]) -> dict[str, str]:
    body = json_object(call.request, lambda problem: invalid("json", "body", problem))
    for name, value in body.items():
        if name not in known or not isinstance(value, str):
            raise invalid("json", name, "Unknown field." if name not in known else "Not a valid string.")
    return body


def _is_there(call: Call[Account], connection: str) -> bool:
    account = call.simulation.account(connection)
    return account is not None and not account.revoked
