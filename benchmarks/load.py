"""The API's handler under planners' looks at the status, at a rate that one core must carry."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.bench import Bench
from benchmarks.measuring import OURS, measure


def measure_load(bench: Bench, rate: int, seconds: int, organisations: Sequence[int]) -> dict[str, Any]:
    """Latencies from the moment of arrival, CPU and DynamoDB requests of each kind of request; the load before.

    `organisations` are how many integrations each of those has that are looked at, one after the other.
    """
    load, at = os.getloadavg()[0], datetime.now(UTC).isoformat(timespec="minutes")
    kinds = [kind for integrations in organisations for kind in _kinds(bench, rate, seconds, integrations)]
    return {"rate": rate, "seconds": seconds, "at": at, "load_before": load, "kinds": kinds}


def _kinds(bench: Bench, rate: int, seconds: int, integrations: int) -> list[Any]:
    bench.endpoint.control("clear")
    command: list[str | Path] = [OURS, "-m", "benchmarks.api_load", "--endpoint", bench.endpoint.url]
    command += ["--rate", str(rate), "--seconds", str(seconds), "--integrations", str(integrations)]
    run = measure(f"API, {rate} requests a second, {integrations} integrations", command)
    return [json.loads(line) for line in run.output.splitlines() if line.startswith('{"run"')]
