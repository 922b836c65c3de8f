"""How the data types make up an integration, and the integrations an organisation: the worst one wins.

A data type that the vendor does not offer, or that is switched off, takes no part in it: it is no failure.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from planster_sync.entry.api import status
from planster_sync.entry.api.views import ActionView, DataTypeView, IntegrationSummary, ProblemView
from planster_sync.entry.api.words import WHOSE_MOVE, Health, Move, State
from planster_sync.model import runs as model
from planster_sync.model.integrations import Integration, IntegrationStatus

BUSY_SECONDS, WAITING_SECONDS, IDLE_SECONDS = 2, 15, 60

_STATES = list(State)
_MOVES = list(Move)
_SENTENCES = {
    Health.NOT_COUNTED: "There is nothing to sync.",
    Health.HEALTHY: "Everything is up to date.",
    Health.PENDING: "The first sync is not finished yet.",
    Health.ATTENTION: "Usable, with something to look at.",
    Health.BROKEN: "Part of the data is out of date or cannot be synced.",
}
_BY_STATUS = {
    IntegrationStatus.PAUSED: (State.PAUSED, "The integration is paused; nothing is synced."),
    IntegrationStatus.NEEDS_REAUTH: (
        State.ACTION_REQUIRED,
        "The warehouse system refuses the credentials; reconnect the integration.",
    ),
    IntegrationStatus.DISCONNECTING: (State.DISABLED, "It is being disconnected; its data is being erased."),
}
_HEALTHS = {
    IntegrationStatus.NEEDS_REAUTH: Health.BROKEN,
    IntegrationStatus.DISCONNECTING: Health.NOT_COUNTED,
}
_RESUME = model.Problem("paused", "The integration is paused.", "Resume it to sync it again.", retryable=False)


def summary_fields(
    integration: Integration, children: Sequence[DataTypeView], problem: model.Problem | None
) -> dict[str, Any]:
    """The fields of `IntegrationSummary`; no children stands for a connector that does not exist."""
    counted = [child for child in children if child.health is not Health.NOT_COUNTED]
    successes = [child.last_success_at for child in counted]
    known = [at for at in successes if at is not None]
    health = status.worst(child.health for child in counted) if children else Health.BROKEN
    next_due_at = status.next_due_at(integration)
    state, sentence = _BY_STATUS.get(integration.status) or (_worst_state(counted, bool(children)), _SENTENCES[health])
    return {
        "id": integration.id,
        "name": integration.name,
        "connector": integration.connector,
        "status": integration.status,
        "state": state,
        "health": _HEALTHS.get(integration.status, health),
        "sentence": sentence,
        "blocking": integration.status is not IntegrationStatus.ACTIVE or not children,
        "freshness": {child.data_type: child.freshness for child in children},
        "last_success_at": min(known) if known and len(known) == len(successes) else None,
        "last_attempt_at": max((child.last_attempt_at for child in counted if child.last_attempt_at), default=None),
        "next_due_at": next_due_at,
        "held": sum(child.held.count for child in children if child.held),
        "quarantined": sum(child.quarantined for child in children),
        "problem": ProblemView.of(problem, next_due_at) if problem else None,
        "action": _action(integration, counted, problem),
    }


def whole(page: Sequence[IntegrationSummary]) -> tuple[Health, State, str]:
    """Health, state and sentence of an organisation."""
    if not page:
        return Health.PENDING, State.NEVER_SYNCED, "No warehouse system is connected yet."
    worst = max(page, key=lambda each: (status.severity(each.health), _STATES.index(each.state)))
    troubled = sum(each.health in (Health.ATTENTION, Health.BROKEN) for each in page)
    if not troubled:
        return worst.health, worst.state, _SENTENCES[worst.health]
    return worst.health, worst.state, f"{troubled} of {len(page)} integrations need a look."


def poll_after(states: Iterable[State]) -> int:
    """Seconds after which something may have changed: soon while a sync is at work, later while it only waits."""
    found = set(states)
    if State.SYNCING in found:
        return BUSY_SECONDS
    return WAITING_SECONDS if State.WAITING in found else IDLE_SECONDS


def _worst_state(counted: Sequence[DataTypeView], is_known: bool) -> State:
    if not is_known:
        return State.ACTION_REQUIRED
    worst = max(counted, key=lambda child: (status.severity(child.health), _STATES.index(child.state)), default=None)
    return worst.state if worst else State.DISABLED


def _action(
    integration: Integration, counted: Sequence[DataTypeView], problem: model.Problem | None
) -> ActionView | None:
    """What stops everything comes first, then what a planner can mend, then failures before warnings."""
    if integration.status is IntegrationStatus.DISCONNECTING:
        return None
    if problem is not None:
        return _act(ProblemView.of(problem), [])
    if integration.status is IntegrationStatus.PAUSED:
        return _act(ProblemView.of(_RESUME), [])
    failures = [child.problem for child in counted if child.problem]
    found: list[ProblemView] = [*failures, *(warning for child in counted for warning in child.warnings)]
    first = min(found, key=lambda each: (_MOVES.index(each.whose_move), not each.blocking), default=None)
    return _act(first, counted) if first else None


def _act(first: ProblemView, counted: Sequence[DataTypeView]) -> ActionView:
    return ActionView(
        whose_move=WHOSE_MOVE.get(first.code, Move.PLANSTER),
        code=first.code,
        what=first.what,
        remedy=first.remedy,
        data_types=[child.data_type for child in counted if first.code in _codes(child)],
    )


def _codes(child: DataTypeView) -> set[str]:
    return {each.code for each in (*([child.problem] if child.problem else []), *child.warnings)}
