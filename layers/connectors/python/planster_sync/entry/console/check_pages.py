"""The connection check: do the credentials work, and may they read each data type?"""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

from aws_lambda_powertools.event_handler import Response

from planster_sync.entry.api.checking import CheckRoutes
from planster_sync.entry.api.integrations import IntegrationRoutes
from planster_sync.entry.console.desk import Desk


@dataclass(frozen=True, slots=True)
class CheckPages:
    desk: Desk

    def show(self, integration: str) -> Response[str]:
        detail = IntegrationRoutes(self.desk.shop).show(self.desk.organisation, integration)
        return self.desk.show("check.html", detail=detail, title=self.desk.title(detail.connector), view=None)

    def check(self, integration: str) -> Response[str]:
        """Asks the warehouse system, within ten seconds; what it finds out is no failure of the page."""
        view = CheckRoutes(self.desk.shop).check(self.desk.organisation, integration)
        detail = IntegrationRoutes(self.desk.shop).show(self.desk.organisation, integration)
        return self.desk.show(
            "check.html", HTTPStatus.OK, detail=detail, title=self.desk.title(detail.connector), view=view
        )
