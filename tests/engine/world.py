"""A whole system in memory: dispatcher, sweep and worker over fakes, one source, one clock that a test moves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from planster_sync.engine.dispatch import Dispatcher, TickReport
from planster_sync.engine.erasing import Erasing
from planster_sync.engine.night_sweep import NightSweep
from planster_sync.engine.starting import Starter
from planster_sync.engine.sweep import Sweep, Sweeps
from planster_sync.engine.task import Worker, Workshop
from planster_sync.model.data_types import DataType
from planster_sync.model.integrations import Integration, IntegrationStatus, Schedule
from planster_sync.model.runs import Mode, Run, StreamKey, Task, TaskMessage
from planster_sync.model.streams import Stream
from planster_sync.model.timings import Timings
from planster_sync.ports.erasing import Trace
from planster_sync.ports.source import Connector, Page
from planster_sync.ports.stores import RecordKey
from tests.fakes.clock import ManualClock
from tests.fakes.memory_platform import CountedIdentity, MemoryEvents, MemoryJournal, MemoryMetrics, MemoryQueue
from tests.fakes.memory_stores import MemoryStores, StoredRecord
from tests.fakes.memory_write_backs import MemoryWriteQueue
from tests.fakes.scripted_source import ScriptedSource


@contextmanager
def step_by_step(pages: Iterator[Page]) -> Iterator[Iterator[Page]]:
    """No read-ahead: a page is asked for when it is wanted."""
    yield pages


class Killed(BaseException):
    """The worker's process is gone at this very call; nothing after it happens."""


