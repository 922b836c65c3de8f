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


@dataclass(frozen=True, slots=True)
class Schedule:
    """When the nights are: local hours (0-23) in an IANA zone."""

    zone: str = "UTC"
    hours: tuple[int, ...] = (2,)


@dataclass(frozen=True, slots=True)
class Integration:
    """`due_at` (UTC) is when the dispatcher must look next; `last_slot_at` is the nominal time of the last slot run."""

    organisation: str
    id: str
    connector: str
    name: str
    status: IntegrationStatus
    schedule: Schedule
    created_at: datetime
    settings: dict[str, Any] = field(default_factory=dict)
    secret: str | None = None
    disabled: frozenset[DataType] = frozenset()
    snapshot_days: int = 7
    due_at: datetime | None = None
    last_slot_at: datetime | None = None
    needs_reauth_at: datetime | None = None
    problem: Problem | None = None
