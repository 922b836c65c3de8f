"""How soon the same may be synced by hand again: a pause after a sync that went well, none after one that failed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from planster_sync.engine.starting import Admission
from planster_sync.entry.api.status import stamp
from planster_sync.errors import CoolingDown
from planster_sync.model.runs import Mode, Run, Task, Trigger
from planster_sync.ports.stores import Runs


@dataclass(frozen=True, slots=True)
class Cooldowns:
    """The pause before the same is read again for its changes, and before it is read whole again."""

    changes: timedelta = timedelta(minutes=5)
    whole: timedelta = timedelta(hours=24)

    def admission(self, runs: Runs, organisation: str, integration: str, now: datetime) -> Admission:
        """Refuses a sync of which every read is cooling down: with one that is not, all are read.

        The admission raises CoolingDown, with the first moment at which one of the reads may be synced again.
        """

        def admit(wanted: Mapping[str, Task], mode: Mode) -> None:
            pause = self.changes if mode is Mode.AUTO else self.whole
            done = runs.since(organisation, integration, now - pause) if pause else []
            cooled = [_cooled_at(read, mode, done, pause) for read in wanted]
            again = [at for at in cooled if at is not None and at > now]
            if cooled and len(again) == len(cooled):
                until = min(again)
                raise CoolingDown(
                    f"This was synced by hand at {stamp(until - pause)}; again at {stamp(until)}.", until=until
                )

        return admit


def _cooled_at(read: str, mode: Mode, done: Iterable[Run], pause: timedelta) -> datetime | None:
    asked_at = (
        run.created_at
        for run in done
        if run.trigger is Trigger.MANUAL
        and run.mode.covers(mode)
        and read in run.tasks
        and run.tasks[read].state.is_good
    )
    latest = max(asked_at, default=None)
    return latest + pause if latest else None
