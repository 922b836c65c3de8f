"""The history of an integration's runs, and one of them with its progress."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Query

from planster_sync.entry.api import cursors, progress
from planster_sync.entry.api.integrations import existing
from planster_sync.entry.api.paths import After, IntegrationId, Limit, OrganisationId, RunId
from planster_sync.entry.api.run_views import RunDetail, RunList
from planster_sync.entry.api.shop import ApiShop
from planster_sync.errors import NotFound
from planster_sync.model.runs import Run, RunStatus, Trigger

MOST_LOOKS = 10
"""How often a filtered list is read on for one page; then the page is given as it is, with its cursor."""

StateFilter = Annotated[RunStatus | None, Query(description="Only runs in this state.")]
TriggerFilter = Annotated[Trigger | None, Query(description="Only runs that began in this way.")]


@dataclass(frozen=True, slots=True)
class RunRoutes:
    shop: ApiShop

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
        found = existing_run(self.shop, organisation, integration, run)
        unfinished = [task.read for task in found.tasks.values() if not task.state.is_final]
        streams = {read: self.shop.streams.get(found.stream(read)) for read in unfinished}
        return progress.detail(found, streams, self.shop.clock.now())


def existing_run(shop: ApiShop, organisation: str, integration: str, run: str) -> Run:
    """The run.

    Raises:
        NotFound: this integration of this organisation has none of that id.
    """
    found = shop.runs.get(organisation, integration, run)
    if found is None:
        raise NotFound("There is no such run.", remedy="Check the address; runs are kept for 90 days.")
    return found
