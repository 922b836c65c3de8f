"""What usage costs: item by item, in dollars a month."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from planster_sync.entry.cost.facts import Alternative, Measured, Prices, Profile, Usage
from planster_sync.entry.cost.usage import Writing, of_deployment, of_integration, rows_moved, total


@dataclass(frozen=True, slots=True)
class Line:
    title: str
    quantity: float
    unit: str
    dollars: float


@dataclass(frozen=True, slots=True)
class Model:
    """A profile under prices and measured usage. Dollars of n integrations are `fixed + n * each`."""

    profile: Profile
    measured: Measured
    prices: Prices

    def lines(self, integrations: float, writing: Writing = Writing.CHANGED) -> list[Line]:
        """The costliest first."""
        own = of_integration(self.profile, self.measured, writing)
        usage = total((integrations, own), (1, of_deployment(self.profile, self.measured)))
        return sorted(_lines(usage, self.prices), key=lambda line: -line.dollars)

    def dollars(self, integrations: float, writing: Writing = Writing.CHANGED) -> float:
        return sum(line.dollars for line in self.lines(integrations, writing))

    def alternative(self, other: Alternative, integrations: float) -> float:
        """What `other` would take for the same month, by its published price."""
        rows = integrations * rows_moved(self.profile)
        beyond = max(integrations - other.included_integrations, 0)
        return (
            other.dollars_per_month
            + beyond * other.dollars_per_integration
            + rows / 1e6 * other.dollars_per_million_rows
        )

    def moved_by(self, change: Callable[[Profile], Profile], integrations: float) -> float:
        """How many times the bill is what it was, once the profile has changed."""
        other = Model(change(self.profile), self.measured, self.prices)
        return other.dollars(integrations) / self.dollars(integrations)


def _lines(usage: Usage, prices: Prices) -> Sequence[Line]:
    found = ((prices.items[name], quantity) for name, quantity in usage.items())
    return [Line(price.title, quantity, price.unit, quantity * price.dollars / price.per) for price, quantity in found]
