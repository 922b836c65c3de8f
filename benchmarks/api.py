"""The API's handler under a planner's looks at the status, at a rate that one core must carry."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from benchmarks.bench import Bench
from benchmarks.measuring import OURS, measure


def measure_api(bench: Bench, rate: int, seconds: int) -> dict[str, Any]:
    """Latencies from the moment of arrival, CPU and DynamoDB requests of each kind of request; the load before."""
    load = os.getloadavg()[0]
    bench.endpoint.control("clear")
    command: list[str | Path] = [OURS, "-m", "benchmarks.api_load", "--endpoint", bench.endpoint.url]
    run = measure(f"API, {rate} requests a second", [*command, "--rate", str(rate), "--seconds", str(seconds)])
    lines = [json.loads(line) for line in run.output.splitlines() if line.startswith('{"run"')]
    return {"rate": rate, "seconds": seconds, "load_before": load, "kinds": lines}
