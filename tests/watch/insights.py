"""As much of CloudWatch Logs Insights as the template's queries use.

    SOURCE, fields, filter (and, or, =, !=, <, <=, >, >=, in, like), stats (sums, extremes, averages, percentiles,
    formulas, several in a row) by fields and bin(), sort, limit

Anything else is refused, so that no query is taken for tried which was not. Source: Amazon CloudWatch Logs User Guide,
"CloudWatch Logs Insights language query syntax".
"""

from __future__ import annotations

import json
import math
import operator
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from tests.watch.arithmetic import NoValue, evaluate
from tests.watch.lines import Line

Row = dict[str, Any]
_SECONDS = {"m": 60, "h": 3600, "d": 86400}
_COMPARED: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
}
_COMPARISON = re.compile(r"(?P<name>[@\w.]+)\s*(?P<op>=|!=|>=|<=|>|<|\bin\b|\blike\b)\s*(?P<value>.+)")


def run(query: str, lines: Iterable[Line]) -> list[Row]:
    """The rows that a query finds; a query without SOURCE is run over all lines."""
    steps = [step.strip() for step in _split(query, "|")]
    groups = {step.split("'")[1] for step in steps if step.startswith("SOURCE ")}
    rows = [line.fields for line in lines if not groups or line.group in groups]
    for step in steps[len(groups) :]:
        command, _, rest = step.partition(" ")
        rows = _COMMANDS[command](rows, rest.strip())
    return rows


def _fields(rows: list[Row], rest: str) -> list[Row]:
    names = [name.strip() for name in rest.split(",")]
    return [{**row, "@shown": names} for row in rows]


def _filter(rows: list[Row], rest: str) -> list[Row]:
    return [row for row in rows if _holds(row, rest)]


def _holds(row: Row, condition: str) -> bool:
    return any(all(_compares(row, one) for one in each.split(" and ")) for each in condition.split(" or "))


def _compares(row: Row, one: str) -> bool:
    found = _COMPARISON.fullmatch(one.strip())
    assert found is not None, one
    there, wanted = row.get(found["name"]), json.loads(found["value"])
    if there is None:
        return False
    if found["op"] == "in":
        return there in wanted
    if found["op"] == "like":
        return str(wanted) in str(there)
    return isinstance(there, str) is isinstance(wanted, str) and _COMPARED[found["op"]](there, wanted)


def _stats(rows: list[Row], rest: str) -> list[Row]:
    wanted, _, by = rest.partition(" by ")
    keys = [key.strip() for key in _split(by, ",")] if by else []
    groups: dict[tuple[Any, ...], list[Row]] = {}
    for row in rows:
        groups.setdefault(tuple(_key(row, key) for key in keys), []).append(row)
    return [
        {**dict(zip(keys, group, strict=True)), **_aggregated(members, wanted), "@shown": [*keys, *_labels(wanted)]}
        for group, members in groups.items()
    ]


def _key(row: Row, key: str) -> Any:
    bin_ = re.fullmatch(r"bin\((\d+)([mhd])\)", key)
    if bin_ is None:
        return row.get(key)
    width = int(bin_[1]) * _SECONDS[bin_[2]] * 1000
    return math.floor(float(row["@timestamp"]) / width) * width


def _aggregated(rows: list[Row], wanted: str) -> Row:
    found: Row = {}
    for each in _split(wanted, ","):
        formula, _, label = each.strip().rpartition(" as ")
        try:
            found[label] = evaluate(formula, _no_name, lambda name, args: _aggregate(rows, name, args))
        except NoValue:
            found[label] = None
    return found


def _labels(wanted: str) -> list[str]:
    return [each.rpartition(" as ")[2].strip() for each in _split(wanted, ",")]


def _no_name(name: str) -> float:
    raise AssertionError(f"{name} is not aggregated")


def _aggregate(rows: list[Row], name: str, args: Sequence[str]) -> float:
    if name == "count":
        return float(len(rows))
    values = sorted(float(row[args[0]]) for row in rows if row.get(args[0]) is not None)
    if not values:
        raise NoValue
    if name == "pct":
        return values[max(math.ceil(len(values) * float(args[1]) / 100) - 1, 0)]
    simple: dict[str, Callable[[list[float]], float]] = {
        "sum": sum,
        "min": min,
        "max": max,
        "avg": lambda each: sum(each) / len(each),
    }
    return simple[name](values)


def _sort(rows: list[Row], rest: str) -> list[Row]:
    name, _, order = rest.partition(" ")
    known = [row for row in rows if row.get(name) is not None]
    return sorted(known, key=lambda row: row[name], reverse=order.strip() == "desc")


def _limit(rows: list[Row], rest: str) -> list[Row]:
    return rows[: int(rest)]


_COMMANDS = {"fields": _fields, "filter": _filter, "stats": _stats, "sort": _sort, "limit": _limit}


def _split(text: str, at: str) -> list[str]:
    """Cuts at a sign that stands in no quotes and in no brackets."""
    parts, depth, quoted = [""], 0, False
    for sign in text:
        quoted ^= sign == '"'
        depth += (sign in "([") - (sign in ")]")
        if sign == at and not quoted and depth == 0:
            parts.append("")
        else:
            parts[-1] += sign
    return parts
