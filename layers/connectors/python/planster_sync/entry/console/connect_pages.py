"""Connecting an account: which system, its form or its consent, and what the check of the connection found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.event_handler import Response

from planster_sync.entry.api.connect_forms import faults_in_credentials, faults_in_settings
from planster_sync.entry.api.connect_views import BeginRequest, BegunView, CodeRequest, ConnectedView, ConnectRequest
from planster_sync.entry.api.connecting import ConnectRoutes
from planster_sync.entry.api.consenting import ConsentRoutes
from planster_sync.entry.api.integrations import IntegrationRoutes
from planster_sync.entry.api.problems import status_of
from planster_sync.entry.api.runs import RunRoutes
from planster_sync.entry.console.connect_sheets import ConnectSheet, Typed
from planster_sync.entry.console.desk import Desk
from planster_sync.entry.console.forms import Asked, Form, filled
from planster_sync.entry.console.navigation import place
from planster_sync.entry.console.zones import zones
from planster_sync.errors import FieldsInvalid, NotFound, RefuseCaller, RetrySoon, SyncError
from planster_sync.ports.connecting import Way

RETURN = place("connect", "return")
"""Where a consent that was begun in the console ends, for whoever began it."""

ORDER = (Way.OAUTH, Way.FORM, Way.LINK)
"""What is offered first; a link's dialogue needs a page of the system's own, or one that runs its script."""

REFUSED = (RefuseCaller, RetrySoon)
_FIRST = Form((("zone", "UTC"), ("hours", "2")))


@dataclass(frozen=True, slots=True)
class ConnectPages:
    desk: Desk

    def choose(self) -> Response[str]:
        """Every system that can be connected."""
        offered = self._routes.list_all(self.desk.organisation).connectors
        return self.desk.show("connect_which.html", offered=sorted(offered, key=lambda each: each.title.lower()))

    def show(self, connector: str) -> Response[str]:
        sheet = sheet_of(self.desk, connector)
        everything = Form(tuple(("data_types", each.value) for each in sheet.connector.data_types))
        typed = Typed(sheet, Form((*_FIRST.fields, *everything.fields)))
        return self._form(typed, way_of(self.desk, sheet, self.desk.query("way")))

    def take(self, connector: str) -> Response[str]:
        """Connects, or begins the consent; what is wrong is said beside each field."""
        sheet = sheet_of(self.desk, connector)
        typed = Typed(sheet, self.desk.form)
        way = way_of(self.desk, sheet, self.desk.form.text("way"))
        try:
            if way is Way.FORM:
                return connected(self.desk, self._connect(typed))
            ask = self._filled(BeginRequest, typed, typed.wanted)
            return consent(self.desk, sheet, consents(self.desk).begin(self.desk.organisation, connector, ask))
        except REFUSED as refusal:
            return self._form(typed, way, refusal)

    def exchange(self, connector: str) -> Response[str]:
        """Ends a link by the code of its dialogue."""
        sheet, form = sheet_of(self.desk, connector), self.desk.form
        try:
            ask = filled(CodeRequest, {"state": form.text("state"), "auth_code": form.text("auth_code")})
            return connected(self.desk, consents(self.desk).exchange(self.desk.organisation, connector, ask))
        except REFUSED as refusal:
            return not_connected(self.desk, refusal, place("connect", sheet.connector.connector))

    def returned(self) -> Response[str]:
        """Where a person comes back to from a system at which they consented, or not."""
        asked = {name: self.desk.query(name) or None for name in ("code", "error")}
        try:
            view = consents(self.desk).returned(self.desk.organisation, self.desk.query("state"), **asked)
        except REFUSED as refusal:
            return not_connected(self.desk, refusal, place("connect"))
        return connected(self.desk, view)

    @property
    def _routes(self) -> ConnectRoutes:
        return ConnectRoutes(self.desk.shop, self.desk.app)

    def _connect(self, typed: Typed) -> ConnectedView:
        connector = typed.sheet.connector.connector
        told = {**typed.wanted, "connector": connector, "credentials": typed.credentials}
        ask = self._filled(ConnectRequest, typed, told)
        answer: Any = self._routes.connect(self.desk.organisation, ask, self.desk.form.text("key") or None).body
        return ConnectedView.model_validate(answer, from_attributes=True)

    def _filled(self, model: type[Asked], typed: Typed, told: Mapping[str, Any]) -> Asked:
        """Raises FieldsInvalid with all that is wrong, for a person to correct at once."""
        try:
            return filled(model, told)
        except FieldsInvalid as wrong:
            capabilities = self.desk.shop.capabilities(typed.sheet.connector.connector)
            faults = faults_in_settings(capabilities, told["settings"])
            if "credentials" in told:
                faults |= faults_in_credentials(capabilities, told["credentials"])
            raise FieldsInvalid({**faults, **wrong.fields}) from wrong

    def _form(self, typed: Typed, way: Way, refusal: SyncError | None = None) -> Response[str]:
        """After a refusal nothing is kept under the form's key; what was only interrupted goes on under it."""
        key = typed.form.text("key") if isinstance(refusal, RetrySoon) else ""
        return self.desk.show(
            "connect.html",
            status_of(refusal) if refusal else HTTPStatus.OK,
            sheet=typed.sheet,
            connector=typed.sheet.connector,
            typed=typed,
            way=way,
            ways=ways_of(typed.sheet),
            zones=zones(),
            key=key or self.desk.new_key(),
            refusal=refusal,
            faults=typed.faults(refusal.fields) if isinstance(refusal, FieldsInvalid) else {},
        )


def sheet_of(desk: Desk, connector: str) -> ConnectSheet:
    """Raises NotFound where there is no such connector."""
    offered = ConnectRoutes(desk.shop, desk.app).list_all(desk.organisation).connectors
    found = next((each for each in offered if each.connector == connector), None)
    if found is None:
        raise NotFound("There is no such connector.", remedy="Choose one of those that there are.")
    return ConnectSheet(found)


def ways_of(sheet: ConnectSheet) -> list[Way]:
    return [way for way in ORDER if way in sheet.connector.ways]


def way_of(desk: Desk, sheet: ConnectSheet, named: str) -> Way:
    """The way that is named, if the connector has it; otherwise the one that is offered first."""
    wanted = desk.one_of(Way, named)
    return wanted if wanted in sheet.connector.ways and wanted is not None else ways_of(sheet)[0]


def consents(desk: Desk) -> ConsentRoutes:
    return ConsentRoutes(desk.shop, desk.app, returns_to=RETURN)


def consent(desk: Desk, sheet: ConnectSheet, begun: BegunView) -> Response[str]:
    """The page that leads out to the system: by a link, for a form may send to nobody but us."""
    return desk.show("consent.html", connector=sheet.connector, begun=begun)


def connected(desk: Desk, view: ConnectedView) -> Response[str]:
    """What the check found, and how far the first load is."""
    organisation = desk.organisation
    detail = IntegrationRoutes(desk.shop).show(organisation, view.integration)
    run = RunRoutes(desk.shop).show(organisation, view.integration, view.run) if view.run else None
    return desk.show("connected.html", detail=detail, title=desk.title(detail.connector), connected=view, run=run)


def not_connected(desk: Desk, refusal: SyncError, again: str) -> Response[str]:
    return desk.show("not_connected.html", status_of(refusal), refusal=refusal, again=again)
