"""The rows that a write-back goes through after a worker's turn: waiting, succeeded, failed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from planster_sync.errors import SyncError, Unsupported
from planster_sync.model.runs import Problem
from planster_sync.model.timings import Timings
from planster_sync.ports.write_backs import WriteBack, WriteState

_BY_ITSELF = "Nothing to do: it is tried again by itself."
_AGAIN = "Send it again under the same reference."
_ELSEWHERE = "Make the change in the warehouse system itself."


def problem_of(error: SyncError) -> Problem:
    """The failure as it is kept; what a sync would do about it is not what is done here."""
    problem = Problem.of(error)
    return replace(problem, remedy=_ELSEWHERE) if isinstance(error, Unsupported) else problem


def waiting(write: WriteBack, problem: Problem, until: datetime, timings: Timings) -> WriteBack:
    """Given back until `until`; the sweep looks a little later, for the message may be lost."""
    return replace(
        _free(write),
        state=WriteState.UNKNOWN if write.may_have_been_made else WriteState.REQUESTED,
        wait_until=until,
        check_at=until + timedelta(seconds=timings.unsent),
        problem=replace(problem, remedy=_BY_ITSELF),
    )


def succeeded(write: WriteBack, shipment_id: str, not_kept: tuple[str, ...], now: datetime) -> WriteBack:
    return replace(
        _free(write),
        state=WriteState.SUCCEEDED,
        shipment_id=shipment_id,
        not_kept=not_kept,
        in_doubt=False,
        problem=None,
        ended_at=now,
    )


def refused(write: WriteBack, problem: Problem, now: datetime) -> WriteBack:
    """Failed, and the vendor surely did nothing."""
    return replace(_free(write), state=WriteState.FAILED, in_doubt=False, problem=problem, ended_at=now)


def given_up(write: WriteBack, problem: Problem, now: datetime) -> WriteBack:
    """Failed; where something may have been sent, it says that nobody knows what became of it."""
    if not write.may_have_been_made:
        return refused(write, replace(problem, remedy=_AGAIN) if problem.retryable else problem, now)
    return replace(refused(write, _doubtful(write, problem), now), in_doubt=True)


def untold(write: WriteBack, now: datetime, timings: Timings) -> WriteBack:
    """A failure has to be told: until it was, the sweep looks after it."""
    if write.state is not WriteState.FAILED:
        return write
    return replace(write, check_at=now + timedelta(seconds=timings.unsent))


def _doubtful(write: WriteBack, problem: Problem) -> Problem:
    made, look = ("created", f"Look for the number {write.reference}") if write.draft else ("changed", "Look at it")
    return Problem(
        "outcome_unknown",
        f"It is not known whether the inbound shipment was {made}: {problem.what}",
        f"{look} in the warehouse system, or send it again under the same reference: then we look there first.",
        retryable=True,
    )


def _free(write: WriteBack) -> WriteBack:
    return replace(write, holder=None, lease_until=None, wait_until=None, check_at=None)
