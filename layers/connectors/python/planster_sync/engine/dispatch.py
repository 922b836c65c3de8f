"""One tick: start a run for every slot that is due, then look after what nobody seems to work on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum, auto

from planster_sync.engine import nights
from planster_sync.engine.erasing import send_erasure
from planster_sync.engine.night_sweep import first_watch
from planster_sync.engine.starting import Starter
from planster_sync.engine.sweep import Sweeping
from planster_sync.errors import SyncError
from planster_sync.model.integrations import Integration, IntegrationStatus
from planster_sync.ports.freshness import Nights
from planster_sync.ports.platform import Clock, Journal
from planster_sync.ports.source import Capabilities
from planster_sync.ports.stores import Integrations, Runs

PAGE = 100
RETRY_FAILED = timedelta(minutes=30)
LATE = timedelta(hours=4)
"""A night that began at two, local time, should be over at six."""
OVERDUE = timedelta(minutes=10)


class Outcome(Enum):
    """What a tick made of one due integration; PASSED: there was nothing to start."""

    STARTED = auto()
    PASSED = auto()
    FAILED = auto()


@dataclass(frozen=True, slots=True)
class TickReport:
    """How many runs were started and looked after; `finished` is False where the time was over before the work.

    `late` runs have not ended four hours after they began: `late_percent` of the integrations. `overdue` ones should
    have been looked after ten minutes ago and were not, even by this tick (at most a page of them is counted).
    """

    started: int
    swept: int
    failed: int
    finished: bool
    late: int
    late_percent: float
    overdue: int


@dataclass(frozen=True, slots=True)
class Dispatcher:
    """Turns ticks into runs.

    `now` is the event's own time, so that a night can be replayed. The sweep never runs ahead of the clock: a tick of
    tomorrow must not take a living worker for a lost one.
    """

    integrations: Integrations
    runs: Runs
    nights: Nights
    starter: Starter
    sweep: Sweeping
    capabilities: Callable[[str], Capabilities]
    clock: Clock
    journal: Journal
    spread_seconds: int

    def tick(self, now: datetime, until: datetime) -> TickReport:
        """Does everything that is due at `now`; what the time does not allow, the next tick does."""
        started = failed = 0
        handled: set[tuple[str, str]] = set()
        while self.clock.now() < until:
            due = [one for one in self.integrations.due(now, PAGE) if (one.organisation, one.id) not in handled]
            if not due:
                swept = self.sweep.run(min(now, self.clock.now()), until)
                return self._report(started, swept, failed, min(now, self.clock.now()), until)
            for integration in due:
                if self.clock.now() >= until:
                    break
                handled.add((integration.organisation, integration.id))
                outcome = self._try(integration, now)
                started += outcome is Outcome.STARTED
                failed += outcome is Outcome.FAILED
        return self._report(started, 0, failed, min(now, self.clock.now()), until)

    def _report(self, started: int, swept: int, failed: int, now: datetime, until: datetime) -> TickReport:
        finished = self.clock.now() < until
        late = self.runs.count_unfinished(now - LATE)
        percent = round(100 * late / max(self.integrations.count(), 1), 2) if late else 0.0
        overdue = len(self.runs.due_for_check(now - OVERDUE, PAGE))
        return TickReport(started, swept, failed, finished, late, percent, overdue)

    def _try(self, integration: Integration, now: datetime) -> Outcome:
        """Deals with one integration; one that fails is put off, so that it stands in nobody's way."""
        named = {"organisation": integration.organisation, "integration": integration.id}
        try:
            return self._start(integration, now)
        except SyncError as error:
            self.journal.event("slot_failed", **named, **error.for_log())
        except Exception as error:  # the seam of one integration: what is wrong with it must not stop the others' night
            self.journal.failure("slot_failed", error, **named)
        try:
            self.integrations.slot_done(integration, last_slot_at=integration.last_slot_at, due_at=now + RETRY_FAILED)
        except SyncError as error:
            self.journal.event("slot_not_put_off", **named, **error.for_log())
        return Outcome.FAILED

    def _start(self, integration: Integration, now: datetime) -> Outcome:
        if integration.status is IntegrationStatus.DISCONNECTING:
            return self._erase(integration, now)
        if not integration.nights_watched:
            self.nights.begin_watch(first_watch(integration, now))
            integration = replace(integration, nights_watched=True)
        slot = nights.latest_slot(integration.schedule, now)
        last = integration.last_slot_at
        rests_until = nights.rests_until(integration)
        if rests_until is not None and rests_until > now:
            self.integrations.slot_done(integration, last_slot_at=last, due_at=rests_until)
            return Outcome.PASSED
        wanted = (last is None or slot.at > last) and integration.status is not IntegrationStatus.PAUSED
        outcome = Outcome.PASSED
        if wanted and not self._is_behind(integration):
            capabilities = self.capabilities(integration.connector)
            run = self.starter.for_slot(integration, capabilities, slot, now)
            self.journal.event(
                "slot_started", organisation=integration.organisation, integration=integration.id, run=run.id
            )
            outcome = Outcome.STARTED
        due_at = max(nights.next_due(integration, slot.at, self.spread_seconds), now + timedelta(seconds=1))
        self.integrations.slot_done(integration, last_slot_at=slot.at if wanted else last, due_at=due_at)
        return outcome

    def _erase(self, integration: Integration, now: datetime) -> Outcome:
        """Its message may have been lost, or its worker: it is sent again until the integration is gone."""
        send_erasure(self.starter.queue, integration.organisation, integration.id)
        due_at = now + timedelta(seconds=self.starter.timings.claim)
        self.integrations.slot_done(integration, last_slot_at=None, due_at=due_at)
        return Outcome.PASSED

    def _is_behind(self, integration: Integration) -> bool:
        """Whether two runs already wait: a first load of several nights must not pile up runs behind it."""
        return len(self.runs.active(integration.organisation, integration.id)) > 1
