"""What build/bench.json and the tables say of what was measured."""

from __future__ import annotations

from typing import Any

from benchmarks import document, targets
from benchmarks.nights import Row
from benchmarks.report import summary

USAGE = {"puts": 1100, "updates": 100, "deletes": 0, "write_units": 2000, "index_units": 2500, "read_units": 1.0}
CPU = {
    ("ours", 1): 12.0,
    ("floor", 1): 6.0,
    ("handwritten", 1): 90.0,
    ("singer-sdk", 1): 120.0,
    ("dlt", 1): 110.0,
    ("ours", 2): 1.2,
    ("floor", 2): 0.7,
    ("handwritten", 2): 85.0,
    ("handwritten + hashes", 2): 5.0,
    ("handwritten, incremental", 2): 1.9,
    ("dlt, incremental", 2): 2.5,
    ("ours, volatile", 2): 1.6,
    ("handwritten + hashes, volatile", 2): 5.5,
}


def row(name: str, night: int, cpu: float) -> dict[str, Any]:
    tables = {"records": USAGE} if name.startswith("ours") else {"peers": USAGE}
    return {
        "name": name,
        "night": night,
        "per_100k": cpu,
        "slope": cpu / 2,
        "fixed": cpu / 2,
        "rss_mb": {100_000: 80.0},
        "usage": {"records": 100_000, "dynamodb": {"requests": {"BatchWriteItem": 48}, "tables": tables}},
        "counts": {"inventory_levels": {"fetched": 100_000, "created": 100, "updated": 1000, "deleted": 100}},
        "wrong": {"missing": 0, "stale": 100 if "incremental" in name else 0, "different": 0},
    }


def api_kind(name: str, p99: float) -> dict[str, Any]:
    told = {"requests": 12_000, "answered_a_second": 199.9, "cpu_ms": 3.0, "dynamodb": 1.0, "bytes": 36_000}
    return {"run": name, "ms": {"p50": 4.0, "p95": 9.0, "p99": p99}, "integrations": 4, **told}


def found() -> dict[str, Any]:
    memory = {"first_mb": 120.0, "night2_mb": 150.0, "index_bytes": 44_000_000, "messages": 1}
    return {
        "sizes": {"name": "full", "ours": [100_000, 500_000]},
        "machine": {"at": "2026-03-01", "processors": 2, "system": "Linux", "python": "3.11", "ours": {}, "peers": {}},
        "nights": {"inventory": [row(name, night, cpu) for (name, night), cpu in CPU.items()]},
        "memory": [{"records": 1_000_000, "first_cpu": 9.0, "night2_cpu": 2.0, "left_wrong": 0, **memory}],
        "dispatcher": {
            "integrations": 10_000,
            "seconds": 50.0,
            "wall": 55.0,
            "mb": 70.0,
            "started": 10_000,
            "messages": 110_000,
            "dynamodb": {"PutItem": 10_000},
            "platform": {},
        },
        "load": {
            "rate": 200,
            "seconds": 60,
            "at": "2026-03-01",
            "load_before": 0.5,
            "kinds": [api_kind("status page", 20.0)],
        },
        "cold": {
            "cold_start_ms": {"bare": 280.0, "sync_dispatcher": 300.0, "sync_worker": 400.0, "manual_sync_api": 600}
        },
    }


def test_summary_answers_every_question_with_one_figure() -> None:
    said = summary(found())

    assert said["first_load"] == {
        "ours_cpu": 12.0,
        "floor_cpu": 6.0,
        "handwritten_cpu": 90.0,
        "best_framework_cpu": 110.0,
    }
    assert said["night2"] == {
        "ours_cpu": 1.2,
        "ours_slope": 0.6,
        "floor_slope": 0.35,
        "fixed_cpu": 0.6,
        "handwritten_cpu": 85.0,
        "hashing_peer_cpu": 5.0,
        "best_incremental_cpu": 1.9,
        "ours_volatile_cpu": 1.6,
        "hashing_peer_volatile_cpu": 5.5,
        "writes_per_changed": 1.0,
        "left_wrong": 0,
    }
    assert said["memory_mb"] == {"100000": 80.0, "1000000": 150.0}
    assert said["dispatcher"] == {"integrations": 10_000, "seconds": 50.0, "mb": 70.0}
    assert set(said["cold_start_ms"]) == {"bare", "sync_dispatcher", "sync_worker", "manual_sync_api"}


def test_a_target_is_met_or_missed_by_what_was_measured() -> None:
    judged = {one.what: one.is_met for one in targets.judged(found())}

    assert judged["inventory, first load: CPU, of the floor's"] is True
    assert judged["inventory, next night: CPU, of the handwritten sync's"] is True
    assert judged["inventory, next night: writes, indexes included"] is True
    assert judged["API, 200 a second, status page of 4: CPU"] is True
    assert judged["API, 200 a second, status page of 4: p95"] is True
    assert judged["API, 200 a second, status page of 4: DynamoDB requests each"] is True
    assert judged["cold start: manual_sync_api, of the bare handler's"] is False


def test_the_document_shows_every_candidate_beside_ours() -> None:
    text = document.made(found())

    assert all(f"| {name} |" in text for name, _ in CPU)
    assert "100 stale" in text
    assert "| status page | 4 | 4.0 | 9.0 | 20.0 | 3.00 | 200 | 1.00 | 36,000 |" in text
    assert "**no**" in text


def test_the_line_through_two_sizes_tells_what_100000_cost() -> None:
    row = Row("ours", 2, cpu={10_000: [1.1, 9.0, 1.0], 30_000: [1.3]})

    assert (round(row.slope, 3), round(row.fixed, 3), round(row.per_100k, 3)) == (1.0, 1.0, 2.0)


def test_what_was_measured_at_100000_is_not_taken_from_the_line() -> None:
    row = Row("ours", 2, cpu={100_000: [3.0, 1.0, 2.0], 500_000: [6.0]})

    assert (row.per_100k, row.slope) == (2.0, 1.0)
