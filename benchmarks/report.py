"""What build/bench.json says: one figure for each question."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from benchmarks.sizes import FULL

_FRAMEWORKS = ("singer-sdk", "dlt", "airbyte-cdk")

Found = Mapping[str, Any]


def rows_by(found: Found, kind: str) -> dict[tuple[str, int], Found]:
    return {(row["name"], row["night"]): row for row in found["nights"][kind]}


def summary(found: Found) -> dict[str, Any]:
    """CPU in seconds for 100,000 inventory records; null where a run did not measure it."""
    rows = rows_by(found, "inventory")
    return {
        "first_load": first_load(rows),
        "night2": night2(rows),
        "memory_mb": memory_mb(found, rows),
        "dispatcher": {name: rounded(found["dispatcher"][name]) for name in ("integrations", "seconds", "mb")},
        "cold_start_ms": (found.get("cold") or {}).get(
            "cold_start_ms", dict.fromkeys(("bare", "sync_dispatcher", "sync_worker", "manual_sync_api"))
        ),
        "how": how(found),
    }


def first_load(rows: Mapping[tuple[str, int], Found]) -> dict[str, Any]:
    return {
        "ours_cpu": cpu(rows, "ours", 1),
        "floor_cpu": cpu(rows, "floor", 1),
        "handwritten_cpu": cpu(rows, "handwritten", 1),
        "best_framework_cpu": least(cpu(rows, name, 1) for name in _FRAMEWORKS),
    }


def night2(rows: Mapping[tuple[str, int], Found]) -> dict[str, Any]:
    ours = rows["ours", 2]
    incremental = [name for name, night in rows if night == 2 and name.endswith(", incremental")]
    rewrites = cpu(rows, "handwritten", 2)
    return {
        "ours_cpu": cpu(rows, "ours", 2),
        "ours_slope": rounded(ours["slope"]),
        "floor_slope": rounded(rows["floor", 2]["slope"]),
        "fixed_cpu": rounded(ours["fixed"]),
        "handwritten_cpu": rewrites if rewrites is not None else cpu(rows, "handwritten", 1),
        "hashing_peer_cpu": cpu(rows, "handwritten + hashes", 2),
        "best_incremental_cpu": least(cpu(rows, name, 2) for name in incremental),
        "ours_volatile_cpu": cpu(rows, "ours, volatile", 2),
        "hashing_peer_volatile_cpu": cpu(rows, "handwritten + hashes, volatile", 2),
        "writes_per_changed": rounded(writes_per_changed(ours)),
        "left_wrong": sum(ours["wrong"].values()),
    }


def writes_per_changed(row: Found) -> float:
    """Writes of records for each that had to be written; those of index entries are not among them."""
    table = row["usage"]["dynamodb"]["tables"]["records"]
    return float((table["puts"] + table["updates"] + table["deletes"]) / changed(row))


def changed(row: Found) -> int:
    """How many unified records the run itself says were created, updated or deleted."""
    return sum(counts["created"] + counts["updated"] + counts["deleted"] for counts in row["counts"].values())


def memory_mb(found: Found, rows: Mapping[tuple[str, int], Found]) -> dict[str, float]:
    """Peak of the second night, by records at the upstream."""
    measured = {str(records): mb for records, mb in rows["ours", 2]["rss_mb"].items()}
    measured |= {str(one["records"]): one["night2_mb"] for one in found.get("memory", ())}
    return dict(sorted(measured.items(), key=lambda pair: int(pair[0])))


def how(found: Found) -> str:
    sizes = found["sizes"]
    if sizes["name"] == FULL.name:
        return (
            "whole: ours, floors and hashing peer at 100,000 and 500,000; boto3-bound peers on a line through two sizes"
        )
    few, many = sizes["ours"]
    return (
        f"quick: figures for 100,000 lie on the line through {few:,} and {many:,} records (frameworks "
        f"{sizes['frameworks'][0]:,} and {sizes['frameworks'][1]:,}, handwritten {sizes['boto3'][0]:,} and "
        f"{sizes['boto3'][1]:,}); of the frameworks only the fastest of the last whole run; handwritten's second night "
        "is its first, for it writes everything again; cold starts are those of the last whole run, where there was one"
    )


def cpu(rows: Mapping[tuple[str, int], Found], name: str, night: int) -> float | None:
    row = rows.get((name, night))
    return rounded(row["per_100k"]) if row else None


def least(values: Iterable[float | None]) -> float | None:
    there = [value for value in values if value is not None]
    return min(there) if there else None


def rounded(value: float) -> float:
    return round(value, 3)
