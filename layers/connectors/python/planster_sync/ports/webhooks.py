"""Who keeps webhooks, who carries their messages, who judges, words and sends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from planster_sync.model.integrations import Integration
from planster_sync.model.runs import Run
from planster_sync.model.streams import HeldDeletion, StreamStatus
from planster_sync.model.webhooks import (
    Action,
    Board,
    Delivery,
    DeliveryMessage,
    DigestChange,
    Judgement,
    LookMessage,
    Notice,
    Reply,
    Target,
    Told,
    Watch,
)


class WebhookQueue(Protocol):
    """A message may arrive more than once. Each method raises StoreBusy where the queue refuses past the retries."""

    def send_looks(self, messages: Sequence[LookMessage]) -> None: ...

    def send_deliveries(self, messages: Sequence[DeliveryMessage], *, delay_seconds: float = 0) -> None: ...


class Webhooks(Protocol):
    """Rows of targets, deliveries and what was told. Each method may raise StoreBusy, after which it may have acted."""

    def board(self, organisation: str) -> Board:
        """One consistent Query; removed targets are left out."""
        ...

    def target(self, organisation: str, target: str) -> Target | None: ...

    def add_target(self, target: Target) -> None: ...

    def change_target(self, there: Target, then: Target) -> Target | None:
        """Writes `then` in place of `there`; gives it with its version, None where the row was changed meanwhile."""
        ...

    def begin_watch(self, watch: Watch) -> None:
        """Does nothing where the organisation is watched already."""
        ...

    def end_watch(self, organisation: str) -> None: ...

    def put_off_watch(self, watch: Watch, at: datetime) -> None: ...

    def due_watches(self, now: datetime, limit: int) -> Sequence[Watch]: ...

    def tell(self, told: Told, deliveries: Sequence[Delivery]) -> bool:
        """Writes what was told together with its deliveries, all or nothing; at most 99 of them.

        False where the row is no longer of the version before `told.version`.
        """
        ...

    def add_delivery(self, delivery: Delivery) -> None:
        """One that is there already stays as it is."""
        ...

    def delivery(self, organisation: str, target: str, delivery: str) -> Delivery | None: ...

    def deliveries(
        self, organisation: str, target: str, limit: int, after: str | None
    ) -> tuple[Sequence[Delivery], str | None]:
        """Newest first, and the place behind them; None says that there are no more."""
        ...

    def change_delivery(self, there: Delivery, then: Delivery) -> Delivery | None:
        """As `change_target`; None too where the row was erased."""
        ...

    def due_deliveries(self, now: datetime, limit: int) -> Sequence[Delivery]:
        """Unfinished ones whose `check_at` has passed, oldest first, found by index."""
        ...


class WebhookSecrets(Protocol):
    """Signing secrets, by target and number. May raise StoreBusy."""

    def put(self, target: str, number: int, secret: str) -> None: ...

    def erase(self, target: str, numbers: Sequence[int]) -> None: ...


class Judge(Protocol):
    """The status page's judgement of an integration."""

    def __call__(self, integration: Integration, streams: Sequence[StreamStatus], now: datetime) -> Judgement: ...


class Wording(Protocol):
    """Makes notices: bodies of ids, words and codes, each of a version."""

    def run_completed(self, id_: str, integration: Integration, run: Run, at: datetime) -> Notice: ...

    def state_changed(self, id_: str, integration: Integration, before: Told, after: Told, at: datetime) -> Notice: ...

    def action_needed(self, id_: str, integration: Integration, action: Action, at: datetime) -> Notice: ...

    def deletion_held(
        self, id_: str, integration: Integration, held: Sequence[HeldDeletion], at: datetime
    ) -> Notice: ...

    def test(self, id_: str, organisation: str, at: datetime) -> Notice: ...


class Send(Protocol):
    """Sends one delivery to its target, once, within a time limit.

    Raises:
        StoreBusy: a signing secret could not be read; nothing was sent.
    """

    def __call__(self, target: Target, delivery: Delivery, at: datetime) -> Reply: ...


class Digests(Protocol):
    """What the digest told last, apart from what webhooks and the bus were told."""

    def told_in_digests(self, organisation: str) -> Mapping[str, Told]:
        """By integration."""
        ...

    def tell_digest(self, told: Sequence[Told], delivery: Delivery | None) -> bool:
        """Writes all of them together with the delivery, or nothing, as `Webhooks.tell`."""
        ...


class DigestWording(Protocol):
    def __call__(self, changes: Sequence[DigestChange], at: datetime) -> str:
        """A subject, an empty line, the text."""
        ...


class Publishes(Protocol):
    def publish(self, subject: str, text: str, organisation: str) -> None:
        """To everybody who subscribed, at least once. Raises StoreBusy where it is refused past the retries."""
        ...
