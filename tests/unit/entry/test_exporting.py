"""An export's segments: one file however often the worker stops, doubled messages beside each other, and failures."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest

from planster_sync.entry.exporting import Exporter
from planster_sync.errors import StoreBusy, Unsupported
from planster_sync.model.data_types import DataType
from planster_sync.model.exports import Export, ExportState
from planster_sync.model.integrations import IntegrationStatus
from tests.engine.world import World
from tests.fakes.memory_exports import MemoryExportFiles, MemoryExports
from tests.fakes.memory_records_reader import MemoryRecordsReader


@dataclass
class Slow:
    """A reader that needs a second for a page, and may fail."""

    world: World
    fails: Exception | None = None

    def __getattr__(self, name: str) -> Any:
        def read(*args: Any, **fields: Any) -> Any:
            if self.fails is not None:
                raise self.fails
            self.world.clock.advance(1)
            fields["limit"] = 5
            return getattr(MemoryRecordsReader(self.world.stores.records), name)(*args, **fields)

        return read


@dataclass
class Bench:
    world: World = field(default_factory=World)
    exports: MemoryExports = field(default_factory=MemoryExports)
    files: MemoryExportFiles = field(default_factory=MemoryExportFiles)
    part: int = 1

    def __post_init__(self) -> None:
        self.world.source.fill(23)
        self.world.night()
        self.world.queue.drain()
        self.records = Slow(self.world)

    @property
    def exporter(self) -> Exporter:
        world = self.world
        return Exporter(
            world.stores.integrations, self.exports, self.files, self.records, world.queue, world.clock,
            world.timings, world.journal, self.part,
        )  # fmt: skip

    def asked(self, **fields: Any) -> Export:
        now = self.world.clock.now()
        made = Export("org1", "int1", "e1", DataType.ORDERS, fields.pop("form", "ndjson"), now, "user-7", **fields)
        self.exports.create(made)
        return made

    def run(self, seconds: float = 2) -> int:
        """Hands over messages until there are none; gives how many there were."""
        handed = 0
        messages = [self.row.message]
        while messages:
            for message in messages:
                handed += 1
                assert self.exporter.handle(message, self.world.clock.now() + timedelta(seconds=seconds)) is None
            messages = [each.message for each in self.world.queue.drain()]
        return handed

    @property
    def row(self) -> Export:
        return self.exports.rows["org1", "int1", "e1"]

    @property
    def text(self) -> str:
        return gzip.decompress(self.files.files["e1"]).decode()


def ids(text: str) -> list[str]:
    return sorted(json.loads(line)["id"] for line in text.splitlines())


EVERY = [f"o{number:03d}" for number in range(23)]


def test_one_file_is_written_however_often_the_worker_stops() -> None:
    bench = Bench()
    bench.asked()

    segments = bench.run(seconds=1)

    assert ids(bench.text) == EVERY
    assert segments > 3
    assert (bench.row.state, bench.row.records, bench.row.bytes) == (
        ExportState.READY,
        23,
        len(bench.files.files["e1"]),
    )


def test_what_is_not_durable_is_read_again_and_told_once() -> None:
    """A part is larger than what fits into a slice here, but for the last one."""
    bench = Bench(part=10**6)
    bench.asked()

    bench.run(seconds=100)

    assert ids(bench.text) == EVERY
    assert len(bench.row.parts) == 1


def test_names_of_columns_stand_once_and_formulas_are_text() -> None:
    bench = Bench()
    for place, row in bench.world.stores.records.rows.items():
        if place[2] is DataType.ORDERS:
            changed = replace(row, attributes={**row.attributes, "reference_id": "=1+1"})
            bench.world.stores.records.rows[place] = changed
    bench.asked(form="csv")

    bench.run(seconds=1)

    lines = bench.text.splitlines()
    assert [line.startswith("id,") for line in lines] == [True] + [False] * 23
    assert all("'=1+1" in line for line in lines[1:])


def test_filters_hold_in_every_segment() -> None:
    bench = Bench()
    for name in ("o003", "o021"):
        place = ("org1", "int1", DataType.ORDERS, name)
        row = bench.world.stores.records.rows[place]
        bench.world.stores.records.rows[place] = replace(row, attributes={**row.attributes, "warehouse_id": "w1"})
    bench.asked(warehouse="w1")

    bench.run(seconds=1)

    assert ids(bench.text) == ["o003", "o021"]


def test_a_doubled_message_waits_and_then_does_nothing() -> None:
    bench = Bench()
    asked = bench.asked()
    held_until = bench.world.clock.now() + timedelta(seconds=60)
    bench.exports.change(asked, replace(asked, state=ExportState.WRITING, held_until=held_until))

    waits = bench.exporter.handle(asked.message, bench.world.clock.now() + timedelta(seconds=5))
    bench.world.clock.advance(61)
    bench.run()
    late = bench.exporter.handle(asked.message, bench.world.clock.now() + timedelta(seconds=5))

    assert (waits, late, bench.row.state) == (60.0, None, ExportState.READY)
    assert ids(bench.text) == EVERY


def test_a_busy_store_has_the_message_come_back() -> None:
    bench = Bench()
    asked = bench.asked()
    bench.records.fails = StoreBusy("The store is busy.")

    with pytest.raises(StoreBusy):
        bench.run()
    bench.records.fails = None
    bench.run()

    assert (bench.row.state, bench.row.id) == (ExportState.READY, asked.id)


def test_what_cannot_be_mended_by_itself_ends_with_its_reason() -> None:
    bench = Bench()
    bench.asked()
    bench.records.fails = Unsupported("There is no such list.")

    bench.run()

    assert bench.row.state is ExportState.FAILED
    assert bench.row.problem is not None
    assert bench.row.problem.code == "unsupported"
    assert bench.files.uploads == {}


def test_segments_without_headway_end() -> None:
    bench = Bench(part=10**6)
    bench.asked()

    bench.run(seconds=1)

    assert bench.row.state is ExportState.FAILED
    assert bench.row.problem is not None
    assert bench.row.problem.code == "no_progress"


def test_nothing_is_written_of_what_is_being_disconnected() -> None:
    bench = Bench()
    asked = bench.asked()
    leaving = replace(bench.world.integration, status=IntegrationStatus.DISCONNECTING)
    bench.world.stores.integrations.put(leaving)

    assert bench.exporter.handle(asked.message, bench.world.clock.now() + timedelta(seconds=5)) is None

    assert (bench.files.files, bench.row.state) == ({}, ExportState.REQUESTED)
