"""Remakes what `planster cost` knows of the code's own usage from what `make bench` has measured.

    .venv/bin/python -m benchmarks.cost_measures [build/bench-all.json]

Writes entry/cost/measured.json: a task's units and requests from the many small streams (one page each, next night),
CPU of a record from the slopes of the two nights. What no benchmark measures (ticks, API calls, segments, log bytes,
the share of traces that are recorded) stays as it is. Then remakes the tables of docs/cost.md.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from planster_sync.entry.cost import facts, report
from planster_sync.entry.documents import BEGIN, END

MEASURED = facts.HERE / "measured.json"
ROOT = Path(__file__).resolve().parents[1]
BENCH, PAGE = ROOT / "build" / "bench-all.json", ROOT / "docs" / "cost.md"
PER = 100_000


def main(source: Path) -> None:
    kept = json.loads(MEASURED.read_text())
    remade = measured_from(json.loads(source.read_text()), kept, datetime.now(UTC).date())
    MEASURED.write_text(json.dumps(remade, indent=2) + "\n")
    before, _, rest = PAGE.read_text().partition(BEGIN)
    after = rest.partition(END)[2]
    PAGE.write_text(f"{before}{BEGIN}\n{report.tables(report.all_models())}{END}{after}")
    print(f"{MEASURED} and {PAGE} are remade from {source}.")


def measured_from(found: Mapping[str, Any], kept: Mapping[str, Any], today: date) -> dict[str, Any]:
    """`kept` with all that `found` knows better."""
    *nights, last = found["small"]
    tasks, next_night = nights[-1]["tasks"], nights[-1]
    first, second = (_slope(found, night) for night in (1, 2))
    return {
        **kept,
        "date": today.isoformat(),
        "source": f"measured with {tasks:,} tasks of 50 records and streams of up to {_largest(found):,} records.",
        "provisional": False,
        "task_cpu_seconds": round(next_night["cpu"] / tasks, 4),
        "record_cpu_seconds": second / PER,
        "write_cpu_seconds": max(first - second, 0) / PER,
        "task": {**kept["task"], **_per_task(last["usage"], tasks, kept["page"])},
    }


def _per_task(usage: Mapping[str, Any], tasks: int, page: Mapping[str, float]) -> dict[str, float]:
    """The records' own writes follow from a profile and are left out here, as is what its one page took."""
    tables, objects = usage["dynamodb"]["tables"], usage["s3"]["requests"]
    writes = tables["control"]["write_units"] + tables["control"]["index_units"]
    reads = sum(table["read_units"] for table in tables.values())
    used = {
        "dynamodb_write_unit": writes / tasks - page.get("dynamodb_write_unit", 0),
        "dynamodb_read_unit": reads / tasks,
        "s3_write": (objects.get("PutObject", 0) + objects.get("ListObjectsV2", 0)) / tasks,
        "s3_read": objects.get("GetObject", 0) / tasks,
        "event": usage["platform"]["entries"].get("PutEvents", 0) / tasks,
    }
    return {name: round(quantity, 2) for name, quantity in used.items()}


def _slope(found: Mapping[str, Any], night: int) -> float:
    """CPU seconds that 100,000 more inventory records cost."""
    rows = (row for row in found["nights"]["inventory"] if row["name"] == "ours" and row["night"] == night)
    return float(next(rows)["slope"])


def _largest(found: Mapping[str, Any]) -> int:
    return max(int(size) for row in found["nights"]["inventory"] if row["name"] == "ours" for size in row["cpu"])


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else BENCH)
