"""A task sent again, a run stopped, a night's run done once more. Each may be repeated without doing more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from operations.desk import Desk, Line
from operations.letters import moved_on
from planster_sync.engine.starting import Placement, tasks
from planster_sync.errors import Conflict, InvalidRequest
from planster_sync.model.data_types import DataType
from planster_sync.model.runs import Mode, Run, Task, TaskMessage


@dataclass(frozen=True, slots=True)
class Resend:
    """Messages for tasks of one run whose messages were lost; the sweep would send them later."""

    desk: Desk
    run: Run

    def look(self, reads: Sequence[str]) -> Sequence[tuple[Task, TaskMessage | None, Line]]:
        """Every open task, with the message that it would be sent; None where it needs none.

        Raises:
            Conflict: the run has ended, or was cancelled.
            InvalidRequest: the run has no such task.
        """
        if self.run.status.is_final:
            raise Conflict(f"The run has ended: {self.run.status.value}.", remedy="Start another one with `re-run`.")
        if self.run.cancelled_at is not None:
            raise Conflict("The run was cancelled.", remedy="It ends with the next sweep; then `re-run`.")
        unknown = sorted(set(reads) - set(self.run.tasks))
        if unknown:
            raise InvalidRequest(
                f"The run has no task {', '.join(unknown)}.", remedy=f"It has: {', '.join(sorted(self.run.tasks))}."
            )
        wanted = [task for name, task in self.run.tasks.items() if not reads or name in reads]
        return [self._looked_at(task) for task in wanted]

    def do(self, seen: Sequence[tuple[Task, TaskMessage | None, Line]]) -> Sequence[Line]:
        """Sends each message and has the sweep wait for it as long as for any other."""
        lines = []
        claim_by = self.desk.clock.now() + timedelta(seconds=self.desk.timings.claim)
        for task, message, line in seen:
            if message is not None:
                self.desk.queue.send([message], lane=self.run.lane)
                self.desk.runs.put_task(self.run, replace(task, claim_by=claim_by))
            lines.append(replace(line, done=line.done.removeprefix("would be ")))
        return lines

    def _looked_at(self, task: Task) -> tuple[Task, TaskMessage | None, Line]:
        key = self.run.stream(task.read)
        if task.state.is_final:
            return task, None, Line(str(key), "left", f"the task has ended: {task.state.value}")
        stream = self.desk.streams.get(key)
        at = stream.checkpoint.segment if stream.checkpoint and stream.owner == self.run.id else 0
        message = self.run.message(task.read, at)
        moved = moved_on(stream, message, self.desk)
        if moved:
            return task, None, Line(str(key), "left", moved)
        return task, message, Line(str(key), "would be sent", f"part {at}")


def cancel(desk: Desk, run: Run, by: str) -> Sequence[Line]:
    """Asks for the run's end; a worker stops after its segment, at the latest.

    Raises:
        Conflict: the run has ended already.
    """
    cancelled = desk.starter.cancel(run, by)
    if cancelled is None:
        raise Conflict(f"The run has ended: {run.status.value}.", remedy="Nothing to do.")
    asked = f"asked for by {cancelled.cancelled_by} at {cancelled.cancelled_at:%Y-%m-%d %H:%M:%S}Z"
    return [
        Line(str(run.stream(task.read)), "left" if task.state.is_final else "cancelled", asked)
        for task in cancelled.tasks.values()
    ]


@dataclass(frozen=True, slots=True)
class Rerun:
    """A run once more: its data types, or some of them, read now."""

    desk: Desk
    run: Run
    mode: Mode
    by: str

    def look(self, data_types: Sequence[DataType]) -> Sequence[Line]:
        """Raises Conflict where a run that is at work does the same already, InvalidRequest for a foreign data type."""
        wanted = self._wanted(data_types)
        integration = self.desk.integration(self.run.organisation, self.run.integration)
        needed = tasks(self.desk.capabilities(integration.connector), wanted)
        for run in self.desk.runs.active(self.run.organisation, self.run.integration):
            open_reads = {name for name, task in run.tasks.items() if not task.state.is_final}
            if run.cancelled_at is None and run.mode.covers(self.mode) and needed.keys() <= open_reads:
                raise Conflict(
                    f"Run {run.id} is at it already.", remedy="Wait for its end, `resend` its tasks, or `cancel` it."
                )
        return [Line(name, "would be read again", self._before(name)) for name in sorted(needed)]

    def do(self, data_types: Sequence[DataType]) -> Sequence[Line]:
        """Raises Conflict and Unsupported as a sync by hand does."""
        integration = self.desk.integration(self.run.organisation, self.run.integration)
        capabilities = self.desk.capabilities(integration.connector)
        wanted = self._wanted(data_types)
        started = self.desk.starter.by_hand(integration, capabilities, wanted, self.mode, self.by)
        done = {
            Placement.STARTED: "started",
            Placement.JOINED: "joined",
            Placement.SUCCEEDS: f"started behind {started.behind}",
        }[started.placement]
        return [Line(f"{name} run {started.run.id}", done, self._before(name)) for name in sorted(started.run.tasks)]

    def _wanted(self, data_types: Sequence[DataType]) -> Sequence[DataType]:
        had = [data_type for task in self.run.tasks.values() for data_type in task.data_types]
        foreign = sorted(data_type.value for data_type in data_types if data_type not in had)
        if foreign:
            raise InvalidRequest(
                f"The run did not read {', '.join(foreign)}.",
                remedy=f"It read: {', '.join(sorted(data_type.value for data_type in had))}.",
            )
        if data_types:
            return data_types
        integration = self.desk.integration(self.run.organisation, self.run.integration)
        return [data_type for data_type in had if data_type not in integration.disabled]

    def _before(self, read: str) -> str:
        task = self.run.tasks.get(read)
        return f"in run {self.run.id} it ended as {task.state.value}" if task else ""
