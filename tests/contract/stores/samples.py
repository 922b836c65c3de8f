"""Invented values for the store contract."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from planster_sync.model.data_types import DataType
from planster_sync.model.integrations import Integration, IntegrationStatus, Schedule
from planster_sync.model.products import Product
from planster_sync.model.runs import Counts, Lane, Mode, Problem, Run, RunStatus, StreamKey, Task, Trigger
from planster_sync.model.streams import Checkpoint, DataWindow, Lease
from planster_sync.ports.stores import RecordKey, RecordWrite

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
STREAM = StreamKey("acme", "warehouse-1", "products")
LEASE = Lease(STREAM, fence=1, holder="holder-1", run="run-1", until=NOON)
PROBLEM = Problem("source_unavailable", "The warehouse system did not answer.", "Nothing to do.", retryable=True)


def product(number: str, **fields: Any) -> Product:
    return Product(id=number, **{"name": f"Thing {number}", "sku": f"SKU-{number}", **fields})


def write(number: str, **fields: Any) -> RecordWrite:
    return RecordWrite(product(number, **fields), source=number, fingerprint=int(number), read_at=NOON)


def product_key(number: str) -> RecordKey:
    return RecordKey(DataType.PRODUCTS, number)


def checkpoint(run: str = "run-1", **fields: Any) -> Checkpoint:
    return Checkpoint(
        run=run,
        mode=Mode.AUTO,
        incremental=True,
        started_at=NOON,
        counts={DataType.PRODUCTS: Counts(fetched=7, created=2)},
        confirmed={1: 4, 12: 0},
        slice=2,
        usable_since=NOON,
        windows={DataType.PRODUCTS: DataWindow("2026-01-01T00:00:00Z", "2026-02-01T00:00:00.500Z")},
        **fields,
    )


def task(read: str = "products", **fields: Any) -> Task:
    return Task(read=read, data_types=(DataType.PRODUCTS,), **fields)


def run(number: str = "20260301T020000Z-night", **fields: Any) -> Run:
    defaults: dict[str, Any] = {
        "organisation": "acme",
        "integration": "warehouse-1",
        "id": number,
        "trigger": Trigger.SCHEDULE,
        "mode": Mode.AUTO,
        "lane": Lane.NIGHT,
        "status": RunStatus.QUEUED,
        "created_at": NOON,
        "tasks": {"products": task(), "orders": task("orders")},
        "check_at": NOON,
    }
    return Run(**{**defaults, **fields})


def integration(name: str = "warehouse-1", **fields: Any) -> Integration:
    defaults: dict[str, Any] = {
        "organisation": "acme",
        "id": name,
        "connector": "example",
        "name": "Main warehouse",
        "status": IntegrationStatus.ACTIVE,
        "schedule": Schedule("Europe/Berlin", (2, 14)),
        "created_at": NOON,
        "settings": {"region": "eu", "nothing": None, "share": 0.25},
        "disabled": frozenset({DataType.BILLS, DataType.RETURNS}),
        "due_at": NOON,
    }
    return Integration(**{**defaults, **fields})
