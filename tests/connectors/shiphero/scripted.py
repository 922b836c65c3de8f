"""ShipHero's answers out of a list, for shapes that a simulator would have to be broken to give."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from planster_sync.ports.source import Connector
from planster_sync.ports.writing import InboundShipmentWriter
from tests.fakes.clock import ManualClock
from tests.fakes.scripted_client import ScriptedClient, connected


class ScriptedGraph(ScriptedClient):
    """Documents and variables of what was asked."""

    def document(self, index: int) -> str:
        return str(self.sent(index)["query"])

    def variables(self, index: int) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.sent(index)["variables"]
        return found


class ScriptedConnector(Connector, InboundShipmentWriter):
    """A connector that writes, for the type checker."""


def scripted(*answers: Any, **settings: Any) -> tuple[ScriptedConnector, ScriptedGraph, ManualClock]:
    """A connector whose requests meet these answers; tokens are not asked for."""
    client, clock = ScriptedGraph(answers), ManualClock()

    return connected("shiphero", client, {"refresh_token": "for-tests"}, settings, clock), client, clock


def connection(*nodes: Any, more: str | None = None) -> dict[str, Any]:
    """A connection of these nodes, with the cursor of the next page where there is one."""
    info = {"hasNextPage": more is not None, "endCursor": more}
    return {"pageInfo": info, "edges": [{"node": node} for node in nodes]}


def answer(query: str, data: Any) -> dict[str, Any]:
    return {"data": {query: {"request_id": "r", "complexity": 1, "data": data}}}


def failure(query: str, **error: Any) -> dict[str, Any]:
    """What the vendor answers, with status 200, where an operation fails."""
    told = {"message": "It failed", "operation": query, "request_id": "r", **error}
    return {"errors": [told], "data": {query: None}}
