"""The words in which the API speaks of health: closed lists, each worse word further down."""

from __future__ import annotations

from enum import StrEnum


class Freshness(StrEnum):
    """How old the data of one data type is, measured against the integration's own schedule."""

    ON_TIME = "on_time"
    LATE = "late"
    ERROR = "error"
    NEVER = "never"
    SYNCING = "syncing"
    UNSUPPORTED = "unsupported"
    DISABLED = "disabled"


class State(StrEnum):
    """What a data type is doing, or how its last sync ended."""

    OK = "ok"
    SYNCING = "syncing"
    WAITING = "waiting"
    NEVER_SYNCED = "never_synced"
    WARNING = "warning"
    LATE = "late"
    PAUSED = "paused"
    FAILED = "failed"
    ACTION_REQUIRED = "action_required"
    UNSUPPORTED = "unsupported"
    DISABLED = "disabled"


class Health(StrEnum):
    """The colour of the whole, in order of severity. `not_counted` takes no part: it is no failure."""

    NOT_COUNTED = "not_counted"
    HEALTHY = "healthy"
    PENDING = "pending"
    ATTENTION = "attention"
    BROKEN = "broken"


class Move(StrEnum):
    """Whose move it is."""

    YOU = "you"
    WAREHOUSE_SYSTEM = "warehouse_system"
    PLANSTER = "planster"


WAITING_FOR = {
    "throttled": "the warehouse system's request limit",
    "source_unavailable": "the warehouse system, which does not answer",
    "answer_broken": "the warehouse system, whose last answer could not be used",
    "end_unproven": "the warehouse system, whose list broke off",
    "store_busy": "our own storage, which is busy",
}
"""What a sync waits for, by code, as the end of the sentence "waiting for ..."."""

WHOSE_MOVE = {
    "credentials_rejected": Move.YOU,
    "permission_missing": Move.YOU,
    "settings_invalid": Move.YOU,
    "paused": Move.YOU,
    "disabled": Move.YOU,
    "records_quarantined": Move.YOU,
    "deletions_held": Move.YOU,
    "write_refused": Move.YOU,
    "outcome_unknown": Move.YOU,
    "conflict": Move.YOU,
    "not_found": Move.YOU,
    "invalid_request": Move.YOU,
    "throttled": Move.WAREHOUSE_SYSTEM,
    "source_unavailable": Move.WAREHOUSE_SYSTEM,
    "answer_broken": Move.WAREHOUSE_SYSTEM,
    "end_unproven": Move.WAREHOUSE_SYSTEM,
    "unsupported": Move.WAREHOUSE_SYSTEM,
}
"""By problem code; every other failure is ours to mend."""


def waiting_for(code: str | None) -> str:
    return WAITING_FOR.get(code or "", "a retry")
