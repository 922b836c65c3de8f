"""How fresh everything is, and whose move it is."""

from __future__ import annotations

from datetime import date, datetime

from msgspec import Struct, field

from planster_client.answers.base import Answer, Trouble


class Waiting(Struct, kw_only=True):
    sentence: str
    until: datetime | None = None


class HeldShare(Struct, kw_only=True):
    count: int
    live: int
    run: str


class DataType(Struct, kw_only=True):
    """One data type of one integration."""

    data_type: str
    state: str
    sentence: str
    freshness: str
    health: str
    last_success_at: datetime | None = None
    last_attempt_at: datetime | None = None
    history_from: date | None = None
    history: str | None = None
    next_due_at: datetime | None = None
    live: int = 0
    quarantined: int = 0
    problem: Trouble | None = None
    warnings: list[Trouble] = field(default_factory=list)
    held: HeldShare | None = None
    waiting: Waiting | None = None
    run: str | None = None


class Action(Struct, kw_only=True):
    """The first thing that somebody should do."""

    whose_move: str
    code: str
    what: str
    remedy: str
    data_types: list[str] = field(default_factory=list)


class Integration(Answer):
    """An integration with its data types, in order of priority."""

    id: str
    name: str
    connector: str
    status: str
    state: str
    health: str
    sentence: str
    data_types: list[DataType] = field(default_factory=list)
    last_success_at: datetime | None = None
    last_attempt_at: datetime | None = None
    next_due_at: datetime | None = None
    held: int = 0
    quarantined: int = 0
    action: Action | None = None
    zone: str = "UTC"
    hours: list[int] = field(default_factory=list)
    active_runs: list[str] = field(default_factory=list)


class StatusPage(Answer):
    """Everything of an organisation at a glance."""

    health: str
    state: str
    sentence: str
    integrations: list[Integration]


class Share(Struct, kw_only=True):
    """Of so many nights; `share` is between 0 and 1, None where none counts."""

    fresh: int
    counted: int
    share: float | None = None


class FreshDataType(Struct, kw_only=True):
    data_type: str
    last_7_nights: Share
    last_30_nights: Share


class MissedNight(Struct, kw_only=True):
    """What was not there by six on one morning, and why."""

    night: str
    code: str
    what: str
    whose_move: str
    data_types: list[str]


class Freshness(Answer):
    """How often the data was there in the morning: of an integration, or of an organisation with its integrations."""

    target: float
    sentence: str
    last_7_nights: Share
    last_30_nights: Share
    data_types: list[FreshDataType]
    name: str = ""
    missed: list[MissedNight] = field(default_factory=list)
    integrations: list[Freshness] = field(default_factory=list)
