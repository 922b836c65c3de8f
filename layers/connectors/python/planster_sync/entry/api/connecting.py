"""Connecting an account by a form, and again with new credentials. The API stores secrets and can read none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote

from aws_lambda_powertools.event_handler import Response, content_types
from aws_lambda_powertools.event_handler.openapi.params import Body

from planster_sync.engine.connecting import first_due, integration_id
from planster_sync.engine.starting import enabled
from planster_sync.entry.api import connect_forms
from planster_sync.entry.api.checking import CheckView, Verdict, checked
from planster_sync.entry.api.connect_views import (
    ConnectedView,
    ConnectorList,
    ConnectorView,
    ConnectRequest,
    ReconnectRequest,
)
from planster_sync.entry.api.connect_wishes import Wish, capabilities_of
from planster_sync.entry.api.history import bounded
from planster_sync.entry.api.integrations import existing
from planster_sync.entry.api.paths import IdempotencyKey, IntegrationId, OrganisationId
from planster_sync.entry.api.routing import ApiResolver
from planster_sync.entry.api.shop import ApiShop
from planster_sync.errors import Conflict, CoolingDown, FieldsInvalid, InvalidRequest, StoreBusy
from planster_sync.model.integrations import Integration, IntegrationStatus
from planster_sync.model.runs import Mode


@dataclass(frozen=True, slots=True)
class ConnectRoutes:
    shop: ApiShop
    app: ApiResolver

    def list_all(self, organisation: OrganisationId) -> ConnectorList:  # noqa: ARG002 - every organisation's are alike
        """What can be connected, how, and with which form."""
        names = self.shop.connectors()
        return ConnectorList(connectors=[_connector(self.shop, name) for name in names])

    def connect(
        self, organisation: OrganisationId, ask: Annotated[ConnectRequest, Body()], key: IdempotencyKey = None
    ) -> Response[ConnectedView]:
        """Stores the credentials, checks the connection and starts the first load, once however often it is asked for.

        Without a key, a second request under the same name is the first one's repetition.
        """
        capabilities = capabilities_of(self.shop, ask.connector)
        wish = Wish.of(ask.name, ask)
        faults = connect_forms.faults_in_credentials(capabilities, ask.credentials)
        now = self.shop.clock.now()
        wish.require(capabilities, faults, now)
        id_ = self._id(organisation, ask, wish, key)
        draft = first_due(wish.draft(organisation, id_, capabilities, now), now, self.shop.spread_seconds)
        there = self.shop.integrations.add(draft)
        if there is not None:
            _require_same(there, draft, key)
            if not there.awaits_credentials:
                return _answer(_repeated(there), organisation)
        self.shop.keeper.keep(organisation, id_, ask.credentials)
        body = connected(self.shop, draft, self.app.caller.subject)
        return _answer(body, organisation)

    def reconnect(
        self, organisation: OrganisationId, integration: IntegrationId, ask: Annotated[ReconnectRequest, Body()]
    ) -> ConnectedView:
        """Stores new credentials of the same account; id, history and checkpoints stay, and it is synced at once."""
        found = reconnectable(self.shop, organisation, integration)
        capabilities = self.shop.capabilities(found.connector)
        faults = connect_forms.faults_in_credentials(capabilities, ask.credentials)
        if faults:
            raise FieldsInvalid(faults)
        self.shop.keeper.keep(organisation, integration, ask.credentials)
        return connected(self.shop, found, self.app.caller.subject)

    def _id(self, organisation: str, ask: ConnectRequest, wish: Wish, key: str | None) -> str:
        """Raises Conflict where another integration has the name."""
        gone = {proof.integration for proof in self.shop.disconnections.of(organisation)}
        id_ = integration_id(ask.connector, f"key {key}" if key else f"name {ask.name}", gone)
        named = wish.named_alike(self.shop, organisation, ask.connector)
        if named is None or named.id == id_:
            return id_
        if named.awaits_credentials and named.settings == ask.settings:
            return named.id  # it was begun and never had credentials
        raise _taken(named)


def connected(shop: ApiShop, integration: Integration, by: str) -> ConnectedView:
    """What follows stored credentials: earlier refusals are forgotten, the connection is checked, and a sync starts.

    Raises:
        Conflict: it was disconnected meanwhile.
    """
    now = shop.clock.now()
    due_at = first_due(integration, now, shop.spread_seconds).due_at or now
    place = integration.organisation, integration.id
    shop.integrations.credentials_kept(*place, due_at=due_at)
    shop.journal.event("credentials_kept", organisation=place[0], integration=place[1])
    found = existing(shop, *place)
    check = _checked(shop, found)
    is_refused = check is not None and check.credentials.verdict is Verdict.REFUSED
    run = None if is_refused else _started(shop, existing(shop, *place), by)
    found = existing(shop, *place)
    return ConnectedView(
        integration=found.id,
        status=found.status,
        repeated=False,
        check=check,
        run=run,
        sentence=_sentence(found, check, run),
    )


def reconnectable(shop: ApiShop, organisation: str, integration: str) -> Integration:
    """The integration, if its credentials lie where the API keeps them.

    Raises:
        NotFound, Conflict: as `existing`; or an operator keeps its credentials elsewhere.
    """
    found = existing(shop, organisation, integration)
    if found.secret is not None:
        raise Conflict(
            "The credentials of this integration are kept at a place of their own.",
            remedy="Have them replaced there by whoever keeps them, then check the connection.",
        )
    return found


def _connector(shop: ApiShop, name: str) -> ConnectorView:
    capabilities = shop.capabilities(name)
    credentials = connect_forms.credentials_form(capabilities)
    return ConnectorView(
        connector=name,
        title=capabilities.title,
        ways=list(capabilities.ways),
        data_types=list(capabilities.data_types),
        credentials=credentials,
        secrets=connect_forms.secret_fields(credentials),
        settings=connect_forms.settings_form(capabilities),
        history_of=bounded(capabilities),
    )


def _require_same(there: Integration, draft: Integration, key: str | None) -> None:
    """Raises Conflict or InvalidRequest where the id stands for something else."""
    if there.status is IntegrationStatus.DISCONNECTING:
        raise Conflict("An integration of this name is being disconnected.", remedy="Choose another name.")
    if (there.connector, there.settings) == (draft.connector, draft.settings):
        return
    if key:
        raise InvalidRequest(
            "This `Idempotency-Key` was used for another request.", remedy="Use a fresh key for each request."
        )
    raise _taken(there)


def _taken(there: Integration) -> Conflict:
    return Conflict(
        f"There is an integration of this name already: {there.id}.", remedy="Choose another name, or reconnect it."
    )


def _checked(shop: ApiShop, integration: Integration) -> CheckView | None:
    try:
        return checked(shop, integration)
    except StoreBusy as busy:  # the credentials are stored: that must be answered, checked or not
        shop.journal.event("check_postponed", integration=integration.id, **busy.for_log())
        return None


def _started(shop: ApiShop, integration: Integration, by: str) -> str | None:
    capabilities = shop.capabilities(integration.connector)
    wanted: Sequence[object] = enabled(integration, capabilities)
    if integration.status is not IntegrationStatus.ACTIVE or not wanted:
        return None
    place = integration.organisation, integration.id
    admit = shop.cooldowns.admission(shop.runs, *place, shop.clock.now())
    try:
        return shop.starter.by_hand(integration, capabilities, (), Mode.AUTO, by, admit=admit).run.id
    except CoolingDown:  # it was read a moment ago
        return None


def _sentence(integration: Integration, check: CheckView | None, run: str | None) -> str:
    if integration.status is IntegrationStatus.PAUSED:
        return "The credentials are stored; the integration is paused."
    if check is None:
        return "The credentials are stored and could not be checked yet."
    return f"{check.sentence} Its data is being read." if run else check.sentence


def _repeated(there: Integration) -> ConnectedView:
    sentence = "This integration was connected before; nothing was changed. New credentials go to `reconnect`."
    return ConnectedView(
        integration=there.id, status=there.status, repeated=True, check=None, run=None, sentence=sentence
    )


def _answer(body: ConnectedView, organisation: str) -> Response[ConnectedView]:
    address = f"/v1/organisations/{quote(organisation, safe='')}/integrations/{quote(body.integration, safe='')}"
    return Response(201, content_types.APPLICATION_JSON, body, headers={"Location": address})
