"""One integration of its own on the deployed system: a fresh account at the simulator, and ways to disturb it."""

from __future__ import annotations

import json
import os
import signal
import time
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from local_cloud.deployment import Deployment
from local_cloud.nights import tick_at
from local_cloud.oracle import Report
from local_cloud.outcome import judged
from local_cloud.processes import Child, LocalCloudError
from local_cloud.seed import Connected, control_table
from local_cloud.vendors import Account, Vendor
from planster_sync.model.data_types import DataType
from planster_sync.model.integrations import Integration, IntegrationStatus, Schedule
from planster_sync.model.runs import Run
from planster_sync.model.streams import Stream
from planster_sync.storage.integrations import DynamoIntegrations
from planster_sync.storage.runs import DynamoRuns

T = TypeVar("T")
ORGANISATION = "cedar"


@dataclass(frozen=True)
class Scene:
    """An account, its integration, and what can be seen of them."""

    deployment: Deployment
    connected: Connected
    connection: str

    @property
    def integrations(self) -> DynamoIntegrations:
        return DynamoIntegrations(control_table(self.deployment))

    @property
    def runs(self) -> DynamoRuns:
        return DynamoRuns(control_table(self.deployment))

    def run(self) -> Run | None:
        found = self.runs.recent(ORGANISATION, self.connected.integration.id, 1, None)[0]
        return found[0] if found else None

    def streams(self) -> dict[str, Stream]:
        found = self.integrations.with_streams(ORGANISATION, self.connected.integration.id)
        return {stream.key.read: stream for stream in (found[1] if found else ())}

    def tick(self, moment: datetime | None = None) -> Any:
        return tick_at(self.deployment, moment or datetime.now(UTC))

    def night(self, *, seconds: float = 150) -> Run:
        """Makes the next slot due and ticks, as often as the sweep needs it, until the run has ended."""
        before = self.run()
        self.tick(self.due_at())
        wait_until(lambda: self.run() not in (None, before))
        return self.ended(seconds=seconds)

    def due_at(self) -> datetime:
        """When the next slot is due, as the last tick has stored it."""
        integration = self.integrations.get(ORGANISATION, self.connected.integration.id)
        if integration is None or integration.due_at is None:
            raise LocalCloudError(f"{self.connected.name} is not due.")
        return integration.due_at

    def ended(self, *, seconds: float = 150) -> Run:
        """Waits for the newest run's end, while ticks go on coming."""
        give_up = time.monotonic() + seconds
        while time.monotonic() < give_up:
            run = self.run()
            if run is not None and run.status.is_final:
                return run
            with suppress(LocalCloudError):  # a tick may be lost with its process; the next one does its work
                self.tick()
            time.sleep(1)
        raise LocalCloudError(f"the run did not end within {seconds} s: {self.run()}")

    def report(self) -> Report:
        """Compares everything stored with everything the source has, switched off data types aside."""
        return judged(self.deployment, self.connected)

    def disturb(self, *faults: Mapping[str, Any]) -> None:
        """Lets the source misbehave for this account only; see the simulator's README for the kinds."""
        told = [{"connection": self.connection, **fault} for fault in faults]
        ask(self.connected.vendor.url, "/_sim/faults", {"faults": told})


def connect(
    deployment: Deployment,
    vendor: Vendor,
    name: str,
    *,
    size: int = 60,
    page_limit: int = 10,
    disabled: frozenset[DataType] = frozenset(),
    base_url: str | None = None,
    sizes: Mapping[str, int] = MappingProxyType({}),
) -> Scene:
    """Opens an account at the simulator and registers an integration for it, due at once.

    `base_url` is where the product finds the vendor; the simulator's own address where it is None. `sizes` are numbers
    of records in single collections.
    """
    connection, token = f"con-{name}", f"sim-token-{name}"
    opened = {"connection_id": connection, "access_token": token, "size": size, "seed": 11, "sizes": dict(sizes)}
    ask(vendor.url, "/_sim/connections", opened)
    example = vendor.accounts[0]
    credentials = {**example.credentials, "access_token": token}
    account = Account(connection, credentials, example.settings)
    now = datetime.now(UTC)
    integration = Integration(
        ORGANISATION,
        name,
        vendor.connector,
        name,
        IntegrationStatus.ACTIVE,
        Schedule(zone="UTC", hours=(now.hour,)),
        now,
        settings={**example.settings, "page_limit": page_limit, **({"base_url": base_url} if base_url else {})},
        due_at=now,
        disabled=disabled,
    )
    scene = Scene(deployment, Connected(integration, vendor, account), connection)
    deployment.cloud.ssm.put_parameter(
        Name=f"{deployment.outputs['SecretPrefix']}/{ORGANISATION}/{name}",
        Value=json.dumps(credentials),
        Type="SecureString",
        Overwrite=True,
    )
    scene.integrations.put(integration)
    return scene


def wait_until(seen: Callable[[], T | None], *, seconds: float = 60) -> T:
    """Asks ten times a second until there is something to see, and gives it."""
    give_up = time.monotonic() + seconds
    while time.monotonic() < give_up:
        if answer := seen():
            return answer
        time.sleep(0.1)
    raise LocalCloudError("what is waited for did not happen")


def ask(url: str, path: str, body: Mapping[str, Any] | None = None, *, method: str | None = None) -> Any:
    """One JSON request; gives the answer's JSON."""
    data = None if body is None else json.dumps(body).encode()
    headers = {"content-type": "application/json"}
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    request = urllib.request.Request(f"{url}{path}", data=data, headers=headers, method=method)  # noqa: S310  loopback
    with opener.open(request, timeout=30) as answer:
        return json.load(answer)


def kill_functions(cloud: Child) -> Sequence[int]:
    """Kills every function process that the emulator has started, at once and without a word."""
    pids = children_of(cloud.process.pid)
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    return pids


def children_of(parent: int) -> list[int]:
    """The processes that a process has started and that are still there."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == parent:
            found.append(int(stat.parent.name))
    return found
