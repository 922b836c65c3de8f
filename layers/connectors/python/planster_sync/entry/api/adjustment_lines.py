"""Corrections as lines of CSV: what each column means, and what is wrong with a line."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from planster_sync.engine.correcting import Correction, adjustable
from planster_sync.entry.api.adjusting import Ask
from planster_sync.errors import InvalidRequest
from planster_sync.model.catalog import fields_of
from planster_sync.model.data_types import DataType

MOST_LINES = 500
LONGEST_REASON = 500
_WHICH = ("id", "sku", "warehouse_id", "reason")
_GUARDED = re.compile(r"'[=+\-@\t\r]")
_MONEY = {"amount", "currency"}


def lines_of(text: str) -> tuple[Sequence[str], list[tuple[int, list[str]]]]:
    """The names of the columns, and each line that is not empty with its number; line 1 has the names.

    Separated by commas, or by semicolons where the first line has no comma, as spreadsheets in many countries write.

    Raises:
        InvalidRequest: it is no CSV, has no names, or more than 500 lines.
    """
    text = text.removeprefix("\ufeff")
    first = text.partition("\n")[0]
    separator = ";" if ";" in first and "," not in first else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        rows = [(reader.line_num, [cell.strip() for cell in row]) for row in reader]
    except csv.Error as error:
        raise InvalidRequest(
            f"Line {reader.line_num} is not CSV.", remedy="Put cells with quotes or line breaks into quotes."
        ) from error
    filled = [(number, row) for number, row in rows if any(row)]
    if len(filled) < 2:  # names and one line
        raise InvalidRequest(
            "There is no line behind the names of the columns.", remedy="Give at least one correction."
        )
    if len(filled) > MOST_LINES + 1:
        raise InvalidRequest(f"There are more than {MOST_LINES} lines.", remedy="Split them into several requests.")
    return filled[0][1], filled[1:]


def check_columns(names: Sequence[str], data_type: DataType) -> None:
    """Raises InvalidRequest for a column that nobody knows or that stands there twice, and where no record is named."""
    known = (*_WHICH, *_columns(data_type))
    unknown = [name for name in names if name not in known]
    twice = [name for name in names if names.count(name) > 1]
    if unknown or twice:
        bad = (unknown or twice)[0][:60] or "without a name"
        raise InvalidRequest(f"The column {bad} cannot be read.", remedy=f"Columns are: {', '.join(known)}.")
    if not {"id", "sku"} & set(names):
        raise InvalidRequest("No column names the records.", remedy="Add a column `id` or `sku`.")


def ask_of(names: Sequence[str], cells: Sequence[str], data_type: DataType, reason: str) -> Ask:
    """Raises InvalidRequest: the line names no record or no value, or a value cannot be read."""
    if len(cells) > len(names):
        raise InvalidRequest(
            "The line has more cells than there are columns.", remedy="Put cells with commas in quotes."
        )
    given = {name: _unguarded(cell) for name, cell in zip(names, cells, strict=False) if cell}
    record, sku = given.get("id"), given.get("sku")
    if record is None and sku is None:
        raise InvalidRequest("The line names no record.", remedy="Fill in `id` or `sku`.")
    fields = dict(_values({name: cell for name, cell in given.items() if name not in _WHICH}, data_type))
    if not fields:
        raise InvalidRequest("The line corrects nothing.", remedy="Fill in a field, or leave the line out.")
    return Ask(
        Correction(fields, given.get("warehouse_id")),
        given.get("reason", reason)[:LONGEST_REASON],
        record=record,
        sku=None if record is not None else sku,
    )


def _columns(data_type: DataType) -> Iterator[str]:
    kinds = _kinds(data_type)
    for name in adjustable(data_type):
        yield from (f"{name}.{part}" for part in sorted(_MONEY)) if kinds[name] == "money" else (name,)


def _kinds(data_type: DataType) -> Mapping[str, str]:
    return {note.path: note.kind for note in fields_of(data_type)}


def _values(given: Mapping[str, str], data_type: DataType) -> Iterator[tuple[str, Any]]:
    kinds = _kinds(data_type)
    for name, cell in given.items():
        own, _, part = name.partition(".")
        if not part:
            yield name, _value(name, cell, kinds[name])
        elif part == "amount":
            yield own, {"amount": _amount(name, cell), "currency": given.get(f"{own}.currency")}
        elif f"{own}.amount" not in given:
            raise InvalidRequest(f"{own} has a currency and no amount.", remedy=f"Fill in {own}.amount too.")


def _value(name: str, cell: str, kind: str) -> Any:
    if kind == "number":
        number = _decimal(name, cell)
        return int(number) if number == number.to_integral_value() else number
    if kind == "yes or no":
        if cell.lower() not in ("true", "false"):
            raise InvalidRequest(f"{name} is neither true nor false.", remedy="Write true or false.")
        return cell.lower() == "true"
    if kind.startswith("list of"):
        return _list(name, cell)
    return cell


def _list(name: str, cell: str) -> Any:
    try:
        return json.loads(cell)
    except (ValueError, RecursionError) as error:
        raise InvalidRequest(f"{name} is not a list.", remedy='Write a list as JSON, such as ["1", "2"].') from error


def _amount(name: str, cell: str) -> str:
    text = format(_decimal(name, cell), "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


def _decimal(name: str, cell: str) -> Decimal:
    try:
        number = Decimal(cell)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number.adjusted()) > 15:  # more digits than any stock has
        raise InvalidRequest(
            f"{name} is not a number.", remedy="Write it like 1234.5, without separators of thousands."
        )
    return number


def _unguarded(cell: str) -> str:
    """Without the apostrophe that an export puts before what a spreadsheet would run as a formula."""
    return cell[1:] if _GUARDED.match(cell) else cell
