"""The only place that says how fresh a data type is, what state it is in, and which of them colours the whole.

An interval is the longest pause between two nights of the schedule. Data is late after one interval, an error after
two, each with two hours' grace for the spread of the starts and the sync itself. The worst data type wins; what the
vendor does not offer, and what is switched off, takes no part.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

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
from planster_sync.model.record import instant_of
from planster_sync.model.runs import Problem, StreamKey
from planster_sync.model.streams import DataTypeStatus, DataWindow, Stream, StreamStatus
from planster_sync.ports.source import Capabilities, Read

GRACE = timedelta(hours=2)
_UNSUPPORTED = "the connected system does not offer it"
_SEVERITY = list(Health)
_NOTHING = DataTypeStatus()
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
    integration: Integration, capabilities: Capabilities, streams: Sequence[Stream | StreamStatus], now: datetime
) -> list[DataTypeView]:
    """The status of each of the thirteen data types, in order of priority."""
    rows = {stream.key.read: stream for stream in streams}
    nights = _Nights(integration, now, next_due_at(integration), interval(integration.schedule))
    views = []
    for data_type in DataType:
        read = capabilities.read_of(data_type)
        if read is None:
            views.append(_unserved(data_type, capabilities))
            continue
        stream = rows.get(read.name) or StreamStatus(StreamKey(integration.organisation, integration.id, read.name))
        views.append(_Judge(nights, data_type, read, stream).view())
    return views


@dataclass(frozen=True, slots=True)
class _Nights:
    """What is the same for all data types of an integration."""

    integration: Integration
    now: datetime
    next_due_at: datetime | None
    pause: timedelta


class _Judge:
    """Looks at one data type; what several answers rest on is found out once, in the order in which it is needed."""

    def __init__(self, nights: _Nights, data_type: DataType, read: Read, stream: Stream | StreamStatus) -> None:
        self._integration, self._data_type, self._read, self._stream = nights.integration, data_type, read, stream
        self._status = stream.data_types.get(data_type) or _NOTHING
        self._is_disabled = data_type in nights.integration.disabled
        self._is_unsupported = stream.problem is not None and stream.problem.code == Unsupported.code
        self._next_due_at = None if self._is_disabled or self._is_unsupported else nights.next_due_at
        self._problem = self._own_problem()
        self._held = next((held for held in stream.undecided if held.data_type is data_type), None)
        self._warnings = self._own_warnings() if stream.warnings else []
        self._waiting = self._own_waiting()
        self._freshness = self._own_freshness(nights)
        self._state = self._own_state()

    def view(self) -> DataTypeView:
        stream, status, window = self._stream, self._status, self._window()
        floor = history.in_force(self._integration, self._data_type, self._read, stream)
        return DataTypeView(
            data_type=self._data_type,
            state=self._state,
            sentence=self._sentence(),
            freshness=self._freshness,
            health=self._health(),
            read=stream.key.read,
            last_success_at=stream.last_success_at,
            last_success_run=stream.last_success_run,
            last_attempt_at=self._last_attempt_at(),
            last_snapshot_at=stream.last_snapshot_at,
            usable_since=self._usable_since(),
            data_window=DataWindowView.of(window) if window else None,
            history_from=floor.date() if floor else None,
            history=history.sentence(self._integration, self._data_type, self._read, stream),
            next_due_at=self._next_due_at,
            live=status.live,
            quarantined=status.quarantined,
            last_counts=CountsView.of(status.counts) if stream.last_success_at else None,
            problem=ProblemView.of(self._problem, self._retry_at()) if self._problem else None,
            warnings=[WarningView.of(warning) for warning in self._warnings],
            held=HeldView.of(self._held) if self._held else None,
            waiting=self._waiting,
            run=stream.owner,
        )

    def _own_problem(self) -> Problem | None:
        """That somebody called a sync off says nothing about the data."""
        problem = self._stream.problem
        return None if problem is None or problem.code in CALLED_OFF else problem

    def _own_warnings(self) -> list[Problem]:
        """The stream's warnings that are about this data type, not about one that shares its read."""
        concerns = {
            "records_quarantined": bool(self._status.quarantined or self._status.counts.quarantined),
            "deletions_held": self._held is not None,
        }
        return [warning for warning in self._stream.warnings if concerns.get(warning.code, True)]

    def _own_waiting(self) -> WaitingView | None:
        checkpoint = self._stream.checkpoint
        if not self._stream.owner or checkpoint is None or checkpoint.waiting_for is None:
            return None
        return waiting_view(checkpoint.waiting_for, checkpoint.wait_until)

    def _own_freshness(self, nights: _Nights) -> Freshness:
        if self._is_unsupported:
            return Freshness.UNSUPPORTED
        if self._is_disabled:
            return Freshness.DISABLED
        if self._stream.last_success_at is None:
            return Freshness.SYNCING if self._stream.owner else Freshness.NEVER
        age = nights.now - self._stream.last_success_at
        if age <= nights.pause + GRACE:
            return Freshness.ON_TIME
        return Freshness.LATE if age <= 2 * nights.pause + GRACE else Freshness.ERROR

    def _own_state(self) -> State:
        if self._is_unsupported:
            return State.UNSUPPORTED
        if self._is_disabled:
            return State.DISABLED
        if self._stream.owner:
            return State.WAITING if self._waiting else State.SYNCING
        if self._integration.status is IntegrationStatus.PAUSED:
            return State.PAUSED
        return self._resting_state()

    def _resting_state(self) -> State:
        problem = self._problem
        if self._integration.status is IntegrationStatus.NEEDS_REAUTH:
            return State.ACTION_REQUIRED
        if problem is not None:
            return State.ACTION_REQUIRED if WHOSE_MOVE.get(problem.code) is Move.YOU else State.FAILED
        if self._stream.last_success_at is None:
            return State.NEVER_SYNCED
        if self._freshness is not Freshness.ON_TIME:
            return State.LATE
        return State.WARNING if self._warnings else State.OK

    def _health(self) -> Health:
        """A problem that leaves yesterday's data usable, or stops one data type only, asks for attention, no more."""
        if self._is_unsupported or self._is_disabled:
            return Health.NOT_COUNTED
        problem, freshness = self._problem, self._freshness
        if problem is not None and problem.code in NON_BLOCKING:
            return Health.ATTENTION
        if freshness is Freshness.ERROR or self._integration.status is IntegrationStatus.NEEDS_REAUTH:
            return Health.BROKEN
        if problem is not None:
            usable = problem.retryable and freshness in (Freshness.ON_TIME, Freshness.LATE)
            return Health.ATTENTION if usable else Health.BROKEN
        if freshness in (Freshness.NEVER, Freshness.SYNCING):
            return Health.PENDING
        return Health.ATTENTION if freshness is Freshness.LATE or self._warnings else Health.HEALTHY

    def _sentence(self) -> str:
        """The state as a planner reads it; dates are in the fields beside it."""
        at = self._stream.last_success_at
        last = f"the last success was at {stamp(at)}" if at else "never synced"
        if self._state is State.WAITING:
            return f"{self._waiting.sentence if self._waiting else ''} Until now, {last}."
        if self._state is State.LATE:
            return f"{'Late' if self._freshness is Freshness.LATE else 'Out of date'}; {last}."
        return _SENTENCES[self._state].format(last=last)

    def _usable_since(self) -> datetime | None:
        checkpoint = self._stream.checkpoint
        begun = checkpoint.usable_since if checkpoint else None
        return self._stream.usable_since or begun or self._stream.last_success_at

    def _window(self) -> DataWindow | None:
        """A task at work knows more than the last end."""
        checkpoint = self._stream.checkpoint
        return (checkpoint.windows.get(self._data_type) if checkpoint else None) or self._status.window

    def _last_attempt_at(self) -> datetime | None:
        begun = self._stream.checkpoint.started_at if self._stream.owner and self._stream.checkpoint else None
        return max((at for at in (begun, self._stream.last_attempt_at) if at), default=None)

    def _retry_at(self) -> datetime | None:
        """A task that waits goes on by itself; everything else is left to the next night."""
        waiting = self._waiting
        return waiting.until if waiting and waiting.until else self._next_due_at


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
    text = instant_of(moment)
    return f"{text[:10]} {text[11:16]} UTC"
