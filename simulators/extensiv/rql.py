"""RQL, the filters of the parameter `rql`: FIQL comparisons, `;` for and, `,` for or, parentheses.

Names are the model's, dotted, in any case. Values are decoded once more after the address was, since `;` and its like
have to be escaped inside of them. `*` at either end of a text stands for anything.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import unquote

from simulators.business.spec import Record
from simulators.extensiv.errors import bad_parameter
from simulators.extensiv.shapes import ZONE

Test = Callable[[Record], bool]
Kinds = Mapping[str, type]
"""The names that a list can be filtered and sorted by, as the model spells them, with the kind of their values."""

_COMPARISON = re.compile(r"([A-Za-z0-9_.]+)(==|!=|=(?:gt|ge|lt|le|in|out|hv)=)(\([^()]*\)|[^;,()]*)")
_TOKEN = re.compile(rf"{_COMPARISON.pattern}|[;,()]")
_ORDERED: Mapping[str, Callable[[Any, Any], bool]] = {
    "=gt=": lambda found, value: found > value,
    "=ge=": lambda found, value: found >= value,
    "=lt=": lambda found, value: found < value,
    "=le=": lambda found, value: found <= value,
}


def test_of(text: str, kinds: Kinds) -> Test:
    """What an expression asks of a record.

    Raises:
        Refusal: 400 for anything that cannot be understood, and for names that the list does not have.
    """
    parser = _Parser(text, kinds)
    found = parser.either()
    if parser.left():
        raise bad_parameter("rql", "Unexpected text at the end")
    return found


def spelt(name: str, kinds: Kinds) -> str | None:
    """A name as the model spells it, however it was written; None where the list does not have it."""
    return next((known for known in kinds if known.lower() == name.lower()), None)


def value_at(record: Record, name: str) -> Any:
    """The value at a dotted name; None where there is none."""
    found: Any = record
    for step in name.split("."):
        found = found.get(step) if isinstance(found, dict) else None
    return found


def moment(text: str) -> datetime:
    """A date, or a local time with up to seven decimals; with a Z (Singer's tap sends one) UTC is meant."""
    match = re.fullmatch(r"(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d:\d\d)(\.\d+)?(Z?))?", text)
    if match is None:
        raise bad_parameter("rql", "Dates are yyyy-MM-dd or yyyy-MM-ddTHH:mm:ss")
    found = datetime.fromisoformat(f"{match[1]}T{match[2] or '00:00:00'}{(match[3] or '')[:7]}{match[4] or ''}")
    return found.astimezone(ZONE).replace(tzinfo=None) if found.tzinfo else found


class _Parser:
    """Reads an expression from left to right; and binds closer than or."""

    def __init__(self, text: str, kinds: Kinds) -> None:
        self._tokens = [match[0] for match in _TOKEN.finditer(text)]
        self._kinds = kinds
        if "".join(self._tokens) != text or not text:
            raise bad_parameter("rql", "The expression cannot be parsed")

    def left(self) -> bool:
        return bool(self._tokens)

    def either(self) -> Test:
        parts = [self._both()]
        while self._tokens and self._tokens[0] == ",":
            self._tokens.pop(0)
            parts.append(self._both())
        return lambda record: any(part(record) for part in parts)

    def _both(self) -> Test:
        parts = [self._one()]
        while self._tokens and self._tokens[0] == ";":
            self._tokens.pop(0)
            parts.append(self._one())
        return lambda record: all(part(record) for part in parts)

    def _one(self) -> Test:
        token = self._tokens.pop(0) if self._tokens else ""
        if token == "(":
            inner = self.either()
            if not self._tokens or self._tokens.pop(0) != ")":
                raise bad_parameter("rql", "A parenthesis is not closed")
            return inner
        match = _COMPARISON.fullmatch(token)
        if match is None:
            raise bad_parameter("rql", "A comparison is missing")
        return self._comparison(match[1], match[2], match[3])

    def _comparison(self, written: str, how: str, told: str) -> Test:
        name = spelt(written, self._kinds)
        if name is None:
            raise bad_parameter("rql", f"Unknown property; known are {', '.join(sorted(self._kinds))}")
        kind = self._kinds[name]
        if how == "=hv=":
            wanted = _flag(told)
            return lambda record: (value_at(record, name) is not None) == wanted
        if how in {"=in=", "=out="}:
            values = [_value(unquote(each), kind) for each in told.strip("()").split(",")]
            return lambda record: (_read(record, name, kind) in values) == (how == "=in=")
        value = _value(unquote(told), kind)
        if how in _ORDERED:
            compare = _ORDERED[how]
            return lambda record: (found := _read(record, name, kind)) is not None and compare(found, value)
        return lambda record: _equal(_read(record, name, kind), value) == (how == "==")


def _equal(found: Any, value: Any) -> bool:
    if not isinstance(value, str) or found is None:
        return bool(found == value)
    pattern = "".join(".*" if part == "*" else re.escape(part) for part in re.split(r"(\*)", value))
    return re.fullmatch(pattern, str(found), re.IGNORECASE | re.DOTALL) is not None


def _read(record: Record, name: str, kind: type) -> Any:
    found = value_at(record, name)
    return moment(found) if kind is datetime and isinstance(found, str) else found


def _value(text: str, kind: type) -> Any:
    if kind is datetime:
        return moment(text)
    if kind is bool:
        return _flag(text)
    if kind is int:
        if not text.lstrip("-").isdigit():
            raise bad_parameter("rql", "A number is expected")
        return int(text)
    return text


def _flag(text: str) -> bool:
    if text.lower() not in {"true", "false"}:
        raise bad_parameter("rql", "true or false is expected")
    return text.lower() == "true"
