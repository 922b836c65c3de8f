"""What happens to one message: check that the work is still wanted, take the stream, and have the segment done."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from planster_sync.engine import nights
from planster_sync.engine.working import SegmentWork
from planster_sync.engine.workshop import Workshop
from planster_sync.errors import (
    CredentialsRejected,
    InvalidRequest,
    LeaseHeld,
    NotFound,
    SegmentStale,
    StreamBusy,
    Unsupported,
)
from planster_sync.model.integrations import Integration, IntegrationStatus
from planster_sync.model.runs import Problem, Run, StreamKey, Task, TaskMessage, TaskState
from planster_sync.model.streams import Lease, Stream

__all__ = ["Worker", "Workshop"]

_REMOVED = Problem(NotFound.code, "The integration was removed.", "Nothing to do.", retryable=False)
_CANCELLED = Problem("cancelled", "The sync was cancelled.", "Sync again when you want to.", retryable=True)
_PAUSED = Problem("paused", "The integration is paused.", "Resume the integration to sync it.", retryable=False)
_DISABLED = Problem("disabled", "This data type is switched off.", "Switch it on to sync it.", retryable=False)

_ENDS = {CredentialsRejected.code: TaskState.FAILED, _CANCELLED.code: TaskState.CANCELLED}


@dataclass(frozen=True, slots=True)
class Worker:
    """Handles task messages, one at a time."""

    shop: Workshop

    def handle(self, message: TaskMessage, until: datetime) -> float | None:
        """Works on a message until `until` at the latest; gives the seconds after which it must come back, or None.

        Raises:
            InvalidRequest: the message names a run or task that does not exist; it belongs in the dead-letter queue.
            StoreBusy: the store was throttled before, or while, the task's state was written; the message comes back.
        """
        integration = self.shop.integrations.get(message.organisation, message.integration)
        if integration is not None and integration.status is IntegrationStatus.DISCONNECTING:
            return self.shop.erasing.handle(integration, message, until)
        run = self.shop.runs.get(message.organisation, message.integration, message.run)
        if run is None and integration is None:
            self.shop.journal.event("message_of_removed_integration", run=message.run, integration=message.integration)
            return None
        task = run.tasks.get(message.read) if run else None
        if run is None or task is None:
            raise InvalidRequest(f"The message names run {message.run} and read {message.read}, which do not exist.")
        if task.state.is_final:
            return None
        refusal = _REMOVED if integration is None else self._refusal(integration, run, task)
        if integration is None or refusal is not None:
            return self._refuse(run, task, refusal or _REMOVED)
        return self._take(integration, run, task, message.segment, until)

    def _refusal(self, integration: Integration, run: Run, task: Task) -> Problem | None:
        if run.cancelled_at is not None:
            return _CANCELLED
        if integration.status is IntegrationStatus.PAUSED:
            return _PAUSED
        rests_until = nights.rests_until(integration)
        if rests_until is not None and rests_until > self.shop.clock.now():
            return integration.problem or Problem.of(CredentialsRejected("The credentials were rejected."))
        capabilities = self.shop.capabilities(integration.connector)
        if task.read not in capabilities.reads:
            return Problem.of(Unsupported(f"{capabilities.title} does not offer {task.read}."))
        if all(data_type in integration.disabled for data_type in task.data_types):
            return _DISABLED
        return None

    def _refuse(self, run: Run, task: Task, refusal: Problem) -> float | None:
        now = self.shop.clock.now()
        state = _ENDS.get(refusal.code, TaskState.SKIPPED)
        ended = replace(task, state=state, problem=refusal, ended_at=now)
        try:
            self.shop.ending.abandon(run, ended, refusal)
        except LeaseHeld as held:
            return _come_back(held, now)
        return None

    def _take(self, integration: Integration, run: Run, task: Task, segment: int, until: datetime) -> float | None:
        now = self.shop.clock.now()
        key = run.stream(task.read)
        try:
            lease, stream = self._taken(key, run, segment)
        except LeaseHeld as held:
            self.shop.journal.event("lease_held", stream=str(key), run=run.id)
            return _come_back(held, now)
        except (StreamBusy, SegmentStale) as aside:
            self.shop.journal.event(aside.code, stream=str(key), run=run.id, segment=segment)
            return None
        if segment == 0:
            self.shop.ending.tell_last_end(stream)
        SegmentWork(self.shop, integration, run, task, lease, stream).do(until)
        return None

    def _taken(self, key: StreamKey, run: Run, segment: int) -> tuple[Lease, Stream]:
        """As `Streams.take`; once more where the run that owns the stream has ended without giving it back."""
        take = partial(
            self.shop.streams.take,
            key,
            run=run.id,
            segment=segment,
            holder=self.shop.identity.new_id(),
            now=self.shop.clock.now(),
            seconds=self.shop.timings.lease,
        )
        try:
            return take()
        except StreamBusy:
            if not self.shop.ending.set_free(key):
                raise
        return take()


def _come_back(held: LeaseHeld, now: datetime) -> float:
    return max((held.until - now).total_seconds(), 1)
