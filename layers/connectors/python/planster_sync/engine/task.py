"""What happens to one message: check that the work is still wanted, take the stream, run a segment, and conclude.

Whatever ends a segment, its stream is given back and the run hears of it; what cannot be told because the worker died
is found by the sweep.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import blake2b

import msgspec

from planster_sync.engine import conclusion
from planster_sync.engine.ending import Ending
from planster_sync.engine.segment import Segment, open_segment
from planster_sync.engine.settle import settle
from planster_sync.engine.tools import OpenPages, SegmentTools
from planster_sync.errors import (
    CredentialsRejected,
    InvalidRequest,
    LeaseHeld,
    RetrySoon,
    SegmentStale,
    StepAside,
    StreamBusy,
    SyncError,
    Throttled,
    Unsupported,
)
from planster_sync.model.integrations import Integration, IntegrationStatus
from planster_sync.model.runs import Problem, Run, Task, TaskMessage, TaskState
from planster_sync.model.streams import Checkpoint, HeldDeletion, Lease, Phase, Stream
from planster_sync.model.timings import Timings
from planster_sync.ports.platform import Clock, Events, Identity, Journal, TaskQueue
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
    """Everything that workers, dispatcher and sweep are given from outside."""

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
    timings: Timings
    capabilities: Callable[[str], Capabilities]
    connect: Connect
    open_pages: OpenPages


@dataclass(frozen=True, slots=True)
class Worker:
    """Handles task messages, one at a time."""

    shop: Workshop

    def handle(self, message: TaskMessage, until: datetime) -> float | None:
        """Works on a message until `until` at the latest; gives the seconds after which it must come back, or None.

        Raises:
            InvalidRequest: the message names a run or task that does not exist; it belongs in the dead-letter queue.
        """
        run = self.shop.runs.get(message.organisation, message.integration, message.run)
        task = run.tasks.get(message.read) if run else None
        if run is None or task is None:
            raise InvalidRequest(f"The message names run {message.run} and read {message.read}, which do not exist.")
        if task.state.is_final:
            return None
        integration = self.shop.integrations.get(message.organisation, message.integration)
        refusal = self._refusal(integration, task)
        if integration is None or refusal is not None:
            self._refuse(run, task, refusal)
            return None
        return self._take(integration, run, task, message.segment, until)

    def _refusal(self, integration: Integration | None, task: Task) -> Problem | None:
        if integration is None:
            return Problem("not_found", "The integration was removed.", "Nothing to do.", retryable=False)
        if integration.status is IntegrationStatus.PAUSED:
            return Problem(
                "paused", "The integration is paused.", "Resume the integration to sync it.", retryable=False
            )
        if integration.status is IntegrationStatus.NEEDS_REAUTH and not self._may_try_again(integration):
            return integration.problem or Problem.of(CredentialsRejected("The credentials were rejected."))
        capabilities = self.shop.capabilities(integration.connector)
        if task.read not in capabilities.reads:
            return Problem.of(Unsupported(f"{capabilities.title} does not offer {task.read}."))
        if all(data_type in integration.disabled for data_type in task.data_types):
            return Problem("disabled", "This data type is switched off.", "Switch it on to sync it.", retryable=False)
        return None

    def _may_try_again(self, integration: Integration) -> bool:
        since = integration.needs_reauth_at
        return since is None or self.shop.clock.now() - since >= timedelta(days=1)

    def _refuse(self, run: Run, task: Task, refusal: Problem | None) -> None:
        state = TaskState.FAILED if refusal and refusal.code == CredentialsRejected.code else TaskState.SKIPPED
        now = self.shop.clock.now()
        ended = replace(task, state=state, problem=refusal, ended_at=now)
        ending = Ending(
            self.shop.runs,
            self.shop.streams,
            self.shop.queue,
            self.shop.events,
            self.shop.clock,
            self.shop.timings,
            self.shop.journal,
        )
        ending.release_successor(run, task, refusal)
        ending.record(run, ended)

    def _take(self, integration: Integration, run: Run, task: Task, segment: int, until: datetime) -> float | None:
        now = self.shop.clock.now()
        key = run.stream(task.read)
        try:
            lease, stream = self.shop.streams.take(
                key,
                run=run.id,
                segment=segment,
                holder=self.shop.identity.new_id(),
                now=now,
                seconds=self.shop.timings.lease,
            )
        except LeaseHeld as held:
            self.shop.journal.event("lease_held", stream=str(key), run=run.id)
            return max((held.until - now).total_seconds(), 1)
        except (StreamBusy, SegmentStale) as aside:
            self.shop.journal.event(aside.code, stream=str(key), run=run.id, segment=segment)
            return None
        job = SegmentJob(self.shop, integration, run, task, lease, stream)
        job.work(until)
        return None


@dataclass(slots=True)
class SegmentJob:
    """One segment of one task, under its lease."""

    shop: Workshop
    integration: Integration
    run: Run
    task: Task
    lease: Lease
    stream: Stream

    def work(self, until: datetime) -> None:
        """Runs the segment; however it ends, the stream is given back and the next step is on its way."""
        now = self.shop.clock.now()
        checkpoint = self.stream.checkpoint or Checkpoint(self.run.id, self.run.mode, False, now)
        checkpoint.wait_until = checkpoint.waiting_for = None
        self.task = replace(
            self.task,
            state=TaskState.RUNNING,
            started_at=self.task.started_at or now,
            waiting_for=None,
            wait_until=None,
        )
        self.ending.note_running(self.run, self.task)
        segment: Segment | None = None
        try:
            with self.shop.connect(self.integration) as connector:
                segment = open_segment(
                    self._tools(connector), self.lease, self.stream, checkpoint, until, self.integration.snapshot_days
                )
                self._drive(segment)
        except StepAside as aside:
            self.shop.journal.event(aside.code, stream=str(self.lease.stream), run=self.run.id)
        except SyncError as error:
            self._stopped(segment, checkpoint, error)
        except Exception as error:  # the seam where an unknown failure gets its code and the stream its release
            self.shop.journal.failure("internal", error, stream=str(self.lease.stream), run=self.run.id)
            self._stopped(segment, checkpoint, Unexpected("The sync met an unexpected condition."))

    def _drive(self, segment: Segment) -> None:
        before = (segment.checkpoint.pages, segment.checkpoint.record_writes)
        is_read = segment.checkpoint.phase is Phase.BURY or segment.read()
        held = settle(segment) if is_read else None
        if held is None:
            self._continue(segment, before != (segment.checkpoint.pages, segment.checkpoint.record_writes))
        else:
            self._finish(segment, held)

    def _continue(self, segment: Segment, progressed: bool) -> None:
        checkpoint = segment.checkpoint
        checkpoint.hops += 1
        checkpoint.stalls = 0 if progressed else checkpoint.stalls + 1
        if checkpoint.hops > self.shop.timings.max_hops or checkpoint.stalls > self.shop.timings.max_stalls:
            self._stopped(segment, checkpoint, NoProgress("The sync made no headway and was stopped."))
            return
        checkpoint.segment += 1
        index = self._fold(segment, self.run.id)
        checkpoint.confirmed = {}
        self.shop.streams.swing(self.lease, index, checkpoint)
        self._forget(index)
        self.shop.streams.release(self.lease, checkpoint)
        self.ending.send_on(self.run, self._progress(checkpoint), checkpoint.segment, 0)

    def _finish(self, segment: Segment, held: tuple[HeldDeletion, ...]) -> None:
        checkpoint = segment.checkpoint
        warnings = conclusion.task_warnings(checkpoint.counts.values())
        ended = replace(
            self._progress(checkpoint),
            state=conclusion.task_state(warnings),
            ended_at=self.shop.clock.now(),
            warnings=warnings,
        )
        index = self._fold(segment, None)
        self.ending.finish(self.lease, self.run, ended, self._success(segment, ended, index, held))
        self._forget(index)

    def _success(self, segment: Segment, ended: Task, index: str, held: tuple[HeldDeletion, ...]) -> Stream:
        checkpoint = segment.checkpoint
        lag = segment.tools.read(self.lease.stream.read).lag
        return replace(
            self.stream,
            index=index,
            high_water=checkpoint.started_at - lag,
            last_attempt_at=checkpoint.started_at,
            last_success_at=ended.ended_at,
            last_success_run=self.run.id,
            last_snapshot_at=self.stream.last_snapshot_at if checkpoint.incremental else checkpoint.started_at,
            last_run=self.run.id,
            last_task=ended,
            problem=None,
            warnings=ended.warnings,
            held=held,
            approved_at=None,
            data_types=self.ending.data_types(segment.index, ended),
        )

    def _stopped(self, segment: Segment | None, checkpoint: Checkpoint, error: SyncError) -> None:
        """Waits and goes on later where that can help, and ends the task where it cannot."""
        durable = segment.flusher.durable if segment else checkpoint
        problem = Problem.of(error)
        until = self._next_try(segment, durable, error)
        if until is not None:
            durable.segment += 1
            durable.wait_until, durable.waiting_for = until, problem.code
            self.shop.streams.release(self.lease, durable)
            wait = max((until - self.shop.clock.now()).total_seconds(), 0)
            waiting = replace(
                self._progress(durable), state=TaskState.WAITING, waiting_for=problem.code, wait_until=until
            )
            self.ending.send_on(self.run, replace(waiting, problem=problem), durable.segment, wait)
            return
        state = TaskState.SKIPPED if isinstance(error, Unsupported) else TaskState.FAILED
        if isinstance(error, CredentialsRejected):
            now = self.shop.clock.now()
            self.shop.integrations.needs_reauth(self.run.organisation, self.run.integration, problem, now)
        index = self.stream.index
        if segment is not None and segment.batch.is_empty:
            index = self._fold(segment, None)  # what was done stays known, so that the next task need not do it again
        ended = replace(self._progress(durable), state=state, problem=problem, ended_at=self.shop.clock.now())
        end = replace(
            self.stream,
            index=index,
            last_attempt_at=durable.started_at,
            last_run=self.run.id,
            last_task=ended,
            problem=problem,
        )
        self.ending.finish(self.lease, self.run, ended, end)

    def _next_try(self, segment: Segment | None, durable: Checkpoint, error: SyncError) -> datetime | None:
        """When to go on, or None where the task must end: a person is needed, or too many tries brought no headway."""
        now = self.shop.clock.now()
        if not error.retryable or now - self.run.created_at > timedelta(seconds=self.shop.timings.max_run):
            return None
        if not isinstance(error, Throttled):
            durable.stalls = 0 if segment is not None and segment.progressed else durable.stalls + 1
            if durable.stalls > self.shop.timings.max_stalls:
                return None
        wait = self.shop.timings.retry_wait * 2 ** max(durable.stalls - 1, 0)
        named = error.until if isinstance(error, RetrySoon) else None
        return max(named or now, now) if named else now + timedelta(seconds=min(wait, self.shop.timings.max_delay))

    def _fold(self, segment: Segment, run: str | None) -> str:
        name = f"{self.lease.fence:010d}"
        self.shop.objects.put_index(self.lease.stream, name, segment.index.to_bytes(run))
        return name

    def _forget(self, index: str) -> None:
        if self.stream.index != index:
            self.shop.objects.forget(self.lease.stream, self.stream.index or "")

    def _progress(self, checkpoint: Checkpoint) -> Task:
        return replace(
            self.task, pages=checkpoint.pages, record_writes=checkpoint.record_writes, counts=checkpoint.counts
        )

    def _tools(self, connector: Connector) -> SegmentTools:
        shop = self.shop
        return SegmentTools(
            connector=connector,
            open_pages=shop.open_pages,
            records=shop.records,
            quarantine=shop.quarantine,
            adjustments=shop.adjustments,
            objects=shop.objects,
            streams=shop.streams,
            clock=shop.clock,
            timings=shop.timings,
            journal=shop.journal,
            mapping=mapping_digest(connector.capabilities, self.integration),
        )

    @property
    def ending(self) -> Ending:
        shop = self.shop
        return Ending(shop.runs, shop.streams, shop.queue, shop.events, shop.clock, shop.timings, shop.journal)


def mapping_digest(capabilities: Capabilities, integration: Integration) -> str:
    """Changes with the mapping version and with every setting that mappings depend on: all records are mapped again."""
    settings = {name: integration.settings.get(name) for name in sorted(capabilities.mapping_settings)}
    content = msgspec.json.encode(
        [capabilities.name, capabilities.mapping_version, integration.schedule.zone, settings]
    )
    return blake2b(content, digest_size=8).hexdigest()


class Unexpected(RetrySoon):
    """A bug, or a condition nobody foresaw; the traceback is in the log."""

    code = "internal"
    default_remedy = "Report this to Planster support with the run id."


class NoProgress(SyncError):
    code = "no_progress"
    default_remedy = "Report this to Planster support with the run id."
