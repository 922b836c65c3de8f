"""One round: an account of its own, a kill at a chosen point, the recovery, and the judgement of what is stored."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from local_cloud.kills.gate import Call, Sender, Trap
from local_cloud.kills.points import READ, Aim, Kill, Night, Victim
from local_cloud.kills.stage import Stage
from local_cloud.processes import LocalCloudError
from local_cloud.scene import Scene, ask, connect, wait_until
from planster_sync.model.data_types import DataType
from planster_sync.model.runs import Run, RunStatus

READ_TYPES = frozenset({DataType.INVENTORY_LEVELS, DataType.PRODUCTS, DataType.WAREHOUSES})
SWITCHED_OFF = frozenset(DataType) - READ_TYPES
SIZE = 60
GONE = 3
AHEAD = timedelta(seconds=58)
"""`tick_at` dates a tick a minute ahead; two seconds are enough for a slot that is due now."""
GOOD = (RunStatus.SUCCEEDED, RunStatus.SUCCEEDED_WITH_WARNINGS)


@dataclass(frozen=True, slots=True)
class Round:
    """What became of one kill. `process` is the killed one's id; `seconds` is from the kill to the run's end."""

    number: int
    point: str
    victim: str
    process: int
    recovered: bool
    equal: bool
    seconds: float
    found: str


@dataclass(slots=True)
class Deed:
    """The kill itself, done in the gate's thread at the very call."""

    stage: Stage
    victim: Victim
    done: threading.Event = field(default_factory=threading.Event)
    process: int = 0
    at: float = 0.0

    def __call__(self, call: Call) -> Sender:
        is_source = self.victim is Victim.SOURCE
        process = self.stage.source.process.pid if is_source else self.stage.sender_of(call)
        if process is None:
            return Sender.HUNG_UP
        os.kill(process, signal.SIGKILL)
        self.process, self.at = process, time.monotonic()
        self.done.set()
        is_answered = is_source and not call.path.startswith(self.stage.vendor.stock["path"])
        return Sender.WAITS if is_answered else Sender.KILLED


def play(stage: Stage, kill: Kill, number: int) -> Round:
    """Plays a round; the source stands as it did before it, apart from an account that nobody uses again.

    Raises:
        LocalCloudError: the point was never reached, or the run did not end.
    """
    point = kill.point
    name = f"kill-{number:03d}"
    scene = connect(
        stage.deployment,
        stage.vendor,
        name,
        size=SIZE,
        page_limit=point.page_limit,
        disabled=SWITCHED_OFF,
        base_url=stage.source_gate.url,
    )
    gone = _gone(scene) if point.night is Night.SECOND else []
    start = _prepared(scene, point.night)
    deed = Deed(stage, kill.victim)
    gate = stage.source_gate if point.at_vendor else stage.cloud_gate
    gate.set(Trap(tuple(point.steps(Aim(name, stage.vendor.stock["path"]))), point.moment, deed))
    try:
        start()
        if not deed.done.wait(60):
            raise LocalCloudError(f"{point.name} ({point.where}) was not reached: {scene.run()}")
        if kill.victim is Victim.SOURCE:
            stage.restart_source(lambda: _as_it_was(scene, gone))
        run = _ended(scene, start)
    finally:
        gate.set(None)
    report = scene.report()
    seconds = time.monotonic() - deed.at
    return Round(
        number, point.name, kill.victim, deed.process, run.status in GOOD, report.equal, seconds, report.text(3)
    )


def _gone(scene: Scene) -> list[str]:
    """Plays a first night, then lets some records vanish at the source; gives their ids."""
    scene.tick(datetime.now(UTC))
    scene.ended()
    vendor = scene.connected.vendor
    live = vendor.live(scene.connected.account, vendor.stock["collection"])
    ids = [str(record["id"]) for record in live[-GONE:]]
    _delete(scene, ids)
    return ids


def _delete(scene: Scene, ids: Sequence[str]) -> None:
    vendor = scene.connected.vendor
    for id_ in ids:
        told = {"connection": scene.connection, "collection": vendor.stock["collection"], "id": id_, "delete": True}
        ask(vendor.url, "/_sim/mutate", told)


def _prepared(scene: Scene, night: Night) -> Callable[[], None]:
    """Gives what starts the run in which somebody is killed."""
    if night is Night.SECOND:
        return lambda: _by_hand(scene)
    if night is Night.SLOW:
        scene.disturb({"match": scene.connected.vendor.stock["path"], "kind": "slow", "delay_seconds": 0.4, "times": 5})
    return lambda: _tick(scene)


def _tick(scene: Scene) -> None:
    with suppress(LocalCloudError):  # its process may be killed in it
        scene.tick(datetime.now(UTC) - AHEAD)


def _by_hand(scene: Scene) -> None:
    integration = scene.connected.integration
    scene.deployment.ask(integration.organisation, f"integrations/{integration.id}/sync", {"data_types": [READ]})


def _account(scene: Scene) -> None:
    """Opens the account again at a source that has been started anew; the same seed makes the same records."""
    told = {"connection_id": scene.connection, "access_token": scene.connected.account.credentials["access_token"]}
    told_data = {"size": SIZE, "seed": 11}
    ask(scene.connected.vendor.url, "/_sim/connections", {**told, **told_data})


def _as_it_was(scene: Scene, gone: Sequence[str]) -> None:
    _account(scene)
    _delete(scene, gone)


def _ended(scene: Scene, start: Callable[[], None]) -> Run:
    """Waits for the run's end, while ticks go on coming; where there is no run yet, the slot's tick comes again."""

    def exists() -> bool:
        if scene.run() is None:
            start()
        return scene.run() is not None

    wait_until(exists)
    return scene.ended(seconds=120)
