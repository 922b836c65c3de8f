"""Draws a dashboard of the template from recorded nights: `python -m tests.watch.picture Morning docs/images/x.svg`.

Much plainer than CloudWatch's own, and true to it in what matters: the same widgets in the same places, the same
queries and metrics, the values that the functions printed. What only AWS measures stays empty and says so.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import Any

from tests.watch import insights
from tests.watch.judging import Judge
from tests.watch.lines import Line
from tests.watch.nights import record
from tests.watch.points import points_of
from tests.watch.stack import Stack
from tests.watch.widgets import Shown, shown

CELL, LINE, PAD = 50, 17, 10
COLOURS = ("#1f77b4", "#ff7f0e", "#2ca02c", "#d62728", "#9467bd", "#8c564b", "#17becf")
SILENT, RINGING = 'fill="#e5f3e8" stroke="#2ca02c"', 'fill="#fbe3e1" stroke="#d62728"'
FROM_AWS = "measured by AWS"


def draw(dashboard: str, lines: Sequence[Line]) -> str:
    """The whole picture as SVG."""
    widgets = [widget for name, widget in Stack().widgets() if name == f"{dashboard}Dashboard"]
    height = max(widget["y"] + widget["height"] for widget in widgets) * CELL
    inner = "".join(_placed(widget, lines) for widget in widgets)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{24 * CELL}" height="{height}" '
        f'font-family="sans-serif" font-size="12"><rect width="100%" height="100%" fill="#eef0f3"/>{inner}</svg>\n'
    )


def _placed(widget: dict[str, Any], lines: Sequence[Line]) -> str:
    x, y, width, height = (widget[name] * CELL for name in ("x", "y", "width", "height"))
    body = _KINDS[widget["type"]](widget["properties"], lines, width - 2 * PAD, height - 40)
    return (
        f'<svg x="{x + 3}" y="{y + 3}" width="{width - 6}" height="{height - 6}">'
        '<rect width="100%" height="100%" fill="#fff" stroke="#c6cad1"/>'
        + _text(PAD, 20, widget["properties"]["title"], 'font-weight="bold"')
        + f'<svg x="{PAD}" y="30" width="{width - 2 * PAD}" height="{height - 40}">{body}</svg></svg>'
    )


def _alarms(properties: dict[str, Any], lines: Sequence[Line], width: int, _: int) -> str:
    """In the state that they have at the last line."""
    names = [arn.rpartition(":")[2].partition(" ")[2] for arn in properties["alarms"]]
    ringing = _ringing(lines)
    column = width / 5
    return "".join(
        f'<rect x="{place % 5 * column:.0f}" y="{place // 5 * 28}" width="{column - 8:.0f}" height="22" '
        f"{RINGING if name in ringing else SILENT}/>" + _text(place % 5 * column + 8, place // 5 * 28 + 15, name)
        for place, name in enumerate(names)
    )


def _ringing(lines: Sequence[Line]) -> set[str]:
    points = points_of(lines, Stack().of("AWS::Logs::MetricFilter").values())
    now = max(line.at for line in lines)
    alarms = {each["AlarmName"]: Judge(each) for each in Stack().alarms.values()}
    found = {name for name, judge in alarms.items() if judge.look(points, now) == "ALARM"}
    composite = Stack().composite
    if any(f'ALARM("{name}")' in composite["AlarmRule"] for name in found):
        found.add(composite["AlarmName"])
    return {name.partition(" ")[2] for name in found}


def _log(properties: dict[str, Any], lines: Sequence[Line], width: int, height: int) -> str:
    rows = insights.run(properties["query"], lines)
    names = rows[0]["@shown"]
    column = width / len(names)
    most = int(column / 6.6)
    drawn = [_row(0, [name.removeprefix("fields.") for name in names], column, most, 'fill="#667"')]
    for place, row in enumerate(rows[: int(height / LINE) - 1], 1):
        drawn.append(_row(place, [_cell(name, row.get(name)) for name in names], column, most, ""))
    return "".join(drawn)


def _row(place: int, cells: Sequence[str], column: float, most: int, style: str) -> str:
    return "".join(
        _text(number * column, 12 + place * LINE, cell if len(cell) <= most else f"{cell[: most - 1]}…", style)
        for number, cell in enumerate(cells)
    )


def _cell(name: str, value: Any) -> str:
    if value is None:
        return ""
    if name.startswith(("@timestamp", "bin(")) or name in ("first_at", "last_at", "last_success"):
        return f"{datetime.fromtimestamp(float(value) / 1000, UTC):%m-%d %H:%M}"
    return f"{value:,.6g}" if isinstance(value, float) else str(value)


def _metric(properties: dict[str, Any], lines: Sequence[Line], width: int, height: int) -> str:
    filters = Stack().of("AWS::Logs::MetricFilter").values()
    found = list(shown(properties, points_of(lines, filters)))
    visible = [each for each in found if each.values or each.service]
    drawing = _numbers if properties["view"] == "singleValue" else _bars
    return drawing(visible, width, height)


def _numbers(found: Sequence[Shown], width: int, _: int) -> str:
    column = width / len(found)
    return "".join(
        _text(place * column, 30, "from AWS" if each.service else _latest(each), _size(each))
        + _text(place * column, 52, each.label, 'fill="#667"')
        for place, each in enumerate(found)
    )


def _size(each: Shown) -> str:
    return 'fill="#99a"' if each.service else 'font-size="24"'


def _latest(each: Shown) -> str:
    return f"{list(each.values.values())[-1]:,.6g}"


def _bars(found: Sequence[Shown], width: int, height: int) -> str:
    if all(each.service for each in found):
        return "".join(_legend(found, width, height)) + _text(width / 2 - 50, height / 2, FROM_AWS, 'fill="#99a"')
    starts = sorted({start for each in found for start in each.values})
    top = max((value for each in found for value in each.values.values()), default=1) or 1
    room = height - 34
    slot = width / max(len(starts), 1)
    bar = max(min(slot * 0.8 / max(len(found), 1), 18), 1.5)
    return (
        "".join(_legend(found, width, height))
        + "".join(
            f'<rect x="{starts.index(start) * slot + number * bar:.1f}" y="{room - value / top * room:.1f}" '
            f'width="{bar:.1f}" height="{max(value / top * room, 1):.1f}" fill="{COLOURS[number % len(COLOURS)]}"/>'
            for number, each in enumerate(found)
            for start, value in each.values.items()
        )
        + f'<line x1="0" y1="{room}" x2="{width}" y2="{room}" stroke="#99a"/>'
        + _text(0, 10, f"{top:,.6g}", 'fill="#99a"')
    )


def _legend(found: Sequence[Shown], width: int, height: int) -> Iterator[str]:
    column = max(width / max(len(found), 1), 120)
    for place, each in enumerate(found):
        x, y = place * column % width, height - 20 + (place * column // width) * 14
        yield _text(
            x, y, f"■ {each.label}"[: int(column / 6)], f'font-size="11" fill="{COLOURS[place % len(COLOURS)]}"'
        )


def _text(x: float, y: float, text: str, style: str = "") -> str:
    return f'<text x="{x:.0f}" y="{y:.0f}" {style}>{escape(text)}</text>'


_KINDS = {"alarm": _alarms, "log": _log, "metric": _metric}


if __name__ == "__main__":
    Path(sys.argv[2]).write_text(draw(sys.argv[1], record()))
