"""`python -m local_cloud.drill`: both tables lost and restored on the local cloud, with the operators' own commands.

On AWS the moment is one of the last 35 days (`restore-table --at`). The emulator (ministack 1.5.33) takes that request
and copies the table as it is now; its on-demand backups are honest, so that the moment is that of a backup here.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from local_cloud.cloud import Cloud, start_cloud
from local_cloud.deployment import STACK, Deployment, build, deploy
from local_cloud.kills.rounds import GOOD, SWITCHED_OFF
from local_cloud.processes import Children, LocalCloudError, free_port
from local_cloud.scene import ORGANISATION, connect
from local_cloud.vendors import Vendor, start_stocked
from operations.commands import main as operate

SIZE = 100
PATIENCE = 400.0
NO_TICKS = {"TickRate": "rate(24 hours)"}
"""Nights are begun when they are wanted."""
TABLES = {"records": "RecordsTable", "control": "ControlTable"}


@dataclass(frozen=True, slots=True)
class Step:
    what: str
    seconds: float
    found: str


class Drill:
    """`steps` is what was done, how long it took and what there was to see."""

    def __init__(self, deployment: Deployment, vendor: Vendor) -> None:
        self.deployment = deployment
        self.vendor = vendor
        self.steps: list[Step] = []

    def play(self, which: str) -> bool:
        """Loses a table's content, restores it and plays a night; whether stored equals the source again."""
        self.name = f"drill-{which}"
        self.scene = connect(self.deployment, self.vendor, self.name, size=SIZE, page_limit=50, disabled=SWITCHED_OFF)
        self._timed(f"a night before; {which}: its backup is the moment to return to", self._night)
        backup = self._backup(which)
        self.scene.connected.vendor.advance_day()
        self._timed("another night, that the restore takes back", self._night)
        self._timed(f"half of the {which} table's items of the integration are deleted", lambda: self._damage(which))
        if which == "records":
            self._timed("a night does not bring them back", self._night)
            self._timed("`check-index`", lambda: self._operated("check-index", ORGANISATION, self.name))
        restored = f"{which}-restored"
        self._timed("`stop`", lambda: self._operated("stop"))
        self._timed(
            "`restore-table`", lambda: self._operated("restore-table", which, "--to", restored, "--backup", backup)
        )
        self._timed("`replace-table`", lambda: self._operated("replace-table", which, "--by", restored))
        self._timed("`start`", lambda: self._operated("start"))
        self._timed("stored = source right after it", self._compared)
        return self._timed("the next night", self._night) == "stored = source"

    def _timed(self, what: str, do: Callable[[], str]) -> str:
        began = time.monotonic()
        found = do()
        self.steps.append(Step(what, time.monotonic() - began, found))
        print(f"{self.steps[-1].seconds:6.1f} s   {what}: {found}", flush=True)
        return found

    def _night(self) -> str:
        run = self.scene.night(seconds=PATIENCE)
        return self._compared() if run.status in GOOD else f"the run ended as {run.status.value}"

    def _compared(self) -> str:
        report = self.scene.report()
        return "stored = source" if report.equal else report.text(0).splitlines()[-1]

    def _backup(self, which: str) -> str:
        table = self.deployment.outputs[TABLES[which]]
        made = self.deployment.cloud.dynamodb.create_backup(TableName=table, BackupName=f"before-{which}")
        return made["BackupDetails"]["BackupArn"]

    def _damage(self, which: str) -> str:
        """Every second item that names the integration."""
        table, dynamodb = self.deployment.outputs[TABLES[which]], self.deployment.cloud.dynamodb
        pages = dynamodb.get_paginator("scan").paginate(TableName=table, ProjectionExpression="pk, sk")
        keys = [item for page in pages for item in page["Items"] if self.name in f"{item['pk']['S']}{item['sk']['S']}"]
        lost = keys[::2]
        for key in lost:
            dynamodb.delete_item(TableName=table, Key={"pk": key["pk"], "sk": key["sk"]})
        return f"{len(lost)} of {len(keys)} gone"

    def _operated(self, *command: str) -> str:
        ended = operate(["--stack", STACK, "--yes", *command])
        return f"exit {ended}"


@contextmanager
def ready(folder: Path) -> Iterator[Drill]:
    """A deployed system with one account of its own; what was started is stopped again."""
    with Children(folder / "logs") as children:
        cloud = start_cloud(children, port=free_port(), scratch=folder / "cloud")
        deployment = deploy(cloud, build(), NO_TICKS)
        vendor = start_stocked(children, size=20, accounts=1)
        with reaching(cloud):
            yield Drill(deployment, vendor)


@contextmanager
def reaching(cloud: Cloud) -> Iterator[None]:
    """Whatever reads the environment, as the operators' commands do, reaches this cloud and nothing else."""
    before = dict(os.environ)
    os.environ.update(cloud.environment())
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def main(tables: Sequence[str]) -> int:
    with TemporaryDirectory() as folder, ready(Path(folder)) as drill:
        played = [drill.play(which) for which in tables]
        print("\n| step | seconds | found |\n| --- | --- | --- |")
        for step in drill.steps:
            print(f"| {step.what} | {step.seconds:.1f} | {step.found} |")
    return 0 if all(played) else 1


if __name__ == "__main__":
    try:
        sys.exit(main(list(TABLES)))
    except LocalCloudError as error:
        print(error, file=sys.stderr)
        sys.exit(1)
