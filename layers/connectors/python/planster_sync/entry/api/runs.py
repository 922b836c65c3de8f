"""Sync now, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote

from aws_lambda_powertools.event_handler import Response, content_types
from aws_lambda_powertools.event_handler.openapi.params import Body, Query

from planster_sync.engine.starting import Placement, Started, enabled
from planster_sync.entry.api import cursors, progress
from planster_sync.entry.api.caller import requested_by
from planster_sync.entry.api.integrations import existing
from planster_sync.entry.api.paths import After, IntegrationId, Limit, OrganisationId, RunId
from planster_sync.entry.api.routing import ApiResolver
from planster_sync.entry.api.run_views import RunDetail, RunList, SyncAccepted, SyncRequest
from planster_sync.entry.api.shop import ApiShop
from planster_sync.errors import Conflict, NotFound
from planster_sync.model.runs import Run, RunStatus, Trigger

MOST_LOOKS = 10
"""How often a filtered list is read on for one page; then the page is given as it is, with its cursor."""

StateFilter = Annotated[RunStatus | None, Query(description="Only runs in this state.")]
TriggerFilter = Annotated[Trigger | None, Query(description="Only runs that began in this way.")]


@dataclass(frozen=True, slots=True)
class RunRoutes:
    shop: ApiShop
    app: ApiResolver

    def sync(
        self,
        organisation: OrganisationId,
        integration: IntegrationId,
        ask: Annotated[SyncRequest | None, Body(description="Left out: everything, in mode `auto`.")] = None,
    ) -> Response[SyncAccepted]:
        """Starts a sync, or joins one that covers it and has not begun; the answer says which."""
        ask = ask or SyncRequest()
        found = existing(self.shop, organisation, integration)
        capabilities = self.shop.capabilities(found.connector)
        if not ask.data_types and not enabled(found, capabilities):
            raise Conflict("Every data type of this integration is switched off.", remedy="Switch one on first.")
        by = requested_by(self.app.current_event.raw_event)
        started = self.shop.starter.by_hand(found, capabilities, ask.data_types or (), ask.mode, by)
        self.shop.journal.event(
            "sync_requested",
            organisation=organisation,
            integration=integration,
            run=started.run.id,
            mode=ask.mode.value,
        )
        body = SyncAccepted(
            run=started.run.id, placement=started.placement, behind=started.behind, message=_message(started)
        )
        return Response(202, content_types.APPLICATION_JSON, body, headers={"Location": _address(started.run)})

    def list_all(
        self,
        organisation: OrganisationId,
        integration: IntegrationId,
        limit: Limit = 20,
        after: After = None,
        state: StateFilter = None,
        trigger: TriggerFilter = None,
    ) -> RunList:
        """The integration's runs, newest first."""
        existing(self.shop, organisation, integration)
        scope = ("runs", organisation, integration, state or "", trigger or "")
        position = cursors.opened(scope, after) if after else None
        found: list[Run] = []
        for _ in range(MOST_LOOKS):
            runs, position = self.shop.runs.recent(organisation, integration, limit - len(found), position)
            found += [run for run in runs if state in (None, run.status) and trigger in (None, run.trigger)]
            if position is None or len(found) == limit:
                break
        now = self.shop.clock.now()
        following = cursors.sealed(scope, position) if position is not None else None
        return RunList(runs=[progress.summary(run, now) for run in found], after=following)

    def show(self, organisation: OrganisationId, integration: IntegrationId, run: RunId) -> RunDetail:
        """The run with its tasks, and how far each of them is."""
        found = self.shop.runs.get(organisation, integration, run)
        if found is None:
            raise NotFound("There is no such run.", remedy="Check the address; old runs are removed after a while.")
        unfinished = [task.read for task in found.tasks.values() if not task.state.is_final]
        streams = {read: self.shop.streams.get(found.stream(read)) for read in unfinished}
        return progress.detail(found, streams, self.shop.clock.now())


def _address(run: Run) -> str:
    organisation, integration, name = (quote(part, safe="") for part in (run.organisation, run.integration, run.id))
    return f"/v1/organisations/{organisation}/integrations/{integration}/runs/{name}"


def _message(started: Started) -> str:
    if started.placement is Placement.JOINED:
        return "A sync that covers this one was about to begin; this request joined it."
    if started.placement is Placement.SUCCEEDS:
        return f"Run {started.behind} is at work on the same data; this sync begins when that one has ended."
    return "The sync has been queued and begins within moments."
