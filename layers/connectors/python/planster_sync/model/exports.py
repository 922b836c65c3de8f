"""An export: a file of records that a worker writes and the API gives away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from planster_sync.model.data_types import DataType
from planster_sync.model.runs import EXPORT, Lane, Problem, TaskMessage

KEPT = timedelta(days=1)
"""How long the file can be fetched; the bucket's own rule deletes it."""


class ExportState(StrEnum):
    REQUESTED = "requested"
    WRITING = "writing"
    READY = "ready"
    FAILED = "failed"

    @property
    def is_final(self) -> bool:
        return self in (ExportState.READY, ExportState.FAILED)


@dataclass(frozen=True, slots=True)
class Export:
    """`position` and `parts` are what is durable: the next segment reads on from there, with part `len(parts) + 1`.

    `form` is csv or ndjson. `since` asks for what changed at or after it. `stalls` counts segments in a row that made
    no part durable. `held_until` keeps a doubled message from writing beside the worker that has the first. At
    `check_at` the sweep looks after it, None once it has ended; `resent` counts its messages since the last headway.
    """

    organisation: str
    integration: str
    id: str
    data_type: DataType
    form: str
    requested_at: datetime
    requested_by: str
    state: ExportState = ExportState.REQUESTED
    sku: str | None = None
    warehouse: str | None = None
    status: str | None = None
    since: datetime | None = None
    segment: int = 0
    position: str | None = None
    upload: str | None = None
    parts: tuple[str, ...] = ()
    records: int = 0
    bytes: int = 0
    stalls: int = 0
    held_until: datetime | None = None
    ended_at: datetime | None = None
    problem: Problem | None = None
    version: int = 0
    check_at: datetime | None = None
    resent: int = 0

    @property
    def message(self) -> TaskMessage:
        """What a worker is sent for its next segment."""
        return TaskMessage(self.organisation, self.integration, EXPORT, self.id, self.segment, Lane.MANUAL)

    @property
    def file(self) -> str:
        return f"{self.data_type.value}-{self.requested_at:%Y%m%d-%H%M}.{self.form}.gz"
