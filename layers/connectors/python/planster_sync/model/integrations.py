"""An integration: one organisation's connected account on one connector."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from planster_sync.model.data_types import DataType
from planster_sync.model.runs import Problem


class IntegrationStatus(StrEnum):
    ACTIVE = "active"
    PAUSED = "paused"
    NEEDS_REAUTH = "needs_reauth"
    DISCONNECTING = "disconnecting"


@dataclass(frozen=True, slots=True)
class Schedule:
    """When the nights are: local hours (0-23) in an IANA zone."""

    zone: str = "UTC"
    hours: tuple[int, ...] = (2,)


@dataclass(frozen=True, slots=True)
class DeletionGuard:
    """Which deletions wait for a person: more than `share` of what is live, or more than `count` and `count_share`.

    A list that comes back empty is always more than half of what is live: no setting lets it through.
    """

    share: float = 0.5
    count: int = 20
    count_share: float = 0.1

    def holds(self, gone: int, live: int) -> bool:
        return gone > live * self.share or (gone > self.count and gone > live * self.count_share)


@dataclass(frozen=True, slots=True)
class IntegrationChange:
    """What a person changes about an integration; None leaves a part as it is, `cleared` names parts that go."""

    name: str | None = None
    schedule: Schedule | None = None
    disabled: frozenset[DataType] | None = None
    snapshot_days: int | None = None
    deletion_guard: DeletionGuard | None = None
    history_from: datetime | None = None
    due_at: datetime | None = None
    cleared: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Integration:
    """`due_at` (UTC) is when the dispatcher must look next; `last_slot_at` is the nominal time of the last slot run.

    `awaits_credentials`: it was connected over the API, which has not stored its credentials yet.
    `history_from` is how far back history is wanted, by creation; None wants all of it. See `engine.depth`.
    `nights_watched`: each of its nights is judged in the morning.
    """

    organisation: str
    id: str
    connector: str
    name: str
    status: IntegrationStatus
    schedule: Schedule
    created_at: datetime
    settings: dict[str, Any] = field(default_factory=dict)
    secret: str | None = None
    awaits_credentials: bool = False
    disabled: frozenset[DataType] = frozenset()
    snapshot_days: int = 7
    deletion_guard: DeletionGuard = field(default_factory=DeletionGuard)
    history_from: datetime | None = None
    due_at: datetime | None = None
    last_slot_at: datetime | None = None
    needs_reauth_at: datetime | None = None
    problem: Problem | None = None
    disconnecting_at: datetime | None = None
    disconnecting_by: str | None = None
    nights_watched: bool = False


@dataclass(frozen=True, slots=True)
class Disconnection:
    """The proof that an integration was disconnected and everything of it erased. It names no data and outlives it.

    `erased` counts what was found, by place. `completed_at` is when a whole pass over every place had found nothing.
    """

    organisation: str
    integration: str
    connector: str
    requested_at: datetime
    requested_by: str
    begins_at: datetime
    completed_at: datetime | None = None
    erased: dict[str, int] = field(default_factory=dict)
