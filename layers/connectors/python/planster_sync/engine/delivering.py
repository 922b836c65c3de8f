"""Sends deliveries: one attempt for each message, tried again with growing waits for most of a day.

The row is claimed before anything is sent and says afterwards what became of it; a worker that dies between leaves it
to the sweep, so that a notice may arrive twice, always under the same id. Only an answer of 2xx counts.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from planster_sync.model.runs import Problem
from planster_sync.model.timings import Timings
from planster_sync.model.webhooks import Delivery, DeliveryMessage, DeliveryState, Kind, Reply, Target, TargetState
from planster_sync.ports.platform import Clock, Journal
from planster_sync.ports.webhooks import Send, WebhookQueue, Webhooks

WAITS = (1, 5, 15, 60, 180, 360, 720)
"""Between the attempts, in first waits (`retry_wait`, a minute): eight attempts within 22 hours and 21 minutes."""
SWITCHED_OFF_AFTER = 3 * 24 * 60
"""So many first waits (three days) without a success end in the target being switched off."""
GONE = 410

_SWITCHED_OFF = Problem(
    "webhook_switched_off",
    "Nothing that was sent to this webhook has arrived for three days, so it was switched off.",
    "Mend the receiver, send it a test, then resume the webhook.",
    retryable=False,
)
_GONE = Problem(
    "webhook_gone",
    "The receiver answered 410: it wants to be told no more.",
    "Register the webhook anew if that was a mistake.",
    retryable=False,
)
_REMOVED = Problem("webhook_removed", "The webhook was removed.", "Nothing to do.", retryable=False)


@dataclass(frozen=True, slots=True)
class Courier:
    """Handles delivery messages."""

    webhooks: Webhooks
    send: Send
    queue: WebhookQueue
    clock: Clock
    timings: Timings
    journal: Journal

    def handle(self, message: DeliveryMessage) -> None:
        """Tries once. A delivery that was erased, has ended, or is not due is left alone: the sweep knows when it is.

        Raises:
            StoreBusy: the stores were throttled; the message comes back.
        """
        delivery = self.webhooks.delivery(message.organisation, message.target, message.delivery)
        now = self.clock.now()
        if delivery is None or delivery.state.is_final or _busy_until(delivery, now) > now:
            return
        target = self.webhooks.target(message.organisation, message.target)
        stopped = _stopped(target, delivery)
        if target is None or stopped is not None:
            self._end(delivery, DeliveryState.FAILED, Reply(None, stopped or _REMOVED))
            return
        claimed = self.webhooks.change_delivery(delivery, self._claim(delivery, now))
        if claimed is not None:
            self._sent(target, claimed, self.send(target, claimed, now))

    def _claim(self, delivery: Delivery, now: datetime) -> Delivery:
        lease_until = now + timedelta(seconds=self.timings.lease)
        return replace(
            delivery,
            attempt=delivery.attempt + 1,
            lease_until=lease_until,
            wait_until=None,
            check_at=lease_until + timedelta(seconds=self.timings.unsent),
        )

    def _sent(self, target: Target, delivery: Delivery, reply: Reply) -> None:
        if reply.problem is None:
            self._end(delivery, DeliveryState.DELIVERED, reply)
        elif reply.status == GONE:
            self._end(delivery, DeliveryState.FAILED, replace(reply, problem=_GONE))
        elif delivery.kind is Kind.TEST or delivery.attempt > len(WAITS):
            self._end(delivery, DeliveryState.FAILED, reply)
        else:
            self._wait(delivery, reply)
        if delivery.kind is not Kind.TEST:
            self._note_health(target, reply)

    def _wait(self, delivery: Delivery, reply: Reply) -> None:
        """A wait longer than a queue can delay is ended by the sweep."""
        seconds = WAITS[delivery.attempt - 1] * self.timings.retry_wait
        until = self.clock.now() + timedelta(seconds=seconds)
        is_short = seconds <= self.timings.max_delay
        waiting = replace(
            delivery,
            lease_until=None,
            wait_until=until,
            check_at=until + timedelta(seconds=self.timings.unsent) if is_short else until,
            status=reply.status,
            problem=reply.problem,
        )
        if self.webhooks.change_delivery(delivery, waiting) is not None and is_short:
            self.queue.send_deliveries([delivery.message], delay_seconds=seconds)

    def _end(self, delivery: Delivery, state: DeliveryState, reply: Reply) -> None:
        ended = replace(
            delivery,
            state=state,
            lease_until=None,
            wait_until=None,
            check_at=None,
            status=reply.status if reply.status is not None else delivery.status,
            problem=reply.problem,
            ended_at=self.clock.now(),
        )
        if self.webhooks.change_delivery(delivery, ended) is not None:
            self._log("webhook_delivery_ended", delivery, state=state.value, code=_code(reply.problem))

    def _note_health(self, target: Target, reply: Reply) -> None:
        """Where somebody changed the row meanwhile, the next attempt notes it."""
        then = self._health(target, reply)
        if then == target or self.webhooks.change_target(target, then) is None:
            return
        if then.state is not target.state:
            self.journal.event(
                "webhook_stopped",
                organisation=target.organisation,
                webhook=target.id,
                state=then.state.value,
                code=_code(then.problem),
            )

    def _health(self, target: Target, reply: Reply) -> Target:
        now = self.clock.now()
        if reply.problem is None:
            return replace(target, failing_since=None, problem=None, last_delivered_at=now)
        if reply.status == GONE:
            return replace(target, state=TargetState.ENDED, problem=_GONE)
        since = target.failing_since or now
        if now - since >= timedelta(seconds=SWITCHED_OFF_AFTER * self.timings.retry_wait):
            return replace(target, state=TargetState.SWITCHED_OFF, problem=_SWITCHED_OFF)
        return replace(target, failing_since=since, problem=reply.problem)

    def _log(self, name: str, delivery: Delivery, **fields: str | None) -> None:
        self.journal.event(name, organisation=delivery.organisation, webhook=delivery.target, **fields)


def _busy_until(delivery: Delivery, now: datetime) -> datetime:
    return max((at for at in (delivery.lease_until, delivery.wait_until) if at is not None), default=now)


def _stopped(target: Target | None, delivery: Delivery) -> Problem | None:
    """Why nothing is sent to the target any more. A test goes to one that is switched off: is it well again?"""
    if target is None or target.state is TargetState.REMOVED:
        return _REMOVED
    if target.state is TargetState.ENDED:
        return _GONE
    if target.state is TargetState.SWITCHED_OFF and delivery.kind is not Kind.TEST:
        return _SWITCHED_OFF
    return None


def _code(problem: Problem | None) -> str | None:
    return problem.code if problem else None
