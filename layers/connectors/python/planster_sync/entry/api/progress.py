"""How far a run is: its tasks as they ended, and the last checkpoint of those that are at work."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from planster_sync.entry.api import rollup, status
from planster_sync.entry.api.run_views import ProgressView, RunDetail, RunSummary, TaskView
from planster_sync.entry.api.views import CountsView, ProblemView, WaitingView, WarningView
from planster_sync.entry.api.words import State
from planster_sync.model.data_types import PRIORITY, DataType
from planster_sync.model.runs import Counts, Run, Task, TaskState
from planster_sync.model.streams import Checkpoint, Phase, Stream

_STATES = {state: State.OK for state in TaskState if state.is_final} | {
    TaskState.QUEUED: State.SYNCING,
    TaskState.RUNNING: State.SYNCING,
    TaskState.WAITING: State.WAITING,
}


def summary(run: Run, now: datetime) -> RunSummary:
    """A run as its own row has it, without looking at streams."""
    return RunSummary(**_summary_fields(run, [task.counts for task in run.tasks.values()], now))


def detail(run: Run, streams: Mapping[str, Stream], now: datetime) -> RunDetail:
    """A run with live progress; `streams` holds the row of every read whose task has not ended."""
    tasks = sorted(run.tasks.values(), key=lambda task: task.priority)
    counts = [_live(run, task, streams)[1] for task in tasks]
    views = [_task(run, task, streams.get(task.read)) for task in tasks]
    return RunDetail(
        **_summary_fields(run, counts, now),
        tasks=views,
        poll_after_seconds=rollup.poll_after(_STATES[view.state] for view in views),
    )


def _summary_fields(run: Run, counts: Iterable[Mapping[DataType, Counts]], now: datetime) -> dict[str, Any]:
    begun = run.started_at or run.created_at
    problems = {task.problem.code: task.problem for task in run.tasks.values() if task.problem}
    return {
        "id": run.id,
        "state": run.status,
        "trigger": run.trigger,
        "mode": run.mode,
        "slot": run.slot,
        "requested_by": run.requested_by,
        "cancelled_by": run.cancelled_by,
        "cancelled_at": run.cancelled_at,
        "created_at": run.created_at,
        "started_at": run.started_at,
        "ended_at": run.ended_at,
        "duration_seconds": ((run.ended_at or now) - begun).total_seconds() if run.started_at or run.ended_at else None,
        "data_types": sorted(_data_types(run), key=PRIORITY.__getitem__),
        "totals": CountsView.of(_sum(count for by_type in counts for count in by_type.values())),
        "problems": [ProblemView.of(problem) for problem in problems.values()],
    }


def _task(run: Run, task: Task, stream: Stream | None) -> TaskView:
    checkpoint = _checkpoint(run, task, stream)
    pages, counts = _live(run, task, {task.read: stream} if stream else {})
    waiting = _waiting(task, checkpoint)
    return TaskView(
        read=task.read,
        state=task.state,
        started_at=task.started_at or (checkpoint.started_at if checkpoint else None),
        ended_at=task.ended_at,
        attempt=task.attempt,
        pages=pages,
        record_writes=checkpoint.record_writes if checkpoint else task.record_writes,
        segment=checkpoint.segment + 1 if checkpoint else 1,
        slice=checkpoint.slice + 1 if checkpoint and checkpoint.slice is not None else None,
        phase=checkpoint.phase if checkpoint else None,
        total_records=checkpoint.source_total if checkpoint else None,
        sentence=_sentence(task, pages, counts, checkpoint, waiting),
        progress=[_progress(data_type, counts.get(data_type, Counts())) for data_type in task.data_types],
        waiting=waiting,
        behind=stream.owner if stream and stream.owner != run.id and not task.state.is_final else None,
        problem=ProblemView.of(task.problem) if task.problem else None,
        warnings=[WarningView.of(warning) for warning in task.warnings],
    )


def _sentence(
    task: Task,
    pages: int,
    counts: Mapping[DataType, Counts],
    checkpoint: Checkpoint | None,
    waiting: WaitingView | None,
) -> str:
    """How far a task is; what the source does not tell is called unknown."""
    if task.state is TaskState.QUEUED and checkpoint is None:
        return "It waits for its turn."
    read = f"{counts.get(task.data_types[0], Counts()).fetched} records on {pages} pages"
    if task.state.is_final:
        return f"It ended with {read}."
    total = checkpoint.source_total if checkpoint else None
    of_all = f"of {total} in all" if total is not None else "of an unknown total"
    if waiting is not None:
        return f"{read} so far, {of_all}. {waiting.sentence}"
    doing = "Settling what is missing" if checkpoint and checkpoint.phase is Phase.BURY else "Reading"
    return f"{doing}: {read} so far, {of_all}."


def _checkpoint(run: Run, task: Task, stream: Stream | None) -> Checkpoint | None:
    """The stream's checkpoint where it is this run's: fresher than the task, which is written at each segment's end."""
    if task.state.is_final or stream is None or stream.checkpoint is None:
        return None
    return stream.checkpoint if stream.checkpoint.run == run.id else None


def _live(run: Run, task: Task, streams: Mapping[str, Stream]) -> tuple[int, Mapping[DataType, Counts]]:
    checkpoint = _checkpoint(run, task, streams.get(task.read))
    return (checkpoint.pages, checkpoint.counts) if checkpoint else (task.pages, task.counts)


def _waiting(task: Task, checkpoint: Checkpoint | None) -> WaitingView | None:
    if task.state.is_final:
        return None
    code = checkpoint.waiting_for if checkpoint else task.waiting_for
    until = checkpoint.wait_until if checkpoint else task.wait_until
    return status.waiting_view(code, until) if code else None


def _progress(data_type: DataType, counts: Counts) -> ProgressView:
    return ProgressView(
        data_type=data_type, records=counts.fetched, changed=counts.changed, counts=CountsView.of(counts)
    )


def _sum(counts: Iterable[Counts]) -> Counts:
    total = Counts()
    for count in counts:
        for name in Counts.__dataclass_fields__:
            setattr(total, name, getattr(total, name) + getattr(count, name))
    return total


def _data_types(run: Run) -> set[DataType]:
    return {data_type for task in run.tasks.values() for data_type in task.data_types}
