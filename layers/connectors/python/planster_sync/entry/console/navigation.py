"""Where a visitor can go, as lists: a new page is a new line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import quote

from planster_sync.entry.api.views import IntegrationSummary
from planster_sync.entry.console.visitors import Scope

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


class Step(NamedTuple):
    """What a planner can do about a doubtful number, and what it settles."""

    why: str
    text: str
    address: str
    scope: Scope = Scope.READ


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
        Link("Held deletions", f"{home}/held", waiting=integration.held),
        Link("Settings", f"{home}/settings"),
    ]


def steps(integration: str) -> list[Step]:
    """In the order in which they are worth a try."""
    home = place("integrations", integration)
    return [
        Step("Is the data merely some hours old?", "See how old it is", f"{home}#types"),
        Step("Is tonight too late?", "Sync now", f"{home}/sync", Scope.OPERATE),
    ]


def current(links: Sequence[Link], path: str) -> str:
    """The address of the link that leads nearest to the page at this path; empty where none does."""
    leading = [link.address for link in links if path == link.address or path.startswith(f"{link.address}/")]
    return max(leading, key=len, default="")
