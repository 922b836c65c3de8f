"""The only place that says how fresh a data type is, what state it is in, and which of them colours the whole.

An interval is the longest pause between two nights of the schedule. Data is late after one interval, an error after
two, each with two hours' grace for the spread of the starts and the sync itself. The worst data type wins; what the
vendor does not offer, and what is switched off, takes no part.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, cached_property

from planster_sync.engine import nights
from planster_sync.engine.conclusion import CALLED_OFF, NON_BLOCKING
from planster_sync.entry.api import history
from planster_sync.entry.api.views import (
    CountsView,
    DataTypeView,
    DataWindowView,
    HeldView,
    ProblemView,
    WaitingView,
    WarningView,
)
from planster_sync.entry.api.words import WHOSE_MOVE, Freshness, Health, Move, State, waiting_for
from planster_sync.errors import Unsupported
from planster_sync.model.data_types import DataType
from planster_sync.model.integrations import Integration, IntegrationStatus, Schedule
from planster_sync.model.runs import Problem, StreamKey
from planster_sync.model.streams import DataTypeStatus, DataWindow, HeldDeletion, Stream
from planster_sync.ports.source import Capabilities, Read

GRACE = timedelta(hours=2)
_UNSUPPORTED = "the connected system does not offer it"
_SEVERITY = list(Health)
_SENTENCES = {
    State.OK: "Up to date; {last}.",
    State.SYNCING: "A sync is under way; {last}.",
    State.NEVER_SYNCED: "Not synced yet; the first sync is due.",
    State.WARNING: "Synced with something to look at; {last}.",
    State.PAUSED: "The integration is paused; {last}.",
    State.FAILED: "The last sync failed; {last}.",
    State.ACTION_REQUIRED: "Somebody has to act before it can sync; {last}.",
    State.UNSUPPORTED: "The connected system does not offer it.",
    State.DISABLED: "Switched off.",
}
"""Of the states whose sentence is the same for everybody."""


def interval(schedule: Schedule) -> timedelta:
    """The longest pause between two nominal hours of the schedule: a day where there is one hour."""
    return _longest_pause(tuple(schedule.hours))


@cache
def _longest_pause(given: tuple[int, ...]) -> timedelta:
    hours = sorted(set(given)) or [0]
    following = [*hours[1:], hours[0] + 24]
    return timedelta(hours=max(after - before for before, after in zip(hours, following, strict=True)))


def severity(health: Health) -> int:
    """The higher, the worse."""
    return _SEVERITY.index(health)


def worst(healths: Iterable[Health]) -> Health:
    """The severest of them; pending where nothing counts."""
    counted = [health for health in healths if health is not Health.NOT_COUNTED]
    return max(counted, key=severity, default=Health.PENDING)


def data_types(
    integration: Integration, capabilities: Capabilities, streams: Sequence[Stream], now: datetime
) -> list[DataTypeView]:
    """The status of each of the thirteen data types, in order of priority."""
    rows = {stream.key.read: stream for stream in streams}
    views = []
    for data_type in DataType:
        read = capabilities.read_of(data_type)
        if read is None:
            views.append(_unserved(data_type, capabilities))
            continue
        stream = rows.get(read.name) or Stream(StreamKey(integration.organisation, integration.id, read.name))
        views.append(_Judge(integration, data_type, read, stream, now).view())
    return views


@dataclass(frozen=True)
class _Judge:
    """Looks at one data type; what several answers rest on is found out once."""

    integration: Integration
    data_type: DataType
    read: Read
    stream: Stream
    now: datetime

    def view(self) -> DataTypeView:
        stream, status = self.stream, self.status
        floor = history.in_force(self.integration, self.data_type, self.read, stream)
        return DataTypeView(
            data_type=self.data_type,
            state=self.state,
            sentence=self.sentence(),
            freshness=self.freshness,
            health=self.health(),
            read=stream.key.read,
            last_success_at=stream.last_success_at,
            last_success_run=stream.last_success_run,
            last_attempt_at=self.last_attempt_at,
            last_snapshot_at=stream.last_snapshot_at,
            usable_since=self.usable_since,
            data_window=DataWindowView.of(self.window) if self.window else None,
            history_from=floor.date() if floor else None,
            history=history.sentence(self.integration, self.data_type, self.read, stream),
            next_due_at=self.next_due_at,
            live=status.live,
            quarantined=status.quarantined,
            last_counts=CountsView.of(status.counts) if stream.last_success_at else None,
            problem=ProblemView.of(self.problem, self.retry_at) if self.problem else None,
            warnings=[WarningView.of(warning) for warning in self.warnings],
            held=HeldView.of(self.held) if self.held else None,
            waiting=self.waiting,
            run=stream.owner,
        )

    @cached_property
    def status(self) -> DataTypeStatus:
        return self.stream.data_types.get(self.data_type, DataTypeStatus())

    @cached_property
    def problem(self) -> Problem | None:
        """That somebody called a sync off says nothing about the data."""
        problem = self.stream.problem
        return None if problem is None or problem.code in CALLED_OFF else problem

    @cached_property
    def held(self) -> HeldDeletion | None:
        return next((held for held in self.stream.undecided if held.data_type is self.data_type), None)

    @cached_property
    def warnings(self) -> list[Problem]:
        """The stream's warnings that are about this data type, not about one that shares its read."""
        concerns = {
            "records_quarantined": bool(self.status.quarantined or self.status.counts.quarantined),
            "deletions_held": self.held is not None,
        }
        return [warning for warning in self.stream.warnings if concerns.get(warning.code, True)]

    @property
    def usable_since(self) -> datetime | None:
        checkpoint = self.stream.checkpoint
        begun = checkpoint.usable_since if checkpoint else None
        return self.stream.usable_since or begun or self.stream.last_success_at

    @property
    def window(self) -> DataWindow | None:
        """A task at work knows more than the last end."""
        checkpoint = self.stream.checkpoint
        return (checkpoint.windows.get(self.data_type) if checkpoint else None) or self.status.window

    @property
    def is_disabled(self) -> bool:
        return self.data_type in self.integration.disabled

    @property
    def is_unsupported(self) -> bool:
        return self.stream.problem is not None and self.stream.problem.code == Unsupported.code

    @property
    def last_attempt_at(self) -> datetime | None:
        begun = self.stream.checkpoint.started_at if self.stream.owner and self.stream.checkpoint else None
        return max((at for at in (begun, self.stream.last_attempt_at) if at), default=None)

    @property
    def next_due_at(self) -> datetime | None:
        return None if self.is_disabled or self.is_unsupported else next_due_at(self.integration)

    @property
    def retry_at(self) -> datetime | None:
        """A task that waits goes on by itself; everything else is left to the next night."""
        waiting = self.waiting
        return waiting.until if waiting and waiting.until else self.next_due_at

    @cached_property
    def freshness(self) -> Freshness:
        if self.is_unsupported:
            return Freshness.UNSUPPORTED
        if self.is_disabled:
            return Freshness.DISABLED
        if self.stream.last_success_at is None:
            return Freshness.SYNCING if self.stream.owner else Freshness.NEVER
        age = self.now - self.stream.last_success_at
        pause = interval(self.integration.schedule)
        if age <= pause + GRACE:
            return Freshness.ON_TIME
        return Freshness.LATE if age <= 2 * pause + GRACE else Freshness.ERROR

    @cached_property
    def state(self) -> State:
        if self.is_unsupported:
            return State.UNSUPPORTED
        if self.is_disabled:
            return State.DISABLED
        if self.stream.owner:
            return State.WAITING if self.waiting else State.SYNCING
        if self.integration.status is IntegrationStatus.PAUSED:
            return State.PAUSED
        return self._resting_state()

    def _resting_state(self) -> State:
        problem = self.problem
        if self.integration.status is IntegrationStatus.NEEDS_REAUTH:
            return State.ACTION_REQUIRED
        if problem is not None:
            return State.ACTION_REQUIRED if WHOSE_MOVE.get(problem.code) is Move.YOU else State.FAILED
        if self.stream.last_success_at is None:
            return State.NEVER_SYNCED
        if self.freshness is not Freshness.ON_TIME:
            return State.LATE
        return State.WARNING if self.warnings else State.OK

    @cached_property
    def waiting(self) -> WaitingView | None:
        checkpoint = self.stream.checkpoint
        if not self.stream.owner or checkpoint is None or checkpoint.waiting_for is None:
            return None
        return waiting_view(checkpoint.waiting_for, checkpoint.wait_until)

    def health(self) -> Health:
        """A problem that leaves yesterday's data usable, or stops one data type only, asks for attention, no more."""
        if self.state in (State.UNSUPPORTED, State.DISABLED):
            return Health.NOT_COUNTED
        problem, freshness = self.problem, self.freshness
        if problem is not None and problem.code in NON_BLOCKING:
            return Health.ATTENTION
        if freshness is Freshness.ERROR or self.integration.status is IntegrationStatus.NEEDS_REAUTH:
            return Health.BROKEN
        if problem is not None:
            usable = problem.retryable and freshness in (Freshness.ON_TIME, Freshness.LATE)
            return Health.ATTENTION if usable else Health.BROKEN
        if freshness in (Freshness.NEVER, Freshness.SYNCING):
            return Health.PENDING
        return Health.ATTENTION if freshness is Freshness.LATE or self.warnings else Health.HEALTHY

    def sentence(self) -> str:
        """The state as a planner reads it; dates are in the fields beside it."""
        at = self.stream.last_success_at
        last = f"the last success was at {stamp(at)}" if at else "never synced"
        if self.state is State.WAITING:
            return f"{self.waiting.sentence if self.waiting else ''} Until now, {last}."
        if self.state is State.LATE:
            return f"{'Late' if self.freshness is Freshness.LATE else 'Out of date'}; {last}."
        return _SENTENCES[self.state].format(last=last)


