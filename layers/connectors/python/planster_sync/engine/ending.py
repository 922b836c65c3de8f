"""How a task's end, or its next segment, becomes known: stream row first, then the run, then whoever waits."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from planster_sync.engine import conclusion
from planster_sync.model.data_types import DataType
from planster_sync.model.runs import Counts, Problem, Run, RunStatus, StreamKey, Task, TaskState
from planster_sync.model.streams import Checkpoint, DataTypeStatus, Lease, Stream
from planster_sync.model.timings import Timings
from planster_sync.ports.platform import Clock, Events, Journal, TaskQueue
from planster_sync.ports.stores import Runs, Streams

if TYPE_CHECKING:
    from planster_sync.engine.index import Index
from planster_sync.errors import LeaseHeld


@dataclass(frozen=True, slots=True)
class Ending:
    """Shared by worker and sweep, so that a task ends in the same way whoever ends it."""

    runs: Runs
    streams: Streams
    queue: TaskQueue
    events: Events
    clock: Clock
    timings: Timings
    journal: Journal

    def note_running(self, run: Run, task: Task) -> None:
        """Says on the run that a worker has taken the task, and when the sweep must wonder about it."""
        self._put(run, replace(task, claim_by=None), self.timings.lease)

    def send_on(self, run: Run, task: Task, segment: int, wait_seconds: float) -> None:
        """Sends the next segment's message; a wait longer than a queue can delay is left to the sweep."""
        if wait_seconds <= self.timings.max_delay:
            self.queue.send([run.message(task.read, segment)], lane=run.lane, delay_seconds=wait_seconds)
            wait_seconds += self.timings.claim
        claim_by = self.clock.now() + timedelta(seconds=wait_seconds)
        self._put(run, replace(task, claim_by=claim_by), wait_seconds)

    def finish(self, lease: Lease, run: Run, ended: Task, end: Stream) -> None:
        """Ends a task whose lease is held.

        Raises:
            LeaseLost: somebody else took the stream; this end does not count.
        """
        successor = self.streams.finish(lease, end)
        self.record(run, ended)
        self._wake(run, ended.read, successor)

    def abandon(self, run: Run, task: Task, problem: Problem) -> None:
        """Ends a task that no living worker holds, whether it owns its stream or never got it.

        Raises:
            LeaseHeld: a worker holds it after all.
        """
        stream = run.stream(task.read)
        self.tell_last_end(self.streams.get(stream))
        successor = self.streams.abandon(stream, run=run.id, now=self.clock.now(), problem=problem)
        self.record(run, task)
        self._wake(run, task.read, successor)

    def tell_last_end(self, stream: Stream) -> None:
        """Tells the run that ended last on a stream how it ended, where a worker died before it could.

        The row keeps one end, so that whoever may end there next comes here first. What is older than any run may be
        was found by the sweep.
        """
        if stream.last_run is None or stream.last_attempt_at is None:
            return
        now, timings = self.clock.now(), self.timings
        if now - stream.last_attempt_at > timedelta(seconds=timings.max_run + timings.claim):
            return
        key = stream.key
        run = self.runs.get(key.organisation, key.integration, stream.last_run)
        task = run.tasks.get(key.read) if run is not None else None
        if run is not None and task is not None and not task.state.is_final:
            self.record_last_end(run, task, stream)

    def record_last_end(self, run: Run, task: Task, stream: Stream) -> None:
        """Writes on a run how its task ended by the stream's row."""
        abandoned = replace(task, state=TaskState.FAILED, problem=stream.problem, ended_at=self.clock.now())
        self.record(run, stream.last_task or abandoned)

    def set_free(self, key: StreamKey) -> bool:
        """Frees a stream whose owner's task has ended; whether it did.

        A worker that slept through its run's end may still take the stream, and then nobody would give it back.
        """
        stream = self.streams.get(key)
        now = self.clock.now()
        if stream.owner is None or (stream.lease_until is not None and stream.lease_until >= now):
            return False
        owner = self.runs.get(key.organisation, key.integration, stream.owner)
        task = owner.tasks.get(key.read) if owner else None
        if task is not None and not task.state.is_final:
            return False
        problem = stream.problem or Problem(
            "worker_lost", "The sync lost its worker.", "Nothing to do.", retryable=True
        )
        self.tell_last_end(stream)
        try:
            self.streams.abandon(key, run=stream.owner, now=now, problem=problem)
        except LeaseHeld:
            return False
        self.journal.event("stream_set_free", stream=str(key), run=stream.owner)
        return True

    def record(self, run: Run, ended: Task) -> None:
        """Writes a task's end on its run, and the run's own end with the last of them."""
        after = self.runs.put_task(run, ended)
        self.journal.event(
            "task_ended",
            stream=str(run.stream(ended.read)),
            run=run.id,
            state=ended.state.value,
            code=ended.problem.code if ended.problem else None,
            pages=ended.pages,
            record_writes=ended.record_writes,
            seconds=round(((ended.ended_at or self.clock.now()) - run.created_at).total_seconds()),
            fetched=sum(count.fetched for count in ended.counts.values()),
            quarantined=sum(count.quarantined for count in ended.counts.values()),
            counts={data_type.value: asdict(count) for data_type, count in ended.counts.items()},
        )
        self.events.publish(
            "sync task finished",
            {
                "organisation": run.organisation,
                "integration": run.integration,
                "run": run.id,
                "read": ended.read,
                "state": ended.state.value,
                "data_types": [data_type.value for data_type in ended.data_types],
            },
        )
        if after is not None:
            self.conclude(after)

    def conclude(self, run: Run) -> RunStatus:
        """Judges the run and writes the judgement if it is new."""
        status = conclusion.conclude(run.tasks.values())
        if status.is_final and not run.status.is_final:
            self.runs.update(replace(run, status=status, ended_at=self.clock.now(), check_at=None))
            self.journal.event(
                "run_ended",
                organisation=run.organisation,
                integration=run.integration,
                run=run.id,
                state=status.value,
                seconds=round((self.clock.now() - run.created_at).total_seconds()),
            )
            self.events.publish(
                "sync run finished",
                {
                    "organisation": run.organisation,
                    "integration": run.integration,
                    "run": run.id,
                    "status": status.value,
                },
            )
        return status

    def data_types(self, index: Index, ended: Task, checkpoint: Checkpoint) -> dict[DataType, DataTypeStatus]:
        """What the status page says of each data type after a success."""
        live = index.live()
        first = ended.data_types[0] if ended.data_types else None
        return {
            data_type: DataTypeStatus(
                live=live.get(data_type.value, 0),
                quarantined=index.quarantined() if data_type is first else 0,
                counts=ended.counts.get(data_type, Counts()),
                window=checkpoint.windows.get(data_type),
            )
            for data_type in ended.data_types
        }

    def _put(self, run: Run, task: Task, check_in_seconds: float) -> None:
        after = self.runs.put_task(run, task)
        if after is None:
            return
        now = self.clock.now()
        check_at = now + timedelta(seconds=check_in_seconds)
        if after.status is RunStatus.QUEUED or after.check_at is None or check_at < after.check_at:
            self.runs.update(
                replace(after, status=RunStatus.RUNNING, started_at=after.started_at or now, check_at=check_at)
            )

    def _wake(self, run: Run, read: str, successor: str | None) -> None:
        """Starts the task that waited for the stream; if this is lost, the sweep finds it."""
        waiting = self.runs.get(run.organisation, run.integration, successor) if successor else None
        if waiting is not None and read in waiting.tasks and not waiting.tasks[read].state.is_final:
            self.queue.send([waiting.message(read)], lane=waiting.lane)
