"""What the API answers, as far as this client looks at it; `document` of an answer is all of it, as it came.

Words are plain texts and unknown fields are let through: an API that learns a new word breaks no client.
Times are UTC; a null is unknown, never 0.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec import Struct, field

FINAL = frozenset({"succeeded", "succeeded_with_warnings", "failed", "cancelled", "skipped"})
GOOD = frozenset({"succeeded", "succeeded_with_warnings"})


class Answer(Struct, kw_only=True):
    """A whole answer."""

    document: dict[str, Any] = field(default_factory=dict)


class Counts(Struct, kw_only=True):
    fetched: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    deleted: int = 0
    quarantined: int = 0
    held: int = 0


class Trouble(Struct, kw_only=True):
    """A failure or a warning of a sync: what happened, whose move it is, what to do, when it is tried again."""

    code: str
    what: str
    remedy: str
    whose_move: str = ""
    retryable: bool = False
    blocking: bool = False
    retry_at: datetime | None = None


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


class Progress(Struct, kw_only=True):
    """How far one data type is: source records read, and records changed."""

    data_type: str
    records: int = 0
    changed: int = 0
    counts: Counts = field(default_factory=Counts)


class Task(Struct, kw_only=True):
    """One read within a run. `total_records` is the source's own count, null where it tells none."""

    read: str
    state: str
    sentence: str = ""
    started_at: datetime | None = None
    ended_at: datetime | None = None
    pages: int = 0
    slice: int | None = None
    phase: str | None = None
    total_records: int | None = None
    progress: list[Progress] = field(default_factory=list)
    waiting: Waiting | None = None
    behind: str | None = None
    problem: Trouble | None = None
    warnings: list[Trouble] = field(default_factory=list)

    @property
    def records(self) -> int:
        """Source records read so far: those of the data type that the read is named for."""
        return self.progress[0].records if self.progress else 0

    @property
    def changed(self) -> int:
        return sum(each.changed for each in self.progress)


class Run(Answer):
    """One pass over an integration; `tasks` are there where one run was asked for."""

    id: str
    state: str
    trigger: str
    mode: str
    created_at: datetime
    started_at: datetime | None = None
    ended_at: datetime | None = None
    slot: str | None = None
    requested_by: str | None = None
    cancelled_by: str | None = None
    duration_seconds: float | None = None
    data_types: list[str] = field(default_factory=list)
    totals: Counts = field(default_factory=Counts)
    problems: list[Trouble] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)

    @property
    def is_final(self) -> bool:
        return self.state in FINAL

    @property
    def is_good(self) -> bool:
        return self.state in GOOD


class Expectation(Answer):
    """What a sync will take at the vendor; null where nobody knows."""

    sentence: str
    calls: int | None = None
    minutes: float | None = None


class SyncAccepted(Answer):
    """`placement` is started, joined or succeeds; `repeated` says that the key was known."""

    run: str
    placement: str
    message: str
    behind: str | None = None
    repeated: bool = False
    expected: Expectation | None = None


class Accepted(Answer):
    """Something was taken on."""

    message: str


class HeldDeletion(Answer):
    """Deletions that wait for a person; `share` of the live records, from 0 to 1."""

    data_type: str
    run: str
    at: datetime
    count: int
    live: int
    share: float
    sentence: str
    examples: list[str] = field(default_factory=list)
    decided_with: list[str] = field(default_factory=list)
    approved_at: datetime | None = None


class HeldList(Answer):
    held: list[HeldDeletion]


class Decided(Answer):
    decision: str
    message: str
    data_types: list[str]


class Finding(Struct, kw_only=True):
    verdict: str
    data_type: str = ""
    problem: Trouble | None = None


class Check(Answer):
    """What the connection check found out."""

    works: bool
    sentence: str
    checked_at: datetime
    credentials: Finding
    data_types: list[Finding]


class Definition(Struct, kw_only=True):
    """What a unified field is taken from."""

    fields: list[str] = field(default_factory=list)
    rule: str = ""


class Difference(Struct, kw_only=True):
    path: str
    stored: Any = None
    source: Any = None
    definition: Definition | None = None


class LastChange(Struct, kw_only=True):
    at: datetime
    run: str | None = None
    adjusted_by: str | None = None


class Verified(Struct, kw_only=True):
    """One stored record beside its source."""

    record: str
    outcome: str
    sentence: str
    last_change: LastChange
    stored: dict[str, Any] = field(default_factory=dict)
    source: dict[str, Any] | None = None
    differences: list[Difference] = field(default_factory=list)
    problem: Trouble | None = None


class Verification(Answer):
    records: list[Verified]
    definitions: dict[str, Definition] = field(default_factory=dict)
    read_at: datetime | None = None
    problem: Trouble | None = None


class Adjustment(Answer):
    """A correction by hand; `ended_how` is read, replaced or withdrawn."""

    data_type: str
    record: str
    fields: dict[str, Any]
    author: str
    reason: str
    made_at: datetime
    ended_at: datetime | None = None
    ended_how: str | None = None


class AdjustmentMade(Answer):
    adjustment: Adjustment
    record: dict[str, Any]


class AdjustmentHistory(Answer):
    ended: list[Adjustment]
    in_force: Adjustment | None = None


class LineError(Struct, kw_only=True):
    """What is wrong with one line; the line of names is line 1."""

    line: int
    what: str
    remedy: str = ""


class LineChange(Struct, kw_only=True):
    lines: list[int]
    record: str
    fields: dict[str, Any]
    before: dict[str, Any]


class BulkAdjustment(Answer):
    applied: bool
    lines: int
    errors: list[LineError]
    changes: list[LineChange]


class Settings(Answer):
    name: str
    connector: str
    status: str
    zone: str
    hours: list[int]
    data_types: dict[str, bool]
    snapshot_days: int
    deletion_guard: dict[str, float]
    next_due_at: datetime | None = None


class SetAside(Answer):
    """A source record that could not become a record of Planster."""

    source: str
    code: str
    what: str
    remedy: str
    path: str
    at: datetime


class Write(Answer):
    """One request to create or change an inbound shipment."""

    reference: str
    state: str
    sentence: str
    shipment_id: str | None = None


class Trial(Answer):
    """A dry run that found nothing wrong."""

    reference: str
    sentence: str


class WebhookProblem(Struct, kw_only=True):
    """Why nothing arrives."""

    what: str
    remedy: str


class Webhook(Answer):
    """An address that is told; `secret` is there where it was made just now, and never again."""

    id: str
    url: str
    kinds: list[str]
    state: str
    sentence: str
    last_delivered_at: datetime | None = None
    problem: WebhookProblem | None = None
    secret: str | None = None


class WebhookList(Answer):
    webhooks: list[Webhook]


class Delivery(Answer):
    """One notice on its way, or arrived; `status` is what the receiver answered last."""

    id: str
    kind: str
    state: str
    created_at: datetime
    attempt: int = 0
    next_try_at: datetime | None = None
    status: int | None = None
    problem: WebhookProblem | None = None
