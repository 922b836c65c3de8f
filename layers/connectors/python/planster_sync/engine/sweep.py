"""Looks after runs: sends what was never sent or claimed, takes up what lost its worker, ends what cannot go on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from planster_sync.engine.ending import Ending
from planster_sync.engine.starting import Starter
from planster_sync.errors import LeaseHeld, SyncError
from planster_sync.model.runs import Problem, Run, Task, TaskState
from planster_sync.model.streams import Stream
from planster_sync.model.timings import Timings
from planster_sync.ports.platform import Clock, Journal, TaskQueue
from planster_sync.ports.stores import Runs, Streams

PAGE = 100


class Sweeping(Protocol):
    def run(self, now: datetime, until: datetime) -> int:
        """Looks at everything whose check is due at `now`, until `until` at the latest; gives how many."""
        ...


@dataclass(frozen=True, slots=True)
class Sweeps:
    """Several sweeps one after the other; the shorter ones first."""

    each: Sequence[Sweeping]

    def run(self, now: datetime, until: datetime) -> int:
        return sum(sweep.run(now, until) for sweep in self.each)


@dataclass(frozen=True, slots=True)
class Sweep:
    runs: Runs
    streams: Streams
    queue: TaskQueue
    starter: Starter
    ending: Ending
    clock: Clock
    timings: Timings
    journal: Journal

    def run(self, now: datetime, until: datetime) -> int:
        """Looks at every run whose check is due; gives how many."""
        swept = 0
        handled: set[tuple[str, str, str]] = set()
        while self.clock.now() < until:
            due = [run for run in self.runs.due_for_check(now, PAGE) if _name(run) not in handled]
            if not due:
                break
            for run in due:
                if self.clock.now() >= until:
                    break
                handled.add(_name(run))
                self._try(run, now)
                swept += 1
        return swept

    def _try(self, run: Run, now: datetime) -> None:
        """Looks after one run; one that fails is put off, so that it stands in nobody's way."""
        named = {"run": run.id, "integration": run.integration}
        try:
            self.look_after(run, now)
            return
        except SyncError as error:
            self.journal.event("sweep_failed", **named, **error.for_log())
        except Exception as error:  # the seam of one run: what is wrong with it must not keep the others from their end
            self.journal.failure("sweep_failed", error, **named)
        try:
            self.runs.update(replace(run, check_at=now + timedelta(seconds=self.timings.claim)))
        except SyncError as error:
            self.journal.event("run_not_put_off", **named, **error.for_log())

    def look_after(self, run: Run, now: datetime) -> None:
        """Brings one run on: it never ends here in any other way than its tasks did."""
        if run.sent_at is None:
            self.starter.send(run)
            return
        checks = [self._task(run, task, now) for task in run.tasks.values() if not task.state.is_final]
        current = self.runs.get(run.organisation, run.integration, run.id)
        if current is None or current.status.is_final or self.ending.conclude(current).is_final:
            return
        soonest = min((check for check in checks if check is not None), default=now)
        check_at = max(soonest, now + timedelta(seconds=self.timings.unsent))
        self.runs.update(replace(current, check_at=check_at))

    def _task(self, run: Run, task: Task, now: datetime) -> datetime | None:
        """Brings one task on; gives when it is to be looked at again, None where it has ended."""
        stream = self.streams.get(run.stream(task.read))
        if stream.last_run == run.id and stream.owner != run.id:
            self.ending.record_last_end(run, task, stream)
            return None
        if task.claim_by is not None and task.claim_by > now:
            return task.claim_by
        if stream.owner == run.id:
            return self._owned(run, task, stream, now)
        if self._is_over(run, now):
            return self._end(run, task, "never_started", "The sync was never taken up.", now)
        if stream.owner is None or self.ending.set_free(stream.key):
            return self._send(run, task, 0, now)
        return now + timedelta(seconds=self.timings.claim)

    def _owned(self, run: Run, task: Task, stream: Stream, now: datetime) -> datetime | None:
        if stream.lease_until is not None and stream.lease_until > now:
            return stream.lease_until
        checkpoint = stream.checkpoint
        wait_until = checkpoint.wait_until if checkpoint is not None else None
        if wait_until is not None and wait_until > now:
            return wait_until
        segment = checkpoint.segment if checkpoint is not None else 0
        if wait_until is not None and task.state is TaskState.WAITING and not self._is_over(run, now):
            return self._send(run, task, segment, now)  # only its message was lost, or never sent
        if task.attempt >= self.timings.max_attempts or self._is_over(run, now):
            return self._end(run, task, "worker_lost", "The sync lost its worker too often.", now)
        return self._send(run, replace(task, attempt=task.attempt + 1), segment, now)

    def _is_over(self, run: Run, now: datetime) -> bool:
        return now - run.created_at > timedelta(seconds=self.timings.max_run)

    def _send(self, run: Run, task: Task, segment: int, now: datetime) -> datetime:
        self.queue.send([run.message(task.read, segment)], lane=run.lane)
        claim_by = now + timedelta(seconds=self.timings.claim)
        self.runs.put_task(run, replace(task, claim_by=claim_by))
        self.journal.event("task_sent_again", stream=str(run.stream(task.read)), run=run.id, segment=segment)
        return claim_by

    def _end(self, run: Run, task: Task, code: str, what: str, now: datetime) -> datetime | None:
        problem = Problem(code, what, "Nothing to do: the next night tries again.", retryable=True)
        ended = replace(task, state=TaskState.FAILED, problem=problem, ended_at=now)
        try:
            self.ending.abandon(run, ended, problem)
        except LeaseHeld as held:
            return held.until
        return None


def _name(run: Run) -> tuple[str, str, str]:
    return run.organisation, run.integration, run.id
