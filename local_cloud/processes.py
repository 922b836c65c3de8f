"""Processes that the local cloud starts, and stops again by their ids: these and no others."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

LOOPBACK = "127.0.0.1"
T = TypeVar("T")


class LocalCloudError(Exception):
    """Something on this machine prevents the local cloud from running; the message says what and what to do."""


@dataclass(frozen=True, slots=True)
class Child:
    name: str
    process: subprocess.Popen[bytes]
    log: Path

    def ended_early(self) -> LocalCloudError:
        tail = "\n".join(self.log.read_text(errors="replace").splitlines()[-15:])
        return LocalCloudError(f"{self.name} ended with code {self.process.returncode}. The end of {self.log}:\n{tail}")


@dataclass(slots=True)
class Children:
    """Starts processes in sessions of their own, so that Ctrl-C reaches only us, and stops them newest first."""

    logs: Path
    started: list[Child] = field(default_factory=list)

    def start(self, name: str, command: Sequence[str | Path], *, env: Mapping[str, str], cwd: Path) -> Child:
        """Starts a process; its output goes to `logs`/<name>.log."""
        self.logs.mkdir(parents=True, exist_ok=True)
        log = self.logs / f"{name}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [str(part) for part in command],
                env=dict(env),
                cwd=cwd,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        child = Child(name, process, log)
        self.started.append(child)
        return child

    def wait_until(self, child: Child, ready: Callable[[], T | None], *, seconds: float) -> T:
        """Asks `ready` until it gives something; raises when the process ends or the time is over first."""
        give_up = time.monotonic() + seconds
        while time.monotonic() < give_up:
            if (answer := ready()) is not None:
                return answer
            if child.process.poll() is not None:
                raise child.ended_early()
            time.sleep(0.05)
        raise LocalCloudError(f"{child.name} was not ready within {seconds:.0f} s; see {child.log}.")

    def wait(self) -> None:
        """Returns only by an exception: an interrupt, or the end of a process that should have gone on."""
        while True:
            for child in self.started:
                if child.process.poll() is not None:
                    raise child.ended_early()
            time.sleep(0.5)

    def stop(self) -> None:
        """Asks every process to end, waits, and kills its session if it does not. Safe to call twice."""
        while self.started:
            child = self.started.pop()
            _signal(child, signal.SIGTERM)
            try:
                child.process.wait(timeout=8)
            except subprocess.TimeoutExpired:
                _signal(child, signal.SIGKILL)
                child.process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def _signal(child: Child, number: signal.Signals) -> None:
    if child.process.poll() is None:
        os.killpg(child.process.pid, number)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def require_free(port: int, *, setting: str) -> int:
    """Gives the port back if nobody listens on it."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError as error:
            raise LocalCloudError(
                f"Port {port} on {LOOPBACK} is taken. Stop what listens there, or choose another: {setting}=<port>."
            ) from error
    return port
