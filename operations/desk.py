"""The stores and queues that commands work on; tests give simulated ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from planster_sync.engine.starting import Starter
from planster_sync.errors import NotFound
from planster_sync.model.integrations import Integration
from planster_sync.model.runs import Run
from planster_sync.model.timings import Timings
from planster_sync.ports.platform import Clock, TaskQueue
from planster_sync.ports.source import Capabilities
from planster_sync.ports.stores import IndexObjects, Integrations, Quarantine, RecordStore, Runs, Streams
from planster_sync.ports.webhooks import WebhookQueue, Webhooks
from planster_sync.ports.write_backs import WriteBacks, WriteQueue
from planster_sync.storage.table import Table


class Queues(TaskQueue, WriteQueue, WebhookQueue, Protocol):
    """Whatever travels to the worker."""


@dataclass(frozen=True)
class Desk:
    integrations: Integrations
    runs: Runs
    streams: Streams
    writes: WriteBacks
    webhooks: Webhooks
    queue: Queues
    control: Table
    records: RecordStore
    quarantine: Quarantine
    objects: IndexObjects
    starter: Starter
    capabilities: Callable[[str], Capabilities]
    clock: Clock
    timings: Timings

    def integration(self, organisation: str, integration: str) -> Integration:
        """Raises NotFound where there is none."""
        found = self.integrations.get(organisation, integration)
        if found is None:
            raise NotFound(
                f"There is no integration {organisation}/{integration}.",
                remedy="Check both ids; a disconnected integration is gone for good.",
            )
        return found

    def run(self, organisation: str, integration: str, run: str) -> Run:
        """Raises NotFound where there is none."""
        found = self.runs.get(organisation, integration, run)
        if found is None:
            raise NotFound(
                f"There is no run {run} of {organisation}/{integration}.",
                remedy="The log's lines and the API's `runs` name them; they are kept for 90 days.",
            )
        return found


@dataclass(frozen=True, slots=True)
class Line:
    """What was, or would be, done to one thing, and why."""

    what: str
    done: str
    why: str = ""
