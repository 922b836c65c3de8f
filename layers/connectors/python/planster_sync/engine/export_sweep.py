"""Looks after exports: sends those again whose message or worker was lost, and ends what is lost again and again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from planster_sync.errors import SyncError
from planster_sync.model.exports import KEPT, Export, ExportState
from planster_sync.model.runs import Lane, Problem
from planster_sync.model.timings import Timings
from planster_sync.ports.exports import Exports
from planster_sync.ports.platform import Clock, Journal, TaskQueue

PAGE = 100
_LOST = Problem("worker_lost", "The file lost its worker too often.", "Ask for it anew.", retryable=True)


@dataclass(frozen=True, slots=True)
class ExportSweep:
    """The upload of an export that is given up is the bucket's own to clear away."""

    exports: Exports
    queue: TaskQueue
    clock: Clock
    timings: Timings
    journal: Journal

    def run(self, now: datetime, until: datetime) -> int:
        """Looks at the exports whose check is due, one page of them; gives how many. The next tick takes the others."""
        handled = 0
        for export in self.exports.due_for_check(now, PAGE):
            if self.clock.now() >= until:
                break
            handled += 1
            self._try(export, now)
        return handled

    def _try(self, export: Export, now: datetime) -> None:
        """Looks after one; one that fails stays due: the next tick takes it up again."""
        named = {"organisation": export.organisation, "integration": export.integration, "reference": export.id}
        try:
            self._look_after(export, now)
        except SyncError as error:
            self.journal.event("export_sweep_failed", **named, **error.for_log())
        except Exception as error:  # the seam of one export: what is wrong with it must not keep the others
            self.journal.failure("export_sweep_failed", error, **named)

    def _look_after(self, export: Export, now: datetime) -> None:
        claim = timedelta(seconds=self.timings.claim)
        if export.held_until is not None and export.held_until > now:
            return  # a worker has just taken it, and says itself when it is to be looked after
        if export.resent >= self.timings.max_attempts or now >= export.requested_at + KEPT:
            ended = replace(
                export, state=ExportState.FAILED, problem=_LOST, ended_at=now, held_until=None, check_at=None
            )
            self.exports.change(export, ended)
        else:
            self.queue.send([export.message], lane=Lane.MANUAL)
            self.journal.event("export_sent_again", organisation=export.organisation, integration=export.integration)
            self.exports.change(export, replace(export, check_at=now + claim, resent=export.resent + 1))
