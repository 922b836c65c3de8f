"""Trackstar's answers out of a list, for shapes that a simulator would have to be broken to give."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from planster_sync.ports.source import Connector
from tests.fakes.clock import ManualClock
from tests.fakes.scripted_client import ScriptedClient, connected

CREDENTIALS = {"api_key": "key-for-tests", "access_token": "token-for-tests"}


def scripted(*answers: Any, settings: Mapping[str, Any] | None = None) -> tuple[Connector, ScriptedClient]:
    """A connector whose requests meet these answers."""
    client = ScriptedClient(answers)
    return connected("trackstar", client, CREDENTIALS, settings or {}, ManualClock()), client


def page(*ids: Any, token: str | None = None, **envelope: Any) -> dict[str, Any]:
    """A list answer whose records are only an id."""
    data = [{"id": each} for each in ids]
    return {"data": data, "next_token": token, "total_count": len(data), **envelope}
