"""What the API is asked and answers about webhooks."""

from __future__ import annotations

from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from planster_sync.entry.api.status import stamp
from planster_sync.entry.api.views import Instant, View
from planster_sync.model.runs import Problem
from planster_sync.model.webhooks import Delivery, DeliveryState, Kind, Target, TargetState

Chosen = Literal[Kind.RUN_COMPLETED, Kind.STATE_CHANGED, Kind.ACTION_NEEDED, Kind.DELETION_HELD]
"""What can be asked for; a test comes to every webhook."""


def _distinct(kinds: list[Chosen]) -> list[Chosen]:
    if len(set(kinds)) != len(kinds):
        raise ValueError("each kind may be named once")
    return kinds


class WebhookRequest(BaseModel):
    """An address that wants to be told."""

    model_config = ConfigDict(extra="forbid", defer_build=True)

    url: str = Field(min_length=1, max_length=1024, description="A public https address; it may have a query.")
    kinds: Annotated[list[Chosen], AfterValidator(_distinct)] = Field(
        default=list(get_args(Chosen)),
        min_length=1,
        description="Left out: everything there is.",
        json_schema_extra={"uniqueItems": True},
    )


class WebhookProblem(View):
    """Why nothing arrives, or arrived."""

    code: str
    what: str
    remedy: str
    retryable: bool

    @classmethod
    def of(cls, problem: Problem) -> WebhookProblem:
        return cls(code=problem.code, what=problem.what, remedy=problem.remedy, retryable=problem.retryable)


class SecretView(View):
    """A valid secret, by its number; the secret itself is shown once, when it is made."""

    number: int
    valid_until: Instant | None = Field(description="Null for the newest.")


class WebhookView(View):
    """A registered webhook."""

    id: str
    url: str
    kinds: list[Kind]
    state: TargetState
    sentence: str = Field(description="The state in words.")
    created_at: Instant
    created_by: str
    secrets: list[SecretView] = Field(description="Every delivery is signed with each of them, the newest first.")
    last_delivered_at: Instant | None
    failing_since: Instant | None = Field(description="The first failure after which nothing arrived.")
    problem: WebhookProblem | None

    @classmethod
    def of(cls, target: Target) -> WebhookView:
        return cls(
            id=target.id,
            url=target.url,
            kinds=list(target.kinds),
            state=target.state,
            sentence=_sentence(target),
            created_at=target.created_at,
            created_by=target.created_by,
            secrets=[SecretView(number=each.number, valid_until=each.until) for each in target.secrets],
            last_delivered_at=target.last_delivered_at,
            failing_since=target.failing_since,
            problem=WebhookProblem.of(target.problem) if target.problem else None,
        )


class WebhookWithSecret(WebhookView):
    """A webhook with its newest secret."""

    secret: str = Field(description="Keep it: it is shown here and never again.")

    @classmethod
    def made(cls, target: Target, secret: str) -> WebhookWithSecret:
        return cls(**WebhookView.of(target).model_dump(), secret=secret)


class WebhookList(View):
    """Every webhook of an organisation, the oldest first."""

    webhooks: list[WebhookView]


class DeliveryView(View):
    """One notice on its way to one webhook, or arrived."""

    id: str = Field(description="The header `webhook-id` of every attempt.")
    kind: Kind
    integration: str | None
    state: DeliveryState
    created_at: Instant
    attempt: int = Field(description="How often it was tried.")
    next_try_at: Instant | None
    ended_at: Instant | None
    status: int | None = Field(description="What the receiver answered last; null where there was no answer.")
    problem: WebhookProblem | None

    @classmethod
    def of(cls, delivery: Delivery) -> DeliveryView:
        return cls(
            id=delivery.id,
            kind=delivery.kind,
            integration=delivery.integration,
            state=delivery.state,
            created_at=delivery.created_at,
            attempt=delivery.attempt,
            next_try_at=delivery.wait_until,
            ended_at=delivery.ended_at,
            status=delivery.status,
            problem=WebhookProblem.of(delivery.problem) if delivery.problem else None,
        )


class DeliveryList(View):
    """Newest first; thirty days of them."""

    deliveries: list[DeliveryView]
    after: str | None = Field(description="The cursor of the next page; null at the end.")


class WebhookRemoved(View):
    """It is told no more."""

    id: str
    message: str


def _sentence(target: Target) -> str:
    if target.state is not TargetState.ACTIVE:
        return target.problem.what if target.problem else "It is told no more."
    if target.failing_since is not None:
        return f"Nothing has arrived since {stamp(target.failing_since)}; it is tried on."
    if target.last_delivered_at is not None:
        return f"The last delivery arrived at {stamp(target.last_delivered_at)}."
    return "Nothing was delivered yet; send a test."
