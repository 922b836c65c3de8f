"""DynamoDB's condition, filter, key and update expressions on items in wire form ({name: {type: value}}).

Covers what the Amazon DynamoDB Developer Guide lists under "Condition and filter expressions" and "Update
expressions", apart from list positions in paths, `size`, `attribute_type` and the DELETE clause.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

Value = dict[str, Any]
Item = dict[str, Value]

_TOKEN = re.compile(r"\s*(<>|<=|>=|[=<>(),.+-]|[#:]?[A-Za-z_0-9]+)")
_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}
_CLAUSES = ("SET", "REMOVE", "ADD")


class InvalidExpression(ValueError):
    """The expression is none that DynamoDB (or this reading of it) takes."""


@dataclass(frozen=True, slots=True)
class Bindings:
    """ExpressionAttributeNames and ExpressionAttributeValues of one request."""

    names: Mapping[str, str]
    values: Mapping[str, Value]


def holds(expression: str, bound: Bindings, item: Item) -> bool:
    """Whether the item meets a condition; one that is not there is an empty item."""
    reading = _Reading(expression, bound, item)
    met = reading.either()
    reading.end()
    return met


def updated(expression: str, bound: Bindings, item: Item) -> Item:
    """The item after an update expression; all its operands are those from before."""
    reading = _Reading(expression, bound, item)
    changed = _copied(item)
    while not reading.is_over:
        clause = reading.take().upper()
        if clause not in _CLAUSES:
            raise InvalidExpression(f"{clause} in {expression}")
        while True:
            _apply(clause, reading, changed)
            if reading.peek() != ",":
                break
            reading.take()
    return changed


def _apply(clause: str, reading: _Reading, changed: Item) -> None:
    path = reading.path()
    if clause == "SET":
        reading.take("=")
        _put(changed, path, reading.operand_sum())
    elif clause == "REMOVE":
        _remove(changed, path)
    else:
        added = reading.operand()
        there = _found(changed, path)
        total = Decimal(there["N"] if there else 0) + Decimal(added["N"])
        _put(changed, path, {"N": format(total, "f")})


def _copied(item: Item) -> Item:
    """Maps are copied all the way down, everything else is shared."""
    return {name: {"M": _copied(value["M"])} if "M" in value else value for name, value in item.items()}


def _found(item: Item, path: list[str]) -> Value | None:
    value: Value | None = item.get(path[0])
    for name in path[1:]:
        value = value.get("M", {}).get(name) if value else None
    return value


def _parent(item: Item, path: list[str]) -> Item:
    for name in path[:-1]:
        if "M" not in item.get(name, {}):
            raise InvalidExpression("The document path provided in the update expression is invalid for update")
        item = item[name]["M"]
    return item


def _put(item: Item, path: list[str], value: Value) -> None:
    _parent(item, path)[path[-1]] = value


def _remove(item: Item, path: list[str]) -> None:
    _parent(item, path).pop(path[-1], None)


class _Reading:
    """Reads an expression from left to right and judges it at once. Everything is evaluated: it has no effects."""

    def __init__(self, expression: str, bound: Bindings, item: Item) -> None:
        self._tokens = _TOKEN.findall(expression)
        if "".join(self._tokens) != re.sub(r"\s+", "", expression):
            raise InvalidExpression(expression)
        self._at = 0
        self._bound = bound
        self._item = item

    @property
    def is_over(self) -> bool:
        return self._at >= len(self._tokens)

    def peek(self) -> str:
        return "" if self.is_over else self._tokens[self._at]

    def take(self, wanted: str = "") -> str:
        token = self.peek()
        if not token or (wanted and token.upper() != wanted):
            raise InvalidExpression(f"{token or 'the end'} where {wanted or 'more'} was expected")
        self._at += 1
        return token

    def end(self) -> None:
        if not self.is_over:
            raise InvalidExpression(f"{self.peek()} behind the end")

    def either(self) -> bool:
        met = self._both()
        while self.peek().upper() == "OR":
            self.take()
            other = self._both()
            met = met or other
        return met

    def _both(self) -> bool:
        met = self._not()
        while self.peek().upper() == "AND":
            self.take()
            other = self._not()
            met = met and other
        return met

    def _not(self) -> bool:
        if self.peek().upper() == "NOT":
            self.take()
            return not self._not()
        return self._one()

    def _one(self) -> bool:
        if self.peek() == "(":
            self.take()
            met = self.either()
            self.take(")")
            return met
        functions = {
            "attribute_exists": self._exists,
            "attribute_not_exists": lambda: not self._exists(),
            "begins_with": self._begins,
            "contains": self._contains,
        }
        function = functions.get(self.peek().lower())
        if function is None:
            return self._comparison()
        self.take()
        self.take("(")
        met = function()
        self.take(")")
        return met

    def _exists(self) -> bool:
        return _found(self._item, self.path()) is not None

    def _begins(self) -> bool:
        whole, start = self._pair()
        return whole is not None and "S" in whole and str(whole["S"]).startswith(start["S"] if start else "\0")

    def _contains(self) -> bool:
        whole, part = self._pair()
        if whole is None or part is None:
            return False
        return part["S"] in whole["S"] if "S" in whole else part in whole.get("L", [])

    def _pair(self) -> tuple[Value | None, Value | None]:
        first = self._maybe()
        self.take(",")
        return first, self._maybe()

    def _comparison(self) -> bool:
        left = self._maybe()
        sign = self.take().upper()
        if sign == "BETWEEN":
            low = self._maybe()
            self.take("AND")
            high = self._maybe()
            return _compared(">=", left, low) and _compared("<=", left, high)
        if sign == "IN":
            return any(_same(left, value) for value in self._list())
        right = self._maybe()
        if sign == "=":
            return _same(left, right)
        if sign == "<>":
            return not _same(left, right)
        return _compared(sign, left, right)

    def _list(self) -> list[Value | None]:
        self.take("(")
        values = [self._maybe()]
        while self.take() == ",":
            values.append(self._maybe())
        return values

    def path(self) -> list[str]:
        names = [self._name(self.take())]
        while self.peek() == ".":
            self.take()
            names.append(self._name(self.take()))
        return names

    def _name(self, token: str) -> str:
        if token.startswith("#"):
            if token not in self._bound.names:
                raise InvalidExpression(f"{token} is not bound")
            return self._bound.names[token]
        return token

    def _maybe(self) -> Value | None:
        """An operand; None where it is an attribute that the item lacks."""
        token = self.peek()
        if not token.startswith(":"):
            return _found(self._item, self.path())
        self.take()
        if token not in self._bound.values:
            raise InvalidExpression(f"{token} is not bound")
        return dict(self._bound.values[token])

    def operand(self) -> Value:
        if self.peek().lower() == "if_not_exists":
            self.take()
            self.take("(")
            there = self._maybe()
            self.take(",")
            otherwise = self.operand()
            self.take(")")
            return there or otherwise
        value = self._maybe()
        if value is None:
            raise InvalidExpression("The provided expression refers to an attribute that does not exist in the item")
        return value

    def operand_sum(self) -> Value:
        value = self.operand()
        while self.peek() in ("+", "-"):
            sign = 1 if self.take() == "+" else -1
            value = {"N": format(Decimal(value["N"]) + sign * Decimal(self.operand()["N"]), "f")}
        return value


def _plain(value: Value) -> tuple[str, Any]:
    ((kind, content),) = value.items()
    return kind, Decimal(content) if kind == "N" else content


def _same(left: Value | None, right: Value | None) -> bool:
    return left is not None and right is not None and _plain(left) == _plain(right)


def _compared(sign: str, left: Value | None, right: Value | None) -> bool:
    if left is None or right is None:
        return False
    (kind, first), (other, second) = _plain(left), _plain(right)
    return kind == other and kind in ("S", "N", "B") and _COMPARE[sign](first, second)
