"""What the cost model takes over from the benchmarks."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from benchmarks.cost_measures import MEASURED, measured_from
from planster_sync.entry.cost.facts import Measured

KEPT = json.loads(MEASURED.read_text())
CONTROL = {"write_units": 495, "index_units": 90, "read_units": 60.0}
RECORDS = {"write_units": 150, "index_units": 210, "read_units": 30.0}
FOUND: dict[str, Any] = {
    "small": [
        {"night": 1, "tasks": 30, "cpu": 6.0},
        {"night": 2, "tasks": 30, "cpu": 2.4},
        {
            "night": "last",
            "usage": {
                "dynamodb": {"tables": {"control": CONTROL, "records": RECORDS}},
                "s3": {"requests": {"GetObject": 30, "ListObjectsV2": 60, "PutObject": 90}},
                "platform": {"entries": {"PutEvents": 60}},
            },
        },
    ],
    "nights": {
        "inventory": [
            {"name": "floor", "night": 1, "slope": 7.0, "cpu": {"900000": [1]}},
            {"name": "ours", "night": 1, "slope": 16.0, "cpu": {"100000": [1], "500000": [2]}},
            {"name": "ours", "night": 2, "slope": 1.5, "cpu": {"100000": [1], "500000": [2]}},
        ]
    },
}


def test_measured_usage_replaces_what_was_known_before() -> None:
    remade = Measured.model_validate(measured_from(FOUND, KEPT, date(2026, 12, 1)))

    assert (remade.date, remade.provisional) == (date(2026, 12, 1), False)
    assert (remade.task_cpu_seconds, remade.record_cpu_seconds, remade.write_cpu_seconds) == (0.08, 1.5e-5, 1.45e-4)
    assert remade.task["s3_write"] == 5
    assert remade.task["event"] == 2
    assert remade.task["dynamodb_read_unit"] == 3
    assert "500,000 records" in remade.source


def test_writes_of_records_and_of_the_page_are_counted_elsewhere() -> None:
    remade = Measured.model_validate(measured_from(FOUND, KEPT, date(2026, 12, 1)))

    assert remade.task["dynamodb_write_unit"] == (495 + 90) / 30 - remade.page["dynamodb_write_unit"]


def test_what_no_benchmark_measures_stays() -> None:
    remade = measured_from(FOUND, KEPT, date(2026, 12, 1))

    assert {name: remade[name] for name in ("tick", "segment", "month")} == {
        name: KEPT[name] for name in ("tick", "segment", "month")
    }
    assert remade["task"]["kms_request"] == KEPT["task"]["kms_request"]
