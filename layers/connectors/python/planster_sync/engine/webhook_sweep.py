"""Looks after webhooks on each tick: sends deliveries whose message was lost or whose wait is over, and asks for looks.

Whatever goes wrong here is logged and left to the next tick: it must keep no run from being looked after.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar

from planster_sync.errors import SyncError
from planster_sync.model.timings import Timings
from planster_sync.model.webhooks import Delivery, LookMessage, Watch
from planster_sync.ports.platform import Clock, Journal
from planster_sync.ports.webhooks import WebhookQueue, Webhooks

PAGE = 100

T = TypeVar("T", Delivery, Watch)


@dataclass(frozen=True, slots=True)
class WebhookSweep:
    webhooks: Webhooks
    queue: WebhookQueue
    clock: Clock
    timings: Timings
    journal: Journal

    def run(self, now: datetime, until: datetime) -> int:
        """Looks at everything whose check is due; gives how much."""
        swept = 0
        try:
            swept += self._all(self.webhooks.due_deliveries, self._send_again, now, until)
            swept += self._all(self.webhooks.due_watches, self._ask_for_a_look, now, until)
        except SyncError as error:
            self.journal.event("webhook_sweep_failed", **error.for_log())
        except Exception as error:  # the seam of all webhooks: the tick has other work
            self.journal.failure("webhook_sweep_failed", error)
        return swept

    def _all(
        self,
        due: Callable[[datetime, int], Sequence[T]],
        look_after: Callable[[T, datetime], None],
        now: datetime,
        until: datetime,
    ) -> int:
        handled: set[tuple[str, ...]] = set()
        while self.clock.now() < until:
            found = [each for each in due(now, PAGE) if _name(each) not in handled]
            if not found:
                break
            for each in found:
                if self.clock.now() >= until:
                    break
                handled.add(_name(each))
                look_after(each, now)
        return len(handled)

    def _send_again(self, delivery: Delivery, now: datetime) -> None:
        """Where somebody changed the row meanwhile, they have set its next look themselves."""
        busy_until = max((at for at in (delivery.lease_until, delivery.wait_until) if at is not None), default=now)
        if busy_until > now:
            self.webhooks.change_delivery(delivery, replace(delivery, check_at=busy_until))
            return
        self.queue.send_deliveries([delivery.message])
        check_at = now + timedelta(seconds=self.timings.claim)
        self.webhooks.change_delivery(delivery, replace(delivery, check_at=check_at))

    def _ask_for_a_look(self, watch: Watch, now: datetime) -> None:
        self.queue.send_looks([LookMessage(watch.organisation)])
        self.webhooks.put_off_watch(watch, now + timedelta(seconds=self.timings.retry_wait))


def _name(each: Delivery | Watch) -> tuple[str, ...]:
    return (each.organisation, each.target, each.id) if isinstance(each, Delivery) else (each.organisation,)
