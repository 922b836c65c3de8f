"""Metrics as CloudWatch makes them of log lines: by the embedded format, and by the template's metric filters."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.watch.lines import Line

Dimensions = tuple[tuple[str, str], ...]
_CONDITION = re.compile(r"\$\.(?P<name>[\w.]+) (?P<op>=|>) (?P<value>.+)")


@dataclass(frozen=True)
class Point:
    """`at` in seconds since 1970; dimensions in alphabetical order."""

    namespace: str
    name: str
    dimensions: Dimensions
    at: float
    value: float


def points_of(lines: Iterable[Line], filters: Iterable[Mapping[str, Any]]) -> list[Point]:
    """Every value that these lines are turned into. `filters` are properties of metric filters."""
    filters = list(filters)
    found: list[Point] = []
    for line in lines:
        found += _embedded(line)
        for each in filters:
            if each["LogGroupName"] == line.group and matches(each["FilterPattern"], line):
                (made,) = each["MetricTransformations"]
                value = _value(made["MetricValue"], line)
                found.append(Point(made["MetricNamespace"], made["MetricName"], (), line.at, value))
    return found


def matches(pattern: str, line: Line) -> bool:
    """A JSON pattern of comparisons that all have to hold (AWS: Filter pattern syntax for metric filters)."""
    if "message" not in line.content:
        return False
    inner = pattern.removeprefix("{").removesuffix("}")
    return all(_holds(one.strip(), line.fields) for one in inner.split("&&"))


def _holds(one: str, fields: Mapping[str, Any]) -> bool:
    found = _CONDITION.fullmatch(one)
    assert found is not None, one
    there, wanted = fields.get(found["name"]), json.loads(found["value"])
    return there is not None and (there == wanted if found["op"] == "=" else there > wanted)


def _value(wanted: str, line: Line) -> float:
    return float(line.fields[wanted.removeprefix("$.")] if wanted.startswith("$.") else wanted)


def _embedded(line: Line) -> Iterator[Point]:
    for described in line.content.get("_aws", {}).get("CloudWatchMetrics", ()):
        for names in described["Dimensions"]:
            dimensions = tuple((name, str(line.content[name])) for name in sorted(names))
            for metric in described["Metrics"]:
                value = float(line.content[metric["Name"]])
                yield Point(described["Namespace"], metric["Name"], dimensions, line.at, value)


_STATISTICS: dict[str, Callable[[Sequence[float]], float]] = {
    "Sum": sum,
    "Maximum": max,
    "Minimum": min,
    "Average": lambda each: sum(each) / len(each),
}


def statistic(name: str, values: Sequence[float]) -> float:
    """Of values of one period, of which there is at least one."""
    if name.startswith("p"):
        ordered = sorted(values)
        return ordered[max(math.ceil(len(ordered) * float(name[1:]) / 100) - 1, 0)]
    return _STATISTICS[name](values)


def series(points: Iterable[Point], stat: str, period: int) -> dict[float, float]:
    """One value for each period that has any, by the period's start."""
    buckets: dict[float, list[float]] = {}
    for point in points:
        buckets.setdefault(math.floor(point.at / period) * period, []).append(point.value)
    return {start: statistic(stat, values) for start, values in sorted(buckets.items())}
