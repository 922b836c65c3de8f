"""The scale of a deployment as people read it: two significant digits, because the assumptions are no better."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import inf
from typing import Any

from planster_sync.entry.cost import facts
from planster_sync.entry.cost.report import quantity
from planster_sync.entry.scale.demand import MOST_WORKERS, Scale
from planster_sync.entry.scale.limits import Limit, limits
from planster_sync.entry.scale.night import Machine

SIZES = (1_000, 10_000, 100_000)
ONE_ZONE: Mapping[int, float] = {1: 1.0}
"""The worst case: everybody's night begins in the same hour."""


def scale_of(profile: str) -> Scale:
    """For a profile by its name, or by its file.

    Raises:
        SettingsInvalid: the file is no profile.
        OSError: there is no such file.
    """
    known = limits()
    return Scale(facts.profile(profile), facts.measured(), known, known.zones)


def outlook(scale: Scale, integrations: int) -> str:
    """What `planster scale` prints."""
    machine = _turned_up(scale, integrations)
    seconds = quantity(scale.work.tasks * scale.work.task_seconds)
    lines = [
        f"{integrations:,} integrations, each a night of {scale.work.tasks:.0f} tasks, {seconds} worker seconds",
        f"Profile: {scale.profile.about}.",
        f"As shipped: {_waited(scale, integrations, scale.machine())} after they are due",
        f"In time with: {_settings(scale, integrations)}",
        "",
        f"What that uses of {len(scale.limits.limits)} limits ({scale.limits.date}):",
    ]
    measured = scale.measures(integrations, machine)
    for limit in _ranked(scale, measured):
        used, value = measured[limit.measure], _value(scale, limit)
        over = f"  OVER: {limit.knob}" if used > value else ""
        lines.append(f"{quantity(100 * used / value):>8} %  {limit.title}: {quantity(used)} of {value:,.0f}{over}")
    return _text(lines)


def facts_of(scale: Scale, integrations: int) -> dict[str, Any]:
    """The same for programs; `minutes` is None for a night that never ends."""
    minutes = scale.night(integrations, scale.machine()).longest_wait
    machine = _turned_up(scale, integrations)
    measured = scale.measures(integrations, machine)
    return {
        "integrations": integrations,
        "minutes_as_shipped": None if minutes == inf else minutes,
        "ticks_every_minutes": machine.ticks_every_minutes,
        "workers": machine.workers,
        "limits": [
            {"title": each.title, "value": _value(scale, each), "used": measured[each.measure], "unit": each.unit}
            for each in _ranked(scale, measured)
        ],
    }


def tables() -> str:
    """The generated part of docs/scale.md."""
    scales = {name: scale_of(name) for name in facts.PROFILES}
    typical = scales["typical"]
    lines = [f"Limits of {typical.limits.date}; {typical.measured.source}", ""]
    lines += ["### Nights", "", *_nights(scales)]
    lines += ["", "### What a night uses of each limit", "", *_uses(typical)]
    lines += ["", "### A night by the hour", "", *_hours(typical)]
    lines += ["", "### Sources", "", *_sources(typical)]
    return _text(lines)


def _nights(scales: Mapping[str, Scale]) -> Iterator[str]:
    yield from _row("profile", "zones", "integrations", "as shipped, all done within", "in time with")
    yield from _row("---", "---", "---:", "---:", "---")
    for name, scale in scales.items():
        for zones, spread in (("spread", scale), ("one zone", _in_one_zone(scale))):
            for size in SIZES:
                waited = _waited(spread, size, spread.machine())
                yield from _row(name, zones, f"{size:,}", waited, _settings(spread, size))


def _uses(scale: Scale) -> Iterator[str]:
    yield from _row("limit", "value", *(f"{size:,}" for size in SIZES), "what moves it")
    yield from _row("---", "---:", *["---:"] * len(SIZES), "---")
    measured = [scale.measures(size, _turned_up(scale, size)) for size in SIZES]
    for limit in _ranked(scale, measured[-1]):
        value = _value(scale, limit)
        used = [_used(each[limit.measure], value) for each in measured]
        yield from _row(limit.title, f"{value:,.0f} {limit.unit}", *used, limit.knob)


def _hours(scale: Scale) -> Iterator[str]:
    shares = scale.night(SIZES[1], scale.machine()).share_started_by_hour()
    yield from _row("hour, UTC", "share of the runs that start in it")
    yield from _row("---:", "---:")
    for hour, share in shares.items():
        yield from _row(f"{hour:02d}", f"{100 * share:.0f} %")


def _sources(scale: Scale) -> Iterator[str]:
    yield from _row("limit", "confidence", "source")
    yield from _row("---", "---", "---")
    for limit in scale.limits.limits.values():
        yield from _row(limit.title, limit.confidence, limit.source)


def _in_one_zone(scale: Scale) -> Scale:
    return Scale(scale.profile, scale.measured, scale.limits, ONE_ZONE)


def _turned_up(scale: Scale, integrations: int) -> Machine:
    """The settings that are needed, but never less than as shipped; all that there is where none suffice."""
    found = scale.settings(integrations) or scale.machine(MOST_WORKERS, 1)
    shipped = scale.machine()
    return found if found.workers >= shipped.workers else shipped


def _waited(scale: Scale, integrations: int, machine: Machine) -> str:
    minutes = scale.night(integrations, machine).longest_wait
    if minutes == inf:
        return "never"
    return f"{minutes:.0f} min" if minutes < 120 else f"{minutes / 60:.0f} h"


def _settings(scale: Scale, integrations: int) -> str:
    found = scale.settings(integrations)
    if found is None:
        return f"nothing here: more than {MOST_WORKERS:,} workers, so more stacks"
    return f"a tick every {found.ticks_every_minutes} min, {found.workers:.0f} workers"


def _value(scale: Scale, limit: Limit) -> float:
    return limit.value or scale.limits.night.starts_a_tick


def _ranked(scale: Scale, measured: Mapping[str, float]) -> Sequence[Limit]:
    """Fullest first."""
    return sorted(scale.limits.limits.values(), key=lambda each: -measured[each.measure] / _value(scale, each))


def _used(used: float, value: float) -> str:
    return f"**{quantity(used)}**" if used > value else quantity(used)


def _row(*cells: str) -> Iterator[str]:
    yield f"| {' | '.join(cells)} |"


def _text(lines: Iterable[str]) -> str:
    return "\n".join(lines) + "\n"
