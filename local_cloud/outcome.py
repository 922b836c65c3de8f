"""What a night did, in numbers, and whether the store then holds exactly what the sources have."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from pathlib import Path

from local_cloud.deployment import Deployment
from local_cloud.nights import Snapshot
from local_cloud.oracle import Report, compare
from local_cloud.seed import Connected, records_table
from planster_sync.model.data_types import PRIORITY, DataType
from planster_sync.model.runs import Counts, StreamKey, TaskState
from planster_sync.storage import keys
from planster_sync.storage.quarantine import DynamoQuarantine
from planster_sync.storage.table import Question


@dataclass(frozen=True, slots=True)
class TaskLine:
    """One data type of one integration; a read that feeds several data types gives a line for each."""

    integration: str
    data_type: DataType
    state: TaskState
    fetched: int
    created: int
    updated: int
    unchanged: int
    deleted: int
    quarantined: int
    seconds: float
    fresh_at: datetime | None
    problem: str

    @property
    def changed(self) -> int:
        return self.created + self.updated + self.deleted


@dataclass(frozen=True, slots=True)
class NightOutcome:
    lines: Sequence[TaskLine]
    record_writes: int
    reports: Mapping[str, Report]

    @property
    def changed_records(self) -> int:
        return sum(line.changed for line in self.lines)

    @property
    def stored_equals_source(self) -> bool:
        return bool(self.reports) and all(report.equal for report in self.reports.values())

    @property
    def is_good(self) -> bool:
        """Every task succeeded, warnings included, or had nothing to do, and the store equals the source."""
        done = all(line.state.is_good or line.state is TaskState.SKIPPED for line in self.lines)
        return bool(self.lines) and done and self.stored_equals_source


def outcome(deployment: Deployment, connected: Sequence[Connected], seen: Snapshot) -> NightOutcome:
    writes = sum(task.record_writes for run in seen.runs.values() for task in run.tasks.values())
    reports = {one.name: judged(deployment, one) for one in connected}
    return NightOutcome(
        sorted(_lines(seen), key=lambda line: (line.integration, PRIORITY[line.data_type])), writes, reports
    )


def write_summary(path: Path, nights: Sequence[NightOutcome]) -> None:
    """Writes build/run-summary.json: what each night did, for programs."""
    told = [name.name for name in fields(TaskLine) if name.name not in ("fresh_at", "problem")]
    summary = {
        "nights": [
            {
                "tasks": [{name: asdict(line)[name] for name in told} for line in night.lines],
                "record_writes": night.record_writes,
                "changed_records": night.changed_records,
                "stored_equals_source": night.stored_equals_source,
            }
            for night in nights
        ]
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(summary, indent=2) + "\n")


def _lines(seen: Snapshot) -> Iterator[TaskLine]:
    for name, run in seen.runs.items():
        for task in run.tasks.values():
            stream = seen.streams.get(name, {}).get(task.read)
            seconds = (task.ended_at - task.started_at).total_seconds() if task.ended_at and task.started_at else 0.0
            for data_type in task.data_types:
                counts = task.counts.get(data_type, Counts())
                yield TaskLine(
                    integration=name,
                    data_type=data_type,
                    state=task.state,
                    fetched=counts.fetched,
                    created=counts.created,
                    updated=counts.updated,
                    unchanged=counts.unchanged,
                    deleted=counts.deleted,
                    quarantined=counts.quarantined,
                    seconds=round(seconds, 2),
                    fresh_at=stream.last_success_at if stream else None,
                    problem="" if task.problem is None else f"{task.problem.code}: {task.problem.what}",
                )


def judged(deployment: Deployment, one: Connected) -> Report:
    """Reads everything that is stored of an integration and everything that its source has, and compares them.

    Data types that are switched off are left out.
    """
    table = records_table(deployment)
    organisation, integration = one.integration.organisation, one.integration.id
    readings = one.vendor.readings
    wanted = {
        collection for data_type, (collection, _) in readings.of.items() if data_type not in one.integration.disabled
    }
    truth = {collection: one.vendor.live(one.account, collection) for collection in wanted}
    stored = {
        str(data_type): list(
            table.query(Question("pk = :pk", {"pk": keys.records_partition(organisation, integration, data_type)}))
        )
        for data_type in DataType
    }
    quarantine = DynamoQuarantine(table)
    held = {
        collection: set(quarantine.sources(StreamKey(organisation, integration, data_type)))
        for data_type, (collection, _) in readings.of.items()
        if data_type in stored
    }
    return compare(readings, truth, stored, {collection: ids for collection, ids in held.items() if ids})
