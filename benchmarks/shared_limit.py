"""One account's limit over thirteen workers at once: what the vendor counts, on the local cloud.

    .venv/bin/python -m benchmarks.shared_limit [SECONDS]

Thirteen processes read one account of the Trackstar simulator (10 reads a second) through the product's own connector,
HTTP client and allowance in DynamoDB, as workers do. Then the deployed functions read it: a night and a manual sync.
Prints, for each, the busiest second wherever it begins, the answers 429, and the share of the limit that was used.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory

from local_cloud.allowance import arrivals
from local_cloud.cloud import REGION, ROOT, start_cloud
from local_cloud.deployment import Deployment, build, deploy
from local_cloud.processes import Children, LocalCloudError, free_port
from local_cloud.scene import Scene, connect
from local_cloud.vendors import start_stocked
from planster_sync.connectors import registry
from planster_sync.entry.parts import parts
from planster_sync.entry.worker_wiring import connect_with
from planster_sync.errors import RetrySoon
from planster_sync.http.read_ahead import read_ahead
from planster_sync.ports.source import ReadRequest

LIMIT = 10
WORKERS = 13
WARM_UP = 6.0
RECORDS = 400
LONG_LISTS = dict.fromkeys(
    ("suppliers", "shipping_methods", "warehouse_customers", "inbound_shipments", "returns"), 200
)
READS = tuple(registry.capabilities("trackstar").reads)
PARAMETERS = {"WorkerConcurrency": "13", "TickRate": "rate(24 hours)"}


def main(seconds: float) -> None:
    with TemporaryDirectory() as folder, Children(Path(folder) / "logs") as children:
        cloud = start_cloud(children, port=free_port(), scratch=Path(folder) / "cloud")
        deployment = deploy(cloud, build(), PARAMETERS)
        vendor = start_stocked(children, size=20, accounts=1)
        print(f"{'':24} {'workers':>7} {'requests':>8} {'refused':>7} {'busiest second':>14} {'used':>6}")
        bare = connect(deployment, vendor, "bare", size=RECORDS, page_limit=1)
        with _bare_workers(bare):
            _measure("bare workers", bare, WORKERS, seconds)
        full = connect(deployment, vendor, "deployed", size=RECORDS, page_limit=1, sizes=LONG_LISTS)
        organisation = full.connected.integration.organisation
        deployment.ask(organisation, "integrations/deployed/sync", {"data_types": ["orders", "products"]})
        full.tick()
        _measure("functions, night + manual", full, len(READS), seconds)


def _measure(name: str, scene: Scene, workers: int, seconds: float) -> None:
    vendor, connection = scene.connected.vendor, scene.connection
    while len(arrivals(vendor, connection).lists) < len(READS):  # until every worker has begun
        time.sleep(0.5)
    begin = time.time() + WARM_UP
    time.sleep(WARM_UP + seconds)
    seen = arrivals(vendor, connection)
    used = seen.used(LIMIT, begin, begin + seconds)
    print(f"{name:24} {workers:7} {len(seen.moments):8} {seen.refused:7} {seen.busiest(1):14} {used:6.1%}")


@contextmanager
def _bare_workers(scene: Scene) -> Iterator[None]:
    env = {**os.environ, **_environment(scene.deployment), "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-m", "benchmarks.shared_limit", "--worker", scene.connected.integration.id]
    crew = [subprocess.Popen([*command, read], env=env, cwd=ROOT) for read in islice(cycle(READS), WORKERS)]
    try:
        yield
    finally:
        for each in crew:
            each.terminate()
            each.wait()


def _environment(deployment: Deployment) -> dict[str, str]:
    names = {"AWS_REGION": REGION, "POWERTOOLS_SERVICE_NAME": "bare"}
    return {**deployment.environment_of("SyncWorker"), **deployment.cloud.environment(), **names}


def _work(integration: str, read: str) -> None:
    """Reads the list from its beginning again and again, as a worker reads it once, until it is terminated."""
    made = parts()
    found = made.integrations.get("cedar", integration)
    if found is None:
        raise LocalCloudError(f"There is no integration {integration}.")
    with connect_with(made)(found) as connector:
        while True:
            with suppress(RetrySoon), read_ahead(connector.pages(ReadRequest(read))) as pages:
                for _ in pages:
                    continue


def _chosen(arguments: Sequence[str]) -> None:
    if arguments[:1] == ["--worker"]:
        _work(*arguments[1:])
    else:
        main(float(arguments[0]) if arguments else 30.0)


if __name__ == "__main__":
    _chosen(sys.argv[1:])
