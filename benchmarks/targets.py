"""What the sync is meant to reach, and what it reached."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from benchmarks.report import changed, first_load, night2, rows_by, summary

Found = Mapping[str, Any]
_INDEXES = 2
"""Of the table of records: by change, and by SKU."""
_WRITES_A_TASK = 100
_BYTES_OF_INDEX = 48
_API_P95 = 50.0
"""Of what a planner notices nothing."""
_COLD = {"sync_dispatcher": 1.3, "sync_worker": 1.5, "manual_sync_api": 1.8}


@dataclass(frozen=True, slots=True)
class Judged:
    what: str
    wanted: str
    measured: str
    is_met: bool


def judged(found: Found) -> list[Judged]:
    """Every target for which there is a figure."""
    said = summary(found)
    parts: tuple[Callable[[], Iterator[Judged]], ...] = (
        lambda: (one for kind in found["nights"] for one in _first_load(kind, first_load(rows_by(found, kind)))),
        lambda: (one for kind in found["nights"] for one in _night2(kind, night2(rows_by(found, kind)))),
        lambda: (one for kind in found["nights"] for one in _writes(kind, rows_by(found, kind)["ours", 2])),
        lambda: _conditions(found),
        lambda: _memory(found),
        lambda: _dispatcher(said["dispatcher"]),
        lambda: _load(found.get("load")),
        lambda: _cold_start(said["cold_start_ms"]),
    )
    return [one for part in parts for one in part()]


def _times(what: str, one: float | None, other: float | None, most: float, shown: str = "") -> Iterator[Judged]:
    """Nothing where one is not there, or where small sizes on a busy machine gave a line that falls."""
    if one and other and min(one, other) > 0:
        ratio = one / other
        yield Judged(
            what, f"{shown or f'{most:g}'} times", f"{ratio:.3g} times ({one:.2f} / {other:.2f})", ratio <= most
        )


def _most(what: str, one: float | None, most: float, unit: str = "") -> Iterator[Judged]:
    if one is not None:
        yield Judged(what, f"{most:,.4g}{unit}", f"{one:,.4g}{unit}", one <= most)


def _first_load(kind: str, said: Found) -> Iterator[Judged]:
    ours, what = said["ours_cpu"], f"{kind}, first load: CPU, of the"
    yield from _times(f"{what} floor's", ours, said["floor_cpu"], 2.6)
    yield from _times(f"{what} handwritten sync's", ours, said["handwritten_cpu"], 1 / 5, "1/5")
    yield from _times(f"{what} best framework's", ours, said["best_framework_cpu"], 1 / 6, "1/6")


def _night2(kind: str, said: Found) -> Iterator[Judged]:
    ours, volatile = said["ours_cpu"], said["ours_volatile_cpu"]
    hashing, hashing_volatile = said["hashing_peer_cpu"], said["hashing_peer_volatile_cpu"]
    what = f"{kind}, next night:"
    yield from _times(f"{what} slope, of the floor's", said["ours_slope"], said["floor_slope"], 2)
    yield from _most(f"{what} fixed CPU of a task", said["fixed_cpu"], 0.7, " s")
    yield from _times(f"{what} CPU, of the hashing sync's", ours, hashing, 1 / 3, "1/3")
    yield from _times(f"{what} CPU, of the handwritten sync's", ours, said["handwritten_cpu"], 1 / 45, "1/45")
    yield from _times(f"{what} CPU, of the fastest incremental's", ours, said["best_incremental_cpu"], 1.2)
    yield from _times(f"{kind}, volatile night: CPU, of the hashing sync's", volatile, hashing_volatile, 1 / 3, "1/3")
    yield from _most(f"{what} records left wrong", said["left_wrong"], 0)


def _writes(kind: str, row: Found) -> Iterator[Judged]:
    """Writes of records and of index entries: an entry is below 1 KB, so that its units are its writes."""
    table, records = row["usage"]["dynamodb"]["tables"]["records"], row["usage"]["records"]
    written = table["puts"] + table["updates"] + table["deletes"] + table["index_units"]
    most = changed(row) * (1 + _INDEXES) * 1.1 + _WRITES_A_TASK
    yield from _most(f"{kind}, next night: writes, indexes included", written, most)
    read = sum(one["read_units"] for one in row["usage"]["dynamodb"]["tables"].values())
    yield from _most(f"{kind}, next night: read units", read, records / 100)


def _conditions(found: Found) -> Iterator[Judged]:
    latency, throttled = found.get("latency"), found.get("throttled")
    if latency:
        ours, floor = latency["ours"]["wall"], latency["floor, 4 threads"]["wall"]
        yield from _times("first load with latency: wall, of the floor's with 4 threads", ours, floor, 1)
    if throttled:
        yield from _most("first load, throttled: times what the limit dictates", throttled["ratio"], 1.3)
        yield from _most("first load, throttled: records left wrong", throttled["left_wrong"], 0)
    if found.get("unchanged"):
        yield from _most("nothing changed: record writes", found["unchanged"]["record_writes"], 0)


def _memory(found: Found) -> Iterator[Judged]:
    """The reading path's own memory: what the index may take in memory is left out."""
    several = {int(records): mb for records, mb in summary(found)["memory_mb"].items()}
    few, many = min(several), max(several)
    if few == many:
        return
    own = {records: several[records] - records * _BYTES_OF_INDEX / 1e6 for records in (few, many)}
    what = f"memory of the reading path, {many:,} records, of that of {few:,}"
    yield from _times(what, own[many], own[few], 1.1)
    for one in found.get("memory", ()):
        size = one["index_bytes"] / one["records"]
        yield from _most(f"index at rest, bytes a record, {one['records']:,}", size, _BYTES_OF_INDEX)
        if one["records"] == 1_000_000:
            yield from _most("memory, 1,000,000 records", max(one["first_mb"], one["night2_mb"]), 512, " MB")


def _dispatcher(said: Found) -> Iterator[Judged]:
    seconds = said["seconds"] * 10_000 / said["integrations"]
    yield from _most("dispatcher, 10,000 integrations due: CPU", seconds, 60, " s")


def _load(one: Found | None) -> Iterator[Judged]:
    for kind in one["kinds"] if one else ():
        what = f"API, {one['rate']} a second, {kind['run']} of {kind['integrations']}:" if one else ""
        yield from _most(f"{what} CPU", kind["cpu_ms"], 1000 / one["rate"] if one else 0, " ms")
        yield from _most(f"{what} p95", kind["ms"]["p95"], _API_P95, " ms")
        yield from _most(f"{what} DynamoDB requests each", kind["dynamodb"], 1.1 if "page" in kind["run"] else 2.1)


def _cold_start(said: Found) -> Iterator[Judged]:
    for function, most in _COLD.items():
        yield from _times(f"cold start: {function}, of the bare handler's", said[function], said["bare"], most)
