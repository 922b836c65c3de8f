"""What people decide and set: held deletions, what was set aside, settings, shipments, webhooks."""

from __future__ import annotations

from datetime import date, datetime

from msgspec import Struct, field

from planster_client.answers.base import Answer


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


class Settings(Answer):
    name: str
    connector: str
    status: str
    zone: str
    hours: list[int]
    data_types: dict[str, bool]
    snapshot_days: int
    deletion_guard: dict[str, float]
    history_from: date | None = None
    history_of: list[str] = field(default_factory=list)
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
