"""The first page: every integration, and how fresh each of its data types is, at a glance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from aws_lambda_powertools.event_handler import Response

from planster_sync.entry.api.integrations import IntegrationRoutes
from planster_sync.entry.console.desk import Desk


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
        status = IntegrationRoutes(self.desk.shop).status_page(self.desk.visitor.organisation)
        connectors = {each.connector for each in status.integrations}
        return {"status": status, "titles": {name: self.desk.title(name) for name in connectors}}
