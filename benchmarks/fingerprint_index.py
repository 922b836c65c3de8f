"""What an unchanged record and its place in the index cost.

    .venv/bin/python -m benchmarks.fingerprint_index [RECORDS]

Prints CPU times of this process: hashing against parsing a source record, and packing and reading a stream's index.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from typing import Any

import msgspec

from planster_sync.engine.fingerprints import raw_fingerprint
from planster_sync.engine.index import Index
from planster_sync.engine.index_file import Entry, Output, unpack_index

ROUNDS = 5


def main(records: int) -> None:
    raw = [_record(number) for number in range(records)]
    for name, work in (
        ("hash", lambda: [raw_fingerprint(each, frozenset()) for each in raw]),
        ("parse with msgspec", lambda: [msgspec.json.decode(each) for each in raw]),
        ("parse with json", lambda: [json.loads(each) for each in raw]),
    ):
        print(f"{name:<20} {_seconds(work) / records * 1e6:6.2f} µs a record of {len(raw[0])} bytes")
    index = Index("table", "mapping", {f"item-{n:08d}": _entry(n, each) for n, each in enumerate(raw)})
    packed = index.to_bytes(None)
    print(f"{'pack the index':<20} {_seconds(lambda: index.to_bytes(None)):6.2f} s for {records} entries")
    print(f"{'unpack the index':<20} {_seconds(lambda: unpack_index(packed)):6.2f} s from {len(packed) / 1e6:.1f} MB")


def _record(number: int) -> bytes:
    splits = {f"wh-{place}": {"onhand": number % 97, "committed": place, "sellable": None} for place in range(6)}
    fields = {"id": f"item-{number:08d}", "sku": f"SKU-{number}", "name": "Cedar candle 200 g" * 4}
    return json.dumps({**fields, "inventory_by_warehouse_id": splits, "lots": [], "additional_fields": {}}).encode()


def _entry(number: int, raw: bytes) -> Entry:
    fingerprint = raw_fingerprint(raw, frozenset())
    return Entry(fingerprint, [Output("inventory_levels", f"item-{number:08d}", fingerprint ^ 1)])


def _seconds(work: Callable[[], Any]) -> float:
    """The best of a few rounds: what the machine does besides only ever adds."""
    best = float("inf")
    for _ in range(ROUNDS):
        began = time.process_time()
        work()
        best = min(best, time.process_time() - began)
    return best


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