class World:
    """One organisation, one integration on a scripted source."""

    def __init__(self, **changes: Any) -> None:
        self.clock = ManualClock()
        self.stores = MemoryStores(self.clock)
        self.queue = MemoryQueue()
        self.write_queue = MemoryWriteQueue()
        self.events = MemoryEvents()
        self.journal = MemoryJournal()
        self.metrics = MemoryMetrics()
        self.source = ScriptedSource(self.clock)
        self.timings = Timings()
        self.identity = CountedIdentity()
        self.connecting: Callable[[], None] = lambda: None
        self.traces: dict[str, Trace] = {"records": self._erase_records}
        integration = Integration(
            "org1",
            "int1",
            "scripted",
            "Main warehouse",
            IntegrationStatus.ACTIVE,
            Schedule(),
            self.clock.now(),
            due_at=self.clock.now(),
        )
        self.stores.integrations.put(replace(integration, **changes))

    @property
    def integration(self) -> Integration:
        found = self.stores.integrations.get("org1", "int1")
        assert found is not None
        return found

    def shop(self, **changes: Any) -> Workshop:
        @contextmanager
        def connect(integration: Integration) -> Iterator[Connector]:
            self.connecting()
            yield self.source

        shop = Workshop(
            integrations=self.stores.integrations,
            runs=self.stores.runs,
            streams=self.stores.streams,
            records=self.stores.records,
            quarantine=self.stores.quarantine,
            adjustments=self.stores.adjustments,
            objects=self.stores.indexes,
            queue=self.queue,
            events=self.events,
            clock=self.clock,
            identity=self.identity,
            journal=self.journal,
            metrics=self.metrics,
            erasing=Erasing(
                self.stores.integrations,
                self.stores.disconnections,
                self.traces,
                self.queue,
                self.clock,
                self.timings,
                self.journal,
            ),
            timings=self.timings,
            capabilities=lambda name: self.source.declared,
            connect=connect,
            open_pages=step_by_step,
        )
        return replace(shop, **changes)

    @property
    def starter(self) -> Starter:
        return Starter(self.stores.runs, self.queue, self.clock, self.identity, self.timings)

    def dispatcher(self, shop: Workshop | None = None) -> Dispatcher:
        """The dispatcher with its sweep, on a workshop's collaborators."""
        on = shop or self.shop()
        starter = Starter(on.runs, on.queue, on.clock, on.identity, on.timings)
        runs = Sweep(on.runs, on.streams, on.queue, starter, on.ending, on.clock, on.timings, on.journal)
        kept = self.stores.nights
        nights = NightSweep(kept, on.integrations, on.runs, on.capabilities, on.clock, on.metrics, on.journal)
        sweeps = Sweeps((runs, nights))
        return Dispatcher(on.integrations, on.runs, kept, starter, sweeps, on.capabilities, on.clock, on.journal, 0)

    def tick(self, shop: Workshop | None = None) -> TickReport:
        now = self.clock.now()
        return self.dispatcher(shop).tick(now, now + timedelta(seconds=50))

    def until_due(self) -> None:
        """Lets the next slot come."""
        due = self.integration.due_at
        if due is not None:
            self.clock.advance((due - self.clock.now()).total_seconds())

    def run(self, id_: str) -> Run:
        found = self.stores.runs.get("org1", "int1", id_)
        assert found is not None
        return found

    def approve(self, read: str = "orders") -> None:
        """A person confirms the held deletions."""
        assert self.stores.streams.approve(
            StreamKey("org1", "int1", read), last_run=self.stream(read).last_run or "", at=self.clock.now()
        )

    def reject(self, read: str = "orders") -> None:
        """A person refuses them."""
        assert self.stores.streams.reject(
            StreamKey("org1", "int1", read), last_run=self.stream(read).last_run or "", at=self.clock.now()
        )

    def change(self, **changes: Any) -> None:
        """Changes the integration's row."""
        self.stores.integrations.put(replace(self.integration, **changes))

    def lose_indexes(self) -> None:
        self.stores.indexes.indexes.clear()

    def quarantine(self, read: str = "orders") -> list[str]:
        """The ids of the source records in quarantine."""
        entries = self.stores.quarantine.entries(StreamKey("org1", "int1", read))
        return sorted(entry.source for entry in entries)

    def stored(self, id_: str, data_type: DataType = DataType.ORDERS) -> StoredRecord:
        """The row of a record as it lies there, tombstone or not."""
        found = self.stores.records.stored(StreamKey("org1", "int1", ""), RecordKey(data_type, id_))
        assert found is not None
        return found

    def work(self, shop: Workshop | None = None, *, slice_seconds: float = 240) -> None:
        """Handles queued messages, in order, until none is left; time passes where a message is delayed."""
        while waiting := self.queue.drain():
            for sent in waiting:
                if sent.delay_seconds:
                    self.clock.advance(sent.delay_seconds)
                self.handle(sent.message, shop, slice_seconds=slice_seconds)

    def handle(self, message: TaskMessage, shop: Workshop | None = None, *, slice_seconds: float = 240) -> float | None:
        worker = Worker(shop or self.shop())
        return worker.handle(message, self.clock.now() + timedelta(seconds=slice_seconds))

    def night(self, shop: Workshop | None = None, *, slice_seconds: float = 240) -> Run:
        """Lets the next slot come, runs it to its end, and gives the run."""
        self.until_due()
        self.tick()
        self.work(shop, slice_seconds=slice_seconds)
        return self.last_run()

    def sync(self, *data_types: DataType, mode: Mode = Mode.AUTO) -> Run:
        started = self.starter.by_hand(self.integration, self.source.declared, data_types, mode, "planner")
        self.work()
        return self.run(started.run.id)

    def last_run(self) -> Run:
        return self.stores.runs.recent("org1", "int1", 1, None)[0][0]

    def task(self, read: str = "orders") -> Task:
        return self.last_run().tasks[read]

    def stream(self, read: str = "orders") -> Stream:
        return self.stores.streams.get(StreamKey("org1", "int1", read))

    def live(self, data_type: DataType = DataType.ORDERS) -> dict[str, dict[str, Any]]:
        """Live stored records of a type, by id."""
        return {
            row.key.id: row.attributes
            for row in self.stores.records.rows.values()
            if row.key.data_type is data_type and row.deleted_at is None
        }

    def _erase_records(self, integration: Integration, _until: datetime) -> int:
        """The integration's records are gone, as if it had never been."""
        count = len(self.stores.records.rows)
        self.stores.records.rows.clear()
        return count

    def sweep_until_quiet(self, ticks: int = 40, every: timedelta = timedelta(minutes=15)) -> None:
        """Lets ticks come and messages be handled until no run is unfinished."""
        for _ in range(ticks):
            if not self.stores.runs.active("org1", "int1"):
                return
            self.clock.advance(every.total_seconds())
            self.tick()
            self.work()
        raise AssertionError("a run never ended")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)
