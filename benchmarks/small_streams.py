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
from benchmarks.memory import peak_mb
from benchmarks.product import store_secret
from planster_sync.aws.messages import message_body
from planster_sync.connectors import registry
from planster_sync.engine.starting import tasks
from planster_sync.entry.parts import Parts, parts
from planster_sync.entry.wiring import build_worker
from planster_sync.entry.worker import WorkerEntry
from planster_sync.model.data_types import DataType
from planster_sync.model.integrations import Integration, IntegrationStatus, Schedule
from planster_sync.model.runs import Lane, Mode, Run, RunStatus, Trigger

_QUEUE_ARN = "arn:aws:sqs:eu-central-1:000000000000:night"
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
    stores.create()
    made, worker = parts(), build_worker()
    integrations = [_connect(made, given.upstream, given.records, number) for number in range(given.tasks)]
    for night in _NIGHTS:
        _ask(given.upstream, "day", str(night))
        runs = [_started(made, integration) for integration in integrations]
        _ask(endpoint, "reset", "")
        print(json.dumps({"night": night, "tasks": given.tasks, **_worked(worker, runs)}), flush=True)


def _connect(made: Parts, upstream: str, records: int, number: int) -> Integration:
    id_ = f"small-{number}"
    store_secret(f"{deployment.PREFIX}/{deployment.ORGANISATION}/{id_}", f"trackstar_{records}-{number}")
    integration = Integration(
        deployment.ORGANISATION,
        id_,
        "trackstar",
        id_,
        IntegrationStatus.ACTIVE,
        Schedule(),
        datetime.now(UTC),
        settings={"base_url": upstream},
    )
    made.integrations.put(integration)
    return integration


def _started(made: Parts, integration: Integration) -> Run:
    """A run of one task, as the dispatcher writes it; its message is handed over by hand."""
    now = datetime.now(UTC)
    run = Run(
        integration.organisation,
        integration.id,
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


def _worked(worker: WorkerEntry, runs: list[Run]) -> dict[str, Any]:
    began, cpu = time.monotonic(), time.process_time()
    for place, run in enumerate(runs):
        record = {
            "messageId": str(place),
            "receiptHandle": str(place),
            "body": message_body(run.message("inventory_levels")),
            "eventSourceARN": _QUEUE_ARN,
        }
        if worker.handle_batch({"Records": [record]}, 300.0)["batchItemFailures"]:
            raise SystemExit(f"The worker gave a message back: {run.id}")
        if place % 500 == 499:
            print(f"  {place + 1} of {len(runs)} small tasks", file=sys.stderr, flush=True)
    return {"cpu": time.process_time() - cpu, "wall": time.monotonic() - began, "rss_mb": peak_mb()}


def _ask(url: str, action: str, query: str) -> None:
    with urllib.request.urlopen(f"{url}/_control/{action}?{query}") as answer:  # noqa: S310
        answer.read()


if __name__ == "__main__":
    main()
