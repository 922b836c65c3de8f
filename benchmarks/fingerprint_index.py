"""What an unchanged record and its place in the index cost.

    .venv/bin/python -m benchmarks.fingerprint_index [RECORDS]

Prints CPU times of this process, and bytes: hashing against parsing a source record; and, for a stream of plain records
and one whose records have a child and name a shared record each, learning, storing, loading and reading again.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from functools import partial
from hashlib import blake2b
from typing import Any

import msgspec
from xxhash import xxh3_64_intdigest

from planster_sync.engine.deletion import candidates
from planster_sync.engine.fingerprints import raw_fingerprint, record_fingerprint
from planster_sync.engine.index import Index
from planster_sync.engine.index_entries import Edge, Entry, Output
from planster_sync.engine.index_packing import objects_of, opened
from planster_sync.engine.sightings import Sightings

ROUNDS = 5
PAGE = 1000
CHANNELS = [Edge("order_channels", f"channel-{number}", b'{"name":"Shop"}') for number in range(4)]

MakeEntry = Callable[[int], Entry]


def main(records: int) -> None:
    raw = [_record(number) for number in range(min(records, 20_000))]
    for name, work in (
        ("hash", lambda: [raw_fingerprint(each, frozenset()) for each in raw]),
        ("parse with msgspec", lambda: [msgspec.json.decode(each) for each in raw]),
        ("parse with json", lambda: [json.loads(each) for each in raw]),
    ):
        print(f"{name:<24} {_seconds(work) / len(raw) * 1e6:8.2f} µs a record of {len(raw[0])} bytes")
    _measure("plain records", records, _plain)
    _measure("with child and edge", records, _with_child)
    print(f"peak resident memory     {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:8.0f} MB")


def _measure(name: str, records: int, entry: MakeEntry) -> None:
    index = Index("table", "mapping")
    print(f"\n{name}, {records}")
    _tell("learn, with its hashes", _once(lambda: _learn(index, records, entry)), records)
    _tell("store the first time", _once(lambda: _store(index)), records)
    _tell("store", _seconds(lambda: _store(index)), records)
    objects = _store(index)
    load = partial(opened, objects.get, "name", "run", xxh3_64_intdigest)
    _tell("load", _seconds(load), records)
    loaded = load()
    if loaded is None:
        raise SystemExit("The index cannot be read back.")
    _tell("read again, unchanged", _read(loaded, records), records)
    _tell("find what is missing", _seconds(lambda: _missing(loaded)), records)
    print(f"{'on disk':<24} {sum(map(len, objects.values())) / records:8.1f} bytes a record")
    print(f"{'in memory':<24} {_memory(loaded) / records:8.1f} bytes a record")


def _tell(name: str, seconds: float, records: int) -> None:
    print(f"{name:<24} {seconds / records * 1e6:8.2f} µs a record")


def _learn(index: Index, records: int, entry: MakeEntry) -> None:
    for number in range(records):
        index.put(_id(number), entry(number))


def _store(index: Index) -> dict[str, bytes]:
    return dict(objects_of(index, "name", None))


def _read(index: Index, records: int) -> float:
    """A reading in the order of the night before, the hash of 1.3 KB included; making the pages is not counted."""
    seconds = 0.0
    for start in range(0, records, PAGE):
        page = [(_id(number), _raw(number)) for number in range(start, min(start + PAGE, records))]
        seconds += _once(partial(_skim, index, page, start))
    if index.seen != records:
        raise SystemExit("A record was not recognised.")
    return seconds


def _skim(index: Index, page: list[tuple[str, bytes]], read_at: int) -> None:
    index.turn(read_at)
    sightings = Sightings(read_at)
    for id_, raw in page:
        index.skim(id_, record_fingerprint(id_, raw, frozenset()), sightings)


def _missing(index: Index) -> None:
    candidates(index, snapshot=True)


def _memory(index: Index) -> int:
    rows = index.rows
    columns = (rows.raws, rows.prints, rows.spots, rows.which, rows.seen, rows.table.cells, index.owners.table.cells)
    return len(rows.heap) + sum(len(column) * column.itemsize for column in columns)


def _plain(number: int) -> Entry:
    raw = record_fingerprint(_id(number), _raw(number), frozenset())
    return Entry(raw, (Output("inventory_levels", _id(number), raw ^ 1),))


def _with_child(number: int) -> Entry:
    raw = record_fingerprint(_id(number), _raw(number), frozenset())
    outputs = (Output("orders", _id(number), raw ^ 1), Output("order_shipments", f"shipment-{number}", raw ^ 2))
    return Entry(raw, outputs, (CHANNELS[number % len(CHANNELS)],), stamp=number)


def _id(number: int) -> str:
    return blake2b(b"%d" % number, digest_size=12).hexdigest()


def _raw(number: int) -> bytes:
    return b'{"id":%d,"text":"%s"}' % (number, b"Cedar candle 200 g, " * 64)


def _record(number: int) -> bytes:
    splits = {f"wh-{place}": {"onhand": number % 97, "committed": place, "sellable": None} for place in range(6)}
    fields = {"id": f"item-{number:08d}", "sku": f"SKU-{number}", "name": "Cedar candle 200 g" * 4}
    return json.dumps({**fields, "inventory_by_warehouse_id": splits, "lots": [], "additional_fields": {}}).encode()


def _seconds(work: Callable[[], Any]) -> float:
    """The best of a few rounds: what the machine does besides only ever adds."""
    return min(_once(work) for _ in range(ROUNDS))


def _once(work: Callable[[], Any]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
