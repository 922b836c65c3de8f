"""The dispatcher's tick over thousands of due integrations, whole, and killed in the middle and begun again."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path
from typing import Any

from benchmarks.bench import Bench
from benchmarks.deployment import inherited
from benchmarks.measuring import OURS, ROOT, measure, paths, progress

_HALF_WAY = 0.5
_LOOK_EVERY = 0.2


def measure_dispatcher(bench: Bench, integrations: int) -> dict[str, Any]:
    """Seconds (CPU of the process, with interpreter and imports), memory and requests of one tick."""
    command = _connected(bench, integrations)
    run = measure(f"dispatcher, {integrations:,} integrations due", command)
    stats = bench.endpoint.stats()
    return {
        "integrations": integrations,
        "seconds": run.cpu,
        "wall": run.wall,
        "mb": run.rss_mb,
        "started": run.told["started"],
        "dynamodb": stats["dynamodb"]["requests"],
        "platform": stats["platform"]["requests"],
        "messages": stats["platform"]["entries"].get("SendMessageBatch", 0),
    }


def measure_resumed(bench: Bench, integrations: int) -> dict[str, Any]:
    """Kills a tick when half of the runs are there, and lets the next one go on: how many runs there are in the end."""
    command = _connected(bench, integrations)
    environment = {**inherited({}), "PYTHONPATH": paths()}
    silent = subprocess.DEVNULL
    with (
        progress("dispatcher, killed half-way"),
        subprocess.Popen(command, cwd=ROOT, env=environment, stdout=silent, stderr=silent) as tick,
    ):
        while _runs(bench) < integrations * _HALF_WAY and tick.poll() is None:
            time.sleep(_LOOK_EVERY)
        tick.kill()
    before = _runs(bench)
    run = measure("dispatcher, begun again", command)
    return {
        "integrations": integrations,
        "runs_at_kill": before,
        "runs": _runs(bench),
        "started_by_second": run.told["started"],
        "messages": bench.endpoint.stats()["platform"]["entries"].get("SendMessageBatch", 0),
    }


def _connected(bench: Bench, integrations: int) -> list[str | Path]:
    bench.begin()
    command: list[str | Path] = [OURS, "-m", "benchmarks.dispatching", "--endpoint", bench.endpoint.url]
    measure(f"connecting {integrations:,} integrations", [*command, "--connect", str(integrations)])
    bench.endpoint.control("reset")
    return command


def _runs(bench: Bench) -> int:
    return bench.endpoint.control("copy", "table=control&prefix=RUNS%23&version=status").count(b"\n")
