"""Waits for nights: first until a tick has started the runs, then until every task has ended."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from local_cloud.cloud import ROOT
from local_cloud.deployment import Deployment
from local_cloud.processes import LocalCloudError
from local_cloud.seed import Connected, control_table
from planster_sync.model.runs import Run
from planster_sync.model.streams import Stream
from planster_sync.storage.integrations import DynamoIntegrations
from planster_sync.storage.runs import DynamoRuns

TICK = ROOT / "events" / "scheduled_tick.json"
LOOK_EVERY = 0.5


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What can be seen of a night at one moment: each integration's run, and its streams by read."""

    runs: Mapping[str, Run]
    streams: Mapping[str, Mapping[str, Stream]]

    def is_over(self, count: int) -> bool:
        return len(self.runs) == count and all(run.status.is_final for run in self.runs.values())


class Night:
    """One night of these integrations: the runs that did not exist when it was made."""

    def __init__(self, deployment: Deployment, connected: Sequence[Connected]) -> None:
        self._connected = connected
        self._runs = DynamoRuns(control_table(deployment))
        self._integrations = DynamoIntegrations(control_table(deployment))
        self._before = {run.id for one in connected for run in self._newest(one)}

    def look(self) -> Snapshot:
        runs = {}
        for one in self._connected:
            new = [run for run in self._newest(one) if run.id not in self._before]
            if new:
                runs[one.name] = new[-1]
        return Snapshot(runs, self._streams())

    def wait(self, watch: Callable[[Snapshot], None], *, seconds: float) -> Snapshot:
        """Looks twice a second and shows `watch` what it sees, until every run has ended.

        Raises:
            LocalCloudError: they did not end in time.
        """
        give_up = time.monotonic() + seconds
        while time.monotonic() < give_up:
            seen = self.look()
            watch(seen)
            if seen.is_over(len(self._connected)):
                return seen
            time.sleep(LOOK_EVERY)
        raise LocalCloudError(f"The night did not end within {seconds:.0f} s; the functions' logs say why.")

    def wait_for_tick(self, watch: Callable[[float], None], *, seconds: float) -> None:
        """Waits until the rule has fired and the dispatcher has started a run; `watch` gets the seconds waited.

        Raises:
            LocalCloudError: nothing was started in time.
        """
        began = time.monotonic()
        while (waited := time.monotonic() - began) < seconds:
            if self.look().runs:
                return
            watch(waited)
            time.sleep(LOOK_EVERY)
        raise LocalCloudError(
            f"The rule started no run within {seconds:.0f} s; build/local-cloud/logs/cloud.log says why."
        )

    def _newest(self, one: Connected) -> Sequence[Run]:
        return self._runs.recent(one.integration.organisation, one.integration.id, 10, None)[0]

    def _streams(self) -> dict[str, dict[str, Stream]]:
        found = {}
        for one in self._connected:
            place = one.integration.organisation, one.integration.id
            there = self._integrations.with_streams(*place)
            found["/".join(place)] = {stream.key.read: stream for stream in (there[1] if there else ())}
        return found


def next_night(deployment: Deployment, connected: Sequence[Connected]) -> datetime:
    """The moment at which every integration is due again, as the last tick has stored it."""
    integrations = DynamoIntegrations(control_table(deployment))
    stored = [integrations.get(one.integration.organisation, one.integration.id) for one in connected]
    return max(each.due_at for each in stored if each is not None and each.due_at is not None)


def tick_at(deployment: Deployment, moment: datetime) -> Any:
    """Wakes the dispatcher with the event that the rule will send at `moment`; the event's own time is its "now".

    Nothing stored is touched to make a night come early: a tick that is a day ahead finds the integrations due by the
    due times that the night before has written, as it would tomorrow.
    """
    event = json.loads(Path(TICK).read_text())
    event["time"] = (moment + timedelta(minutes=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    return deployment.invoke("SyncDispatcher", event)
