"""Formulas of dashboards and alarms: numbers, names, + - * / and calls."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Sequence

_OPERATORS: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_AT = "at__"


class NoValue(Exception):
    """A formula has no value where one of its parts has none, or where it divides by nothing."""


def evaluate(text: str, name: Callable[[str], float], call: Callable[[str, Sequence[str]], float]) -> float:
    """`name` gives a name's value, `call` that of a function of its arguments' texts.

    Raises:
        NoValue: as they do, or by a division by zero.
    """

    def of(node: ast.expr) -> float:
        if isinstance(node, ast.BinOp):
            try:
                return _OPERATORS[type(node.op)](of(node.left), of(node.right))
            except ZeroDivisionError as error:
                raise NoValue from error
        if isinstance(node, ast.Constant):
            return float(str(node.value))
        if isinstance(node, ast.Call):
            return call(ast.unparse(node.func), [_spelled(each) for each in node.args])
        return name(_spelled(node))

    return of(ast.parse(text.replace("(*)", "()").replace("@", _AT), mode="eval").body)


def _spelled(node: ast.expr) -> str:
    return ast.unparse(node).replace(_AT, "@")
