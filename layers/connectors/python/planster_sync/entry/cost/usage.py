"""What one month uses of everything that is billed. Averages, so that shares of a record or of a night are fine."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from math import ceil

from planster_sync.entry.cost.facts import Measured, Profile, ReadProfile, Usage
from planster_sync.model.data_types import DataType

KB, GB = 1024, 1e9
TICKS = 30 * 24 * 4
"""A month's, one every 15 minutes."""
MOVED_KEY = 2
"""Write units of an index entry whose key changes: the old one goes, the new one comes."""


class Writing(Enum):
    """Which records a sync writes: those that changed; all that it read, with the same indexes, or without any."""

    CHANGED = auto()
    BLIND = auto()
    BLIND_WITHOUT_INDEXES = auto()


@dataclass(frozen=True, slots=True)
class Task:
    """How often a month this happens, what is read, and what is written (records and write units)."""

    times: float
    read: float
    written: float
    units: float


def total(*parts: tuple[float, Usage]) -> Usage:
    """The sum of usages, each so many times."""
    summed: defaultdict[str, float] = defaultdict(float)
    for times, usage in parts:
        for name, quantity in usage.items():
            summed[name] += times * quantity
    return dict(summed)


def of_integration(profile: Profile, measured: Measured, writing: Writing = Writing.CHANGED) -> Usage:
    """What one integration adds."""
    runs = profile.nights + profile.manual_syncs + profile.first_loads
    parts = [(runs, measured.run), (profile.api_requests, measured.api_request)]
    for name, read in profile.reads.items():
        parts += [(task.times, _of_task(task, profile, measured)) for task in tasks(name, read, profile, writing)]
        parts.append((1, _kept(read, measured, writing)))
    return total(*parts)


def of_deployment(profile: Profile, measured: Measured) -> Usage:
    """What is used whatever the number of integrations: ticks, polling of empty queues, metrics, alarms."""
    metrics = measured.metrics_by_data_type * len(DataType) * 2 * profile.active_hours / 24
    return total((1, measured.month), (TICKS, measured.tick), (1, {"metric_month": metrics}))


def rows_moved(profile: Profile) -> float:
    """Unified records that an integration's month reads, which is what services that bill by row count."""
    return sum(
        task.times * task.read * read.outputs
        for name, read in profile.reads.items()
        for task in tasks(name, read, profile, Writing.CHANGED)
    )


def tasks(name: str, read: ReadProfile, profile: Profile, writing: Writing) -> Iterator[Task]:
    """The month's tasks of one read: its nights, complete or incremental, its syncs by hand, its first loads."""
    complete = profile.nights / profile.snapshot_days if read.incremental else profile.nights
    touched = read.records * min(read.changed + read.created, 1)
    by_hand = profile.manual_syncs if name in profile.manual_reads else 0
    short = touched if read.incremental else read.records
    yield _task(complete, read.records, read, writing)
    yield _task(profile.nights - complete, touched, read, writing)
    # What changes in a day is written once, by whichever sync comes first.
    yield Task(by_hand, short, *((0.0, 0.0) if writing is Writing.CHANGED else _blind(short, read, writing)))
    yield Task(profile.first_loads, read.records, *_created(read.records, read, writing))


def _task(times: float, records: float, read: ReadProfile, writing: Writing) -> Task:
    if writing is not Writing.CHANGED:
        return Task(times, records, *_blind(records, read, writing))
    item = ceil(read.bytes / KB)
    created = read.created * (item + 1 + read.sku)
    changed = read.changed * (item + MOVED_KEY)
    deleted = read.deleted * (item + MOVED_KEY + read.sku)
    outputs = read.records * read.outputs
    written = outputs * (read.created + read.changed + read.deleted)
    return Task(times, records, written, outputs * (created + changed + deleted))


def _created(records: float, read: ReadProfile, writing: Writing) -> tuple[float, float]:
    indexes = 0 if writing is Writing.BLIND_WITHOUT_INDEXES else 1 + read.sku
    written = records * read.outputs
    return written, written * (ceil(read.bytes / KB) + indexes)


def _blind(records: float, read: ReadProfile, writing: Writing) -> tuple[float, float]:
    indexes = 0 if writing is Writing.BLIND_WITHOUT_INDEXES else MOVED_KEY
    written = records * read.outputs
    return written, written * (ceil(read.bytes / KB) + indexes)


def _of_task(task: Task, profile: Profile, measured: Measured) -> Usage:
    """As if waiting and computing never overlapped, which they do: an upper bound of the seconds."""
    pages = max(1, ceil(task.read / profile.page_size))
    cpu = (
        measured.task_cpu_seconds + task.read * measured.record_cpu_seconds + task.written * measured.write_cpu_seconds
    )
    seconds = measured.task_seconds + pages * profile.answer_seconds + cpu
    return total(
        (1, measured.task),
        (pages, measured.page),
        (seconds // measured.checkpoint_seconds, measured.checkpoint),
        (seconds // measured.segment_seconds, measured.segment),
        (1, {"lambda_gb_second": seconds * measured.worker_mb / 1024, "dynamodb_write_unit": task.units}),
    )


def _kept(read: ReadProfile, measured: Measured, writing: Writing) -> Usage:
    overhead = 0 if writing is Writing.BLIND_WITHOUT_INDEXES else measured.item_overhead_bytes
    stored = read.records * read.outputs * (read.bytes + overhead) / GB
    index = read.records * measured.index_bytes / GB if writing is Writing.CHANGED else 0
    return {"dynamodb_gb_month": stored, "dynamodb_backup_gb_month": stored, "s3_gb_month": index}
