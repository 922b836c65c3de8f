"""The product's own worker on one night of one integration, against any upstream and any DynamoDB and S3.

    .venv/bin/python -m benchmarks.product --upstream URL --dynamodb URL --s3 URL --data-type T --night 1|2

Connects one integration, starts a run, and calls the worker function's own handler with every message of its queue, as
Lambda would, until the run has ended; everything is composed from environment variables alone. `--platform` is where
SQS, SSM and EventBridge are, by default where DynamoDB is. Prints one line of JSON: CPU and wall seconds of this
process (with interpreter and imports, and of the worker alone), its peak memory, and what the run counted.

Everything that lasts from one night to the next lies in DynamoDB and S3; the upstream must show the right day itself.
As a row of another benchmark it reads PEERS_UPSTREAM, PEERS_DATA_TYPE, PEERS_DAY, AWS_ENDPOINT_URL_DYNAMODB and
AWS_ENDPOINT_URL_S3 where the options are left out.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from dataclasses import asdict
from typing import Any

from benchmarks import deployment
from benchmarks.invoking import Context, asked, event_of, integration, is_there, store_secret
from benchmarks.memory import peak_mb
from functions.sync_worker.handler import handler
from planster_sync.connectors import registry
from planster_sync.entry.parts import Parts, parts
from planster_sync.model.data_types import DataType
from planster_sync.model.integrations import Integration
from planster_sync.model.runs import Mode, Run

DATA_TYPES = {"inventory": "inventory_levels", "products": "products", "orders": "orders"}


def main() -> None:
    began = time.monotonic()
    given = _arguments()
    os.environ.update(deployment.environment(dynamodb=given.dynamodb, s3=given.s3, platform=given.platform))
    outcome = _night(given)
    outcome["cpu"] = round(time.process_time(), 3)
    outcome["wall"] = round(time.monotonic() - began, 3)
    outcome["rss_mb"] = peak_mb()
    print(json.dumps(outcome))
    print(f"RECORDS {outcome['fetched']}")


def _night(given: argparse.Namespace) -> dict[str, Any]:
    made = parts()
    connected = _connected(made, given)
    wanted = (DataType(DATA_TYPES[given.data_type]),)
    run = made.starter.by_hand(connected, registry.capabilities("trackstar"), wanted, Mode(given.mode), "benchmark").run
    began, cpu = time.monotonic(), time.process_time()
    messages = _work(given.platform)
    spent = {
        "worker_cpu": round(time.process_time() - cpu, 3),
        "worker_wall": round(time.monotonic() - began, 3),
        "before_cpu": round(cpu, 3),
    }
    return {**_told(made, run), "messages": messages, **spent}


def _connected(made: Parts, given: argparse.Namespace) -> Integration:
    """The one integration; its tables, bucket and secret are made where they are missing."""
    name = (deployment.ORGANISATION, deployment.INTEGRATION)
    found = made.integrations.get(*name) if is_there(given.dynamodb, deployment.CONTROL_TABLE) else None
    if found is None:
        if given.night != "1":
            raise SystemExit("There is no integration yet: night 1 comes first.")
        from benchmarks import stores  # noqa: PLC0415  # reads the template: needed once, and slow

        stores.create(given.dynamodb, given.s3)
        store_secret(given.platform, *name, given.token)
        found = integration(*name, given.upstream)
        made.integrations.put(found)
    return found


def _work(platform: str) -> int:
    """Hands over every message of the queue, as Lambda's poller would; gives how many."""
    queue = {"QueueUrl": os.environ["MANUAL_QUEUE_URL"], "MaxNumberOfMessages": 1}
    handed = 0
    while messages := asked(platform, "AmazonSQS.ReceiveMessage", queue).get("Messages"):
        for message in messages:
            if handler(event_of(message["Body"], message["MessageId"]), Context())["batchItemFailures"]:
                raise SystemExit(f"The worker gave a message back: {message['Body']}")
            handed += 1
    return handed


def _told(made: Parts, run: Run) -> dict[str, Any]:
    """What the run says of itself; anything but success ends this process with an error."""
    ended = made.runs.get(run.organisation, run.integration, run.id)
    if ended is None or not ended.status.is_final or not all(task.state.is_good for task in ended.tasks.values()):
        raise SystemExit(f"The run did not succeed: {ended}")
    tasks = list(ended.tasks.values())
    return {
        "run": ended.id,
        "status": ended.status.value,
        "pages": sum(task.pages for task in tasks),
        "record_writes": sum(task.record_writes for task in tasks),
        "fetched": sum(task.counts[task.data_types[0]].fetched for task in tasks if task.counts),
        "counts": {kind.value: asdict(counts) for task in tasks for kind, counts in task.counts.items()},
    }


def _arguments() -> argparse.Namespace:
    found = os.environ.get
    parser = argparse.ArgumentParser(description="The product's own worker on one night of one integration.")
    parser.add_argument("--upstream", default=found("PEERS_UPSTREAM"))
    parser.add_argument("--dynamodb", default=found("AWS_ENDPOINT_URL_DYNAMODB"))
    parser.add_argument("--s3", default=found("AWS_ENDPOINT_URL_S3"))
    parser.add_argument("--platform", default=None, help="where SQS, SSM and EventBridge are; where DynamoDB is")
    parser.add_argument("--data-type", choices=tuple(DATA_TYPES), default=found("PEERS_DATA_TYPE", "inventory"))
    parser.add_argument("--night", choices=("1", "2"), default=found("PEERS_DAY", "1"))
    parser.add_argument("--token", default="trackstar_bench", help="access token that names the account")
    parser.add_argument("--mode", choices=("snapshot", "auto"), default="snapshot")
    parser.add_argument("--state", default=None, help="not needed: the state lies in DynamoDB and S3")
    given = parser.parse_args()
    missing = [name for name in ("upstream", "dynamodb", "s3") if getattr(given, name) is None]
    if missing:
        parser.error(f"missing: {', '.join(f'--{name}' for name in missing)}")
    given.platform = given.platform or given.dynamodb
    return given


if __name__ == "__main__":
    main()
