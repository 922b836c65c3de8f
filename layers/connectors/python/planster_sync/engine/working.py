"""One segment of one task, under its lease: run it, then send on, wait, or conclude.

Whatever ends a segment, its stream is given back and the run hears of it; what cannot be told because the worker died
is found by the sweep.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from planster_sync.engine import conclusion, depth, telling, windows
from planster_sync.engine.index_file import sheet_name
from planster_sync.engine.index_packing import objects_of
from planster_sync.engine.segment import Segment, open_segment
from planster_sync.engine.settle import settle
from planster_sync.engine.workshop import Workshop
from planster_sync.errors import (
    CredentialsRejected,
    NoProgress,
    RetrySoon,
    StepAside,
    SyncError,
    Throttled,
    Unexpected,
    Unsupported,
)
from planster_sync.model.integrations import Integration, IntegrationStatus
from planster_sync.model.runs import Counts, Problem, Run, Task, TaskState
from planster_sync.model.streams import Checkpoint, HeldDeletion, Lease, Phase, Stream

JOURNAL_CHUNKS = 50


@dataclass(slots=True)
class SegmentWork:
    """Made for one message; `do` is called once."""

    shop: Workshop
    integration: Integration
    run: Run
    task: Task
    lease: Lease
    stream: Stream
    superseded: list[str] = field(default_factory=list)

    def do(self, until: datetime) -> None:
        """Runs the segment; however it ends, the stream is given back and the next step is on its way."""
        try:
            self._do(until)
        except StepAside as aside:
            self.shop.journal.event(aside.code, stream=str(self.lease.stream), run=self.run.id)

    def _do(self, until: datetime) -> None:
        now = self.shop.clock.now()
        checkpoint = self.stream.checkpoint or Checkpoint(self.run.id, self.run.mode, False, now, floor=self._floor)
        checkpoint.wait_until = checkpoint.waiting_for = None
        started_at = self.task.started_at or now
        self.task = replace(
            self.task, state=TaskState.RUNNING, started_at=started_at, waiting_for=None, wait_until=None
        )
        segment: Segment | None = None
        self._tell("segment_begun", segment=checkpoint.segment)
        try:
            self.shop.ending.note_running(self.run, self.task)
            with self.shop.connect(self.integration) as connector:
                tools = self.shop.tools(self.integration, connector)
                segment = open_segment(
                    tools, self.lease, self.stream, checkpoint, until, self.integration.snapshot_days
                )
                self._drive(segment)
        except StepAside:
            raise
        except SyncError as error:
            self._stopped(segment, checkpoint, error)
        except Exception as error:  # the seam where an unknown failure gets its code and the stream its release
            self.shop.journal.failure("internal", error, stream=str(self.lease.stream), run=self.run.id)
            self._stopped(segment, checkpoint, Unexpected("The sync met an unexpected condition."))

    @property
    def _floor(self) -> datetime | None:
        """That of a task which begins now; it keeps it to its end, whatever is set meanwhile."""
        read = self.shop.capabilities(self.integration.connector).reads[self.lease.stream.read]
        return depth.floor(self.integration, read, self.stream)

    def _drive(self, segment: Segment) -> None:
        if segment.index.restart:
            self._rebase(segment)
        before = segment.work_done
        is_read = segment.checkpoint.phase is Phase.BURY or segment.read()
        held = settle(segment) if is_read else None
        if held is None:
            self._continue(segment, progressed=before != segment.work_done)
        else:
            self._finish(segment, held)

    def _rebase(self, segment: Segment) -> None:
        """Stores a rebuilt index at once, so that the task starts over once, and not after every wait."""
        index = self._fold(segment, "rebuilt", self.run.id)
        segment.checkpoint.confirmed = {}
        self.shop.streams.swing(self.lease, index, segment.checkpoint)
        self._forget(index)
        self.stream = replace(self.stream, index=index)
        segment.flusher.base = index
        segment.flusher.durable = segment.checkpoint.copy()

    def _continue(self, segment: Segment, *, progressed: bool) -> None:
        checkpoint = segment.checkpoint
        checkpoint.hops += 1
        checkpoint.stalls = 0 if progressed else checkpoint.stalls + 1
        if checkpoint.hops > self.shop.timings.max_hops or checkpoint.stalls > self.shop.timings.max_stalls:
            self._stopped(segment, checkpoint, NoProgress("The sync made no headway and was stopped."))
            return
        checkpoint.segment += 1
        index = self._fold(segment, "continued", self.run.id)
        checkpoint.confirmed = {}
        self.shop.streams.swing(self.lease, index, checkpoint)
        self._forget(index)
        self.shop.streams.release(self.lease, checkpoint)
        self._tell("segment_continued", pages=checkpoint.pages, record_writes=checkpoint.record_writes)
        self.shop.ending.send_on(self.run, self._progress(checkpoint), checkpoint.segment, 0)

    def _finish(self, segment: Segment, held: tuple[HeldDeletion, ...]) -> None:
        checkpoint = segment.checkpoint
        warnings = conclusion.task_warnings(checkpoint.counts.values(), segment.index.quarantined())
        ended = replace(
            self._progress(checkpoint),
            state=conclusion.task_state(warnings),
            ended_at=self.shop.clock.now(),
            problem=None,  # what it waited for on its way is over
            warnings=warnings,
        )
        if segment.is_snapshot:
            segment.index.snapshot_ended()
        index = self._fold(segment, "ended", None)
        before = self.stream.data_types if segment.is_snapshot else {}
        self.shop.ending.finish(self.lease, self.run, ended, self._success(segment, ended, index, held))
        self._measure(ended)
        for name, found in telling.noteworthy(ended.counts, held, before):
            self._tell(name, **found)
        self._forget(index)
        if self.integration.status is IntegrationStatus.NEEDS_REAUTH:
            self.shop.integrations.active_again(self.run.organisation, self.run.integration)

    def _measure(self, ended: Task) -> None:
        """Counts the task and what it did, once, when its end is known."""
        for data_type in ended.data_types:
            counted = telling.metrics(ended.state, ended.counts.get(data_type, Counts()))
            self.shop.metrics.count(self.integration.connector, data_type, counted)

    def _tell(self, name: str, **fields: Any) -> None:
        self.shop.journal.event(name, stream=str(self.lease.stream), run=self.run.id, **fields)

    def _success(self, segment: Segment, ended: Task, index: str, held: tuple[HeldDeletion, ...]) -> Stream:
        checkpoint = segment.checkpoint
        lag = segment.tools.read(self.lease.stream.read).lag
        held, approved_at = self._hold(segment, held)
        return replace(
            self.stream,
            index=index,
            high_water=checkpoint.started_at - lag,
            last_attempt_at=checkpoint.started_at,
            last_success_at=ended.ended_at,
            last_success_run=self.run.id,
            last_snapshot_at=checkpoint.started_at if segment.is_snapshot else self.stream.last_snapshot_at,
            usable_since=self._usable_since(checkpoint) or ended.ended_at,
            floor=self.stream.floor if checkpoint.incremental else checkpoint.floor,
            last_run=self.run.id,
            last_task=ended,
            problem=None,
            warnings=ended.warnings,
            held=held,
            approved_at=approved_at,
            data_types=self.shop.ending.data_types(segment.index, ended, checkpoint),
        )

    def _usable_since(self, checkpoint: Checkpoint) -> datetime | None:
        """A row that was written before this was kept says at least since when it has surely been usable."""
        return self.stream.usable_since or checkpoint.usable_since or self.stream.last_success_at

    def _hold(
        self, segment: Segment, held: tuple[HeldDeletion, ...]
    ) -> tuple[tuple[HeldDeletion, ...], datetime | None]:
        """What waits for a person after this read: an incremental one knows nothing of what a snapshot held.

        An approval that was given while the task was at work is left for the next one.
        """
        if not segment.is_snapshot:
            anew = {item.data_type for item in held}
            held = (*(item for item in self.stream.held if item.data_type not in anew), *held)
        if not held:
            return (), None
        approved_at = self.shop.streams.get(self.lease.stream).approved_at
        is_used = segment.is_snapshot and approved_at == self.stream.approved_at
        return held, None if is_used else approved_at

    def _stopped(self, segment: Segment | None, checkpoint: Checkpoint, error: SyncError) -> None:
        """Waits and goes on later where that can help, and ends the task where it cannot."""
        durable = segment.flusher.durable if segment else checkpoint
        problem = Problem.of(error)
        until = self._next_try(segment, durable, error)
        self.shop.journal.event(
            "segment_stopped",
            stream=str(self.lease.stream),
            run=self.run.id,
            until=until.isoformat() if until else None,
            **error.for_log(),
        )
        if until is None:
            self._fail(segment, durable, error, problem)
            return
        durable.segment += 1
        durable.wait_until, durable.waiting_for = until, problem.code
        self._give_back(segment, durable)
        wait = max((until - self.shop.clock.now()).total_seconds(), 0)
        waiting = replace(
            self._progress(durable),
            state=TaskState.WAITING,
            waiting_for=problem.code,
            wait_until=until,
            problem=problem,
        )
        self.shop.ending.send_on(self.run, waiting, durable.segment, wait)

    def _give_back(self, segment: Segment | None, durable: Checkpoint) -> None:
        """Releases the stream; a journal that grew over many waits is folded first, for each segment reads it all."""
        if segment is not None and segment.batch.is_empty and segment.journal_chunks > JOURNAL_CHUNKS:
            index = self._fold(segment, "waiting", self.run.id)
            durable.confirmed = {}
            self.shop.streams.swing(self.lease, index, durable)
            self._forget(index)
        self.shop.streams.release(self.lease, durable)

    def _fail(self, segment: Segment | None, durable: Checkpoint, error: SyncError, problem: Problem) -> None:
        now = self.shop.clock.now()
        if isinstance(error, CredentialsRejected):
            self.shop.integrations.needs_reauth(self.run.organisation, self.run.integration, problem, now)
            if self.integration.status is not IntegrationStatus.NEEDS_REAUTH:
                self._tell("needs_reauth", code=problem.code)
        index = self.stream.index
        if segment is not None and segment.batch.is_empty:
            index = self._fold(segment, "failed", None)  # what was done stays known: the next task need not repeat it
        state = TaskState.SKIPPED if isinstance(error, Unsupported) else TaskState.FAILED
        ended = replace(self._progress(durable), state=state, problem=problem, ended_at=now)
        end = replace(
            self.stream,
            index=index,
            last_attempt_at=durable.started_at,
            last_run=self.run.id,
            last_task=ended,
            problem=problem,
            approved_at=self.shop.streams.get(self.lease.stream).approved_at,
            usable_since=self._usable_since(durable),
            data_types=windows.kept(self.stream, durable),
        )
        self.shop.ending.finish(self.lease, self.run, ended, end)
        self._measure(ended)
        if index is not None:
            self._forget(index)

    def _next_try(self, segment: Segment | None, durable: Checkpoint, error: SyncError) -> datetime | None:
        """When to go on, or None where the task must end: a person is needed, or too many tries brought no headway."""
        now = self.shop.clock.now()
        timings = self.shop.timings
        if not error.retryable or now - self.run.created_at > timedelta(seconds=timings.max_run):
            return None
        progressed = segment is not None and segment.progressed
        if not isinstance(error, Throttled):
            durable.stalls = 0 if progressed else durable.stalls + 1
            if durable.stalls > timings.max_stalls:
                return None
        named = error.until if isinstance(error, RetrySoon) else None
        if named is not None:
            return max(named, now if progressed else now + timedelta(seconds=timings.short_wait))
        wait = timings.retry_wait * 2 ** max(durable.stalls - 1, 0)
        return now + timedelta(seconds=min(wait, timings.max_delay))

    def _fold(self, segment: Segment, occasion: str, run: str | None) -> str:
        """Stores the index under a name of its own: one segment may store several, and each is immutable.

        With the holder in it, for a restored table counts its fences once more.

        An index that still holds, and that no next segment needs, stays where it is.
        """
        if run is None and self.stream.index and segment.is_index_valid:
            return self.stream.index
        name = f"{self.lease.fence:010d}-{self.lease.holder}-{occasion}"
        self.superseded = [sheet_name(self.stream.index or "", number) for number in range(segment.index.sheets)]
        for part, content in objects_of(segment.index, name, run, self.shop.sheet_bytes):
            self.shop.objects.put_index(self.lease.stream, part, content)
        return name

    def _forget(self, index: str) -> None:
        if self.stream.index != index:
            for name in self.superseded:
                self.shop.objects.forget(self.lease.stream, name)

    def _progress(self, checkpoint: Checkpoint) -> Task:
        return replace(
            self.task, pages=checkpoint.pages, record_writes=checkpoint.record_writes, counts=checkpoint.counts
        )
