"""One integration: how fresh its data is, what is at work, what somebody has to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from aws_lambda_powertools.event_handler import Response

from planster_sync.entry.api.freshness import FreshnessRoutes
from planster_sync.entry.api.integrations import IntegrationRoutes
from planster_sync.entry.api.runs import RunRoutes
from planster_sync.entry.console.desk import Desk
from planster_sync.entry.console.sparkline import bars

SHOWN_RUNS = 30


@dataclass(frozen=True, slots=True)
class OverviewPages:
    desk: Desk

    def show(self, integration: str) -> Response[str]:
        runs = RunRoutes(self.desk.shop).list_all(self.desk.organisation, integration, limit=SHOWN_RUNS)
        mornings = FreshnessRoutes(self.desk.shop).show(self.desk.organisation, integration)
        return self.desk.show(
            "integration.html",
            **self._content(integration),
            bars=bars(runs.runs),
            key=self.desk.new_key(),
            mornings=mornings,
            missed_nights=[("", each) for each in mornings.missed],
        )

    def live(self, integration: str) -> Response[str]:
        """The part of the page that moves."""
        content = self._content(integration)
        return self.desk.show_part("integration_live.html", content["detail"].poll_after_seconds, **content)

    def _content(self, integration: str) -> dict[str, Any]:
        shop, organisation = self.desk.shop, self.desk.organisation
        detail = IntegrationRoutes(shop).show(organisation, integration)
        runs = RunRoutes(shop)
        return {
            "detail": detail,
            "title": self.desk.title(detail.connector),
            "active": [runs.show(organisation, integration, run) for run in detail.active_runs],
        }
