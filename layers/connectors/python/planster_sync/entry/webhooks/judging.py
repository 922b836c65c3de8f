"""The status page's judgement as webhooks tell it: how things stand while no sync is at work."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from planster_sync.entry.api import rollup, status
from planster_sync.entry.api.views import ActionView, DataTypeView
from planster_sync.entry.api.words import Move
from planster_sync.errors import SettingsInvalid
from planster_sync.model.integrations import Integration
from planster_sync.model.runs import Problem
from planster_sync.model.streams import HeldDeletion, StreamStatus
from planster_sync.model.webhooks import Action, Judgement, Standing
from planster_sync.ports.source import Capabilities


@dataclass(frozen=True, slots=True)
class StatusJudge:
    capabilities: Callable[[str], Capabilities]

    def __call__(self, integration: Integration, streams: Sequence[StreamStatus], now: datetime) -> Judgement:
        """A stream without its owner is judged as it was before the sync that is at work, and will be after it."""
        children, problem = self._children(integration, [replace(stream, owner=None) for stream in streams], now)
        whole = rollup.summary_fields(integration, children, problem)
        return Judgement(
            Standing(whole["state"].value, whole["health"].value),
            {
                child.data_type: Standing(child.state.value, child.health.value)
                for child in children
                if child.read is not None
            },
            _action(whole["action"]),
            tuple(
                HeldDeletion(child.data_type, child.held.count, child.held.live, child.held.run, child.held.at)
                for child in children
                if child.held is not None
            ),
        )

    def _children(
        self, integration: Integration, streams: Sequence[StreamStatus], now: datetime
    ) -> tuple[list[DataTypeView], Problem | None]:
        try:
            capabilities = self.capabilities(integration.connector)
        except SettingsInvalid as unknown:
            return [], Problem.of(unknown)
        return status.data_types(integration, capabilities, streams, now), integration.problem


def _action(found: ActionView | None) -> Action | None:
    """Only what is the organisation's own move is asked of it."""
    if found is None or found.whose_move is not Move.YOU:
        return None
    return Action(found.code, found.what, found.remedy, tuple(found.data_types))
