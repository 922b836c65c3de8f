"""The product from a vendor's bytes to DynamoDB: connector, HTTP client, engine and stores are the real ones.

Only time, the queue and the events are a test's: nights pass in no time.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from typing import Any

from planster_sync.aws.journal import LogLines
from planster_sync.connectors import registry
from planster_sync.engine.erasing import Erasing
from planster_sync.engine.starting import Starter
from planster_sync.engine.task import Worker, Workshop
from planster_sync.http.account import Account
from planster_sync.http.addresses import AddressPolicy
from planster_sync.http.limits import AnswerLimits
from planster_sync.http.opening import Clients
from planster_sync.http.transport import RequestsTransport
from planster_sync.model.data_types import DataType
from planster_sync.model.integrations import Integration, IntegrationStatus, Schedule
from planster_sync.model.runs import Mode, Run, StreamKey, Task
from planster_sync.model.streams import Stream
from planster_sync.model.timings import Timings
from planster_sync.ports.source import Connector
from planster_sync.ports.stores import QuarantineEntry
from tests.bad_input.vendor import Vendor
from tests.contract.stores.backends import OnAws
from tests.engine.world import step_by_step
from tests.fakes.memory_platform import CountedIdentity, FreeBudget, MemoryEvents, MemoryMetrics, MemoryQueue
from tests.fakes.own_tokens import OwnTokens

READ = "inventory_levels"
STREAM = StreamKey("acme", "main", READ)
CREDENTIALS = {"api_key": "key-for-tests", "access_token": "token-for-tests"}
DAY = 86_400


class Plant:
    """One integration whose stock is read from one vendor; `log` is what the product has logged."""

    def __init__(self, vendor: Vendor, stores: OnAws, timings: Timings) -> None:
        self.vendor = vendor
        self.stores = stores
        self.clock = stores.clock
        self.timings = timings
        self.queue = MemoryQueue()
        self.identity = CountedIdentity()
        self.log = io.StringIO()
        settings = {"base_url": vendor.url, "page_limit": 4}
        now = self.clock.now()
        self.integration = Integration(
            "acme", "main", "trackstar", "Main", IntegrationStatus.ACTIVE, Schedule(), now, settings=settings
        )
        stores.integrations.put(self.integration)

    def night(self) -> Task:
        """Reads the vendor's stock as a day later, to the task's end."""
        self.clock.advance(DAY)
        starter = Starter(self.stores.runs, self.queue, self.clock, self.identity, self.timings)
        capabilities = registry.capabilities("trackstar")
        started = starter.by_hand(self.integration, capabilities, [DataType.INVENTORY_LEVELS], Mode.AUTO, "planner")
        worker = Worker(self._shop())
        while waiting := self.queue.drain():
            for sent in waiting:
                self.clock.advance(sent.delay_seconds)
                worker.handle(sent.message, self.clock.now() + timedelta(seconds=self.timings.slice))
        run = self.run(started.run.id)
        assert run.status.is_final, run
        return run.tasks[READ]

    def run(self, id_: str) -> Run:
        found = self.stores.runs.get("acme", "main", id_)
        assert found is not None
        return found

    def stream(self) -> Stream:
        return self.stores.streams.get(STREAM)

    def stored(self) -> dict[str, dict[str, Any]]:
        """Live records by id, as the API shows them; `quarantined_at` stands on those that are marked."""
        page = self.stores.reader.page("acme", "main", DataType.INVENTORY_LEVELS, limit=2000, cursor=None)
        assert page.cursor is None
        internals = ("read_at", "changed_at", "data_type")
        return {row["id"]: {name: row[name] for name in row if name not in internals} for row in page.records}

    def quarantine(self) -> list[QuarantineEntry]:
        return self.stores.quarantine.entries(STREAM)

    def told(self) -> str:
        """Everything that the product says of its work: log, runs, stream and quarantine."""
        runs = self.stores.runs.recent("acme", "main", 50, None)[0]
        return "\n".join([self.log.getvalue(), *map(str, runs), str(self.stream()), *map(str, self.quarantine())])

    def _shop(self) -> Workshop:
        return Workshop(
            integrations=self.stores.integrations,
            runs=self.stores.runs,
            streams=self.stores.streams,
            records=self.stores.records,
            quarantine=self.stores.quarantine,
            adjustments=self.stores.adjustments,
            objects=self.stores.indexes,
            queue=self.queue,
            events=MemoryEvents(),
            clock=self.clock,
            identity=self.identity,
            journal=LogLines("bad-input", self.clock, self.log, {}),
            metrics=MemoryMetrics(),
            erasing=Erasing(
                self.stores.integrations,
                self.stores.disconnections,
                {"records": self.stores.traces.records},
                self.queue,
                self.clock,
                self.timings,
                LogLines("bad-input", self.clock, self.log, {}),
            ),
            timings=self.timings,
            capabilities=registry.capabilities,
            connect=self._connect,
            open_pages=step_by_step,
        )

    @contextmanager
    def _connect(self, integration: Integration) -> Iterator[Connector]:
        limits = AnswerLimits(connect=5, read=5, total=10)
        transport = partial(RequestsTransport, addresses=AddressPolicy.loopback(), limits=limits, clock=self.clock)
        clients = Clients(FreeBudget(self.clock), self.clock, lambda: 0.0, transport, limits=limits)
        try:
            account = Account(CREDENTIALS, integration.settings, self.clock, clients.open, OwnTokens(self.clock))
            yield registry.build("trackstar", account)
        finally:
            clients.close()


def mapped(raw: bytes) -> dict[str, Any]:
    """What must be stored of a record, by the mapping alone."""
    (record,) = registry.mapper("trackstar", {}).map(READ, raw).owned
    return {**record.attributes()}


def item(id_: object, **fields: Any) -> bytes:
    """A vendor's record of stock."""
    return json.dumps({"id": id_, "sku": f"SKU-{id_}", "onhand": 7, **fields}, separators=(",", ":")).encode()
