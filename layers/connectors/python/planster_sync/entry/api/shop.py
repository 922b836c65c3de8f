"""What the API is given from outside."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from planster_sync.engine.starting import Starter
from planster_sync.engine.webhook_desk import WebhookDesk
from planster_sync.engine.write_requests import WriteRequests
from planster_sync.entry.api.caller import Caller
from planster_sync.entry.api.cooldown import Cooldowns
from planster_sync.entry.api.quotas import Quotas
from planster_sync.model.data_types import DataType
from planster_sync.model.runs import StreamKey
from planster_sync.model.timings import Timings
from planster_sync.ports.connecting import Consents, KeepsSecrets
from planster_sync.ports.erasing import Disconnections
from planster_sync.ports.exports import Exports, SignsFiles
from planster_sync.ports.freshness import Nights
from planster_sync.ports.platform import Clock, Journal
from planster_sync.ports.questions import AsksWorker
from planster_sync.ports.source import Capabilities
from planster_sync.ports.stores import (
    Adjustment,
    AskedSyncs,
    EndedAdjustment,
    Integrations,
    Provenance,
    QuarantineEntry,
    RecordKey,
    Runs,
    Streams,
)


class RecordPage(Protocol):
    """Records as plain JSON values, and the opaque cursor behind the last of them; None says that there is no more."""

    @property
    def records(self) -> Sequence[dict[str, Any]]: ...

    @property
    def cursor(self) -> str | None: ...


class RecordsReader(Protocol):
    """Reads stored records. Each has the unified fields and `data_type`, `read_at`, `changed_at`, `deleted_at`."""

    def get(self, organisation: str, integration: str, key: RecordKey) -> dict[str, Any] | None:
        """The record, a tombstone too, or None where it was never stored."""
        ...

    def page(
        self, organisation: str, integration: str, data_type: DataType, *, limit: int, cursor: str | None = None
    ) -> RecordPage:
        """Live records, in a stable order that means nothing."""
        ...

    def changed_since(
        self,
        organisation: str,
        integration: str,
        data_type: DataType,
        *,
        since: datetime,
        limit: int,
        cursor: str | None = None,
    ) -> RecordPage:
        """What changed in the stored copy at or after a moment, oldest change first, tombstones too."""
        ...

    def provenance(self, organisation: str, integration: str, key: RecordKey) -> Provenance | None:
        """Of a record or tombstone; None where it was never stored."""
        ...

    def sample(
        self, organisation: str, integration: str, data_type: DataType, *, seed: str, count: int
    ) -> Sequence[dict[str, Any]]:
        """Live records, others for another seed."""
        ...

    def by_sku(self, organisation: str, integration: str, sku: str) -> Sequence[dict[str, Any]]:
        """Live records of every data type that carry this SKU themselves; a bounded number."""
        ...


class AdjustmentBook(Protocol):
    """Corrections made by hand: those in force, and each record's history."""

    def find(self, organisation: str, integration: str, key: RecordKey) -> Adjustment | None:
        """The one in force."""
        ...

    def among(
        self, organisation: str, integration: str, data_type: DataType, ids: Sequence[str]
    ) -> Mapping[RecordKey, Adjustment]:
        """Those in force of these records, found in one Query."""
        ...

    def in_force(
        self, organisation: str, integration: str, data_type: DataType, *, limit: int, after: str | None
    ) -> tuple[Sequence[Adjustment], str | None]:
        """A page of those in force, in a stable order, and where the next begins."""
        ...

    def history(self, organisation: str, integration: str, key: RecordKey) -> Sequence[EndedAdjustment]:
        """The ended ones of a record, oldest first."""
        ...

    def correct(
        self, organisation: str, integration: str, adjustment: Adjustment, *, instead_of: Adjustment | None
    ) -> bool:
        """Puts it in force, and the one before into the history; False where that one is no longer the last."""
        ...

    def withdraw(self, organisation: str, integration: str, adjustment: Adjustment, at: datetime) -> bool:
        """Ends it by hand; False where it is no longer in force."""
        ...


class QuarantineReader(Protocol):
    """Reads what was set aside."""

    def page(
        self, stream: StreamKey, *, limit: int, after: str | None = None
    ) -> tuple[Sequence[QuarantineEntry], str | None]:
        """Entries of one stream in a stable order, and the place behind them; None says that there are no more."""
        ...


@dataclass(frozen=True, slots=True)
class ApiShop:
    """The collaborators of every route. None of them can read a secret or call a vendor.

    `anonymous` is who a request stands for whose caller nobody has checked; None: it is refused.
    """

    integrations: Integrations
    nights: Nights
    runs: Runs
    streams: Streams
    records: RecordsReader
    adjustments: AdjustmentBook
    worker: AsksWorker
    quarantine: QuarantineReader
    asked_syncs: AskedSyncs
    disconnections: Disconnections
    exports: Exports
    files: SignsFiles
    starter: Starter
    writer: WriteRequests
    webhooks: WebhookDesk
    capabilities: Callable[[str], Capabilities]
    connectors: Callable[[], Sequence[str]]
    keeper: KeepsSecrets
    consents: Consents
    clock: Clock
    timings: Timings
    journal: Journal
    anonymous: Caller | None
    quotas: Quotas
    spread_seconds: int = 3600
    cooldowns: Cooldowns = field(default_factory=Cooldowns)
