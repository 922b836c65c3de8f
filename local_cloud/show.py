"""How a night is shown while it lasts, and the table at its end: live on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime

from rich.console import Console
from rich.live import Live
from rich.table import Table

from local_cloud.nights import Snapshot
from local_cloud.outcome import NightOutcome, TaskLine
from planster_sync.model.runs import Counts, Run, Task, TaskState
from planster_sync.model.streams import Stream

COLOURS = {
    TaskState.RUNNING: "cyan",
    TaskState.WAITING: "yellow",
    TaskState.SUCCEEDED: "green",
    TaskState.SUCCEEDED_WITH_WARNINGS: "yellow",
    TaskState.FAILED: "red",
}


@dataclass(frozen=True, slots=True)
class Progress:
    """One stream at one moment."""

    integration: str
    data_types: str
    state: TaskState
    pages: int
    fetched: int
    changed: int

    def line(self) -> str:
        numbers = f"{self.pages:>3} pages {self.fetched:>7} records {self.changed:>7} changed"
        return f"{self.integration:<20} {self.data_types:<46} {self.state:<12} {numbers}"


def _console() -> Console:
    """Without a terminal nobody says how wide a line may be: as wide as the table needs."""
    console = Console(highlight=False, soft_wrap=True)
    return console if console.is_terminal else Console(highlight=False, soft_wrap=True, width=160)


@dataclass(slots=True)
class Screen:
    """Where the local cloud talks to a person; `console` decides whether it is a terminal."""

    console: Console = field(default_factory=_console)
    _live: Live | None = None
    _shown: dict[tuple[str, str], Progress] = field(default_factory=dict)

    def say(self, text: str) -> None:
        self.console.print(text, markup=False, soft_wrap=True)

    def waiting(self, seconds: float) -> None:
        """A line that counts: in place on a terminal, every ten seconds elsewhere."""
        text = f"  waiting for the rule to fire (it does so each minute): {seconds:.0f} s"
        if self.console.is_terminal:
            sys.stdout.write(f"\r{text} ")
            sys.stdout.flush()
        elif int(seconds * 2) % 20 == 0:
            self.say(text)

    def night(self) -> AbstractContextManager[object]:
        """To be entered around a night's `watch` calls."""
        self._shown.clear()
        if not self.console.is_terminal:
            return nullcontext()
        self._live = Live(console=self.console, refresh_per_second=4, transient=True)
        return self._live

    def watch(self, seen: Snapshot) -> None:
        rows = list(progress(seen))
        if self._live is not None and self.console.is_terminal:
            self._live.update(_moving(rows))
            return
        for row in rows:
            key = (row.integration, row.data_types)
            has_news = row.pages > 0 or row.state not in (TaskState.QUEUED, TaskState.RUNNING)
            if has_news and self._shown.get(key) != row:
                self.say(f"  {datetime.now(UTC):%H:%M:%S} {row.line()}")
            self._shown[key] = row

    def table(self, title: str, night: NightOutcome) -> None:
        self.console.print(_final(title, night.lines), soft_wrap=False)
        for line in night.lines:
            if line.problem:
                self.say(f"  {line.integration} {line.data_type}: {line.problem}")
        self.say(f"  {night.record_writes} record writes in DynamoDB for {night.changed_records} changed records")
        for name, report in night.reports.items():
            self.say(f"  {name}: " + report.text().replace("\n", "\n    "))
        self.say(f"  stored equals source: {'yes' if night.stored_equals_source else 'NO'}")


def progress(seen: Snapshot) -> Iterator[Progress]:
    """Each stream's numbers: of the task once it has ended, until then of the stream's checkpoint."""
    for name, run in sorted(seen.runs.items()):
        for task in run.tasks.values():
            pages, counts = _numbers(run, task, seen.streams.get(name, {}).get(task.read))
            fetched = sum(count.fetched for count in counts)
            changed = sum(count.changed for count in counts)
            yield Progress(name, ", ".join(task.data_types), task.state, pages, fetched, changed)


def _numbers(run: Run, task: Task, stream: Stream | None) -> tuple[int, Sequence[Counts]]:
    checkpoint = stream.checkpoint if stream else None
    if task.state.is_final or checkpoint is None or checkpoint.run != run.id:
        return task.pages, list(task.counts.values())
    return checkpoint.pages, list(checkpoint.counts.values())


def _moving(rows: Sequence[Progress]) -> Table:
    table = Table("integration", "data types", "state", box=None, pad_edge=False)
    for name in ("pages", "records", "changed"):
        table.add_column(name, justify="right")
    for row in rows:
        state = f"[{COLOURS.get(row.state, 'dim')}]{row.state}"
        table.add_row(row.integration, row.data_types, state, str(row.pages), str(row.fetched), str(row.changed))
    return table


def _final(title: str, lines: Sequence[TaskLine]) -> Table:
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for name in ("integration", "data type", "state"):
        table.add_column(name, no_wrap=True)
    for name in (
        "fetched",
        "created",
        "updated",
        "unchanged",
        "deleted",
        "quarantined",
        "seconds",
        "fresh (UTC)",
    ):
        table.add_column(name, justify="right", no_wrap=True)
    for line in lines:
        numbers = (line.fetched, line.created, line.updated, line.unchanged, line.deleted, line.quarantined)
        fresh = f"{line.fresh_at:%H:%M:%S}" if line.fresh_at else "-"
        state = f"[{COLOURS.get(line.state, 'dim')}]{line.state}"
        table.add_row(line.integration, line.data_type, state, *map(str, numbers), f"{line.seconds:.1f}", fresh)
    return table
