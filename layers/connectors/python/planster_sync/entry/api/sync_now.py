"""Sync now: what it will take, starting it once however often it is asked for, and stopping it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Annotated
from urllib.parse import quote

from aws_lambda_powertools.event_handler import Response, content_types
from aws_lambda_powertools.event_handler.openapi.params import Body, Query

from planster_sync.engine.starting import Placement, Started, enabled, tasks
from planster_sync.entry.api.expectation import expect
from planster_sync.entry.api.integrations import existing, with_streams
from planster_sync.entry.api.paths import IdempotencyKey, IntegrationId, OrganisationId, RunId
from planster_sync.entry.api.routing import ApiResolver
from planster_sync.entry.api.run_views import CancelAccepted, ExpectationView, SyncAccepted, SyncRequest
from planster_sync.entry.api.runs import existing_run
from planster_sync.entry.api.shop import ApiShop
from planster_sync.errors import Conflict, InvalidRequest
from planster_sync.model.data_types import DataType
from planster_sync.model.integrations import Integration
from planster_sync.model.runs import Mode, Run
from planster_sync.ports.source import Capabilities
from planster_sync.ports.stores import AskedSync

DataTypes = Annotated[
    list[DataType] | None, Query(description="Separated by commas; left out: every one that is switched on.")
]
ModeName = Annotated[Mode, Query(description="As in the body of a sync.")]


@dataclass(frozen=True, slots=True)
class SyncRoutes:
    shop: ApiShop
    app: ApiResolver

    def sync(
        self,
        organisation: OrganisationId,
        integration: IntegrationId,
        ask: Annotated[SyncRequest | None, Body(description="Left out: everything, in mode `auto`.")] = None,
        key: IdempotencyKey = None,
    ) -> Response[SyncAccepted]:
        """Starts a sync, or joins one that covers it and has not begun; the answer says which."""
        ask = ask or SyncRequest()
        found = existing(self.shop, organisation, integration)
        capabilities = self.shop.capabilities(found.connector)
        if not ask.data_types and not enabled(found, capabilities):
            raise Conflict("Every data type of this integration is switched off.", remedy="Switch one on first.")
        asking = _Asking(self.shop, found, capabilities, ask, self.app.caller.subject)
        started, repeated = asking.once(key) if key else (asking.start(None), False)
        run = started.run
        self.shop.journal.event(
            "sync_requested", organisation=organisation, integration=integration, run=run.id, mode=ask.mode.value
        )
        expected = (
            None if ask.mode is Mode.AUTO else self._expected(organisation, integration, ask.data_types, ask.mode)
        )
        body = SyncAccepted(
            run=run.id,
            placement=started.placement,
            behind=started.behind,
            repeated=repeated,
            message=_message(started, repeated=repeated),
            expected=expected,
        )
        return Response(202, content_types.APPLICATION_JSON, body, headers={"Location": _address(run)})

    def expected(
        self,
        organisation: OrganisationId,
        integration: IntegrationId,
        mode: ModeName = Mode.SNAPSHOT,
        data_types: DataTypes = None,
    ) -> ExpectationView:
        """How many calls and minutes a sync will take, to be shown before somebody asks for it."""
        return self._expected(organisation, integration, data_types, mode)

    def cancel(self, organisation: OrganisationId, integration: IntegrationId, run: RunId) -> Response[CancelAccepted]:
        """Stops a run: what has not begun never does, what is at work stops at its next pause; what is stored stays."""
        found = existing_run(self.shop, organisation, integration, run)
        cancelled = self.shop.starter.cancel(found, self.app.caller.subject)
        if cancelled is None:
            raise Conflict("The run has ended already.", remedy="Nothing to do.")
        self.shop.journal.event("cancel_requested", organisation=organisation, integration=integration, run=run)
        message = "It is being stopped. A read at work stops within minutes, and what it stored stays."
        body = CancelAccepted(run=run, state=cancelled.status, message=message)
        return Response(202, content_types.APPLICATION_JSON, body, headers={"Location": _address(found)})

    def _expected(
        self, organisation: str, integration: str, data_types: Sequence[DataType] | None, mode: Mode
    ) -> ExpectationView:
        found, streams = with_streams(self.shop, organisation, integration)
        capabilities = self.shop.capabilities(found.connector)
        wanted = tasks(capabilities, data_types or enabled(found, capabilities))
        return expect(capabilities, wanted, mode, streams)


@dataclass(frozen=True, slots=True)
class _Asking:
    """One request to sync."""

    shop: ApiShop
    integration: Integration
    capabilities: Capabilities
    ask: SyncRequest
    by: str

    def start(self, as_run: str | None) -> Started:
        place = self.integration.organisation, self.integration.id
        return self.shop.starter.by_hand(
            self.integration,
            self.capabilities,
            self.ask.data_types or (),
            self.ask.mode,
            self.by,
            as_run=as_run,
            admit=self.shop.cooldowns.admission(self.shop.runs, *place, self.shop.clock.now()),
        )

    def once(self, key: str) -> tuple[Started, bool]:
        """As `start`; under a key that is known, gives what became of the first request, and whether it was known.

        The run's id is kept before it is started, so that a request whose answer was lost finds it, or starts it now.

        Raises:
            InvalidRequest: something else was asked for under this key.
        """
        place = self.integration.organisation, self.integration.id
        asked = AskedSync(key, self._content, self.shop.starter.new_run(), self.shop.clock.now())
        there = self.shop.asked_syncs.note(*place, asked) or asked
        if there.content != asked.content:
            raise InvalidRequest(
                "This `Idempotency-Key` was used for another request.", remedy="Use a fresh key for each request."
            )
        run = self.shop.runs.get(*place, there.joined or there.run) if there is not asked else None
        if run is not None:
            return Started(run, Placement.JOINED if there.joined else Placement.STARTED), True
        started = self.start(there.run)
        if started.run.id != there.run:
            self.shop.asked_syncs.note_joined(*place, there, started.run.id)
        return started, False

    @property
    def _content(self) -> str:
        return blake2b(self.ask.model_dump_json().encode(), digest_size=12).hexdigest()


def _address(run: Run) -> str:
    organisation, integration, name = (quote(part, safe="") for part in (run.organisation, run.integration, run.id))
    return f"/v1/organisations/{organisation}/integrations/{integration}/runs/{name}"


def _message(started: Started, *, repeated: bool) -> str:
    if repeated:
        return "This request was made before under the same key; here is its run."
    if started.placement is Placement.JOINED:
        return "A sync that covers this one was about to begin; this request joined it."
    if started.placement is Placement.SUCCEEDS:
        return f"Run {started.behind} is at work on the same data; this sync begins when that one has ended."
    return "The sync has been queued and begins within moments."
