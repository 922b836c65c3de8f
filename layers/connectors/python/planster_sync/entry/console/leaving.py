"""Disconnecting: what is lost is said first, and the integration's name is typed."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

from aws_lambda_powertools.event_handler import Response

from planster_sync.entry.api.disconnecting import DisconnectingRoutes, DisconnectRequest
from planster_sync.entry.api.integrations import IntegrationRoutes
from planster_sync.entry.console.desk import Desk
from planster_sync.entry.console.navigation import place


@dataclass(frozen=True, slots=True)
class LeavingPages:
    desk: Desk

    def show(self, integration: str) -> Response[str]:
        return self._page(integration, "")

    def disconnect(self, integration: str) -> Response[str]:
        """Ends the integration where its name was typed as it stands there."""
        shop, organisation = self.desk.shop, self.desk.organisation
        detail = IntegrationRoutes(shop).show(organisation, integration)
        if self.desk.form.text("name") != detail.name.strip():
            return self._page(integration, "This is not its name. Type it exactly as it stands above.")
        DisconnectingRoutes(shop, self.desk.app).disconnect(
            organisation, integration, DisconnectRequest(integration=integration)
        )
        return self.desk.go(place("disconnections"), notice="disconnecting")

    def list_all(self) -> Response[str]:
        """The proofs of what was disconnected, and how far the erasing is."""
        found = DisconnectingRoutes(self.desk.shop, self.desk.app).list_all(self.desk.organisation)
        newest_first = sorted(found.disconnections, key=lambda each: each.requested_at, reverse=True)
        return self.desk.show("disconnections.html", disconnections=newest_first)

    def _page(self, integration: str, fault: str) -> Response[str]:
        detail = IntegrationRoutes(self.desk.shop).show(self.desk.organisation, integration)
        answers = HTTPStatus.UNPROCESSABLE_ENTITY if fault else HTTPStatus.OK
        return self.desk.show("disconnect.html", answers, detail=detail, fault=fault)
