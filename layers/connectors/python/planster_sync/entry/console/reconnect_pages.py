"""New credentials for an integration that is there: its id, its history and its checkpoints stay."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

from aws_lambda_powertools.event_handler import Response

from planster_sync.entry.api.connect_views import BeginRequest, ReconnectRequest
from planster_sync.entry.api.connecting import ConnectRoutes, reconnectable
from planster_sync.entry.api.integrations import IntegrationRoutes
from planster_sync.entry.api.problems import status_of
from planster_sync.entry.console.connect_pages import REFUSED, connected, consent, consents, sheet_of, way_of, ways_of
from planster_sync.entry.console.connect_sheets import Typed
from planster_sync.entry.console.desk import Desk
from planster_sync.entry.console.forms import Form, filled
from planster_sync.errors import Conflict, FieldsInvalid, SyncError
from planster_sync.ports.connecting import Way


@dataclass(frozen=True, slots=True)
class ReconnectPages:
    desk: Desk

    def show(self, integration: str) -> Response[str]:
        """The form; where an operator keeps the credentials, who can mend them instead."""
        try:
            reconnectable(self.desk.shop, self.desk.organisation, integration)
        except Conflict as kept_elsewhere:
            return self._page(integration, Form(()), self.desk.query("way"), kept_elsewhere, is_possible=False)
        return self._page(integration, Form(()), self.desk.query("way"))

    def take(self, integration: str) -> Response[str]:
        """Stores what was typed, or begins the consent; what is wrong is said beside each field."""
        organisation, form = self.desk.organisation, self.desk.form
        found = reconnectable(self.desk.shop, organisation, integration)
        sheet = sheet_of(self.desk, found.connector)
        try:
            if way_of(self.desk, sheet, form.text("way")) is Way.FORM:
                ask = filled(ReconnectRequest, {"credentials": Typed(sheet, form).credentials})
                view = ConnectRoutes(self.desk.shop, self.desk.app).reconnect(organisation, integration, ask)
                return connected(self.desk, view)
            anew = filled(BeginRequest, {"integration": integration})
            return consent(self.desk, sheet, consents(self.desk).begin(organisation, found.connector, anew))
        except REFUSED as refusal:
            return self._page(integration, form, form.text("way"), refusal)

    def _page(
        self, integration: str, form: Form, way: str, refusal: SyncError | None = None, *, is_possible: bool = True
    ) -> Response[str]:
        detail = IntegrationRoutes(self.desk.shop).show(self.desk.organisation, integration)
        sheet = sheet_of(self.desk, detail.connector)
        typed = Typed(sheet, form)
        return self.desk.show(
            "reconnect.html",
            status_of(refusal) if refusal and is_possible else HTTPStatus.OK,
            detail=detail,
            sheet=sheet,
            connector=sheet.connector,
            typed=typed,
            way=way_of(self.desk, sheet, way),
            ways=ways_of(sheet),
            is_possible=is_possible,
            refusal=refusal,
            faults=typed.faults(refusal.fields) if isinstance(refusal, FieldsInvalid) else {},
        )
