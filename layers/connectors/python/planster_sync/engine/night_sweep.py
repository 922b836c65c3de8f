"""Judges the nights whose morning has come, each once, on each tick.

A judged night's row has a deterministic key and is written once, so that a tick that dies, or two at once, count
nothing twice; the watch moves on after it. One night after the other: what was missed while no tick came is judged
later, from the history of the runs.

An organisation whose night was judged is looked at anew, so that what grew late without any run is told by then.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from planster_sync.engine import nights
from planster_sync.engine.freshness import LONGEST_RUN, UNCOUNTED, begins, judge
from planster_sync.errors import SyncError
from planster_sync.model.freshness import Night, NightWatch
from planster_sync.model.integrations import Integration, IntegrationStatus
from planster_sync.model.streams import StreamStatus
from planster_sync.model.webhooks import LookMessage
from planster_sync.ports.freshness import Nights
from planster_sync.ports.platform import Clock, Journal, Metrics
from planster_sync.ports.source import Capabilities
from planster_sync.ports.stores import Integrations, Runs

PAGE = 100
RETRY_FAILED = timedelta(minutes=30)

_Found = Mapping[str, tuple[Integration, Sequence[StreamStatus]]]


def first_watch(integration: Integration, now: datetime) -> NightWatch:
    """The watch of a new integration: its first morning that is still to come."""
    day = nights.last_morning(integration.schedule, now) + timedelta(days=1)
    at = nights.morning(integration.schedule, day)
    return NightWatch(integration.organisation, integration.id, day.isoformat(), at)


@dataclass(frozen=True, slots=True)
class NightSweep:
    nights: Nights
    integrations: Integrations
    runs: Runs
    capabilities: Callable[[str], Capabilities]
    clock: Clock
    metrics: Metrics
    journal: Journal
    ask_for_looks: Callable[[Sequence[LookMessage]], None] = lambda _: None

    def run(self, now: datetime, until: datetime) -> int:
        """Judges every night whose morning has come; gives how many."""
        judged = 0
        handled: set[tuple[str, str, str]] = set()
        pages: dict[str, _Found] = {}
        try:
            while self.clock.now() < until:
                due = [each for each in self.nights.due_watches(now, PAGE) if _name(each) not in handled]
                if not due:
                    break
                for watch in due:
                    if self.clock.now() >= until:
                        break
                    handled.add(_name(watch))
                    self._try(watch, pages, now)
                    judged += 1
            if pages:
                self.ask_for_looks([LookMessage(organisation) for organisation in sorted(pages)])
        except SyncError as error:
            self.journal.event("night_sweep_failed", **error.for_log())
        return judged

    def _try(self, watch: NightWatch, pages: dict[str, _Found], now: datetime) -> None:
        """Judges one night; one that fails is put off, so that it stands in nobody's way."""
        named = {"organisation": watch.organisation, "integration": watch.integration}
        try:
            if watch.organisation not in pages:
                page = self.integrations.status_page(watch.organisation)
                pages[watch.organisation] = {integration.id: (integration, rows) for integration, rows in page}
            self._look(watch, pages[watch.organisation].get(watch.integration), now)
            return
        except SyncError as error:
            self.journal.event("night_not_judged", **named, **error.for_log())
        except Exception as error:  # the seam of one integration: the others' nights are judged all the same
            self.journal.failure("night_not_judged", error, **named)
        self.nights.move_watch(watch, replace(watch, check_at=now + RETRY_FAILED))

    def _look(self, watch: NightWatch, found: tuple[Integration, Sequence[StreamStatus]] | None, now: datetime) -> None:
        if found is None or found[0].status is IntegrationStatus.DISCONNECTING:
            self.nights.end_watch(watch)
            return
        integration, streams = found
        day = date.fromisoformat(watch.date)
        morning = nights.morning(integration.schedule, day)
        if morning <= now:
            if integration.status not in UNCOUNTED:
                self._judge(integration, streams, day)
            day += timedelta(days=1)
            morning = nights.morning(integration.schedule, day)
        self.nights.move_watch(watch, replace(watch, date=day.isoformat(), check_at=morning))

    def _judge(self, integration: Integration, streams: Sequence[StreamStatus], day: date) -> None:
        since = begins(integration, day) - LONGEST_RUN
        runs = self.runs.since(integration.organisation, integration.id, since)
        night = judge(integration, self.capabilities(integration.connector), streams, runs, day)
        if night.counted and self.nights.keep(night):
            self._tell(night, integration.connector)

    def _tell(self, night: Night, connector: str) -> None:
        self.journal.event(
            "night_judged",
            organisation=night.organisation,
            integration=night.integration,
            connector=connector,
            night=night.date,
            count=night.counted,
            missed=len(night.missed) - len(night.blocked),
            blocked=len(night.blocked),
        )
        for data_type in night.fresh:
            self.metrics.count(connector, data_type, {"nights_fresh": 1})
        for data_type in night.missed:
            self.metrics.count(connector, data_type, {"nights_missed": 1})


def _name(watch: NightWatch) -> tuple[str, str, str]:
    return watch.organisation, watch.integration, watch.date
