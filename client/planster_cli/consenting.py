"""Waiting for a consent: the vendor sends the browser back to the API, and what it did shows in the integration."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice

from planster_cli.asking import Desk
from planster_client.answers import Begun, Integration

SECONDS = 3.0
"""Between two looks."""


@dataclass(frozen=True, slots=True)
class Ended:
    """The integration that the consent made or mended, and the run that loads it, where one was started."""

    integration: str
    run: str | None


@dataclass(frozen=True, slots=True)
class Stand:
    """How an integration stood before: its newest run, and whether it waited for credentials."""

    run: str | None = None
    status: str | None = None


def named(at: Desk, connector: str, name: str) -> Integration | None:
    """The integration of this name and connector, if there is one."""
    page = at.organisation.status()
    alike = (
        each for each in page.integrations if (each.connector, each.name.casefold()) == (connector, name.casefold())
    )
    return next(alike, None)


def stand(at: Desk, integration: Integration | None) -> Stand:
    if integration is None:
        return Stand()
    newest = next(islice(at.integration(integration.id).runs(page=1), 1), None)
    return Stand(newest.id if newest else None, integration.status)


def awaited(at: Desk, begun: Begun, before: Stand, look: Callable[[], Integration | None]) -> Ended | None:
    """Looks until a new run is there, or the credentials are good or refused otherwise than before.

    None where the address has become void before anything happened.
    """
    while at.around.now() < begun.expires_at:
        at.around.wait(SECONDS)
        found = look()
        if found is None:
            continue
        now = stand(at, found)
        if now.run is not None and now.run != before.run:
            return Ended(found.id, now.run)
        if "needs_reauth" in (now.status, before.status) and now.status != before.status:
            return Ended(found.id, None)
    return None
