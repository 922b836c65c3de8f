"""Sync now: what it will take is shown first; the answer says what became of it. Cancel."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.event_handler import Response

from planster_sync.entry.api.integrations import IntegrationRoutes
from planster_sync.entry.api.problems import status_of
from planster_sync.entry.api.run_views import SyncRequest
from planster_sync.entry.api.sync_now import SyncRoutes
from planster_sync.entry.console.desk import Desk
from planster_sync.entry.console.forms import filled
from planster_sync.entry.console.navigation import place
from planster_sync.errors import RefuseCaller
from planster_sync.model.runs import Mode


@dataclass(frozen=True, slots=True)
class SyncPages:
    desk: Desk

    def show(self, integration: str) -> Response[str]:
        """The choice; with `mode` in the address, what it will take as well."""
        asked = self._asked({"mode": self.desk.query("mode"), "data_types": self.desk.queries("data_types")})
        return self._page(integration, asked, is_chosen=bool(self.desk.query("mode")))

    def start(self, integration: str) -> Response[str]:
        """Starts what was chosen, and goes on to the run; a refusal is told beside the choice."""
        form = self.desk.form
        asked = self._asked({"mode": form.text("mode"), "data_types": form.texts("data_types")})
        try:
            answer = self._routes.sync(self.desk.organisation, integration, asked, form.text("key") or None)
        except RefuseCaller as refusal:
            return self._page(integration, asked, is_chosen=True, refusal=refusal)
        accepted: Any = answer.body
        notice = "repeated" if accepted.repeated else accepted.placement.value
        return self.desk.go(place("integrations", integration, "runs", accepted.run), notice=notice)

    def cancel(self, integration: str, run: str) -> Response[str]:
        self._routes.cancel(self.desk.organisation, integration, run)
        return self.desk.go(place("integrations", integration, "runs", run), notice="cancelled")

    @property
    def _routes(self) -> SyncRoutes:
        return SyncRoutes(self.desk.shop, self.desk.app)

    def _page(
        self, integration: str, asked: SyncRequest, *, is_chosen: bool, refusal: RefuseCaller | None = None
    ) -> Response[str]:
        detail = IntegrationRoutes(self.desk.shop).show(self.desk.organisation, integration)
        expected = None
        if is_chosen and refusal is None:
            expected = self._routes.expected(self.desk.organisation, integration, asked.mode, asked.data_types)
        return self.desk.show(
            "sync.html",
            status_of(refusal) if refusal else HTTPStatus.OK,
            detail=detail,
            asked=asked,
            expected=expected,
            refusal=refusal,
            key=self.desk.new_key(),
        )

    @staticmethod
    def _asked(fields: dict[str, Any]) -> SyncRequest:
        """No data type stands for all of them."""
        return filled(SyncRequest, {"mode": fields["mode"] or Mode.AUTO, "data_types": fields["data_types"] or None})
