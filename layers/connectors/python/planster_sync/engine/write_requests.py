"""How a write-back begins: it is checked, its row is written, its message is sent. Nothing here speaks to a vendor."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import Any, NamedTuple

import msgspec

from planster_sync.engine import write_rules
from planster_sync.errors import Conflict
from planster_sync.model.integrations import Integration, IntegrationStatus
from planster_sync.model.timings import Timings
from planster_sync.ports.platform import Clock
from planster_sync.ports.source import Capabilities, WriteOperation
from planster_sync.ports.write_backs import WriteBack, WriteBacks, WriteQueue, WriteState
from planster_sync.ports.writing import InboundShipmentChange, InboundShipmentDraft

NOBODY = ""
"""Who asks for what is only tried; it is kept nowhere."""

_ENCODE = msgspec.json.Encoder().encode


class Effect(StrEnum):
    """What sending a request would do: NEW, or again after a failure (ANEW), or nothing, as it was sent (JOINED)."""

    NEW = "new"
    ANEW = "anew"
    JOINED = "joined"


class Tried(NamedTuple):
    """What a dry run found; `present` is what the reference stands for already."""

    effect: Effect
    present: WriteBack | None


@dataclass(frozen=True, slots=True)
class WriteRequests:
    """Takes requests to create or change inbound shipments.

    One reference stands for one request: asked again with the same content it gives that request as it is. One that
    failed may be asked again, corrected or, where trying again can help, as it was.
    """

    writes: WriteBacks
    queue: WriteQueue
    clock: Clock
    timings: Timings

    def create(
        self, integration: Integration, capabilities: Capabilities, draft: InboundShipmentDraft, requested_by: str
    ) -> WriteBack:
        """Asks for an inbound shipment under `draft.reference`.

        Raises:
            Unsupported, FieldsInvalid: see `write_rules.check`.
            Conflict: the integration is paused or disconnected, or the reference stands for something else.
        """
        return self._ask(integration, self._creation(integration, capabilities, draft, requested_by))

    def try_create(self, integration: Integration, capabilities: Capabilities, draft: InboundShipmentDraft) -> Tried:
        """Everything that `create` refuses is refused, and nothing is asked for."""
        return self._tried(integration, self._creation(integration, capabilities, draft, NOBODY))

    def update(
        self,
        integration: Integration,
        capabilities: Capabilities,
        reference: str,
        shipment_id: str,
        change: InboundShipmentChange,
        requested_by: str,
    ) -> WriteBack:
        """Asks for a change of the shipment with this record id. Raises as `create`."""
        return self._ask(
            integration, self._alteration(integration, capabilities, reference, shipment_id, change, requested_by)
        )

    def try_update(
        self,
        integration: Integration,
        capabilities: Capabilities,
        reference: str,
        shipment_id: str,
        change: InboundShipmentChange,
    ) -> Tried:
        """See `try_create`."""
        return self._tried(
            integration, self._alteration(integration, capabilities, reference, shipment_id, change, NOBODY)
        )

    def find(self, organisation: str, integration: str, reference: str) -> WriteBack | None:
        """The request as it is; None where nothing was, or could have been, asked for under this reference."""
        if len(reference) > write_rules.LONGEST_REFERENCE:
            return None
        return self.writes.get(organisation, integration, reference)

    def _creation(
        self, integration: Integration, capabilities: Capabilities, draft: InboundShipmentDraft, by: str
    ) -> WriteBack:
        operation = WriteOperation.CREATE_INBOUND_SHIPMENT
        write_rules.check(draft, capabilities, operation)
        return replace(self._new(integration, draft.reference, operation, by), draft=draft)

    def _alteration(
        self,
        integration: Integration,
        capabilities: Capabilities,
        reference: str,
        shipment_id: str,
        change: InboundShipmentChange,
        by: str,
    ) -> WriteBack:
        operation = WriteOperation.UPDATE_INBOUND_SHIPMENT
        write_rules.check_reference(reference)
        write_rules.check(change, capabilities, operation)
        return replace(self._new(integration, reference, operation, by), change=change, shipment_id=shipment_id)

    def _new(self, integration: Integration, reference: str, operation: WriteOperation, by: str) -> WriteBack:
        now = self.clock.now()
        return WriteBack(
            integration.organisation,
            integration.id,
            reference,
            operation,
            WriteState.REQUESTED,
            requested_at=now,
            requested_by=by,
            check_at=now + timedelta(seconds=self.timings.unsent),
        )

    def _tried(self, integration: Integration, asked: WriteBack) -> Tried:
        there = self.find(asked.organisation, asked.integration, asked.reference)
        if there is not None and not _may_be_asked_anew(there, asked):
            _refuse_another(there, asked)
            return Tried(Effect.JOINED, there)
        refuse_unless_connected(integration)
        return Tried(Effect.NEW if there is None else Effect.ANEW, there)

    def _ask(self, integration: Integration, asked: WriteBack) -> WriteBack:
        there = self.find(asked.organisation, asked.integration, asked.reference)
        if there is not None and not _may_be_asked_anew(there, asked):
            return self._joined(there, asked)
        refuse_unless_connected(integration)
        written = self._created(asked) if there is None else self._begun_anew(there, asked)
        if written is None:
            return self._ask(integration, asked)  # the same moment's other caller was quicker: join what is there now
        self.queue.send_writes([written.message])  # the sweep sends a message that is lost here
        return written

    def _joined(self, there: WriteBack, asked: WriteBack) -> WriteBack:
        _refuse_another(there, asked)
        if there.state is WriteState.REQUESTED and there.attempt == 0:
            self.queue.send_writes([there.message])  # the first message may have been lost, and the caller waits
        return there

    def _created(self, asked: WriteBack) -> WriteBack | None:
        return asked if self.writes.create(asked) is None else None

    def _begun_anew(self, there: WriteBack, asked: WriteBack) -> WriteBack | None:
        """In doubt stays in doubt: then the vendor is looked at before anything is sent."""
        state = WriteState.UNKNOWN if there.in_doubt else WriteState.REQUESTED
        return self.writes.change(there, replace(asked, state=state))


def refuse_unless_connected(integration: Integration) -> None:
    """Raises Conflict where nothing is sent to this integration's vendor."""
    if integration.status is IntegrationStatus.PAUSED:
        raise Conflict("The integration is paused.", remedy="Resume it, then send the shipment again.")
    if integration.status is IntegrationStatus.NEEDS_REAUTH:
        raise Conflict("The integration's credentials were rejected.", remedy="Reconnect it, then send it again.")
    if integration.status is IntegrationStatus.DISCONNECTING:
        raise Conflict("The integration is being disconnected.", remedy="Nothing to do: its data is being erased.")


def _refuse_another(there: WriteBack, asked: WriteBack) -> None:
    if _content(there) != _content(asked):
        raise Conflict(
            f"The reference {asked.reference} already stands for something else on this integration.",
            remedy="Send it under a reference of its own; what was created is changed, not created again.",
        )


def _may_be_asked_anew(there: WriteBack, asked: WriteBack) -> bool:
    """One that failed: corrected where the vendor surely did not act; as it was where another try can help or tell."""
    if there.state is not WriteState.FAILED:
        return False
    if _content(there) == _content(asked):
        return there.in_doubt or (there.problem is not None and there.problem.retryable)
    return not there.in_doubt and there.operation is asked.operation


def _content(write: WriteBack) -> tuple[Any, ...]:
    """What was asked for, comparable: a list and a tuple are the same."""
    asked_id = write.shipment_id if write.change is not None else None
    return write.operation, asked_id, _ENCODE(write.draft or write.change)
