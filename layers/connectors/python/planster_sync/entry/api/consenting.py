"""Connecting by a consent at the vendor: begun here, given there, ended by a code that the worker exchanges."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Any
from urllib.parse import urlencode

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Body, Query

from planster_sync.engine.connecting import first_due
from planster_sync.entry.api.connect_views import BeginRequest, BegunView, CodeRequest, ConnectedView
from planster_sync.entry.api.connect_wishes import Wish, capabilities_of
from planster_sync.entry.api.connecting import connected, reconnectable
from planster_sync.entry.api.consent_page import MEDIA_TYPE, page
from planster_sync.entry.api.integrations import existing
from planster_sync.entry.api.paths import ConnectorName, OrganisationId
from planster_sync.entry.api.problems import STATUS
from planster_sync.entry.api.routing import ApiResolver
from planster_sync.entry.api.shop import ApiShop
from planster_sync.errors import Conflict, FieldsInvalid, InvalidRequest, SourceUnavailable, SyncError, Unsupported
from planster_sync.model.integrations import Integration
from planster_sync.model.runs import Problem
from planster_sync.ports.connecting import STATE_HOLDS, BeginQuestion, Consent, ExchangeQuestion, Way
from planster_sync.ports.source import Capabilities

StateText = Annotated[str | None, Query(max_length=1024, description="What the address of `begin` carried.")]
Code = Annotated[str | None, Query(max_length=4096, description="The vendor's code; good for one use.")]
Refusal = Annotated[str | None, Query(max_length=256, description="Why the vendor gives no code (RFC 6749, 4.1.2.1).")]

_VOID = "This consent is unknown, was used before, or took longer than ten minutes."


@dataclass(frozen=True, slots=True)
class ConsentRoutes:
    """`returns_to` is the page of our own on which the consents that are begun here end."""

    shop: ApiShop
    app: ApiResolver
    returns_to: str = ""

    def begin(
        self, organisation: OrganisationId, connector: ConnectorName, ask: Annotated[BeginRequest, Body()]
    ) -> BegunView:
        """Gives the address where a person consents, or the token of the system's own dialogue; for ten minutes."""
        capabilities = capabilities_of(self.shop, connector)
        consent = self._consent(organisation, capabilities, _way(capabilities), ask)
        state = self.shop.consents.keep(consent)
        question = BeginQuestion(
            organisation, consent.integration, connector, consent.way, state, reconnects=consent.reconnects
        )
        answer = self.shop.worker.begin(question)
        if answer.problem is not None:
            raise _failed(answer.problem)
        return BegunView(
            way=consent.way,
            address=answer.address,
            link_token=answer.link_token,
            state=state if consent.way is Way.LINK else None,
            expires_at=consent.expires_at,
        )

    def exchange(
        self, organisation: OrganisationId, connector: ConnectorName, ask: Annotated[CodeRequest, Body()]
    ) -> ConnectedView:
        """Ends a `link` that was begun: its dialogue's code becomes credentials, which are stored and checked."""
        consent = self.shop.consents.take(ask.state, self.shop.clock.now())
        by = self.app.caller.subject
        wanted = (organisation, connector, Way.LINK, by)
        if consent is None or (consent.organisation, consent.connector, consent.way, consent.asked_by) != wanted:
            raise InvalidRequest(_VOID, remedy="Begin again.")
        return self._ended(consent, ask.state, ask.auth_code)

    def callback(self, state: StateText = None, code: Code = None, error: Refusal = None) -> Response[str]:
        """Where a vendor sends a person back to after a consent; the state stands for the caller, and works once.

        What was begun on a page of the console goes on there, where it ends for nobody but who began it.
        """
        begun = self.shop.consents.find(state or "", self.shop.clock.now())
        if begun is not None and begun.returns_to:
            return _onwards(begun.returns_to, state=state, code=code, error=error)
        try:
            told = self._called_back(state or "", code, error)
        except SyncError as failed:
            status = next((STATUS[kind] for kind in type(failed).__mro__ if kind in STATUS), None)
            if status is None:
                raise
            return page(status, "Not connected", f"{failed.what} {failed.remedy}")
        return page(HTTPStatus.OK, "Connected", told.sentence)

    def returned(
        self, organisation: str, state: str, code: str | None = None, error: str | None = None
    ) -> ConnectedView:
        """Ends a consent that the present caller began.

        Raises:
            InvalidRequest: there is none, or somebody else began it.
            Conflict: the vendor gave no consent, or does not accept the code.
        """
        found = self.shop.consents.find(state, self.shop.clock.now())
        if found is None or (found.organisation, found.asked_by) != (organisation, self.app.caller.subject):
            raise InvalidRequest(_VOID, remedy="Begin again.")
        return self._called_back(state, code, error)

    def _called_back(self, state: str, code: str | None, error: str | None) -> ConnectedView:
        consent = self.shop.consents.take(state, self.shop.clock.now())
        if consent is None or consent.way is not Way.OAUTH:
            raise InvalidRequest(_VOID, remedy="Begin again in Planster.")
        if error is not None or not code:
            raise Conflict("The warehouse system gave no consent.", remedy="Begin again in Planster and consent there.")
        return self._ended(consent, state, code)

    def _consent(self, organisation: str, capabilities: Capabilities, way: Way, ask: BeginRequest) -> Consent:
        now, connector = self.shop.clock.now(), capabilities.name
        by = self.app.caller.subject
        expires_at = now + STATE_HOLDS
        if ask.integration is not None:
            found = reconnectable(self.shop, organisation, ask.integration)
            if found.connector != connector:
                raise FieldsInvalid({"integration": f"It is connected to {found.connector}."})
            return Consent(
                organisation, found.id, connector, way, by, expires_at, reconnects=True, returns_to=self.returns_to
            )
        wish = Wish.of(ask.name or "", ask)
        wish.require(capabilities, {}, now)
        named = wish.named_alike(self.shop, organisation, connector)
        if named is not None and (named.connector != connector or not named.awaits_credentials):
            raise Conflict(
                f"There is an integration of this name already: {named.id}.",
                remedy="Choose another name, or name it as `integration` to connect it again.",
            )
        return Consent(
            organisation=organisation,
            integration=named.id if named else f"{connector}-{self.shop.starter.identity.new_id()}",
            connector=connector,
            way=way,
            asked_by=by,
            expires_at=expires_at,
            reconnects=named is not None,
            name=wish.name,
            schedule=wish.schedule,
            disabled=wish.disabled,
            settings=wish.settings,
            returns_to=self.returns_to,
            history_from=wish.history_from,
        )

    def _ended(self, consent: Consent, state: str, code: str) -> ConnectedView:
        """The row comes first: what the worker then stores belongs to an integration that can be seen and erased."""
        integration = self._reconnected(consent) if consent.reconnects else self._added(consent)
        question = ExchangeQuestion(
            consent.organisation, consent.integration, consent.connector, consent.way, state, code
        )
        answer = self.shop.worker.exchange(question)
        if answer.problem is not None:
            if integration.awaits_credentials:
                self.shop.integrations.needs_reauth(
                    consent.organisation, consent.integration, answer.problem, self.shop.clock.now()
                )
            raise _failed(answer.problem)
        return connected(self.shop, integration, consent.asked_by)

    def _reconnected(self, consent: Consent) -> Integration:
        return reconnectable(self.shop, consent.organisation, consent.integration)

    def _added(self, consent: Consent) -> Integration:
        wish = Wish(consent.name, consent.schedule, consent.disabled, consent.settings, consent.history_from)
        capabilities, now = self.shop.capabilities(consent.connector), self.shop.clock.now()
        draft = wish.draft(consent.organisation, consent.integration, capabilities, now)
        made = first_due(draft, draft.created_at, self.shop.spread_seconds)
        there = self.shop.integrations.add(made)
        return existing(self.shop, there.organisation, there.id) if there else made


def _way(capabilities: Capabilities) -> Way:
    """Raises Unsupported where credentials are typed only."""
    found = next((way for way in capabilities.ways if way is not Way.FORM), None)
    if found is None:
        raise Unsupported(
            f"{capabilities.title} is connected by a form only.", remedy="Send its credentials to `integrations`."
        )
    return found


def _onwards(address: str, **told: str | None) -> Response[str]:
    query = urlencode({name: text for name, text in told.items() if text is not None})
    headers: dict[str, Any] = {"Location": f"{address}?{query}", "Cache-Control": "no-store"}
    return Response(HTTPStatus.SEE_OTHER.value, f"{MEDIA_TYPE}; charset=utf-8", "", headers=headers)


def _failed(problem: Problem) -> SyncError:
    if problem.retryable:
        return SourceUnavailable(problem.what, remedy="Try again in a minute.")
    return Conflict(problem.what, remedy=problem.remedy)
