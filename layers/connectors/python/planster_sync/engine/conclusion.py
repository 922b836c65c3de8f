"""The only place that judges: how a task ended, and how a run did."""

from __future__ import annotations

from collections.abc import Iterable

from planster_sync.errors import Forbidden, NotFound, Unsupported
from planster_sync.model.runs import Counts, Problem, RunStatus, Task, TaskState

NON_BLOCKING = frozenset({Forbidden.code})
"""Problems of one data type that leave the rest of the account usable."""

CALLED_OFF = frozenset({"paused", "cancelled", NotFound.code})
"""Reasons to leave a task out that call off the whole run: nobody wants it any more."""


def task_state(warnings: Iterable[Problem]) -> TaskState:
    """A task whose list was read to its proven end succeeded; warnings say what a person should look at."""
    return TaskState.SUCCEEDED_WITH_WARNINGS if tuple(warnings) else TaskState.SUCCEEDED


def task_warnings(counts: Iterable[Counts], in_quarantine: int) -> tuple[Problem, ...]:
    """What a person should look at although the task went through.

    `in_quarantine` is how many source records the stream has there: an incremental read need not have met them.
    """
    counts = tuple(counts)
    quarantined = max(in_quarantine, sum(count.quarantined for count in counts))
    held = sum(count.held for count in counts)
    warnings = []
    if quarantined:
        warnings.append(
            Problem(
                "records_quarantined",
                f"{quarantined} records could not be understood and were set aside; the others are up to date.",
                "Look at the list of what was set aside, and correct those records in the warehouse system.",
                retryable=False,
            )
        )
    if held:
        warnings.append(
            Problem(
                "deletions_held",
                f"{held} records are missing at the source, which is implausibly many; none was deleted.",
                "Look whether they are gone from the warehouse system, then approve the deletion or reject it.",
                retryable=False,
            )
        )
    return tuple(warnings)


def conclude(tasks: Iterable[Task]) -> RunStatus:
    """The status of a run from its tasks; the worst one wins, and what the vendor lacks is no failure."""
    tasks = tuple(tasks)
    if any(not task.state.is_final for task in tasks):
        begun = any(task.state is not TaskState.QUEUED for task in tasks)
        return RunStatus.RUNNING if begun else RunStatus.QUEUED
    if any(task.state is TaskState.FAILED and not _is_non_blocking(task) for task in tasks):
        return RunStatus.FAILED
    if any(task.state is TaskState.CANCELLED for task in tasks) or any(_is_called_off(task) for task in tasks):
        return RunStatus.CANCELLED
    if any(task.state is not TaskState.SUCCEEDED and not _is_unsupported(task) for task in tasks):
        return RunStatus.SUCCEEDED_WITH_WARNINGS
    return RunStatus.SUCCEEDED


def _is_called_off(task: Task) -> bool:
    return task.state is TaskState.SKIPPED and task.problem is not None and task.problem.code in CALLED_OFF


def _is_non_blocking(task: Task) -> bool:
    return task.problem is not None and task.problem.code in NON_BLOCKING


def _is_unsupported(task: Task) -> bool:
    return task.state is TaskState.SKIPPED and task.problem is not None and task.problem.code == Unsupported.code
