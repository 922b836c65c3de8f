"""Judges a night: which data types were fresh at six in the morning, local time, and why the others were not.

Fresh is what a sync brought that ended well by then and not before the night's own hour: the last hour of the schedule
that lay at least `LEAD` before six. Whoever started it makes no difference. A data type takes part once it was synced
and its first useful part had been stored before the night began.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from planster_sync.engine import nights
from planster_sync.errors import CredentialsRejected, Forbidden, NotFound, SettingsInvalid, Unsupported
from planster_sync.model.data_types import DataType
from planster_sync.model.freshness import Miss, Night
from planster_sync.model.integrations import Integration, IntegrationStatus
from planster_sync.model.runs import Run, Task, TaskState
from planster_sync.model.streams import StreamStatus
from planster_sync.ports.source import Capabilities

LEAD = timedelta(hours=2)
"""A sync that begins at its hour needs the spread of the starts and its own time."""
LONGEST_RUN = timedelta(days=1)
UNCOUNTED = frozenset({IntegrationStatus.PAUSED, IntegrationStatus.DISCONNECTING})

_CANCELLED = Miss("cancelled", "Somebody stopped the sync.")
_NOT_STARTED = Miss("not_started", "No sync was started in the night.")
_UNFINISHED = Miss("not_finished", "At six in the morning the sync was still at work.")
_BLOCKED = frozenset({CredentialsRejected.code, Forbidden.code, SettingsInvalid.code, _CANCELLED.code})
"""Codes of what only somebody of the organisation can mend, or has decided."""
_CALLED_OFF = frozenset({"paused", "disabled", NotFound.code, Unsupported.code})
"""Codes of tasks that were left out because nobody wanted them."""


def begins(integration: Integration, day: date) -> datetime:
    """From when on a sync's end counts for the night of that day's morning (UTC)."""
    return nights.latest_slot(integration.schedule, nights.morning(integration.schedule, day) - LEAD).at


def judge(
    integration: Integration,
    capabilities: Capabilities,
    streams: Sequence[StreamStatus],
    runs: Sequence[Run],
    day: date,
) -> Night:
    """The night as it was; `runs` are those that began at or after `LONGEST_RUN` before it did, in any order."""
    since, until = begins(integration, day), nights.morning(integration.schedule, day)
    fresh, missed = [], {}
    for data_type, read in _that_count(integration, capabilities, streams, since):
        tasks = [run.tasks[read] for run in runs if _concerns(run, read, data_type, until)]
        if any(task.state.is_good and _ended_within(task, since, until) for task in tasks):
            fresh.append(data_type)
        elif not _was_called_off(tasks, since, until):
            missed[data_type] = _why(integration, tasks, since, until)
    blocked = tuple(data_type for data_type, miss in missed.items() if miss.code in _BLOCKED)
    return Night(integration.organisation, integration.id, day.isoformat(), until, tuple(fresh), missed, blocked)


def _that_count(
    integration: Integration, capabilities: Capabilities, streams: Sequence[StreamStatus], since: datetime
) -> list[tuple[DataType, str]]:
    """Data types with their reads: served, switched on, and usable before the night began."""
    if integration.status in UNCOUNTED:
        return []
    rows = {stream.key.read: stream for stream in streams}
    served = [(data_type, capabilities.read_of(data_type)) for data_type in DataType]
    return [
        (data_type, read.name)
        for data_type, read in served
        if read is not None and data_type not in integration.disabled and _is_usable(rows.get(read.name), since)
    ]


def _is_usable(stream: StreamStatus | None, since: datetime) -> bool:
    if stream is None or stream.last_success_at is None:
        return False
    if stream.problem is not None and stream.problem.code == Unsupported.code:
        return False
    return (stream.usable_since or stream.last_success_at) < since


def _concerns(run: Run, read: str, data_type: DataType, until: datetime) -> bool:
    task = run.tasks.get(read)
    return task is not None and data_type in task.data_types and run.created_at <= until


def _ended_within(task: Task, since: datetime, until: datetime) -> bool:
    return task.state.is_final and task.ended_at is not None and since <= task.ended_at <= until


def _was_called_off(tasks: Sequence[Task], since: datetime, until: datetime) -> bool:
    """Whether the night's last task was left out because nobody wanted it."""
    ended = [task for task in tasks if _ended_within(task, since, until)]
    last = max(ended, key=_end, default=None)
    return last is not None and last.state is TaskState.SKIPPED and _code(last) in _CALLED_OFF


def _why(integration: Integration, tasks: Sequence[Task], since: datetime, until: datetime) -> Miss:
    """A failure says most, then what was under way at six, then that nothing was."""
    ended = [task for task in tasks if _ended_within(task, since, until)]
    at_work = [task for task in tasks if not task.state.is_final or (task.ended_at or until) > until]
    if at_work:
        return _unfinished(at_work[-1])
    if ended:
        last = max(ended, key=_end)
        return Miss(last.problem.code, last.problem.what) if last.problem else _CANCELLED
    if integration.status is IntegrationStatus.NEEDS_REAUTH and integration.problem is not None:
        return Miss(integration.problem.code, integration.problem.what)
    return _NOT_STARTED


def _unfinished(task: Task) -> Miss:
    if not task.state.is_final and task.waiting_for is not None:
        return Miss(task.waiting_for, "At six in the morning the sync was still waiting.")
    return _UNFINISHED


def _code(task: Task) -> str | None:
    return task.problem.code if task.problem else None


def _end(task: Task) -> datetime:
    return task.ended_at or datetime.min.replace(tzinfo=UTC)
