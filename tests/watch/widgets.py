"""What a dashboard's metric widget shows: its series by label, from the values that there are.

Source: Amazon CloudWatch User Guide, "Dashboard body structure and syntax", "Using search expressions in graphs".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.watch.points import Point, series

_SEARCH = re.compile(
    r"(?P<summed>FILL\(SUM\()?SEARCH\('\{(?P<namespace>[\w/]+),(?P<names>[\w,]+)\} MetricName=\"(?P<metric>\w+)\"',"
    r" '(?P<stat>\w+)', (?P<period>\d+)\)(?:\), 0\))?"
)


@dataclass(frozen=True)
class Shown:
    """One series of a widget, by the start of each period; `service` is the namespace that only AWS fills."""

    label: str
    values: Mapping[float, float]
    service: str | None = None


def shown(properties: Mapping[str, Any], points: Sequence[Point]) -> Iterator[Shown]:
    for metric in properties["metrics"]:
        options = metric[-1] if isinstance(metric[-1], dict) else {}
        if "expression" in options:
            yield from _expression(options, properties, points)
            continue
        namespace, name, *pairs = metric[: len(metric) - bool(options)]
        dimensions = tuple(sorted(zip(pairs[::2], pairs[1::2], strict=True)))
        found = [
            each for each in points if (each.namespace, each.name, each.dimensions) == (namespace, name, dimensions)
        ]
        if options.get("visible", True):
            stat = options.get("stat", properties["stat"])
            service = namespace if namespace.startswith("AWS/") else None
            yield Shown(options.get("label", name), series(found, stat, properties["period"]), service)


def _expression(options: Mapping[str, Any], properties: Mapping[str, Any], points: Sequence[Point]) -> Iterator[Shown]:
    search = _SEARCH.fullmatch(options["expression"])
    if search is None:
        yield _formula(options, properties, points)
        return
    names = tuple(sorted(search["names"].split(",")))
    found = [
        each
        for each in points
        if (each.namespace, each.name) == (search["namespace"], search["metric"])
        and tuple(name for name, _ in each.dimensions) == names
    ]
    period = int(search["period"])
    if search["summed"]:
        yield Shown(options["label"], filled(series(found, search["stat"], period), points, period))
        return
    for dimensions in sorted({each.dimensions for each in found}):
        own = [each for each in found if each.dimensions == dimensions]
        yield Shown(" ".join(value for _, value in dimensions), series(own, search["stat"], period))


def filled(values: Mapping[float, float], points: Sequence[Point], period: int) -> Mapping[float, float]:
    """With a zero for each period of the time shown that has no value; where there is none at all, there stays none."""
    moments = [point.at for point in points]
    first, last = (int(bound // period) for bound in (min(moments), max(moments)))
    return {start * period: values.get(start * period, 0.0) for start in range(first, last + 1)} if values else {}


def _formula(options: Mapping[str, Any], properties: Mapping[str, Any], points: Sequence[Point]) -> Shown:
    """Of one metric of the same widget, named by its id."""
    (name,) = set(re.findall(r"\b[a-z]\w*", options["expression"]))
    (of,) = [metric for metric in properties["metrics"] if metric[-1].get("id") == name]
    if of[0].startswith("AWS/"):
        return Shown(options["label"], {}, of[0])
    assert options["expression"] == f"FILL({name}, 0)", options
    found = [point for point in points if (point.namespace, point.name) == (of[0], of[1])]
    period = properties["period"]
    return Shown(options["label"], filled(series(found, properties["stat"], period), points, period))
