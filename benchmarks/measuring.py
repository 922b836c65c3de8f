"""Runs programs and says what they cost: CPU of the whole process tree, time, memory, and what they printed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.deployment import inherited
from benchmarks.serving import READY

ROOT = Path(__file__).resolve().parent.parent
OURS = ROOT / ".venv" / "bin" / "python"
PEERS = ROOT / ".venv-bench" / "bin" / "python"
_QUIET_SECONDS = 2.0


class ProgramFailed(RuntimeError):
    """A program that was to be measured ended with an error; carries the end of what it wrote."""


@dataclass(frozen=True, slots=True)
class Measured:
    """`cpu` (user and system, seconds) is that of the process and of all its descendants that it waited for."""

    cpu: float
    wall: float
    output: str

    @property
    def told(self) -> dict[str, Any]:
        """The program's own line of JSON."""
        line = next(line for line in reversed(self.output.splitlines()) if line.startswith('{"run"'))
        return json.loads(line)  # type: ignore[no-any-return]

    @property
    def counts(self) -> dict[str, dict[str, int]]:
        """What our run counted, by data type; nothing of a peer."""
        return dict(self.told["counts"]) if '{"run"' in self.output else {}

    @property
    def rss_mb(self) -> float:
        found = [float(line.split()[1]) for line in self.output.splitlines() if line.startswith("RSS_MB")]
        return found[-1] if found else float(self.told["rss_mb"])


def measure(what: str, command: Sequence[str | Path], environment: Mapping[str, str] | None = None) -> Measured:
    """Runs a program to its end. Raises ProgramFailed where it fails."""
    with (
        progress(what),
        subprocess.Popen(
            [str(part) for part in command],
            cwd=ROOT,
            env={**inherited(environment or {}), "PYTHONPATH": paths(), "PYTHONHASHSEED": "0"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process,
    ):
        began = time.monotonic()
        assert process.stdout is not None  # noqa: S101  for the types
        output = process.stdout.read()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        wall = time.monotonic() - began
    if process.returncode:
        raise ProgramFailed(f"{what} ended with {process.returncode}:\n{output[-3000:]}")
    return Measured(used.ru_utime + used.ru_stime, wall, output)


@contextmanager
def progress(what: str) -> Iterator[None]:
    """Says what is going on where it takes longer than two seconds, and how long it took."""
    began = time.monotonic()
    late = threading.Timer(_QUIET_SECONDS, lambda: print(f"  {what} …", file=sys.stderr, flush=True))
    late.start()
    try:
        yield
    finally:
        late.cancel()
    seconds = time.monotonic() - began
    if seconds > _QUIET_SECONDS:
        print(f"  {what}: {seconds:.0f} s", file=sys.stderr, flush=True)


@dataclass(frozen=True, slots=True)
class Server:
    """A server in a process of its own."""

    url: str

    def control(self, action: str, query: str = "") -> bytes:
        with urllib.request.urlopen(f"{self.url}/_control/{action}?{query}", timeout=600) as answer:  # noqa: S310  our own server
            return answer.read()  # type: ignore[no-any-return]

    def stats(self) -> dict[str, Any]:
        return json.loads(self.control("stats"))  # type: ignore[no-any-return]


@contextmanager
def server(module: str, *arguments: str) -> Iterator[Server]:
    """Starts it, waits until it listens, and ends it."""
    with subprocess.Popen(
        [str(OURS), "-m", module, *arguments],
        cwd=ROOT,
        env={**inherited({}), "PYTHONPATH": paths()},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None  # noqa: S101  for the types
        line = process.stdout.readline().split()
        if not line or line[0] != READY:
            raise ProgramFailed(f"{module} did not start")
        try:
            yield Server(f"http://127.0.0.1:{line[1]}")
        finally:
            process.terminate()


def paths() -> str:
    """Where the repository's programs find what they import."""
    return os.pathsep.join([str(ROOT), str(ROOT / "layers" / "connectors" / "python")])
