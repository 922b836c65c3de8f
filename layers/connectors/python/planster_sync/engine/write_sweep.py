"""Looks after write-backs: sends those again whose message or worker was lost, and ends what goes on for too long."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from planster_sync.engine import write_ending
from planster_sync.errors import SyncError
from planster_sync.model.runs import Problem
from planster_sync.model.timings import Timings
from planster_sync.ports.platform import Clock, Journal
from planster_sync.ports.write_backs import WriteBack, WriteBacks, WriteQueue

PAGE = 100
_REMEDY = "Send it again under the same reference."
_LOST = Problem("worker_lost", "The write-back lost its worker too often.", _REMEDY, retryable=True)
_NEVER = Problem("never_started", "The write-back was never taken up.", _REMEDY, retryable=True)


@dataclass(frozen=True, slots=True)
class WriteSweep:
    writes: WriteBacks
    queue: WriteQueue
    clock: Clock
    timings: Timings
    journal: Journal

    def run(self, now: datetime, until: datetime) -> int:
        """Looks at every request whose check is due; gives how many."""
        handled: set[tuple[str, str, str]] = set()
        while self.clock.now() < until:
            due = [write for write in self.writes.due_for_check(now, PAGE) if _name(write) not in handled]
            if not due:
                break
            for write in due:
                if self.clock.now() >= until:
                    break
                handled.add(_name(write))
                self._try(write, now)
        return len(handled)

    def _try(self, write: WriteBack, now: datetime) -> None:
        """Looks after one request; one that fails is put off, so that it stands in nobody's way."""
        named = {"integration": write.integration, "reference": write.reference}
        try:
            self._look_after(write, now)
            return
        except SyncError as error:
            self.journal.event("write_sweep_failed", **named, **error.for_log())
        except Exception as error:  # the seam of one request: what is wrong with it must not keep the others
            self.journal.failure("write_sweep_failed", error, **named)
        try:
            self._check_again(write, now + timedelta(seconds=self.timings.claim))
        except SyncError as error:
            self.journal.event("write_not_put_off", **named, **error.for_log())

    def _look_after(self, write: WriteBack, now: datetime) -> None:
        if write.state.is_final:
            self._send(write, now)  # it failed, and its worker died before it told so
            return
        busy_until = max((at for at in (write.lease_until, write.wait_until) if at is not None), default=now)
        if busy_until > now:
            self._check_again(write, busy_until)
        elif self._is_over(write, now):
            problem = write.problem or (_LOST if write.attempt else _NEVER)
            ended = write_ending.untold(write_ending.given_up(write, problem, now), now, self.timings)
            if self.writes.change(write, ended) is not None:
                self.queue.send_writes([write.message])  # a worker tells it; if this is lost, the next sweep finds it
        else:
            self._send(write, now)

    def _send(self, write: WriteBack, now: datetime) -> None:
        self.queue.send_writes([write.message])
        self.journal.event("write_sent_again", integration=write.integration, reference=write.reference)
        self._check_again(write, now + timedelta(seconds=self.timings.claim))

    def _is_over(self, write: WriteBack, now: datetime) -> bool:
        is_old = now - write.requested_at > timedelta(seconds=self.timings.max_run)
        return is_old or write.attempt >= self.timings.max_stalls

    def _check_again(self, write: WriteBack, at: datetime) -> None:
        """Where somebody changed the row meanwhile, they have set its next look themselves."""
        self.writes.change(write, replace(write, check_at=at))


def _name(write: WriteBack) -> tuple[str, str, str]:
    return write.organisation, write.integration, write.reference
