"""Everything that workers are given from outside, and what they make of it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from hashlib import blake2b

import msgspec
from xxhash import xxh3_64_intdigest

from planster_sync.engine.ending import Ending
from planster_sync.engine.erasing import Erasing
from planster_sync.engine.index_file import SHEET_BYTES
from planster_sync.engine.index_rows import Digest
from planster_sync.engine.tools import OpenPages, SegmentTools
from planster_sync.model.integrations import Integration
from planster_sync.model.timings import Timings
from planster_sync.ports.platform import Clock, Events, Identity, Journal, Metrics, TaskQueue
from planster_sync.ports.source import Capabilities, Connector
from planster_sync.ports.stores import (
    Adjustments,
    IndexObjects,
    Integrations,
    Quarantine,
    RecordStore,
    Runs,
    Streams,
)

Connect = Callable[[Integration], AbstractContextManager[Connector]]


@dataclass(frozen=True, slots=True)
class Workshop:
    """The collaborators of a worker; they serve every integration."""

    integrations: Integrations
    runs: Runs
    streams: Streams
    records: RecordStore
    quarantine: Quarantine
    adjustments: Adjustments
    objects: IndexObjects
    queue: TaskQueue
    events: Events
    clock: Clock
    identity: Identity
    journal: Journal
    metrics: Metrics
    erasing: Erasing
    timings: Timings
    capabilities: Callable[[str], Capabilities]
    connect: Connect
    open_pages: OpenPages
    digest: Digest = xxh3_64_intdigest
    sheet_bytes: int = SHEET_BYTES

    @property
    def ending(self) -> Ending:
        return Ending(self.runs, self.streams, self.queue, self.events, self.clock, self.timings, self.journal)

    def tools(self, integration: Integration, connector: Connector) -> SegmentTools:
        return SegmentTools(
            connector=connector,
            open_pages=self.open_pages,
            records=self.records,
            quarantine=self.quarantine,
            adjustments=self.adjustments,
            objects=self.objects,
            streams=self.streams,
            clock=self.clock,
            timings=self.timings,
            journal=self.journal,
            mapping=mapping_digest(connector.capabilities, integration),
            guard=integration.deletion_guard,
            digest=self.digest,
        )


def mapping_digest(capabilities: Capabilities, integration: Integration) -> str:
    """Changes with the mapping version and with every setting that mappings depend on: all records are mapped again."""
    settings = {name: integration.settings.get(name) for name in sorted(capabilities.mapping_settings)}
    content = msgspec.json.encode(
        [capabilities.name, capabilities.mapping_version, integration.schedule.zone, settings]
    )
    return blake2b(content, digest_size=8).hexdigest()
