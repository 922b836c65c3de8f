"""Where a visitor can go, as lists: a new page is a new line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import quote

from planster_sync.entry.api.caller import Scope
from planster_sync.entry.api.views import IntegrationSummary

HOME = "/console"


def place(*parts: str) -> str:
    """An address of the console: `place("integrations", id)`."""
    return "/".join([HOME, *(quote(part, safe="") for part in parts)])


class Link(NamedTuple):
    """`scope` is what a visitor needs to be shown it; `waiting` is how much waits there."""

    text: str
    address: str
    scope: Scope = Scope.READ
    waiting: int = 0


def main() -> list[Link]:
    return [
        Link("Integrations", HOME),
        Link("Connectors", place("connectors")),
    ]


def of_integration(integration: IntegrationSummary) -> list[Link]:
    home = place("integrations", integration.id)
    return [
        Link("Overview", home),
        Link("Runs", f"{home}/runs"),
        Link("Records", f"{home}/records"),
        Link("Verify", f"{home}/verify", Scope.OPERATE),
        Link("Corrections", f"{home}/corrections"),
        Link("Held deletions", f"{home}/held", waiting=integration.held),
        Link("Set aside", f"{home}/aside", waiting=integration.quarantined),
        Link("New shipment", f"{home}/shipments/new", Scope.OPERATE),
        Link("Settings", f"{home}/settings"),
    ]


def current(links: Sequence[Link], path: str) -> str:
    """The address of the link that leads nearest to the page at this path; empty where none does."""
    leading = [link.address for link in links if path == link.address or path.startswith(f"{link.address}/")]
    return max(leading, key=len, default="")
