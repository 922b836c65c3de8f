"""What a planner sets: when an integration is synced, what of it, and which deletions wait for a person."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Annotated, Self

from aws_lambda_powertools.event_handler.openapi.params import Body
from pydantic import BaseModel, ConfigDict, Field, StrictBool, model_validator

from planster_sync.engine import nights
from planster_sync.entry.api import history
from planster_sync.entry.api.integrations import existing, no_such_integration, with_streams
from planster_sync.entry.api.paths import IntegrationId, OrganisationId
from planster_sync.entry.api.shop import ApiShop
from planster_sync.entry.api.status import next_due_at
from planster_sync.entry.api.views import Instant, View
from planster_sync.errors import InvalidRequest, SettingsInvalid, Unsupported
from planster_sync.model.data_types import DataType
from planster_sync.model.integrations import (
    DeletionGuard,
    Integration,
    IntegrationChange,
    IntegrationStatus,
    Schedule,
)
from planster_sync.ports.source import Capabilities


class GuardBody(BaseModel):
    """Which deletions wait for a person: more than `share` of the live records, or more than `count` of them that are
    also more than `count_share`."""

    model_config = ConfigDict(extra="forbid", defer_build=True)

    share: float = Field(
        strict=True, ge=0.01, le=0.9, description="0.9 at most: a list that comes back empty is always held."
    )
    count: int = Field(strict=True, ge=1, le=1_000_000)
    count_share: float = Field(strict=True, ge=0.001, le=0.9)


class SettingsChange(BaseModel):
    """What is left out stays as it is."""

    model_config = ConfigDict(extra="forbid", defer_build=True)

    name: Annotated[str, Field(min_length=1, max_length=100)] | None = None
    zone: Annotated[str, Field(min_length=1, max_length=64, description="IANA time zone.")] | None = None
    hours: (
        Annotated[
            list[Annotated[int, Field(ge=0, le=23, strict=True)]],
            Field(min_length=1, max_length=24, description="Local hours."),
        ]
        | None
    ) = None
    data_types: Annotated[dict[DataType, StrictBool], Field(min_length=1, description="Which are synced.")] | None = (
        None
    )
    snapshot_days: (
        Annotated[
            int,
            Field(ge=1, le=31, strict=True, description="How often everything is read where else only changes are."),
        ]
        | None
    ) = None
    deletion_guard: GuardBody | None = None
    history_from: history.AskedHistory | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.model_dump(exclude_none=True):
            raise ValueError("name at least one setting")
        return self


class SettingsView(View):
    """The settings in force; none of them is a secret."""

    name: str
    connector: str
    status: IntegrationStatus
    zone: str
    hours: list[int]
    data_types: dict[DataType, bool] = Field(
        description="Every data type that the connector serves, and whether it is on."
    )
    snapshot_days: int
    deletion_guard: GuardBody
    history_from: date | None = Field(
        description="The first day (UTC) of creation that is wanted of the data types in `history_of`; null: all."
    )
    history_of: list[DataType] = Field(description="The data types of which history can be bounded.")
    next_due_at: Instant | None

    @classmethod
    def of(cls, integration: Integration, capabilities: Capabilities) -> SettingsView:
        guard = integration.deletion_guard
        return cls(
            name=integration.name,
            connector=integration.connector,
            status=integration.status,
            zone=integration.schedule.zone,
            hours=sorted(set(integration.schedule.hours)),
            data_types={each: each not in integration.disabled for each in capabilities.data_types},
            snapshot_days=integration.snapshot_days,
            deletion_guard=GuardBody(share=guard.share, count=guard.count, count_share=guard.count_share),
            history_from=integration.history_from.date() if integration.history_from else None,
            history_of=history.bounded(capabilities),
            next_due_at=next_due_at(integration),
        )


@dataclass(frozen=True, slots=True)
class SettingsRoutes:
    shop: ApiShop

    def show(self, organisation: OrganisationId, integration: IntegrationId) -> SettingsView:
        """When the integration is synced, what of it, and which deletions wait for a person."""
        return self._view(existing(self.shop, organisation, integration))

    def change(
        self, organisation: OrganisationId, integration: IntegrationId, ask: Annotated[SettingsChange, Body()]
    ) -> SettingsView:
        """Changes what is named and leaves the rest alone."""
        found = existing(self.shop, organisation, integration)
        schedule = _schedule(found.schedule, ask)
        capabilities = self.shop.capabilities(found.connector)
        floor = self._floor(found, ask, capabilities)
        change = IntegrationChange(
            name=ask.name,
            schedule=schedule,
            disabled=_disabled(found, capabilities, ask),
            snapshot_days=ask.snapshot_days,
            deletion_guard=DeletionGuard(**dict(ask.deletion_guard)) if ask.deletion_guard else None,
            history_from=floor,
            cleared=(history.FIELD,) if ask.history_from is not None and floor is None else (),
            due_at=self._due_at(found, schedule) if schedule else None,
        )
        changed = self.shop.integrations.change(organisation, integration, change)
        self.shop.journal.event("settings_changed", organisation=organisation, integration=integration)
        return self._view(changed)

    def pause(self, organisation: OrganisationId, integration: IntegrationId) -> SettingsView:
        """Syncs nothing until it is resumed; what is at work stops after its segment."""
        existing(self.shop, organisation, integration)
        return self._view(self.shop.integrations.pause(organisation, integration))

    def resume(self, organisation: OrganisationId, integration: IntegrationId) -> SettingsView:
        """Lets a paused integration go on; a night that it has missed is caught up at once."""
        existing(self.shop, organisation, integration)
        now = self.shop.clock.now()
        return self._view(self.shop.integrations.resume(organisation, integration, due_at=now))

    def _view(self, integration: Integration | None) -> SettingsView:
        if integration is None:
            raise no_such_integration()
        return SettingsView.of(integration, self.shop.capabilities(integration.connector))

    def _floor(self, found: Integration, ask: SettingsChange, capabilities: Capabilities) -> datetime | None:
        if ask.history_from is None:
            return None
        floor = history.floor_of(ask.history_from, capabilities, self.shop.clock.now())
        _, streams = with_streams(self.shop, found.organisation, found.id)
        history.require_deeper(found, floor, streams, capabilities.reads.values())
        return floor

    def _due_at(self, found: Integration, schedule: Schedule) -> datetime:
        """The next hour of the new schedule, or of the old one if that comes sooner: no gap grows by a change."""
        latest = nights.latest_slot(schedule, self.shop.clock.now())
        due_at = nights.next_due(replace(found, schedule=schedule), latest.at, self.shop.spread_seconds)
        return min(due_at, found.due_at) if found.due_at else due_at


def _schedule(before: Schedule, ask: SettingsChange) -> Schedule | None:
    if ask.zone is None and ask.hours is None:
        return None
    schedule = Schedule(ask.zone or before.zone, tuple(sorted(set(ask.hours))) if ask.hours else before.hours)
    try:
        nights.check(schedule)
    except SettingsInvalid as wrong:
        raise InvalidRequest(wrong.what, remedy="Name a zone such as Europe/Berlin.") from wrong
    return schedule


def _disabled(found: Integration, capabilities: Capabilities, ask: SettingsChange) -> frozenset[DataType] | None:
    if ask.data_types is None:
        return None
    for data_type in ask.data_types:
        if capabilities.read_of(data_type) is None:
            raise Unsupported(f"{capabilities.title} does not serve {data_type.value}.")
    off = {each for each, is_on in ask.data_types.items() if not is_on}
    on = {each for each, is_on in ask.data_types.items() if is_on}
    return (found.disabled - on) | off
