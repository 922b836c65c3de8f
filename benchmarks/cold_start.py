"""How long the first event of each function takes, in a process that is yet to start, with the built artefact.

    .venv/bin/python -m benchmarks.cold_start [--runs 10] [--json]

Prints the median milliseconds of each function beside those of a bare handler that only makes a boto3 client, and what
each package that a function loads costs it (`python -X importtime`, another process and therefore another clock).
The functions take turns, so that what the machine does besides meets them all.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.quiet_cloud import quiet_cloud
from local_cloud import deployment
from local_cloud.cloud import ROOT
from local_cloud.emulated_function import Function
from local_cloud.processes import LocalCloudError

BARE = """
import boto3

client = boto3.client("dynamodb")


def handler(event, context):
    return {}
"""
TARGETS: Mapping[str, float] = {"sync_dispatcher": 1.3, "sync_worker": 1.5, "manual_sync_api": 1.8}
"""How many times the bare handler's time each may take."""
EVENTS: Mapping[str, tuple[str, str]] = {
    "sync_dispatcher": ("SyncDispatcher", "scheduled_tick"),
    "sync_worker": ("SyncWorker", "sqs_task"),
    "manual_sync_api": ("ManualSyncApi", "http_get"),
}
"""Resource of the template and event: a tick with nothing due, a task of a run that is not there, an empty status."""
FIRST_EVENT = """
import json, sys
import handler
class Context:
    aws_request_id = function_name = invoked_function_arn = log_group_name = "example"
    memory_limit_in_mb = 512
    def get_remaining_time_in_millis(self):
        return 60_000
handler.handler(json.loads(sys.argv[1]), Context())
"""
HEAVY_MS = 5.0
_LINE = re.compile(r"import time:\s+(\d+) \|\s+(\d+) \| ( *)([\w.]+)")


def main(argv: Sequence[str] | None = None) -> int:
    asked = _arguments(argv)
    with tempfile.TemporaryDirectory() as scratch, quiet_cloud() as address:
        functions = _functions(Path(scratch), address)
        measured = cold_starts(functions, asked.runs)
        imports = {function.name: heavy_imports(function) for function in functions}
    if asked.json:
        print(json.dumps({"cold_start_ms": measured, "imports_ms": imports}, indent=2))
    else:
        _show(measured, imports)
    return 0


def cold_starts(functions: Sequence[Function], runs: int) -> dict[str, float]:
    """Median milliseconds by function; one turn before them all fills the machine's file cache.

    Raises:
        LocalCloudError: a function failed on its event, or a part of the emulation is missing.
    """
    times: dict[str, list[float]] = {function.name: [] for function in functions}
    for turn in range(runs + 1):
        for function in functions:
            answered = function.first_answer()
            if answered.failed:
                raise LocalCloudError(f"{function.name} failed: {json.dumps(answered.answer)[:2000]}")
            if turn:
                times[function.name].append(answered.milliseconds)
    return {name: round(statistics.median(values), 1) for name, values in times.items()}


def heavy_imports(function: Function) -> dict[str, float]:
    """Milliseconds by top-level package: itself and all that it brings along, counted once; the costly ones only."""
    done = subprocess.run(
        [sys.executable, "-S", "-X", "importtime", "-c", FIRST_EVENT, json.dumps(function.event)],
        env=function.variables(),
        cwd=function.task_root,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise LocalCloudError(f"{function.name} failed:\n{done.stderr[-2000:]}")
    costs = _by_package(done.stderr)
    return {name: ms for name, ms in sorted(costs.items(), key=lambda pair: -pair[1]) if ms >= HEAVY_MS}


def _by_package(report: str) -> dict[str, float]:
    """A line follows those of the modules that it brought along, which are indented deeper: read from the end."""
    costs: dict[str, float] = {}
    above: list[str] = []
    for match in reversed(list(_LINE.finditer(report))):
        depth = len(match[3]) // 2
        package = match[4].partition(".")[0]
        del above[depth:]
        if package not in above:
            costs[package] = costs.get(package, 0.0) + int(match[2]) / 1000
        above.append(package)
    return {name: round(ms, 1) for name, ms in costs.items()}


def _functions(scratch: Path, address: str) -> list[Function]:
    built = deployment.build().parent
    layer = built / "ConnectorsLayer" / "python"
    (scratch / "handler.py").write_text(BARE)
    environment = {"AWS_ENDPOINT_URL": address, **_settings(address)}
    return [
        Function("bare", scratch, layer, {}, environment),
        *(
            Function(name, built / resource, layer, _event(event), environment)
            for name, (resource, event) in EVENTS.items()
        ),
    ]


def _settings(address: str) -> dict[str, str]:
    queue = json.loads((ROOT / "events" / "sqs_task.json").read_text())["Records"][0]["eventSourceARN"]
    return {
        "CONTROL_TABLE": "control",
        "RECORDS_TABLE": "records",
        "INDEX_BUCKET": "index",
        "NIGHT_QUEUE_URL": f"{address}/123456789012/{queue.rpartition(':')[2]}",
        "MANUAL_QUEUE_URL": f"{address}/123456789012/manual",
        "EVENT_BUS": "default",
        "WORKER_FUNCTION": "sync-worker",
        "SECRET_PREFIX": "/planster/dev/integrations",
        "API_AUTHORIZATION": "NONE",
        "WEBHOOK_SECRET_PREFIX": "/planster/dev/webhooks",
        "VENDOR_NETWORK": "loopback",
    }


def _event(name: str) -> Any:
    return json.loads((ROOT / "events" / f"{name}.json").read_text())


def _show(measured: Mapping[str, float], imports: Mapping[str, Mapping[str, float]]) -> None:
    for name, milliseconds in measured.items():
        times = milliseconds / measured["bare"]
        target = f"{times:5.2f} times bare, at most {TARGETS[name]}" if name in TARGETS else ""
        print(f"{name:<16} {milliseconds:7.1f} ms  {target}".rstrip())
    for name, costs in imports.items():
        print(f"{name}: " + ", ".join(f"{package} {ms:g}" for package, ms in costs.items()))


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks.cold_start", description="Cold starts under AWS's own emulator.")
    parser.add_argument("--runs", type=int, default=10, help="cold starts of each function")
    parser.add_argument("--json", action="store_true", help="print {cold_start_ms, imports_ms}")
    return parser.parse_args(argv)


if __name__ == "__main__":
    try:
        raise SystemExit(main())
    except LocalCloudError as reason:
        raise SystemExit(str(reason)) from None
