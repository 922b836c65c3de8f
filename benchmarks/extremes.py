"""What happens to a sync where the network is slow, the table is throttled, the list is empty, or nothing changed."""

from __future__ import annotations

from typing import Any

from benchmarks.bench import FLOOR, FLOOR_THREADS, HASHING, Bench
from benchmarks.measuring import ProgramFailed
from benchmarks.nights import PRIME

KIND = "inventory"
PAGE_MS, REQUEST_MS = 200, 6
TABLE_LIMIT, PARTITION_LIMIT = 4000, 1000


def with_latency(bench: Bench, records: int) -> dict[str, Any]:
    """First load, 200 ms for each page of the upstream and 6 ms for each request to DynamoDB: wall and CPU seconds."""
    bench.begin()
    bench.warm(KIND, 1, records)
    bench.upstream.control("latency", f"ms={PAGE_MS}")
    bench.endpoint.control("latency", f"ms={REQUEST_MS}")
    ours = bench.ours(KIND, 1, records)
    floor = bench.peer(FLOOR_THREADS, KIND, 1, records)
    single = bench.peer(FLOOR, KIND, 1, records)
    bench.upstream.control("latency", "ms=0")
    bench.endpoint.control("latency", "ms=0")
    times = {"ours": ours, "floor, 4 threads": floor, "floor": single}
    return {"records": records, **{name: {"wall": run.wall, "cpu": run.cpu} for name, run in times.items()}}


def throttled(bench: Bench, records: int) -> dict[str, Any]:
    """First load into a table that takes 4,000 write units a second, 1,000 on one hash key.

    `least_seconds` is what the limit itself dictates: our records of one data type share a hash key. One second's worth
    of units is there at the start.
    """
    bench.begin()
    bench.warm(KIND, 1, records)
    bench.endpoint.control("limit", f"{TABLE_LIMIT},{PARTITION_LIMIT}")
    run = bench.ours(KIND, 1, records)
    stats = bench.endpoint.stats()["dynamodb"]
    bench.endpoint.control("limit", "")
    units = stats["tables"]["records"]["write_units"]
    least = max(units / PARTITION_LIMIT - 1, units / TABLE_LIMIT - 1)
    wrong = bench.ours_wrong(KIND, records)
    worked = run.told["worker_wall"]
    return {
        "records": records,
        "units": units,
        "refused_writes": stats["throttled"],
        "seconds": worked,
        "least_seconds": least,
        "ratio": worked / least,
        "left_wrong": wrong.all,
    }


def empty_answer(bench: Bench, records: int) -> dict[str, Any]:
    """The second night begins with an empty list, status 200: how many records each copy still holds after it."""
    bench.begin()
    bench.ours(KIND, 1, records)
    bench.peer(FLOOR, KIND, 1, records)
    bench.peer(PRIME, KIND, 1, records, state=bench.state(HASHING, KIND, records))
    bench.upstream.control("empty", "1")
    try:
        told = bench.ours(KIND, 2, records).told["status"]
    except ProgramFailed as failed:
        told = "failed" if "did not succeed" in str(failed) else str(failed)
    bench.peer(HASHING, KIND, 2, records)
    bench.upstream.control("empty", "0")
    return {
        "records": records,
        "ours": {"live": len(bench.ours_live(KIND)), "status": told},
        "handwritten + hashes": {"live": len(bench.peers_live(KIND))},
    }


def nothing_changed(bench: Bench, records: int) -> dict[str, Any]:
    """The same night again: what is written although nothing is different."""
    bench.begin()
    bench.ours(KIND, 1, records)
    bench.ours(KIND, 2, records)
    again = bench.ours(KIND, 2, records)
    table = bench.endpoint.stats()["dynamodb"]["tables"]["records"]
    writes = table["puts"] + table["updates"] + table["deletes"]
    return {"records": records, "record_writes": writes, "told": again.told["record_writes"]}


def memory(bench: Bench, records: int) -> dict[str, Any]:
    """Peak memory of the first load and of the next night, and what the index takes at rest."""
    bench.begin()
    first = bench.ours(KIND, 1, records)
    kept = bench.endpoint.stats()["s3"]["bytes_kept"]
    night = bench.ours(KIND, 2, records)
    wrong = bench.ours_wrong(KIND, records)
    return {
        "records": records,
        "first_mb": first.rss_mb,
        "night2_mb": night.rss_mb,
        "index_bytes": kept,
        "first_cpu": first.cpu,
        "night2_cpu": night.cpu,
        "messages": night.told["messages"],
        "left_wrong": wrong.all,
    }
