"""Every store port in memory: what the engine's tests and the fault simulation run against.

The conformance suite in tests/contract/stores holds these and the DynamoDB ones to the same behaviour.
Whatever goes in or comes out is copied, so that a test cannot change a row by accident.
"""

from __future__ import annotations

from planster_sync.ports.platform import Clock
from tests.fakes.memory_asked_syncs import MemoryAskedSyncs
from tests.fakes.memory_connecting import MemoryConsents
from tests.fakes.memory_disconnections import MemoryDisconnections
from tests.fakes.memory_freshness import MemoryNights
from tests.fakes.memory_records import (
    MemoryAdjustments,
    MemoryIndexObjects,
    MemoryQuarantine,
    MemoryRecords,
    StoredRecord,
)
from tests.fakes.memory_runs import MemoryIntegrations, MemoryRuns
from tests.fakes.memory_sessions import MemorySessions
from tests.fakes.memory_streams import MemoryStreams
from tests.fakes.memory_write_backs import MemoryWriteBacks

__all__ = [
    "MemoryAdjustments",
    "MemoryAskedSyncs",
    "MemoryDisconnections",
    "MemoryIndexObjects",
    "MemoryIntegrations",
    "MemoryQuarantine",
    "MemoryRecords",
    "MemoryRuns",
    "MemoryStores",
    "MemoryStreams",
    "StoredRecord",
]


class MemoryStores:
    """One of each, sharing a clock."""

    def __init__(self, clock: Clock) -> None:
        self.records = MemoryRecords(clock)
        self.quarantine = MemoryQuarantine()
        self.adjustments = MemoryAdjustments(self.records, clock)
        self.indexes = MemoryIndexObjects()
        self.streams = MemoryStreams()
        self.runs = MemoryRuns()
        self.asked_syncs = MemoryAskedSyncs()
        self.disconnections = MemoryDisconnections()
        self.consents = MemoryConsents()
        self.integrations = MemoryIntegrations(self.streams)
        self.nights = MemoryNights()
        self.writes = MemoryWriteBacks()
        self.sessions = MemorySessions()
