"""What a segment is given from outside."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass

from xxhash import xxh3_64_intdigest

from planster_sync.engine.index_rows import Digest
from planster_sync.engine.index_source import IndexSource
from planster_sync.model.integrations import DeletionGuard
from planster_sync.model.timings import Timings
from planster_sync.ports.platform import Clock, Journal
from planster_sync.ports.source import Connector, Page, Read
from planster_sync.ports.stores import Adjustments, IndexObjects, Quarantine, RecordStore, Streams

OpenPages = Callable[[Iterator[Page]], AbstractContextManager[Iterator[Page]]]
"""Puts a reader behind a connector's pages (read-ahead in production, none in a simulation); leaving it drains it."""


@dataclass(frozen=True, slots=True)
class SegmentTools:
    """The collaborators of a segment; all but the connector serve every integration."""

    connector: Connector
    open_pages: OpenPages
    records: RecordStore
    quarantine: Quarantine
    adjustments: Adjustments
    objects: IndexObjects
    streams: Streams
    clock: Clock
    timings: Timings
    journal: Journal
    guard: DeletionGuard
    mapping: str
    """Digest of the mapping version and of the settings that mappings depend on."""

    digest: Digest = xxh3_64_intdigest
    """The hash by which indexes find their rows."""

    @property
    def index_source(self) -> IndexSource:
        return IndexSource(self.objects, self.records, self.quarantine, self.digest)

    def read(self, name: str) -> Read:
        return self.connector.capabilities.reads[name]
