"""Records as lines of a spreadsheet (RFC 4180): a column for each field, inner lists as JSON in one cell."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from planster_sync.model.catalog import fields_of, lists_of
from planster_sync.model.data_types import DataType

OWN_TIMES = ("read_at", "changed_at", "deleted_at", "quarantined_at")
_PARTS = {"money": ("amount", "currency"), "word": ("value", "vendor")}
_FORMULA = re.compile(r"[=+\-@\t\r]")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?\Z")


def names(data_type: DataType) -> str:
    """The first line of a file."""
    return _line(columns(data_type))


def lines(data_type: DataType, records: Sequence[Mapping[str, Any]]) -> str:
    """A line for each record."""
    return "".join(_line([_cell(_at(record, name)) for name in columns(data_type)]) for record in records)


@cache
def columns(data_type: DataType) -> tuple[str, ...]:
    """The record's fields in order, money and words in two, objects by their parts; then the copy's own times."""
    return (*dict.fromkeys(_columns(data_type)), *OWN_TIMES, "adjustment")


def _columns(data_type: DataType) -> Iterator[str]:
    lists = lists_of(data_type)
    for note in fields_of(data_type):
        first = note.path.partition(".")[0]
        if first in lists:
            yield first
        elif note.kind in _PARTS:
            yield from (f"{note.path}.{part}" for part in _PARTS[note.kind])
        else:
            yield note.path


def _at(record: Mapping[str, Any], path: str) -> Any:
    value: Any = record
    for part in path.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def _cell(value: Any) -> str:
    """Text that a spreadsheet would run as a formula gets an apostrophe before it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f"'{value}" if _FORMULA.match(value) and not _NUMBER.match(value) else value
    return json.dumps(value, ensure_ascii=False)


def _line(cells: Sequence[str]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow(cells)
    return text.getvalue()
