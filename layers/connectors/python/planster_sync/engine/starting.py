"""How runs begin: for a slot, or by hand. The run is written first, then its messages are sent, then it is marked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from planster_sync.engine.nights import LATE, Slot
from planster_sync.errors import Conflict, Unsupported
from planster_sync.model.data_types import DataType
from planster_sync.model.integrations import Integration, IntegrationStatus
from planster_sync.model.runs import Lane, Mode, Run, RunStatus, Task, TaskState, Trigger, id_at
from planster_sync.model.timings import Timings
from planster_sync.ports.platform import Clock, Identity, TaskQueue
from planster_sync.ports.source import Capabilities
from planster_sync.ports.stores import Runs


class Placement(StrEnum):
    """What became of a manual request: a run of its own, an existing one, or one that waits for another to end."""

    STARTED = "started"
    JOINED = "joined"
    SUCCEEDS = "succeeds"


@dataclass(frozen=True, slots=True)
class Started:
    """A run, how the request came to it, and the run that it waits for."""

    run: Run
    placement: Placement
    behind: str | None = None


Admission = Callable[[Mapping[str, Task], Mode], None]
"""Is told the tasks and the mode of a run that somebody wants started, and raises where it may not be."""


def anybody(_tasks: Mapping[str, Task], _mode: Mode) -> None:
    """Admits every run."""


@dataclass(frozen=True, slots=True)
class Starter:
    """Starts runs; used by dispatcher and API alike."""

    runs: Runs
    queue: TaskQueue
    clock: Clock
    identity: Identity
    timings: Timings

    def for_slot(self, integration: Integration, capabilities: Capabilities, slot: Slot, now: datetime) -> Run:
        """Starts the one run of a slot; a second call for the same slot gives the same run."""
        late = now - slot.at > LATE + timedelta(seconds=self.timings.claim)
        run = Run(
            organisation=integration.organisation,
            integration=integration.id,
            id=id_at(slot.at),
            trigger=Trigger.CATCH_UP if late and integration.last_slot_at else Trigger.SCHEDULE,
            mode=Mode.AUTO,
            lane=Lane.NIGHT,
            status=RunStatus.QUEUED,
            created_at=now,
            tasks=tasks(capabilities, enabled(integration, capabilities)),
            slot=slot.label,
            check_at=now + timedelta(seconds=self.timings.unsent),
        )
        existing = self.runs.create(run)
        if existing is not None:
            return existing
        self.send(run)
        return run

    def by_hand(
        self,
        integration: Integration,
        capabilities: Capabilities,
        data_types: Sequence[DataType],
        mode: Mode,
        requested_by: str,
        *,
        as_run: str | None = None,
        admit: Admission = anybody,
    ) -> Started:
        """Starts a sync that a planner asked for, or joins one that covers it and has not begun those reads.

        `as_run` is the id that a run of its own gets. `admit` is asked before one is started, and raises its refusal.

        Raises:
            Unsupported: the connector does not serve one of the data types.
            Conflict: the integration is paused, or a data type is switched off.
        """
        wanted = tuple(data_types) or enabled(integration, capabilities)
        self._check(integration, capabilities, wanted)
        wanted_tasks = tasks(capabilities, wanted)
        active = self.runs.active(integration.organisation, integration.id)
        for run in active:
            if covers(run, mode, wanted_tasks):
                return Started(run, Placement.JOINED)
        admit(wanted_tasks, mode)
        run = self._manual_run(integration, wanted_tasks, mode, requested_by, as_run or self.new_run())
        self.runs.create(run)
        self.send(run)
        behind = next((other.id for other in active if _shares_a_stream(other, run)), None)
        return Started(run, Placement.SUCCEEDS if behind else Placement.STARTED, behind)

    def send(self, run: Run) -> None:
        """Sends the messages of all tasks that have not begun and marks the run as sent."""
        waiting = [task for task in run.tasks.values() if task.state is TaskState.QUEUED]
        in_order = sorted(waiting, key=lambda task: task.priority)
        self.queue.send([run.message(task.read) for task in in_order], lane=run.lane)
        now = self.clock.now()
        there = self.runs.get(run.organisation, run.integration, run.id) or run  # a fast worker may have begun
        has_begun = there.status is not RunStatus.QUEUED
        check_at = there.check_at if has_begun else now + timedelta(seconds=self.timings.claim)
        self.runs.update(replace(there, sent_at=now, check_at=check_at))

    def new_run(self) -> str:
        """A fresh id for a manual run."""
        return f"{id_at(self.clock.now())}-{self.identity.new_id()[:8]}"

    def cancel(self, run: Run, by: str) -> Run | None:
        """Has every task of a run ended that has not; None where the run itself has ended already.

        A task that a worker is at stops after its segment, at the latest; what it stored stays.
        """
        cancelled = self.runs.cancel(run, by=by, at=self.clock.now())
        if cancelled is not None:
            unfinished = [task for task in cancelled.tasks.values() if not task.state.is_final]
            self.queue.send([cancelled.message(task.read) for task in unfinished], lane=Lane.MANUAL)
        return cancelled

    def _manual_run(
        self, integration: Integration, wanted: dict[str, Task], mode: Mode, requested_by: str, id_: str
    ) -> Run:
        now = self.clock.now()
        return Run(
            organisation=integration.organisation,
            integration=integration.id,
            id=id_,
            trigger=Trigger.MANUAL,
            mode=mode,
            lane=Lane.MANUAL,
            status=RunStatus.QUEUED,
            created_at=now,
            tasks=wanted,
            requested_by=requested_by,
            check_at=now + timedelta(seconds=self.timings.unsent),
        )

    def _check(self, integration: Integration, capabilities: Capabilities, wanted: Sequence[DataType]) -> None:
        if integration.status is IntegrationStatus.PAUSED:
            raise Conflict("The integration is paused.", remedy="Resume it, then sync.")
        if integration.status is IntegrationStatus.DISCONNECTING:
            raise Conflict("The integration is being disconnected.", remedy="Nothing to do: its data is erased.")
        if integration.status is IntegrationStatus.NEEDS_REAUTH:
            raise Conflict("The integration's credentials were rejected.", remedy="Reconnect it, then sync.")
        for data_type in wanted:
            if capabilities.read_of(data_type) is None:
                reason = capabilities.exemptions.get(data_type, "the connected system does not offer it")
                raise Unsupported(f"{capabilities.title} does not serve {data_type.value}: {reason}.")
            if data_type in integration.disabled:
                raise Conflict(f"{data_type.value} is switched off for this integration.", remedy="Switch it on first.")


def enabled(integration: Integration, capabilities: Capabilities) -> tuple[DataType, ...]:
    return tuple(data_type for data_type in capabilities.data_types if data_type not in integration.disabled)


def tasks(capabilities: Capabilities, data_types: Iterable[DataType]) -> dict[str, Task]:
    """One task per read that feeds any of the data types; a read always brings everything that it feeds."""
    reads = {read.name: read for data_type in data_types if (read := capabilities.read_of(data_type)) is not None}
    return {name: Task(name, tuple(read.feeds)) for name, read in reads.items()}


def covers(run: Run, mode: Mode, wanted: dict[str, Task]) -> bool:
    """Whether a run will still do all that is wanted: strong enough a mode, and none of those reads begun."""
    return (
        not run.status.is_final
        and run.cancelled_at is None
        and run.mode.covers(mode)
        and all(read in run.tasks and run.tasks[read].state is TaskState.QUEUED for read in wanted)
    )


def _shares_a_stream(other: Run, run: Run) -> bool:
    return any(not task.state.is_final and read in run.tasks for read, task in other.tasks.items())
