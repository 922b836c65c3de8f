"""Runs schedules on every core, and prints how often each fault point was hit and each invariant was checked.

    python -m tests.chaos                    10,000 schedules from a fresh seed, which is printed
    SEEDS=1000 FIRST=77 python -m ...        so many, from that one
    SEED=123 TRACE=1 python -m tests.chaos   one schedule again, with what happened

Writes build/chaos.json. Ends with 1 where an invariant was broken; the seeds to replay are printed.
"""

from __future__ import annotations

import json
import os
import secrets
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from tests.chaos.report import ONE_IN, Outcome, merged, run_one, table

OUTPUT = Path("build/chaos.json")
AT_ONCE = 10


def main() -> int:
    if os.environ.get("PYTHONHASHSEED") != "0":
        os.environ["PYTHONHASHSEED"] = "0"  # the order of sets is part of what a seed stands for
        os.execv(sys.executable, [sys.executable, "-m", "tests.chaos"])  # noqa: S606  itself again
    seed = os.environ.get("SEED")
    if seed:
        outcome = run_one(int(seed), trace=bool(os.environ.get("TRACE")))
        return _closing(merged([outcome]), int(seed), 1)
    count = int(os.environ.get("SEEDS", "10000"))
    first = int(os.environ.get("FIRST") or secrets.randbelow(10**9))
    print(f"{count} schedules from seed {first}; one in {ONE_IN} is told twice.", flush=True)
    total = merged(_outcomes(first, count))
    OUTPUT.parent.mkdir(exist_ok=True)
    OUTPUT.write_text(json.dumps(total.as_json(), indent=1) + "\n")
    return _closing(total, first, count)


def _outcomes(first: int, count: int) -> Iterator[Outcome]:
    began = shown = time.monotonic()
    batches = [range(start, min(start + AT_ONCE, first + count)) for start in range(first, first + count, AT_ONCE)]
    done = 0
    with ProcessPoolExecutor() as pool:
        for outcome in pool.map(_run_batch, batches):
            done += outcome.schedules
            for seed, invariant, what in outcome.broken[:3]:
                print(f"  BROKEN  make chaos SEED={seed} TRACE=1    {invariant}  {what[:120]}", flush=True)
            yield outcome
            if time.monotonic() - shown > 2:
                shown = time.monotonic()
                rate = done / (shown - began)
                left = (count - done) / rate
                print(f"  {done} schedules, {rate:.0f} a second, {left:.0f} s left", flush=True)


def _run_batch(seeds: range) -> Outcome:
    return merged([run_one(seed, trace=False) for seed in seeds])


def _closing(total: Outcome, first: int, count: int) -> int:
    print(table(total))
    if not total.broken:
        print(f"No invariant was broken in {count} schedules from seed {first}.")
        return 0
    kinds = Counter(invariant for _, invariant, _ in total.broken)
    print(f"BROKEN: {dict(kinds)}")
    for seed, invariant, what in total.broken[:20]:
        print(f"  make chaos SEED={seed} TRACE=1    {invariant}  {what[:160]}")
    return 1


if __name__ == "__main__":
    sys.exit(main())
