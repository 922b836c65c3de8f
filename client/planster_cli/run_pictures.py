"""How a run looks: while it is at work, when it has ended, and among others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from rich.console import RenderableType
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from planster_cli.advice import About, what_to_do
from planster_cli.tables import Fitting, table
from planster_cli.words import STATE, ago, changes, clock, listed, look, marked, number, plain, some, until
from planster_client.answers import FINAL, Progress, Run, Task

WIDE, WIDE_BAR, NARROW_BAR = 100, 20, 6
_AMOUNT, _CHANGED = 14, 14
"""Columns that do not jump while their numbers grow."""
_COUNTS: Mapping[str, str] = {
    "created": "created",
    "updated": "updated",
    "unchanged": "unchanged",
    "deleted": "deleted",
    "set aside": "quarantined",
    "held": "held",
}


def moving(run: Run, now: datetime, width: int) -> Iterator[RenderableType]:
    """The run with a bar for each read, in `width` characters; a bar without a known total sways."""
    done = sum(task.state in FINAL for task in run.tasks)
    parts = f"  {done} of {len(run.tasks)} lists done, {clock(now - run.created_at)}"
    yield Text.assemble(marked(STATE, run.state), (parts, "bold"), (f"  {run.id}", "dim"))
    bar = WIDE_BAR if width >= WIDE else NARROW_BAR
    made = Table.grid(padding=(0, 2))
    reads = [_read(task) for task in run.tasks]
    made.add_column(no_wrap=True, min_width=max((read.cell_len for read in reads), default=0))
    made.add_column(no_wrap=True, min_width=bar)
    made.add_column(no_wrap=True, justify="right", min_width=_AMOUNT)
    made.add_column(no_wrap=True, justify="right", min_width=_CHANGED if any(map(_changed, run.tasks)) else 0)
    made.add_column(overflow="ellipsis", no_wrap=True)
    for task, read in zip(run.tasks, reads, strict=True):
        made.add_row(read, _bar(task, bar), _amount(task), _changed(task), _doing(task, now))
    yield made


def line(task: Task) -> str:
    """A task's news in one line."""
    mark = look(STATE, task.state).mark
    changed = f" {number(task.changed)} changed." if task.changed else ""
    news = task.problem.what if task.problem else task.sentence
    return f"{mark} {listed(_data_types(task))}: {news}{changed}"


def ended(run: Run, now: datetime) -> Iterator[RenderableType]:
    """What a run did, or has done so far, and what is to be done about it."""
    yield _headline(run, now)
    if run.tasks:
        yield Text()
        yield _outcomes(run)
    yield from what_to_do(_troubles(run), now)


def _outcomes(run: Run) -> Table:
    """A line for each data type; a column for what happened to none of them is left out."""
    every = [each for task in run.tasks for each in task.progress]
    shown = [name for name in _COUNTS if any(_count(each, name) for each in every)]
    made = table("data type", "state", "read", *shown, numbers=("read", *shown))
    for task in run.tasks:
        for index, each in enumerate(task.progress):
            together = Text(f"  with {plain(task.progress[0].data_type)}", style="dim")
            state = marked(STATE, task.state) if index == 0 else together
            counts = [some(_count(each, name)) for name in shown]
            made.add_row(plain(each.data_type), state, number(each.counts.fetched), *counts)
    return made


def _count(each: Progress, name: str) -> int:
    return int(getattr(each.counts, _COUNTS[name]))


def history(runs: Iterable[Run], now: datetime) -> RenderableType:
    """Newest first, a line for each."""
    rows = [_row(run, now) for run in runs]
    if not rows:
        return Text("There is no such run.")
    return Fitting(rows, numbers=("took", "read"), wide="outcome", expendable=("by", "took", "read"))


def _row(run: Run, now: datetime) -> dict[str, str | Text]:
    outcome = run.problems[0].what if run.problems else changes(run.totals)
    took = run.duration_seconds
    return {
        "run": run.id,
        "state": marked(STATE, run.state),
        "begun": ago(run.started_at or run.created_at, now),
        "took": clock(timedelta(seconds=took)) if took is not None else "-",
        "by": run.requested_by or plain(run.trigger),
        "read": number(run.totals.fetched),
        "outcome": Text(outcome, style="dim"),
    }


def _headline(run: Run, now: datetime) -> Text:
    took = f" in {clock((run.ended_at or now) - (run.started_at or run.created_at))}"
    found = look(STATE, run.state)
    words = found.words[0].upper() + found.words[1:]
    by = f", cancelled by {run.cancelled_by}" if run.cancelled_by else ""
    return Text.assemble(
        (f"{found.mark} {words}", f"bold {found.style}"), f"{took}: {changes(run.totals)}{by}.", (f"  {run.id}", "dim")
    )


def _read(task: Task) -> Text:
    """The data type that the read is named for, and how many come with it."""
    found = look(STATE, task.state)
    first, *others = _data_types(task)
    return Text.assemble((f"{found.mark} ", found.style), plain(first), (f" +{len(others)}" if others else "", "dim"))


def _data_types(task: Task) -> list[str]:
    return [each.data_type for each in task.progress] or [task.read]


def _bar(task: Task, width: int) -> RenderableType:
    if task.state in FINAL:
        return ProgressBar(total=1, completed=1, width=width, finished_style=look(STATE, task.state).style)
    if task.state == "queued":
        return ProgressBar(total=1, completed=0, width=width)
    if task.total_records:
        return ProgressBar(total=task.total_records, completed=min(task.records, task.total_records), width=width)
    return ProgressBar(total=None, pulse=True, width=width)


def _amount(task: Task) -> str:
    if task.state not in FINAL and not task.records:
        return ""
    total = f" of {number(task.total_records)}" if task.total_records and task.state not in FINAL else ""
    return f"{number(task.records)}{total} records"


def _changed(task: Task) -> str:
    return f"{number(task.changed)} changed" if task.changed else ""


def _doing(task: Task, now: datetime) -> Text:
    """Why it does not move, or what it is at; at rest only what is worth a word."""
    if task.waiting:
        left = f"{until(task.waiting.until, now)}: " if task.waiting.until else ""
        return Text(left + task.waiting.sentence, style="yellow")
    if task.behind:
        return Text(f"behind {task.behind}", style="dim")
    if task.problem:
        return Text(task.problem.code.replace("_", " "), style="red")
    if task.state != "running":
        return Text("waits for its turn" if task.state == "queued" else "", style="dim")
    if task.phase == "bury":
        return Text("settles what is missing", style="dim")
    slice_ = f", slice {task.slice} of the history" if task.slice else ""
    return Text(f"page {task.pages}{slice_}" if task.pages else f"asks for the first page{slice_}", style="dim")


def _troubles(run: Run) -> Iterator[About]:
    for task in run.tasks:
        for trouble in (*([task.problem] if task.problem else []), *task.warnings):
            yield _data_types(task), trouble
