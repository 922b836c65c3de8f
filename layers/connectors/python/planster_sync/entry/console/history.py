"""The runs of an integration, and one of them."""

from __future__ import annotations

from dataclasses import dataclass

from aws_lambda_powertools.event_handler import Response

from planster_sync.entry.api.integrations import IntegrationRoutes
from planster_sync.entry.api.runs import RunRoutes
from planster_sync.entry.console.desk import Desk
from planster_sync.entry.console.sparkline import bars
from planster_sync.model.runs import RunStatus, Trigger

PAGE = 25


@dataclass(frozen=True, slots=True)
class HistoryPages:
    desk: Desk

    def list_all(self, integration: str) -> Response[str]:
        """Newest first, a page at a time, filtered by how they ended and how they began."""
        desk = self.desk
        state = desk.query("state") or None
        trigger = desk.query("trigger") or None
        runs = RunRoutes(desk.shop).list_all(
            desk.organisation,
            integration,
            limit=PAGE,
            after=desk.query("after") or None,
            state=desk.one_of(RunStatus, state),
            trigger=desk.one_of(Trigger, trigger),
        )
        detail = IntegrationRoutes(desk.shop).show(desk.organisation, integration)
        return desk.show(
            "runs.html", detail=detail, runs=runs, bars=bars(runs.runs), state=state or "", trigger=trigger or ""
        )

    def show(self, integration: str, run: str) -> Response[str]:
        detail = IntegrationRoutes(self.desk.shop).show(self.desk.organisation, integration)
        found = RunRoutes(self.desk.shop).show(self.desk.organisation, integration, run)
        return self.desk.show("run.html", detail=detail, run=found)

    def live(self, integration: str, run: str) -> Response[str]:
        """The part of a run's page that moves."""
        detail = IntegrationRoutes(self.desk.shop).show(self.desk.organisation, integration)
        found = RunRoutes(self.desk.shop).show(self.desk.organisation, integration, run)
        return self.desk.show_part("run_live.html", found.poll_after_seconds, detail=detail, run=found)
