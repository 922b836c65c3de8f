"""One tick for which every integration is due at once.

    .venv/bin/python -m benchmarks.dispatching --endpoint URL --connect 10000      connects integrations, all due now
    .venv/bin/python -m benchmarks.dispatching --endpoint URL                      one tick; a line of JSON

The tick is the function's own handler, as Lambda calls it. CPU and memory are this process's.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from benchmarks import deployment
from benchmarks.invoking import Context, integration
from benchmarks.memory import peak_mb
from functions.sync_dispatcher.handler import handler
from planster_sync.entry.parts import parts
from planster_sync.model.integrations import Schedule


def main() -> None:
    parser = argparse.ArgumentParser(description="One tick for which every integration is due at once.")
    parser.add_argument("--endpoint", required=True)
    parser.add_argument("--connect", type=int, default=0, help="connect so many integrations instead")
    given = parser.parse_args()
    endpoint = given.endpoint
    os.environ.update(deployment.environment(dynamodb=endpoint, s3=endpoint, platform=endpoint))
    if given.connect:
        connect(given.connect)
        return
    began = time.monotonic()
    report = handler({"time": datetime.now(UTC).isoformat()}, Context())
    spent = {"seconds": time.monotonic() - began, "cpu": time.process_time(), "rss_mb": peak_mb()}
    print(json.dumps({"run": "tick", **report, **spent}))


def connect(many: int) -> None:
    """Ten to an organisation, each due for a slot of two hours ago."""
    made, now = parts(), datetime.now(UTC)
    schedule = Schedule(hours=((now - timedelta(hours=2)).hour,))
    due = (
        integration(
            f"org-{number // 10}",
            f"wms-{number % 10}",
            "http://127.0.0.1:9",
            schedule=schedule,
            due_at=now - timedelta(hours=1),
            last_slot_at=now - timedelta(days=1, hours=1),
        )
        for number in range(many)
    )
    with ThreadPoolExecutor(4) as pool:
        for _ in pool.map(made.integrations.put, due):
            pass


if __name__ == "__main__":
    main()
