"""Extensiv's answers out of a list, for shapes that a simulator would have to be broken to give."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from planster_sync.connectors.extensiv.client import ExtensivConnector
from tests.connectors.extensiv.subject import SETTINGS
from tests.fakes.clock import ManualClock
from tests.fakes.scripted_client import ScriptedClient, connected

CREDENTIALS = {"client_id": "client-for-tests", "client_secret": "secret-for-tests", "user_login": "planster"}
REL = "http://api.3plCentral.com/rels/"


def scripted(*answers: Any, **settings: Any) -> tuple[ExtensivConnector, ScriptedClient]:
    """A connector whose requests meet these answers."""
    client = ScriptedClient(answers)
    return connected("extensiv", client, CREDENTIALS, {**SETTINGS, **settings}, ManualClock()), client


def orders(*ids: int, total: int | None = None) -> dict[str, Any]:
    """A list answer whose records are only an id."""
    return listing("orders/order", [{"readOnly": {"orderId": each}} for each in ids], total)


def listing(rel: str, records: Sequence[dict[str, Any]], total: int | None = None) -> dict[str, Any]:
    return {"totalResults": len(records) if total is None else total, "_embedded": {f"{REL}{rel}": records}}


def stock(*rows: tuple[int, str, int, int], total: int | None = None) -> dict[str, Any]:
    """A page of the stock summary: item, qualifier, facility and on hand of each row."""
    summaries = [
        {"itemIdentifier": {"sku": f"S{item}", "id": item}, "qualifier": qualifier, "facilityId": facility, "onHand": n}
        for item, qualifier, facility, n in rows
    ]
    return {"totalResults": len(rows) if total is None else total, "summaries": summaries}
