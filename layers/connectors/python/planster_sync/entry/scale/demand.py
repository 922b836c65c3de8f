"""How much of each limit a number of integrations uses, with the settings as shipped and turned up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from planster_sync.entry.cost.facts import Measured, Profile
from planster_sync.entry.cost.usage import of_integration
from planster_sync.entry.scale.limits import Limits
from planster_sync.entry.scale.night import Machine, Night, Work, arrivals, night

MONTH_SECONDS = 30 * 24 * 3600.0
MOST_WORKERS = 1000
TICKS = (15, 5, 1)
OTHERS = 20
"""Executions at once beside the night's workers: API, dispatcher, manual syncs."""


@dataclass(frozen=True, slots=True)
class Scale:
    """A profile's nights. `zones` are shares of integrations by offset from UTC."""

    profile: Profile
    measured: Measured
    limits: Limits
    zones: Mapping[int, float]

    @property
    def usage(self) -> Mapping[str, float]:
        """Of an average night of one integration."""
        quiet = {"nights": 1, "manual_syncs": 0, "first_loads": 0, "api_requests": 0}
        return of_integration(self.profile.model_copy(update=quiet), self.measured)

    @property
    def work(self) -> Work:
        tasks = len(self.profile.reads)
        seconds = self.usage["lambda_gb_second"] * 1024 / self.measured.worker_mb
        return Work(tasks, seconds / tasks)

    def machine(self, workers: float | None = None, ticks: int | None = None) -> Machine:
        """As shipped, but for what is given."""
        facts = self.limits.night
        return Machine(workers or facts.workers, ticks or facts.ticks_every_minutes, facts.starts_a_tick)

    def night(self, integrations: int, machine: Machine) -> Night:
        facts = self.limits.night
        coming = arrivals(integrations, self.zones, facts.local_hour, round(facts.spread_seconds / 60))
        return night(coming, self.work, machine)

    def settings(self, integrations: int) -> Machine | None:
        """The rarest ticks, then the fewest workers (in fifties), that end nights in time; None where nothing does."""
        promised = self.limits.night.promised_hours * 60
        for ticks in TICKS:
            if self.night(integrations, self.machine(MOST_WORKERS, ticks)).longest_wait > promised:
                continue
            low, high = 0, MOST_WORKERS // 50
            while high - low > 1:
                middle = (low + high) // 2
                late = self.night(integrations, self.machine(50 * middle, ticks)).longest_wait > promised
                low, high = (middle, high) if late else (low, middle)
            return self.machine(50 * high, ticks)
        return None

    def measures(self, integrations: int, machine: Machine) -> dict[str, float]:
        """What is compared with limits. Rates are those of the busiest minute, as if all tasks were alike."""
        there = self.night(integrations, machine)
        a_second = there.busiest / (self.work.task_seconds * self.work.tasks)
        rates = {name: a_second * quantity for name, quantity in self.usage.items()}
        return {
            **rates,
            "starts_a_tick": there.tick_starts,
            "workers": there.busiest,
            "executions": there.busiest + OTHERS,
            "parameters": integrations,
            "stream_writes": self.usage["dynamodb_write_unit"] / (self.work.task_seconds * self.work.tasks),
            "api_a_second": integrations * self.profile.api_requests / MONTH_SECONDS,
        }
