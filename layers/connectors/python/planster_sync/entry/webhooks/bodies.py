"""The bodies of webhooks, which are the details of events, too: ids, words and codes, no names and no personal data.

`version` is that of the kind's own form. Within a version fields are only added; their schemas are in docs/events.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from planster_sync.entry.api.views import CountsView, Instant, View
from planster_sync.entry.api.words import Health, State
from planster_sync.model.data_types import DataType
from planster_sync.model.runs import Mode, RunStatus, TaskState, Trigger
from planster_sync.model.webhooks import Kind


class Subject(View):
    """Which integration it is about."""

    organisation: str
    integration: str
    connector: str


class EndedRead(View):
    """How one list of the run ended."""

    read: str
    data_types: list[DataType]
    state: TaskState
    code: str | None = Field(description="Why it failed or was left out; the codes are those of the API.")
    warnings: list[str] = Field(description="Codes of what somebody should look at although it went through.")
    counts: dict[DataType, CountsView]


class CompletedRun(Subject):
    """A run that has ended, in whichever way."""

    run: str
    trigger: Trigger
    mode: Mode
    status: RunStatus
    started_at: Instant | None
    ended_at: Instant | None
    reads: list[EndedRead]


class StandingBody(View):
    """State and health in the words of the status page; a sync at work changes nothing of it."""

    state: State
    health: Health


class DataTypeChange(View):
    """A data type that stands otherwise than before."""

    data_type: DataType
    before: StandingBody
    now: StandingBody


class ChangedState(Subject):
    """The integration, or a data type of it, stands otherwise than was told last."""

    before: StandingBody
    now: StandingBody
    data_types: list[DataTypeChange]


class NeededAction(Subject):
    """Something that only somebody of the organisation can do."""

    code: str
    what: str = Field(description="What happened, in words for a planner.")
    remedy: str = Field(description="What to do.")
    data_types: list[DataType] = Field(description="Those that it concerns; empty where it is the whole integration.")
    reference: str | None = Field(None, description="Of the write-back that failed; null for everything else.")


class HeldPart(View):
    """Deletions of one data type that wait."""

    data_type: DataType
    count: int = Field(description="How many records are missing at the source; none of them was deleted.")
    live: int = Field(description="How many there were.")
    run: str = Field(description="The run that found it.")
    at: Instant


class HeldDeletions(Subject):
    """Implausibly many records are missing at the source, until somebody confirms or refuses their deletion."""

    data_types: list[HeldPart]


class Greeting(View):
    """Says that a test arrived."""

    organisation: str


class Body(View):
    """What all bodies have in common."""

    version: Literal[1] = 1
    id: str = Field(
        description="The same in every attempt and for every target: a body with a known id is a repetition."
    )
    timestamp: Instant = Field(description="When it happened.")


class RunCompleted(Body):
    """A run has ended."""

    type: Literal["run.completed"] = "run.completed"
    data: CompletedRun


class StateChanged(Body):
    """The state of an integration or of a data type has changed."""

    type: Literal["state.changed"] = "state.changed"
    data: ChangedState


class ActionNeeded(Body):
    """A person has to act."""

    type: Literal["action.needed"] = "action.needed"
    data: NeededAction


class DeletionHeld(Body):
    """A deletion was not applied and waits for a person."""

    type: Literal["deletion.held"] = "deletion.held"
    data: HeldDeletions


class Tested(Body):
    """Somebody asked for a test."""

    type: Literal["test"] = "test"
    data: Greeting


BODIES: dict[Kind, type[Body]] = {
    Kind.RUN_COMPLETED: RunCompleted,
    Kind.STATE_CHANGED: StateChanged,
    Kind.ACTION_NEEDED: ActionNeeded,
    Kind.DELETION_HELD: DeletionHeld,
    Kind.TEST: Tested,
}
