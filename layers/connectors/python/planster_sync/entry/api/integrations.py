"""The status page: every integration of an organisation, and one of them with all its data types."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from planster_sync.entry.api import status
from planster_sync.entry.api.paths import IntegrationId, OrganisationId
from planster_sync.entry.api.shop import ApiShop
from planster_sync.entry.api.views import (
    DataTypeView,
    IntegrationDetail,
    IntegrationList,
    IntegrationSummary,
    ProblemView,
)
from planster_sync.entry.api.words import Health
from planster_sync.errors import NotFound, SettingsInvalid
from planster_sync.model import runs as model
from planster_sync.model.integrations import Integration, IntegrationStatus
from planster_sync.model.streams import Stream

_SENTENCES = {
    Health.HEALTHY: "Everything is up to date.",
    Health.PENDING: "The first sync is not finished yet.",
    Health.ATTENTION: "Usable, with something to look at.",
    Health.BROKEN: "Part of the data is out of date or cannot be synced.",
}


@dataclass(frozen=True, slots=True)
class IntegrationRoutes:
    shop: ApiShop

    def list_all(self, organisation: OrganisationId) -> IntegrationList:
        """Every integration of the organisation, with its worst data type's health."""
        page = self.shop.integrations.status_page(organisation)
        return IntegrationList(integrations=[self._summary(integration, streams) for integration, streams in page])

    def show(self, organisation: OrganisationId, integration: IntegrationId) -> IntegrationDetail:
        """The integration with the status of each of the thirteen data types."""
        page = self.shop.integrations.status_page(organisation)
        found = next((entry for entry in page if entry[0].id == integration), None)
        if found is None:
            raise no_such_integration()
        children, problem = self._judged(*found)
        active = self.shop.runs.active(organisation, integration)
        return IntegrationDetail(
            **dict(_summary(found[0], children, problem)),
            zone=found[0].schedule.zone,
            hours=list(found[0].schedule.hours),
            active_runs=[run.id for run in active],
            data_types=children,
        )

    def _summary(self, integration: Integration, streams: Sequence[Stream]) -> IntegrationSummary:
        return _summary(integration, *self._judged(integration, streams))

    def _judged(
        self, integration: Integration, streams: Sequence[Stream]
    ) -> tuple[list[DataTypeView], model.Problem | None]:
        """Its data types, and what is wrong with the whole. One that names no connector must not hide the others."""
        try:
            capabilities = self.shop.capabilities(integration.connector)
        except SettingsInvalid as unknown:
            return [], model.Problem.of(unknown)
        return status.data_types(integration, capabilities, streams, self.shop.clock.now()), integration.problem


def existing(shop: ApiShop, organisation: str, integration: str) -> Integration:
    """The integration.

    Raises:
        NotFound: this organisation has none of that id.
    """
    found = shop.integrations.get(organisation, integration)
    if found is None:
        raise no_such_integration()
    return found


def no_such_integration() -> NotFound:
    return NotFound("There is no such integration.", remedy="Check the address.")


def _summary(
    integration: Integration, children: Sequence[DataTypeView], problem: model.Problem | None
) -> IntegrationSummary:
    counted = [child for child in children if child.health is not Health.NOT_COUNTED]
    successes = [child.last_success_at for child in counted]
    known = [at for at in successes if at is not None]
    is_blocked = integration.status is not IntegrationStatus.ACTIVE or not children
    health = status.worst(child.health for child in counted) if children else Health.BROKEN
    return IntegrationSummary(
        id=integration.id,
        name=integration.name,
        connector=integration.connector,
        status=integration.status,
        health=Health.BROKEN if integration.status is IntegrationStatus.NEEDS_REAUTH else health,
        sentence=_sentence(integration, health),
        blocking=is_blocked,
        freshness={child.data_type: child.freshness for child in children},
        last_success_at=min(known) if known and len(known) == len(successes) else None,
        next_due_at=status.next_due_at(integration),
        problem=ProblemView.of(problem) if problem else None,
    )


def _sentence(integration: Integration, health: Health) -> str:
    if integration.status is IntegrationStatus.PAUSED:
        return "The integration is paused; nothing is synced."
    if integration.status is IntegrationStatus.NEEDS_REAUTH:
        return "The warehouse system refuses the credentials; reconnect the integration."
    return _SENTENCES[health]
