"""The deployed system with one gate before the emulator and one before the source."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from local_cloud.cloud import ROOT, start_cloud
from local_cloud.deployment import Deployment, build, deploy
from local_cloud.kills.gate import Call, Gate
from local_cloud.processes import Child, Children, free_port
from local_cloud.scene import children_of
from local_cloud.vendors import Vendor, announced, start_stocked

NOBODY = 1
"""A port at which nobody listens."""
DOWN_SECONDS = 1.0
SHORT_TIMES = {
    "FunctionTimeout": "10",
    "Slice": "1",
    "HttpTimeout": "2",
    "ClockSkew": "1",
    "Lease": "13",
    "Visibility": "60",
    "Claim": "13",
    "CheckpointEvery": "0.2",
    "ShortWait": "0.9",
    "RetryWait": "1",
    "MaxDelay": "10",
    "Unsent": "2",
    "MaxRun": "600",
    "TickRate": "rate(24 hours)",
}
"""Production's ratios at about a thirtieth; rounds send the ticks themselves."""


@dataclass(slots=True)
class Stage:
    """What rounds are played on."""

    deployment: Deployment
    vendor: Vendor
    cloud_gate: Gate
    source_gate: Gate
    children: Children
    cloud: Child
    source: Child
    base_date: datetime

    def sender_of(self, call: Call) -> int | None:
        """The function process that made a call; None where it is none of the emulator's."""
        inode = _socket_of(call.sender[1])
        owned = (pid for pid in children_of(self.cloud.process.pid) if inode and _holds(pid, inode))
        return next(owned, None)

    def restart_source(self, prepare: Callable[[], None]) -> None:
        """Starts the source again on its port, with the same first data; workers reach it once it is prepared.

        Before that it knows no account: a refusal of credentials would end the run, as it should.
        """
        self.source.process.wait()
        port, self.source_gate.target = self.source_gate.target, NOBODY
        time.sleep(DOWN_SECONDS)
        self.source = _start_source(self.children, self.vendor, self.base_date)
        prepare()
        self.source_gate.target = port


@contextmanager
def stage(folder: Path) -> Iterator[Stage]:
    """Everything built, deployed and started; what was started is stopped again."""
    cloud_port = free_port()
    with Gate(cloud_port) as cloud_gate, Children(folder / "logs") as children:
        cloud = start_cloud(children, port=cloud_port, scratch=folder / "cloud", seen_by_functions=cloud_gate.url)
        emulator = children.started[-1]
        deployment = deploy(cloud, build(), SHORT_TIMES)
        base_date = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=1)
        vendor = start_stocked(children, size=20, accounts=1)
        first = next(child for child in children.started if child.name == f"simulator-{vendor.connector}")
        with Gate(int(vendor.url.rpartition(":")[2])) as source_gate:
            yield Stage(deployment, vendor, cloud_gate, source_gate, children, emulator, first, base_date)


def _start_source(children: Children, vendor: Vendor, base_date: datetime) -> Child:
    module, port = f"simulators.{vendor.connector}", vendor.url.rpartition(":")[2]
    command = [sys.executable, "-m", module, "--port", port, "--base-date", base_date.isoformat()]
    env = {"PATH": "/usr/bin:/bin", "PYTHONUNBUFFERED": "1", "LANG": "C.UTF-8"}
    child = children.start(f"simulator-{vendor.connector}-{time.monotonic_ns()}", command, env=env, cwd=ROOT)
    children.wait_until(child, lambda: announced(child), seconds=30)
    return child


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)


def _socket_of(port: int) -> str | None:
    """The inode of the client's end of a connection on this machine."""
    address = f"0100007F:{port:04X}"
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        fields = line.split()
        if fields[1] == address:
            return fields[9]
    return None


def _holds(pid: int, inode: str) -> bool:
    wanted = f"socket:[{inode}]"
    try:
        return any(os.readlink(file) == wanted for file in Path(f"/proc/{pid}/fd").iterdir())
    except OSError:
        return False