def _unserved(data_type: DataType, capabilities: Capabilities) -> DataTypeView:
    reason = capabilities.exemptions.get(data_type, _UNSUPPORTED).rstrip(".")
    return DataTypeView(
        data_type=data_type, state=State.UNSUPPORTED, sentence=f"{capabilities.title} does not serve it: {reason}.",
        freshness=Freshness.UNSUPPORTED, health=Health.NOT_COUNTED, read=None, last_success_at=None,
        last_success_run=None, last_attempt_at=None, last_snapshot_at=None, usable_since=None, data_window=None,
        history_from=None, history=None, next_due_at=None, live=0, quarantined=0, last_counts=None, problem=None,
        warnings=[], held=None, waiting=None, run=None,
    )  # fmt: skip


def next_due_at(integration: Integration) -> datetime | None:
    """When the integration is synced next by itself; never while it is paused, and refused credentials rest first."""
    if integration.status in (IntegrationStatus.PAUSED, IntegrationStatus.DISCONNECTING):
        return None
    return max((at for at in (integration.due_at, nights.rests_until(integration)) if at), default=None)


def waiting_view(code: str | None, until: datetime | None) -> WaitingView:
    """Why a sync stands still, in words."""
    when = f" until {stamp(until)}" if until else ""
    return WaitingView(code=code, sentence=f"Waiting for {waiting_for(code)}{when}.", until=until)


def stamp(moment: datetime) -> str:
    return f"{moment.isoformat(' ', 'minutes')[:16]} UTC"
