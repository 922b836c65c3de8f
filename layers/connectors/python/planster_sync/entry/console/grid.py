"""The first page: every integration, and how fresh each of its data types is, at a glance."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from aws_lambda_powertools.event_handler import Response

from planster_sync.entry.api.freshness import FreshnessRoutes
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
        mornings = FreshnessRoutes(self.desk.shop).page(self.desk.organisation)
        missed = [(each.name, night) for each in mornings.integrations for night in each.missed]
        newest_first = sorted(missed, key=lambda pair: pair[1].night, reverse=True)
        return self.desk.show("grid.html", **self._content(), mornings=mornings, missed_nights=newest_first)

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
