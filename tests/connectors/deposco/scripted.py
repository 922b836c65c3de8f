"""Deposco's answers out of a list, for shapes that a simulator would have to be broken to give."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from planster_sync.ports.source import Connector
from tests.fakes.clock import ManualClock
from tests.fakes.scripted_client import ScriptedClient, connected

CREDENTIALS = {
    "username": "user-for-tests",
    "password": "password-for-tests",
    "client_id": "client-for-tests",
    "client_secret": "secret-for-tests",
    "refresh_token": "refresh-for-tests",
}
SETTINGS = {"stock_url": "https://t.example.test/integration/T", "business_unit": "KNIT"}


def scripted(
    *answers: Any, settings: Mapping[str, Any] | None = None, credentials: Mapping[str, Any] | None = None
) -> tuple[Connector, ScriptedClient]:
    """A connector whose requests meet these answers, whichever API they go to."""
    client = ScriptedClient(answers)
    known = CREDENTIALS if credentials is None else credentials
    return connected("deposco", client, known, {**SETTINGS, **(settings or {})}, ManualClock()), client


def page(*ids: int, coming: str | None = None, pages: int = 0, path: str = "/latest/items", **more: Any) -> Any:
    """A V2 page whose records are only an id; `coming` is the next link's searchId."""
    links = [{"rel": "next", "href": f"https://api.deposco.com{path}?searchId={coming}"}] if coming else []
    data = [{"self": {"id": each}} for each in ids]
    return {"data": data, "links": links, "complete": coming is None, "pages": pages, **more}


def stock(*numbers: str) -> Any:
    """A page of V1 stock."""
    return {"enterpriseInventory": [{"itemNumber": each} for each in numbers]}
