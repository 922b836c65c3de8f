"""Webhooks: who is told what, what was told last, and what is on its way."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from planster_sync.model.data_types import DataType
from planster_sync.model.runs import Problem
from planster_sync.model.streams import HeldDeletion


class Kind(StrEnum):
    """What a webhook tells. `test` is asked for by hand; every target takes it."""

    RUN_COMPLETED = "run.completed"
    STATE_CHANGED = "state.changed"
    ACTION_NEEDED = "action.needed"
    DELETION_HELD = "deletion.held"
    TEST = "test"


BUS, DIGEST = "bus", "digest"
"""Targets of the house, which every organisation has and nobody registers: the event bus, and the digest's topic."""


class TargetState(StrEnum):
    """`switched_off` failed for days and may be resumed; `ended` answered 410; `removed` was removed by a person."""

    ACTIVE = "active"
    SWITCHED_OFF = "switched_off"
    ENDED = "ended"
    REMOVED = "removed"


class DeliveryState(StrEnum):
    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"

    @property
    def is_final(self) -> bool:
        return self is not DeliveryState.WAITING


@dataclass(frozen=True, slots=True)
class SigningSecret:
    """One secret of a target, by its number; the secret itself is kept elsewhere. Valid until `until`."""

    number: int
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """An address of an organisation that wants to be told. `version` rises with every change of the row.

    `failing_since` is when the first of the deliveries failed after which none has succeeded.
    """

    organisation: str
    id: str
    url: str
    kinds: tuple[Kind, ...]
    state: TargetState
    created_at: datetime
    created_by: str
    secrets: tuple[SigningSecret, ...]
    version: int = 0
    failing_since: datetime | None = None
    last_delivered_at: datetime | None = None
    problem: Problem | None = None

    def valid_secrets(self, now: datetime) -> tuple[SigningSecret, ...]:
        """Newest first."""
        valid = [each for each in self.secrets if each.until is None or each.until > now]
        return tuple(sorted(valid, key=lambda each: -each.number))

    def wants(self, kind: Kind) -> bool:
        return self.state is TargetState.ACTIVE and kind in self.kinds


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that is told, to every target that wants its kind; `id` is the same for all of them.

    `body` is the JSON text, the same in every attempt. `happened_at` decides whom it still concerns.
    """

    id: str
    kind: Kind
    body: str
    happened_at: datetime


@dataclass(frozen=True, slots=True)
class Delivery:
    """One notice on its way to one target; sent at least once, always under the same id and with the same body.

    `attempt` counts how often a worker took it; one has it until `lease_until`. Nobody tries again before `wait_until`;
    at `check_at` the sweep looks after it. `status` is that of the last answer. A test concerns no integration,
    a digest those that `concerns` names.
    """

    organisation: str
    target: str
    id: str
    kind: Kind
    body: str
    created_at: datetime
    integration: str | None = None
    state: DeliveryState = DeliveryState.WAITING
    version: int = 0
    attempt: int = 0
    lease_until: datetime | None = None
    wait_until: datetime | None = None
    check_at: datetime | None = None
    status: int | None = None
    problem: Problem | None = None
    ended_at: datetime | None = None
    concerns: tuple[str, ...] = ()

    @property
    def message(self) -> DeliveryMessage:
        return DeliveryMessage(self.organisation, self.target, self.id)


@dataclass(frozen=True, slots=True)
class Standing:
    """How an integration, or a data type of it, stands, in the API's words; a sync at work changes nothing of it."""

    state: str
    health: str


NOT_COUNTED = "not_counted"
"""The health of what takes no part."""
UNSEEN = Standing("never_synced", "pending")
"""How a new integration stands before anybody has looked."""


@dataclass(frozen=True, slots=True)
class Action:
    """What a person of the organisation should do; `reference` is that of a write-back that failed."""

    code: str
    what: str
    remedy: str
    data_types: tuple[DataType, ...] = ()
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """An integration as the status page shows it while no sync is at work.

    Data types that the connector does not serve are left out.
    """

    whole: Standing
    data_types: dict[DataType, Standing]
    action: Action | None
    held: tuple[HeldDeletion, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """What was told last of one integration: the next difference is taken against it.

    `runs` are the ended ones that need not be told any more, of the last days; `held` says how many deletions were told
    to wait. `version` rises with every change.
    """

    organisation: str
    integration: str
    at: datetime
    whole: Standing = UNSEEN
    data_types: dict[DataType, Standing] = field(default_factory=dict)
    action: str | None = None
    action_data_types: tuple[DataType, ...] = ()
    runs: tuple[str, ...] = ()
    held: dict[DataType, int] = field(default_factory=dict)
    version: int = 0


@dataclass(frozen=True, slots=True)
class Watch:
    """Says that an organisation has targets, since `since`, and is to be looked at again at `check_at`."""

    organisation: str
    since: datetime
    check_at: datetime


@dataclass(frozen=True, slots=True)
class Board:
    """Everything about an organisation's webhooks but the deliveries."""

    watch: Watch | None
    targets: tuple[Target, ...]
    told: dict[str, Told]


@dataclass(frozen=True, slots=True)
class Reply:
    """What became of one attempt: the answer's status, or None where there was none, and what was wrong with it."""

    status: int | None
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class DeliveryMessage:
    """What travels through SQS for a delivery: ids only. One that has ended is left alone."""

    organisation: str
    target: str
    delivery: str


@dataclass(frozen=True, slots=True)
class LookMessage:
    """Asks a worker to look what is to be told of one integration, or of all of an organisation."""

    organisation: str
    integration: str | None = None


@dataclass(frozen=True, slots=True)
class DigestChange:
    """An integration that stands otherwise than the last digest said."""

    integration: str
    connector: str
    before: Told
    judged: Judgement
