"""What happens to a write-back in the worker: look, send at most once, and keep what became of it.

Before anything is sent the row says so, under its version. Whatever a crash or a lost answer leaves behind is settled
by looking at the vendor for our reference: a creation is sent again only when the vendor has no such shipment. A change
sets fields to given values, so that sending it twice is the same as once.

The shipment is not put among the stored records here: those are written under their stream's lease only. The next sync
reads it as any other, under the id that the vendor gave it, which is the id that this request then names.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import cast

from planster_sync.engine import write_ending, write_rules
from planster_sync.engine.write_kept import not_kept
from planster_sync.engine.write_requests import refuse_unless_connected
from planster_sync.errors import (
    AnswerBroken,
    AskCustomer,
    Conflict,
    CredentialsRejected,
    InvalidRequest,
    LeaseLost,
    NotFound,
    RefuseCaller,
    RetrySoon,
    SetAside,
    StepAside,
    SyncError,
    Unexpected,
    WriteRefused,
)
from planster_sync.model.data_types import DataType
from planster_sync.model.integrations import Integration, IntegrationStatus
from planster_sync.model.timings import Timings
from planster_sync.ports.platform import Clock, Identity, Journal
from planster_sync.ports.source import Capabilities, Connector, SourceRecord
from planster_sync.ports.stores import Integrations
from planster_sync.ports.write_backs import WriteBack, WriteBacks, WriteMessage, WriteQueue, WriteState
from planster_sync.ports.writing import InboundShipmentChange, InboundShipmentDraft, InboundShipmentWriter

CLAIMS = 3
"""How often the row is read again where somebody changed it between our read and our claim."""


@dataclass(frozen=True, slots=True)
class WriteWorker:
    """Handles write-back messages, one at a time."""

    integrations: Integrations
    writes: WriteBacks
    queue: WriteQueue
    clock: Clock
    identity: Identity
    journal: Journal
    timings: Timings
    capabilities: Callable[[str], Capabilities]
    connect: Callable[[Integration], AbstractContextManager[Connector]]
    tell_failure: Callable[[WriteBack], None]

    def handle(self, message: WriteMessage) -> float | None:
        """Works on a request; gives the seconds after which the message must come back, or None.

        Raises:
            InvalidRequest: there is no such request; the message belongs in the dead-letter queue.
            StoreBusy: the store was throttled; the message comes back.
        """
        for _ in range(CLAIMS):
            write = self.writes.get(message.organisation, message.integration, message.reference)
            if write is None and self._is_disconnected(message):
                return None
            if write is None:
                raise InvalidRequest(f"The message names the write-back {message.reference}, which does not exist.")
            now = self.clock.now()
            not_before = max((at for at in (write.lease_until, write.wait_until) if at is not None), default=now)
            if write.state.is_final:
                self.told(write)
                return None
            if not_before > now:
                return max((not_before - now).total_seconds(), 1)
            claimed = self.writes.change(write, self._claim(write, now))
            if claimed is not None:
                _Attempt(self, claimed, claimed.may_have_been_made).do()
                return None
        return self.timings.retry_wait

    def told(self, write: WriteBack) -> WriteBack:
        """Tells a failure that was not told yet; whoever dies in between is made up for by the sweep."""
        if write.state is not WriteState.FAILED or write.check_at is None:
            return write
        self.tell_failure(write)
        return self.writes.change(write, replace(write, check_at=None)) or write

    def _is_disconnected(self, message: WriteMessage) -> bool:
        """Whether the request was erased with its integration."""
        integration = self.integrations.get(message.organisation, message.integration)
        return integration is None or integration.status is IntegrationStatus.DISCONNECTING

    def _claim(self, write: WriteBack, now: datetime) -> WriteBack:
        lease_until = now + timedelta(seconds=self.timings.lease)
        return replace(
            write,
            attempt=write.attempt + 1,
            holder=self.identity.new_id(),
            lease_until=lease_until,
            wait_until=None,
            check_at=lease_until + timedelta(seconds=self.timings.unsent),
        )


@dataclass(slots=True)
class _Attempt:
    """One worker's turn at one request.

    `doubted`: an earlier turn may have been acted on. `sent`: this turn has asked the vendor for the change.
    """

    worker: WriteWorker
    write: WriteBack
    doubted: bool
    sent: bool = False

    def do(self) -> None:
        """Tries once; however it ends, the row says so, or is left for the sweep."""
        try:
            self._try()
        except StepAside as aside:
            self.worker.journal.event(aside.code, **self._named)

    def _try(self) -> None:
        try:
            integration = self._connected_integration()
            capabilities = self.worker.capabilities(integration.connector)
            write_rules.check(self._content, capabilities, self.write.operation)
            with self.worker.connect(integration) as connector:
                self._write(connector)
        except StepAside:
            raise
        except SyncError as error:
            self._stopped(error)
        except Exception as error:  # the seam where an unknown failure gets its code
            self.worker.journal.failure("internal", error, **self._named)
            self._stopped(Unexpected("The write-back met an unexpected condition."))

    def _connected_integration(self) -> Integration:
        integration = self.worker.integrations.get(self.write.organisation, self.write.integration)
        if integration is None:
            raise NotFound("The integration was removed.", remedy="Nothing to do.")
        refuse_unless_connected(integration)
        return integration

    @property
    def _content(self) -> write_rules.Content:
        content = self.write.draft or self.write.change
        if content is None:
            raise InvalidRequest("The request holds nothing to write.")
        return content

    def _write(self, connector: Connector) -> None:
        writer = cast(InboundShipmentWriter, connector)  # who declares `writes` can: the writers' contract holds it
        if self.write.draft is not None:
            self._create(connector, writer, self.write.draft)
        elif self.write.change is not None:
            self._update(connector, writer, self.write.shipment_id or "", self.write.change)

    def _create(self, connector: Connector, writer: InboundShipmentWriter, draft: InboundShipmentDraft) -> None:
        found = writer.find_inbound_shipment(draft.reference)
        if found is not None and not self.doubted:
            raise Conflict(
                f"The warehouse system already has an inbound shipment with the number {draft.reference}.",
                remedy="Change that shipment, or send this one under another reference.",
            )
        if found is None:
            found = self._created(writer, draft)
        self._succeed(found, self._not_kept(connector, draft, found))

    def _created(self, writer: InboundShipmentWriter, draft: InboundShipmentDraft) -> SourceRecord:
        """A refusal of what may be there already is believed only if it is not there."""
        self._about_to_send()
        try:
            return writer.create_inbound_shipment(draft)
        except (Conflict, WriteRefused):
            found = writer.find_inbound_shipment(draft.reference) if self.doubted else None
            if found is None:
                raise
            return found

    def _update(
        self, connector: Connector, writer: InboundShipmentWriter, shipment_id: str, change: InboundShipmentChange
    ) -> None:
        now = self.worker.clock.now()
        if not self.worker.writes.take_shipment(self.write, now, now + timedelta(seconds=self.worker.timings.lease)):
            raise Conflict(
                "Another change of this shipment is under way, or one that was asked for later has been made.",
                remedy="Look at the shipment and send what is still to be changed again.",
            )
        self._about_to_send()
        made = writer.update_inbound_shipment(shipment_id, change)
        self._succeed(made, self._not_kept(connector, change, made))

    def _about_to_send(self) -> None:
        self._move(replace(self.write, state=WriteState.SENDING))
        self.sent = True

    def _not_kept(self, connector: Connector, sent: write_rules.Content, made: SourceRecord) -> tuple[str, ...]:
        read = connector.capabilities.read_of(DataType.INBOUND_SHIPMENTS)
        if read is None:
            return ()
        try:
            record = connector.map(read.name, made.raw).owned[0]
        except SetAside as error:  # it is there all the same; the next sync quarantines it with its reason
            self.worker.journal.event("written_record_invalid", **self._named, **error.for_log())
            return ()
        return not_kept(sent, record, connector.capabilities.fills[DataType.INBOUND_SHIPMENTS])

    def _succeed(self, made: SourceRecord, missing: tuple[str, ...]) -> None:
        if made.id is None:
            raise AnswerBroken("The warehouse system did not name the shipment.")
        self._end(write_ending.succeeded(self.write, made.id, missing, self.worker.clock.now()))

    def _stopped(self, error: SyncError) -> None:
        """Ends the request, or gives it back until it may be tried again."""
        if self.write.state.is_final:
            return  # what failed came after the end
        now = self.worker.clock.now()
        problem = write_ending.problem_of(error)
        self.worker.journal.event("write_stopped", **self._named, **error.for_log())
        if isinstance(error, CredentialsRejected):
            self.worker.integrations.needs_reauth(self.write.organisation, self.write.integration, problem, now)
        if self._is_answer(error):
            is_certain = self.sent and not (self.doubted and isinstance(error, Conflict))
            end = write_ending.refused if is_certain else write_ending.given_up
            self._end(end(self.write, problem, now))
            return
        until = self._next_try(error, now)
        if until is None:
            self._end(write_ending.given_up(self.write, problem, now))
            return
        was_turned_away = isinstance(error, Conflict) and not self.doubted
        write = replace(self.write, state=WriteState.REQUESTED) if was_turned_away else self.write
        self._move(write_ending.waiting(write, problem, until, self.worker.timings))
        seconds = (until - now).total_seconds()
        if seconds <= self.worker.timings.max_delay:  # a longer wait is ended by the sweep
            self.worker.queue.send_writes([self.write.message], delay_seconds=seconds)

    def _is_answer(self, error: SyncError) -> bool:
        """Whether trying again is useless.

        A change that met another is tried on the shipment as it is then. A number that is taken may have been taken by
        our own earlier turn, which the vendor's search does not show yet.
        """
        may_pass = self.write.change is not None or self.doubted
        if isinstance(error, Conflict) and self.sent and may_pass:
            return self.write.attempt >= self.worker.timings.max_attempts
        return isinstance(error, RefuseCaller | AskCustomer)

    def _next_try(self, error: SyncError, now: datetime) -> datetime | None:
        """When to go on, None after too many tries. Never at once: the vendor may still be at work on the last one."""
        timings = self.worker.timings
        if self.write.attempt >= timings.max_stalls:
            return None
        if now - self.write.requested_at > timedelta(seconds=timings.max_run):
            return None
        wait = timings.retry_wait * 2 ** min(self.write.attempt - 1, 30)
        soonest = now + timedelta(seconds=min(wait, timings.max_delay))
        named = error.until if isinstance(error, RetrySoon) else None
        return max(named, soonest) if named is not None else soonest

    def _end(self, then: WriteBack) -> None:
        self._move(write_ending.untold(then, self.worker.clock.now(), self.worker.timings))
        self.worker.journal.event("write_ended", **self._named, state=then.state.value)
        if then.change is not None:
            self.worker.writes.free_shipment(then)
        self._tell()

    def _tell(self) -> None:
        """The request has ended, told or not: what goes wrong here is left for the sweep."""
        try:
            self.write = self.worker.told(self.write)
        except SyncError as error:
            self.worker.journal.event("write_failure_untold", **self._named, **error.for_log())
        except Exception as error:  # the seam where an unknown failure is logged
            self.worker.journal.failure("write_failure_untold", error, **self._named)

    def _move(self, then: WriteBack) -> None:
        moved = self.worker.writes.change(self.write, then)
        if moved is None:
            raise LeaseLost("Another worker has taken this write-back.")
        self.write = moved

    @property
    def _named(self) -> dict[str, str]:
        write = self.write
        return {"organisation": write.organisation, "integration": write.integration, "reference": write.reference}
