"""The digest's text: what has changed, in a planner's words; ids and the connector's title, no names and no values."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from planster_sync.engine.announcing import changed_data_types
from planster_sync.entry.api.status import stamp
from planster_sync.entry.api.words import Health, State
from planster_sync.errors import SettingsInvalid
from planster_sync.model.data_types import DataType
from planster_sync.model.webhooks import DigestChange, Standing
from planster_sync.ports.source import Capabilities

_WORDS = {
    State.OK: "up to date",
    State.SYNCING: "being synced",
    State.WAITING: "waiting",
    State.NEVER_SYNCED: "not synced yet",
    State.WARNING: "synced, with something to look at",
    State.LATE: "late",
    State.PAUSED: "paused",
    State.FAILED: "not synced: the last sync failed",
    State.ACTION_REQUIRED: "not synced until somebody acts",
    State.UNSUPPORTED: "not offered by the system",
    State.DISABLED: "switched off",
}
_HEALTHS = {
    Health.NOT_COUNTED: "does not count",
    Health.HEALTHY: "is up to date",
    Health.PENDING: "has not finished its first sync",
    Health.ATTENTION: "is usable and needs a look",
    Health.BROKEN: "is out of date or cannot be synced",
}


@dataclass(frozen=True, slots=True)
class PlainDigest:
    capabilities: Callable[[str], Capabilities]

    def __call__(self, changes: Sequence[DigestChange], at: datetime) -> str:
        """The subject, an empty line, then a paragraph for each integration, the worst first."""
        worst_first = sorted(changes, key=lambda each: (-_severity(each.judged.whole), each.integration))
        bad = sum(each.judged.whole.health in (Health.ATTENTION, Health.BROKEN) for each in changes)
        subject = f"Planster Sync: {_count(bad)} to look at" if bad else "Planster Sync: all that changed is well"
        paragraphs = ["\n".join(self._about(each)) for each in worst_first]
        end = f"As of {stamp(at)}. You are told when a state changes, and not again until it changes once more."
        return "\n\n".join([subject, *paragraphs, end])

    def _about(self, change: DigestChange) -> Iterator[str]:
        judged = change.judged
        yield f"{change.integration} ({self._title(change.connector)}) {_HEALTHS[Health(judged.whole.health)]}."
        after = replace(change.before, data_types=judged.data_types)
        by_state: dict[str, list[DataType]] = {}
        for data_type in changed_data_types(change.before, after):
            by_state.setdefault(judged.data_types[data_type].state, []).append(data_type)
        for state, data_types in by_state.items():
            yield f"  {_WORDS[State(state)]}: {', '.join(each.value.replace('_', ' ') for each in data_types)}"
        if judged.action is not None:
            yield f"  What to do: {judged.action.what} {judged.action.remedy}"

    def _title(self, connector: str) -> str:
        try:
            return self.capabilities(connector).title
        except SettingsInvalid:
            return connector


def _severity(standing: Standing) -> int:
    return list(Health).index(Health(standing.health))


def _count(bad: int) -> str:
    return "one integration" if bad == 1 else f"{bad} integrations"
