"""Many small integrations worked on by one warm worker: CPU and requests of each task.

    .venv/bin/python -m benchmarks.small_streams --upstream URL --endpoint URL [--tasks 2000] [--records 50]

Connects as many integrations as tasks, then hands the worker one task of each: a first load, and, when the upstream
shows its second day, the night after. Only the worker's own time is counted. Prints a line of JSON for each.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
import urllib.request
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from benchmarks import deployment, stores
from benchmarks.invoking import Context, event_of, integration, store_secret
from benchmarks.memory import peak_mb
from functions.sync_worker.handler import handler
from planster_sync.aws.messages import message_body
from planster_sync.connectors import registry
from planster_sync.engine.starting import tasks
from planster_sync.entry.parts import Parts, parts
from planster_sync.model.data_types import DataType
from planster_sync.model.integrations import Integration
from planster_sync.model.runs import Lane, Mode, Run, RunStatus, Trigger

_NIGHTS = (1, 2)


def main() -> None:
    parser = argparse.ArgumentParser(description="Many small integrations worked on by one warm worker.")
    parser.add_argument("--upstream", required=True)
    parser.add_argument("--endpoint", required=True)
    parser.add_argument("--tasks", type=int, default=2000)
    parser.add_argument("--records", type=int, default=50)
    given = parser.parse_args()
    endpoint = given.endpoint
    os.environ.update(deployment.environment(dynamodb=endpoint, s3=endpoint, platform=endpoint))
    stores.create(endpoint, endpoint)
    made = parts()
    integrations = [_connect(made, given, number) for number in range(given.tasks)]
    for night in _NIGHTS:
        _ask(given.upstream, "day", str(night))
        runs = [_started(made, connected) for connected in integrations]
        _ask(endpoint, "reset", "")
        print(json.dumps({"night": night, "tasks": given.tasks, **_worked(runs)}), flush=True)


def _connect(made: Parts, given: argparse.Namespace, number: int) -> Integration:
    name = (deployment.ORGANISATION, f"small-{number}")
    store_secret(given.endpoint, *name, f"trackstar_{given.records}-{number}")
    connected = integration(*name, given.upstream)
    made.integrations.put(connected)
    return connected


def _started(made: Parts, connected: Integration) -> Run:
    """A run of one task, as the dispatcher writes it; its message is handed over by hand."""
    now = datetime.now(UTC)
    run = Run(
        connected.organisation,
        connected.id,
        f"{now:%Y%m%dT%H%M%S%f}Z",
        Trigger.SCHEDULE,
        Mode.SNAPSHOT,
        Lane.NIGHT,
        RunStatus.QUEUED,
        now,
        tasks(registry.capabilities("trackstar"), (DataType.INVENTORY_LEVELS,)),
        check_at=now,
    )
    made.runs.create(run)
    made.runs.update(replace(run, sent_at=now))
    return run


def _worked(runs: list[Run]) -> dict[str, Any]:
    began, cpu = time.monotonic(), time.process_time()
    for place, run in enumerate(runs):
        event = event_of(message_body(run.message("inventory_levels")), str(place))
        if handler(event, Context())["batchItemFailures"]:
            raise SystemExit(f"The worker gave a message back: {run.id}")
        if place % 500 == 499:
            print(f"  {place + 1} of {len(runs)} small tasks", file=sys.stderr, flush=True)
    return {"cpu": time.process_time() - cpu, "wall": time.monotonic() - began, "rss_mb": peak_mb()}


def _ask(url: str, action: str, query: str) -> None:
    with urllib.request.urlopen(f"{url}/_control/{action}?{query}") as answer:  # noqa: S310  our own server
        answer.read()


if __name__ == "__main__":
    main()
