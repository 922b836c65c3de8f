"""The status page: every integration of an organisation, and one of them with all its data types."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from planster_sync.entry.api import rollup, status
from planster_sync.entry.api.paths import IntegrationId, OrganisationId
from planster_sync.entry.api.shop import ApiShop
from planster_sync.entry.api.views import (
    DataTypeView,
    IntegrationDetail,
    IntegrationList,
    IntegrationStatusView,
    IntegrationSummary,
    StatusPage,
)
from planster_sync.errors import Conflict, NotFound, SettingsInvalid
from planster_sync.model import runs as model
from planster_sync.model.integrations import Integration, IntegrationStatus
from planster_sync.model.streams import Stream, StreamStatus


@dataclass(frozen=True, slots=True)
class IntegrationRoutes:
    shop: ApiShop

    def list_all(self, organisation: OrganisationId) -> IntegrationList:
        """Every integration of the organisation, with its worst data type's health."""
        page = self.shop.integrations.status_page(organisation)
        return IntegrationList(integrations=[self._summary(integration, streams) for integration, streams in page])

    def status_page(self, organisation: OrganisationId) -> StatusPage:
        """Every integration with the status of each data type, and the worst of them all; one query."""
        page = [self._with_types(*found) for found in self.shop.integrations.status_page(organisation)]
        health, state, sentence = rollup.whole(page)
        states = (child.state for each in page for child in each.data_types)
        return StatusPage(
            health=health,
            state=state,
            sentence=sentence,
            integrations=page,
            poll_after_seconds=rollup.poll_after(states),
        )

    def show(self, organisation: OrganisationId, integration: IntegrationId) -> IntegrationDetail:
        """The integration with the status of each of the thirteen data types."""
        found = with_streams(self.shop, organisation, integration)
        children, problem = self._judged(*found)
        active = self.shop.runs.active(organisation, integration)
        return IntegrationDetail(
            **rollup.summary_fields(found[0], children, problem),
            zone=found[0].schedule.zone,
            hours=list(found[0].schedule.hours),
            active_runs=[run.id for run in active],
            data_types=children,
            poll_after_seconds=rollup.poll_after(child.state for child in children),
        )

    def _summary(self, integration: Integration, streams: Sequence[StreamStatus]) -> IntegrationSummary:
        return IntegrationSummary(**rollup.summary_fields(integration, *self._judged(integration, streams)))

    def _with_types(self, integration: Integration, streams: Sequence[StreamStatus]) -> IntegrationStatusView:
        children, problem = self._judged(integration, streams)
        return IntegrationStatusView(**rollup.summary_fields(integration, children, problem), data_types=children)

    def _judged(
        self, integration: Integration, streams: Sequence[Stream | StreamStatus]
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
        Conflict: it is being disconnected.
    """
    found = shop.integrations.get(organisation, integration)
    if found is None:
        raise no_such_integration()
    if found.status is IntegrationStatus.DISCONNECTING:
        raise Conflict("The integration is being disconnected.", remedy="Nothing to do: its data is being erased.")
    return found


def with_streams(shop: ApiShop, organisation: str, integration: str) -> tuple[Integration, Sequence[Stream]]:
    """The integration and the rows of its streams.

    Raises:
        NotFound: this organisation has none of that id.
    """
    found = shop.integrations.with_streams(organisation, integration)
    if found is None:
        raise no_such_integration()
    return found


def no_such_integration() -> NotFound:
    return NotFound("There is no such integration.", remedy="Check the address.")
