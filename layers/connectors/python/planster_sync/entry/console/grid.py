"""The first page: every integration, and how fresh each of its data types is, at a glance."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from aws_lambda_powertools.event_handler import Response

from planster_sync.entry.api.integrations import IntegrationRoutes
from planster_sync.entry.api.status import severity
from planster_sync.entry.api.views import IntegrationStatusView
from planster_sync.entry.api.words import State
from planster_sync.entry.console import wording
from planster_sync.entry.console.desk import Desk

_STATES = list(State)


@dataclass(frozen=True, slots=True)
class GridPages:
    desk: Desk

    def show(self) -> Response[str]:
        return self.desk.show("grid.html", **self._content())

    def live(self) -> Response[str]:
        """The part of the page that moves."""
        content = self._content()
        return self.desk.show_part("grid_live.html", content["status"].poll_after_seconds, **content)

    def _content(self) -> dict[str, Any]:
        status = IntegrationRoutes(self.desk.shop).status_page(self.desk.organisation)
        worst_first = sorted(status.integrations, key=_place)
        connectors = {each.connector for each in worst_first}
        return {
            "status": status,
            "integrations": worst_first,
            "tally": Counter(wording.STATES[each.state] for each in worst_first).most_common(),
            "titles": {name: self.desk.title(name) for name in connectors},
        }


def _place(integration: IntegrationStatusView) -> tuple[int, int, str]:
    """The worst first, then by name."""
    return -severity(integration.health), -_STATES.index(integration.state), integration.name.lower()
