"""A whole write-back system in memory: who asks, the row, the queue, the worker and the sweep, on one connector."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from planster_sync.engine.write_back import WriteWorker
from planster_sync.engine.write_requests import WriteRequests
from planster_sync.engine.write_sweep import WriteSweep
from planster_sync.model.integrations import Integration, IntegrationStatus, Schedule
from planster_sync.model.timings import Timings
from planster_sync.ports.source import Connector
from planster_sync.ports.write_backs import WriteBack
from planster_sync.ports.writing import InboundShipmentChange, InboundShipmentDraft
from tests.fakes.clock import ManualClock
from tests.fakes.memory_platform import CountedIdentity, MemoryJournal
from tests.fakes.memory_stores import MemoryStores
from tests.fakes.memory_write_backs import MemoryWriteBacks, MemoryWriteQueue


def _pass() -> None:
    pass


def _unheard(_: WriteBack) -> None:
    pass


@dataclass
class WriteDesk:
    """One integration on one connector. `watch` wraps the collaborators of a worker, for whoever wants it killed."""

    connector: Connector
    clock: ManualClock = field(default_factory=ManualClock)
    journal: MemoryJournal = field(default_factory=MemoryJournal)
    queue: MemoryWriteQueue = field(default_factory=MemoryWriteQueue)
    writes: MemoryWriteBacks = field(default_factory=MemoryWriteBacks)
    identity: CountedIdentity = field(default_factory=CountedIdentity)
    timings: Timings = field(default_factory=Timings)
    watch: Callable[[Any], Any] = lambda part: part
    connecting: Callable[[], None] = _pass
    tell_failure: Callable[[WriteBack], None] = _unheard

    def __post_init__(self) -> None:
        self.integrations = MemoryStores(self.clock).integrations
        name = self.connector.capabilities.name
        self.integrations.put(
            Integration("org1", "int1", name, "Main", IntegrationStatus.ACTIVE, Schedule(), self.clock.now())
        )

    @property
    def integration(self) -> Integration:
        found = self.integrations.get("org1", "int1")
        assert found is not None
        return found

    def set_status(self, status: IntegrationStatus) -> None:
        self.integrations.put(replace(self.integration, status=status))

    def requests(self) -> WriteRequests:
        return WriteRequests(self.watch(self.writes), self.watch(self.queue), self.clock, self.timings)

    def create(self, draft: InboundShipmentDraft) -> WriteBack:
        """Asks for a shipment; nothing is sent to the vendor yet."""
        return self.requests().create(self.integration, self.connector.capabilities, draft, "planner")

    def update(self, reference: str, shipment_id: str, change: InboundShipmentChange) -> WriteBack:
        capabilities = self.connector.capabilities
        return self.requests().update(self.integration, capabilities, reference, shipment_id, change, "planner")

    def worker(self) -> WriteWorker:
        @contextmanager
        def connect(_: Integration) -> Iterator[Connector]:
            self.connecting()
            yield self.connector

        return WriteWorker(
            self.integrations,
            self.watch(self.writes),
            self.watch(self.queue),
            self.clock,
            self.identity,
            self.journal,
            self.timings,
            lambda _: self.connector.capabilities,
            connect,
            self.tell_failure,
        )

    def work(self, *, messages: int = 1000) -> None:
        """Handles messages in order until none is left; time passes where one is delayed or has to come back."""
        for _ in range(messages):
            if not self.queue.sent:
                return
            sent = self.queue.sent.pop(0)
            self.clock.advance(sent.delay_seconds)
            comes_back = self.worker().handle(sent.message)
            if comes_back is not None:
                self.clock.advance(comes_back)
                self.queue.send_writes([sent.message])

    def sweep(self) -> int:
        now = self.clock.now()
        sweep = WriteSweep(self.watch(self.writes), self.watch(self.queue), self.clock, self.timings, self.journal)
        return sweep.run(now, now + timedelta(seconds=50))

    def until_ended(self, reference: str, ticks: int = 200) -> WriteBack:
        """Lets ticks come and messages be handled until the request has ended."""
        for _ in range(ticks):
            self.work()
            if self.outcome(reference).state.is_final:
                return self.outcome(reference)
            self.clock.advance(900)
            self.sweep()
        raise AssertionError("the write-back never ended")

    def outcome(self, reference: str) -> WriteBack:
        found = self.writes.get("org1", "int1", reference)
        assert found is not None
        return found
