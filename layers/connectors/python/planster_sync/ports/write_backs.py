"""Requests to change something at a vendor: what is kept of each, what travels of it, and who keeps it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from planster_sync.model.runs import Problem
from planster_sync.ports.source import WriteOperation
from planster_sync.ports.writing import InboundShipmentChange, InboundShipmentDraft


class WriteState(StrEnum):
    """REQUESTED: surely nothing was sent. SENDING: a worker has sent it, or was about to. UNKNOWN: sent, and the answer
    was lost. The last two are settled by looking at the vendor.
    """

    REQUESTED = "requested"
    SENDING = "sending"
    UNKNOWN = "unknown"
    SUCCEEDED = "succeeded"
    FAILED = "failed"

    @property
    def is_final(self) -> bool:
        return self in (WriteState.SUCCEEDED, WriteState.FAILED)


@dataclass(frozen=True, slots=True)
class WriteBack:
    """One request, named by the caller's `reference`: for a creation that is the draft's own.

    `version` rises with every change of the row. `attempt` counts how often a worker took the request; `holder` has it
    until `lease_until`. Nobody tries again before `wait_until`; at `check_at` the sweep looks after it, None once it
    has ended and, if it failed, was told. `in_doubt` of a failed one: it is not known whether the vendor acted.
    `not_kept` are fields that were sent and are missing in the vendor's answer. `shipment_id` is the vendor's; of a
    creation, once it is known.
    """

    organisation: str
    integration: str
    reference: str
    operation: WriteOperation
    state: WriteState
    requested_at: datetime
    draft: InboundShipmentDraft | None = None
    change: InboundShipmentChange | None = None
    shipment_id: str | None = None
    requested_by: str | None = None
    version: int = 0
    attempt: int = 0
    holder: str | None = None
    lease_until: datetime | None = None
    wait_until: datetime | None = None
    check_at: datetime | None = None
    in_doubt: bool = False
    problem: Problem | None = None
    not_kept: tuple[str, ...] = ()
    ended_at: datetime | None = None

    @property
    def may_have_been_made(self) -> bool:
        return self.in_doubt or self.state in (WriteState.SENDING, WriteState.UNKNOWN)

    @property
    def message(self) -> WriteMessage:
        """What a worker is sent for it."""
        return WriteMessage(self.organisation, self.integration, self.reference)


@dataclass(frozen=True, slots=True)
class WriteMessage:
    """What travels through SQS: ids only. A message for a request that has ended does nothing."""

    organisation: str
    integration: str
    reference: str


class WriteQueue(Protocol):
    def send_writes(self, messages: Sequence[WriteMessage], *, delay_seconds: float = 0) -> None:
        """Sends every message or raises; a message may arrive more than once.

        Raises:
            StoreBusy: the queue refused some of them past the bounded retries.
        """
        ...


class WriteBacks(Protocol):
    """Rows of requests. Every method may raise StoreBusy, after which it may have acted."""

    def create(self, write: WriteBack) -> WriteBack | None:
        """Writes the request if its reference is new; otherwise gives the one that is there."""
        ...

    def get(self, organisation: str, integration: str, reference: str) -> WriteBack | None: ...

    def change(self, there: WriteBack, then: WriteBack) -> WriteBack | None:
        """Writes `then` in place of `there`; gives it with its version, None where the row was changed meanwhile."""
        ...

    def due_for_check(self, now: datetime, limit: int) -> Sequence[WriteBack]:
        """Requests whose `check_at` has passed, oldest first, found by index."""
        ...

    def take_shipment(self, write: WriteBack, now: datetime, until: datetime) -> bool:
        """Reserves the shipment that `write` changes, until `until`.

        False where another request has it at `now`, or where one that was asked for later has had it: the older change
        must not undo the newer.
        """
        ...

    def free_shipment(self, write: WriteBack) -> None:
        """Ends the reservation, if it is still this request's."""
        ...
