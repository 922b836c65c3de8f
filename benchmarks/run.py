"""Measures the product and its peers side by side; writes build/bench.json and docs/benchmarks.md.

    make bench          everything: about an hour
    make bench-quick    one data type at smaller sizes: about two minutes; leaves docs/benchmarks.md as it is

`--only inventory,latency` measures parts; the others keep their last figures in build/bench-all.json. Cold starts need
the built template: a quick run takes those of the last whole one, where there are any.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks import document, extremes, report
from benchmarks.bench import Bench, opened
from benchmarks.dispatcher import measure_dispatcher, measure_resumed
from benchmarks.load import measure_load
from benchmarks.measuring import OURS, PEERS, ROOT, ProgramFailed, measure, progress
from benchmarks.nights import Nights, measure_nights
from benchmarks.sizes import FULL, QUICK, Sizes, sizes_for

ALL = {FULL.name: ROOT / "build" / "bench-all.json", QUICK.name: ROOT / "build" / "bench-quick.json"}
SUMMARY = ROOT / "build" / "bench.json"
_OURS = ("boto3", "msgspec", "pydantic", "requests", "xxhash")
_PEERS = ("airbyte-cdk", "boto3", "dlt", "orjson", "pydantic", "requests", "singer-sdk")

Found = dict[str, Any]


def main() -> None:
    parser = argparse.ArgumentParser(description="Measures the product and its peers side by side.")
    parser.add_argument("--quick", action="store_true", help="smaller sizes, one data type, about two minutes")
    parser.add_argument("--only", default="", help="parts, separated by commas")
    given = parser.parse_args()
    sizes = QUICK if given.quick else FULL
    began = time.monotonic()
    found = {**_kept(sizes, given.only), "sizes": asdict(sizes), "machine": machine()}
    with opened() as bench:
        for name, part in parts(sizes).items():
            if (not given.only or name in given.only.split(",")) and not (given.quick and name in found):
                print(f"{time.monotonic() - began:5.0f} s  {name}", file=sys.stderr, flush=True)
                part(bench, found)
                _keep(found, sizes)
    print(f"{time.monotonic() - began:5.0f} s  done", file=sys.stderr, flush=True)
    SUMMARY.write_text(json.dumps(report.summary(found), indent=2) + "\n")
    if not given.quick:
        document.write(found)
    print(SUMMARY.read_text())


def parts(sizes: Sizes) -> dict[str, Callable[[Bench, Found], None]]:
    """What is measured, by name, in order; each part adds to what was found."""
    return {
        **{kind: _nights(kind, sizes_for(kind, sizes)) for kind in sizes.kinds},
        "dispatcher": _under("dispatcher", lambda bench: measure_dispatcher(bench, sizes.integrations)),
        **_large(sizes),
        "load": _under("load", lambda bench: measure_load(bench, sizes.rate, sizes.load_seconds, sizes.organisations)),
        "cold": _under("cold", lambda _bench: cold_starts(sizes.cold_starts)),
    }


def _large(sizes: Sizes) -> dict[str, Callable[[Bench, Found], None]]:
    """What a quick run leaves out."""
    if sizes is QUICK:
        return {}
    return {
        "resumed": _under("resumed", lambda bench: measure_resumed(bench, sizes.resumed)),
        "unchanged": _under("unchanged", lambda bench: extremes.nothing_changed(bench, sizes.some)),
        "empty": _under("empty", lambda bench: extremes.empty_answer(bench, sizes.some)),
        "latency": _under("latency", lambda bench: extremes.with_latency(bench, sizes.latency)),
        "throttled": _under("throttled", lambda bench: extremes.throttled(bench, sizes.throttled)),
        "small": _under("small", lambda bench: small_streams(bench, sizes.small_streams)),
        "memory": _under("memory", lambda bench: [extremes.memory(bench, records) for records in sizes.memory]),
    }


def _nights(kind: str, sizes: Sizes) -> Callable[[Bench, Found], None]:
    def part(bench: Bench, found: Found) -> None:
        found.setdefault("nights", {})[kind] = rows(measure_nights(bench, kind, sizes))

    return part


def rows(nights: Nights) -> list[Found]:
    return [
        {
            "name": row.name,
            "night": row.night,
            "per_100k": row.per_100k,
            "slope": row.slope,
            "fixed": row.fixed,
            "cpu": row.cpu,
            "wall": row.wall,
            "rss_mb": row.rss_mb,
            "usage": row.usage,
            "counts": row.counts,
            "wrong": asdict(row.wrong) if row.wrong else None,
        }
        for row in nights.rows.values()
    ]


def _under(name: str, measured: Callable[[Bench], Any]) -> Callable[[Bench, Found], None]:
    def part(bench: Bench, found: Found) -> None:
        found[name] = measured(bench)

    return part


def small_streams(bench: Bench, tasks: int) -> list[Found]:
    """Each night's CPU seconds and requests of all small tasks."""
    bench.endpoint.control("clear")
    command: list[str | Path] = [OURS, "-m", "benchmarks.small_streams", "--upstream", bench.upstream.url]
    command += ["--endpoint", bench.endpoint.url, "--tasks", str(tasks)]
    run = measure(f"{tasks:,} small tasks", command)
    lines = [json.loads(line) for line in run.output.splitlines() if line.startswith('{"night"')]
    return [*lines, {"night": "last", "usage": bench.endpoint.stats()}]


def cold_starts(runs: int) -> Found | None:
    """What `benchmarks.cold_start` measures of the built functions; None where it cannot, and why on stderr."""
    try:
        run = measure("cold starts", [OURS, "-m", "benchmarks.cold_start", "--json", "--runs", str(runs)])
    except ProgramFailed as failed:
        print(f"  no cold starts: {str(failed)[-300:]}", file=sys.stderr, flush=True)
        return None
    told: Found = json.loads(run.output[run.output.index("{") :])
    return told


def machine() -> Found:
    with progress("versions"):
        asked = f"import importlib.metadata as m, json; print(json.dumps({{n: m.version(n) for n in {_PEERS!r}}}))"
        peers = subprocess.run([PEERS, "-c", asked], capture_output=True, text=True, check=True)
    return {
        "at": datetime.now(UTC).isoformat(timespec="minutes"),
        "processors": os.cpu_count(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "ours": {name: version(name) for name in _OURS},
        "peers": json.loads(peers.stdout),
    }


def _keep(found: Found, sizes: Sizes) -> None:
    ALL[sizes.name].parent.mkdir(exist_ok=True)
    ALL[sizes.name].write_text(json.dumps(found, indent=1) + "\n")


def _kept(sizes: Sizes, only: str) -> Found:
    """What an earlier run measured and this one will not."""
    whole: Found = json.loads(ALL[FULL.name].read_text()) if ALL[FULL.name].exists() else {}
    if sizes is FULL:
        return whole if only else {}
    return {"cold": whole["cold"]} if whole.get("cold") else {}


if __name__ == "__main__":
    main()
