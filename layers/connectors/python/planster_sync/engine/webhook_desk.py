"""Registering webhooks, changing secrets, testing, resuming and removing. Nothing here speaks to a target."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from planster_sync.engine.announcing import MOST_TARGETS, delivery_of, notice_id
from planster_sync.errors import Conflict, NotFound
from planster_sync.model.timings import Timings
from planster_sync.model.webhooks import (
    Delivery,
    Kind,
    LookMessage,
    SigningSecret,
    Target,
    TargetState,
    Watch,
)
from planster_sync.ports.platform import Clock, Identity
from planster_sync.ports.webhooks import WebhookQueue, Webhooks, WebhookSecrets, Wording

OVERLAP = timedelta(hours=24)
"""How long the secret before stays valid after a rotation."""


@dataclass(frozen=True, slots=True)
class WebhookDesk:
    """`check_url` raises InvalidRequest for an address that nothing is ever sent to; `new_secret` makes secrets."""

    webhooks: Webhooks
    secrets: WebhookSecrets
    queue: WebhookQueue
    wording: Wording
    clock: Clock
    identity: Identity
    timings: Timings
    check_url: Callable[[str], None]
    new_secret: Callable[[], str]

    def targets(self, organisation: str) -> Sequence[Target]:
        return self.webhooks.board(organisation).targets

    def target(self, organisation: str, target: str) -> Target:
        """Raises NotFound: this organisation has none of that id."""
        found = self.webhooks.target(organisation, target)
        if found is None or found.state is TargetState.REMOVED:
            raise NotFound("There is no such webhook.", remedy="Check the address.")
        return found

    def register(self, organisation: str, url: str, kinds: Sequence[Kind], by: str) -> tuple[Target, str]:
        """The target and its secret, which is given here and never again.

        Raises:
            InvalidRequest: nothing is ever sent to this address.
            Conflict: the organisation has as many as it may have.
        """
        self.check_url(url)
        if len(self.targets(organisation)) >= MOST_TARGETS:
            raise Conflict(f"There are {MOST_TARGETS} webhooks already.", remedy="Remove one that is not needed.")
        now, secret = self.clock.now(), self.new_secret()
        first = (SigningSecret(1),)
        target = Target(
            organisation, self.identity.new_id(), url, tuple(kinds), TargetState.ACTIVE, now, by, secrets=first
        )
        self.secrets.put(target.id, 1, secret)
        self.webhooks.add_target(target)
        self._begin_watch(organisation)
        self.queue.send_looks([LookMessage(organisation)])  # how things stand now is remembered, and not told
        return target, secret

    def rotate(self, organisation: str, target: str) -> tuple[Target, str]:
        """A fresh secret; the one before stays valid for a day, and one still older ends at once.

        Raises:
            NotFound: see `target`.
            Conflict: somebody else changed the webhook at the same moment.
        """
        there, now, secret = self.target(organisation, target), self.clock.now(), self.new_secret()
        last = there.valid_secrets(now)[0]
        fresh = SigningSecret(last.number + 1)
        self.secrets.put(there.id, fresh.number, secret)
        then = self._changed(there, replace(there, secrets=(fresh, SigningSecret(last.number, now + OVERLAP))))
        kept = {each.number for each in then.secrets}
        self.secrets.erase(there.id, [each.number for each in there.secrets if each.number not in kept])
        return then, secret

    def resume(self, organisation: str, target: str) -> Target:
        """Lets one that was switched off, or that answered 410, be told again, from now on."""
        there = self.target(organisation, target)
        if there.state is TargetState.ACTIVE:
            return there
        return self._changed(there, replace(there, state=TargetState.ACTIVE, failing_since=None, problem=None))

    def test(self, organisation: str, target: str) -> Delivery:
        """Has a worker send a test, once."""
        there, now = self.target(organisation, target), self.clock.now()
        notice = self.wording.test(notice_id(now, self.identity), organisation, now)
        delivery = delivery_of(there, notice, now, self.timings)
        self.webhooks.add_delivery(delivery)
        self.queue.send_deliveries([delivery.message])
        return delivery

    def remove(self, organisation: str, target: str) -> None:
        """Its address and its secrets are erased at once; what is on its way to it is sent no more."""
        there = self.target(organisation, target)
        self._changed(there, replace(there, state=TargetState.REMOVED, url="", secrets=()))
        self.secrets.erase(there.id, [each.number for each in there.secrets])
        if not self.targets(organisation):
            self.webhooks.end_watch(organisation)
            if self.targets(organisation):  # somebody registered one meanwhile, and took the watch for begun
                self._begin_watch(organisation)

    def deliveries(
        self, organisation: str, target: str, limit: int, after: str | None
    ) -> tuple[Sequence[Delivery], str | None]:
        """Newest first, and the place behind them; those of thirty days."""
        return self.webhooks.deliveries(organisation, self.target(organisation, target).id, limit, after)

    def _begin_watch(self, organisation: str) -> None:
        now = self.clock.now()
        self.webhooks.begin_watch(Watch(organisation, since=now, check_at=now))

    def _changed(self, there: Target, then: Target) -> Target:
        changed = self.webhooks.change_target(there, then)
        if changed is None:
            raise Conflict("The webhook was changed at the same moment.", remedy="Look at it, then try again.")
        return changed
