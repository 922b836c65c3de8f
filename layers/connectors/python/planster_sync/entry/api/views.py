"""What the API answers about integrations and data types, as closed models; times are UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer

from planster_sync.engine.conclusion import NON_BLOCKING
from planster_sync.entry.api.words import WHOSE_MOVE, Freshness, Health, Move, State
from planster_sync.entry.moments import written_out
from planster_sync.model import runs as model
from planster_sync.model.data_types import DataType
from planster_sync.model.integrations import IntegrationStatus
from planster_sync.model.record import instant_of
from planster_sync.model.streams import DataWindow, HeldDeletion


def _to_utc(value: datetime) -> datetime:
    if value.tzinfo is UTC:
        return value
    if value.tzinfo is None:
        raise ValueError("a time without a zone cannot be placed")
    return value.astimezone(UTC)


Instant = Annotated[datetime, AfterValidator(_to_utc), PlainSerializer(instant_of, when_used="json")]
"""A moment in UTC; one without a zone is refused. In JSON as records have it: ISO-8601 ending in Z."""

AskedInstant = Annotated[Instant, BeforeValidator(written_out)]
"""One that a caller names: a bare number, which could mean seconds or a year, is refused."""


PollAfter = Annotated[
    int, Field(description="After how many seconds it is worth asking again; also in the header `Poll-After`.")
]


class View(BaseModel):
    """A part of an answer. Each is built when it is first used: a cold start pays for no other."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class CountsView(View):
    """What one sync did to one data type; fetched = created + updated + unchanged + quarantined."""

    fetched: int
    created: int
    updated: int
    unchanged: int
    deleted: int
    quarantined: int
    held: int = Field(description="Deletions that wait for a person.")

    @classmethod
    def of(cls, counts: model.Counts) -> CountsView:
        return cls(
            fetched=counts.fetched,
            created=counts.created,
            updated=counts.updated,
            unchanged=counts.unchanged,
            deleted=counts.deleted,
            quarantined=counts.quarantined,
            held=counts.held,
        )


class ProblemView(View):
    """A failure or a warning: what happened, whose move it is, and what to do."""

    code: str
    what: str
    remedy: str
    retryable: bool
    whose_move: Move
    blocking: bool = Field(description="Whether it stops more than its own data type from being used.")
    retry_at: Instant | None = Field(
        default=None, description="When it is tried again by itself; null where nothing is, or where nobody knows."
    )

    @classmethod
    def of(cls, problem: model.Problem, retry_at: datetime | None = None) -> ProblemView:
        return cls(
            code=problem.code,
            what=problem.what,
            remedy=problem.remedy,
            retryable=problem.retryable,
            whose_move=WHOSE_MOVE.get(problem.code, Move.PLANSTER),
            blocking=problem.code not in NON_BLOCKING,
            retry_at=retry_at,
        )


class WarningView(ProblemView):
    """A sync that went through, with something to look at."""

    blocking: bool = False

    @classmethod
    def of(cls, problem: model.Problem, retry_at: datetime | None = None) -> WarningView:
        return cls(**{**ProblemView.of(problem, retry_at).model_dump(), "blocking": False})


class WaitingView(View):
    """Why nothing moves at present, and until when."""

    code: str | None
    sentence: str
    until: Instant | None


class HeldView(View):
    """A deletion that was not applied because it is implausibly large."""

    count: int
    live: int = Field(description="How many records were live when it was held.")
    run: str
    at: Instant
    examples: list[str] = Field(description="The ids of some of the records.")

    @classmethod
    def of(cls, held: HeldDeletion) -> HeldView:
        return cls(count=held.count, live=held.live, run=held.run, at=held.at, examples=list(held.examples))


class DataWindowView(View):
    """When the oldest and the newest record that was ever stored were created at the source."""

    oldest: Instant | None
    newest: Instant | None

    @classmethod
    def of(cls, window: DataWindow) -> DataWindowView:
        return cls(
            oldest=datetime.fromisoformat(window.oldest) if window.oldest else None,
            newest=datetime.fromisoformat(window.newest) if window.newest else None,
        )


class DataTypeView(View):
    """One data type of one integration."""

    data_type: DataType
    state: State
    sentence: str = Field(description="The state in words, for a planner.")
    freshness: Freshness
    health: Health
    read: str | None = Field(description="The vendor's list that feeds it; data types of one read are synced together.")
    last_success_at: Instant | None
    last_success_run: str | None
    last_attempt_at: Instant | None
    last_snapshot_at: Instant | None = Field(description="When everything was last read, deletions included.")
    usable_since: Instant | None = Field(
        description="When the first useful part was stored: what is open or recent, the history may still be loading."
    )
    data_window: DataWindowView | None = Field(description="Null where it was not recorded from the first load on.")
    history_from: date | None = Field(
        description="What was created from this day (UTC) on is here, or will be by the first load; null: no bound."
    )
    history: str | None = Field(description="The same in words, for a planner.")
    next_due_at: Instant | None
    live: int
    quarantined: int = Field(description="Source records set aside; counted on the first data type of their read.")
    last_counts: CountsView | None
    problem: ProblemView | None
    warnings: list[WarningView]
    held: HeldView | None
    waiting: WaitingView | None
    run: str | None = Field(description="The run in progress.")


class ActionView(View):
    """What a person can do about it, and who: the first thing to do where there are several."""

    whose_move: Move
    code: str
    what: str
    remedy: str
    data_types: list[DataType] = Field(description="Those that it concerns; empty where it is the whole integration.")


class IntegrationSummary(View):
    """An integration with its worst data type's health."""

    id: str
    name: str
    connector: str
    status: IntegrationStatus
    state: State = Field(description="That of the worst data type that counts.")
    health: Health
    sentence: str
    blocking: bool = Field(description="Whether nothing at all can be synced until somebody acts.")
    freshness: dict[DataType, Freshness]
    last_success_at: Instant | None = Field(description="The oldest last success of the data types that count.")
    last_attempt_at: Instant | None = Field(description="The latest of all data types, whatever came of it.")
    next_due_at: Instant | None
    held: int = Field(description="Deletions that wait for a person.")
    quarantined: int = Field(description="Source records set aside.")
    problem: ProblemView | None
    action: ActionView | None = Field(description="What somebody should do; null where there is nothing to do.")


class IntegrationList(View):
    """Every integration of an organisation."""

    integrations: list[IntegrationSummary]


class IntegrationDetail(IntegrationSummary):
    """An integration with each of the thirteen data types."""

    zone: str = Field(description="IANA time zone of its nights.")
    hours: list[int] = Field(description="Local hours at which it is due.")
    active_runs: list[str]
    data_types: list[DataTypeView]
    poll_after_seconds: PollAfter


class IntegrationStatusView(IntegrationSummary):
    """An integration with each of the thirteen data types, as the status page shows it."""

    data_types: list[DataTypeView]


class StatusPage(View):
    """Everything of an organisation at a glance."""

    health: Health = Field(description="That of the worst integration.")
    state: State = Field(description="That of the worst integration; `never_synced` where there is none.")
    sentence: str
    integrations: list[IntegrationStatusView]
    poll_after_seconds: PollAfter


class Alive(View):
    """The function answers."""

    status: str
