"""Attribute values as DynamoDB compares, measures and keeps them; the wire's form is kept: {type: content}.

Source: Amazon DynamoDB Developer Guide, "Naming rules and data types", "DynamoDB item sizes and formats".
"""

from __future__ import annotations

import re
from decimal import Context, Decimal, InvalidOperation
from typing import Any

Attribute = dict[str, Any]
Item = dict[str, Attribute]

DIGITS = 38
LARGEST_EXPONENT = 125
SMALLEST_EXPONENT = -130
_EXACT = Context(prec=400)

_MAYBE_UNUSUAL_NUMBER = re.compile(rb'"N"\s*:\s*"(?!(?:0|-?[1-9][0-9]{0,37})")')


class BadNumber(Exception):
    """Text that is no number, or one that DynamoDB cannot hold."""


def has_unusual_numbers(body: bytes) -> bool:
    """Whether a request may hold a number that is not kept as it was sent: a quick look at its text."""
    return _MAYBE_UNUSUAL_NUMBER.search(body) is not None


def settle_numbers(value: Any) -> None:
    """Rewrites every number in a decoded request as DynamoDB gives it back: no exponent, no zeros that say nothing.

    Raises:
        BadNumber: there is one that cannot be held.
    """
    if isinstance(value, list):
        for inner in value:
            settle_numbers(inner)
    elif isinstance(value, dict):
        for name, inner in value.items():
            if name == "N" and isinstance(inner, str):
                value["N"] = number_text(inner)
            else:
                settle_numbers(inner)


def number_text(text: str) -> str:
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise BadNumber("The parameter cannot be converted to a numeric value") from None
    if not number.is_finite():
        raise BadNumber("The parameter cannot be converted to a numeric value")
    if not number:
        return "0"
    plain = number.normalize(_EXACT)
    if len(plain.as_tuple().digits) > DIGITS:
        raise BadNumber("Attempting to store more than 38 significant digits in a Number")
    if not SMALLEST_EXPONENT <= plain.adjusted() <= LARGEST_EXPONENT:
        raise BadNumber("Number overflow. Attempting to store a number with magnitude out of the supported range")
    return format(plain, "f")


def total(left: str, right: str, sign: int) -> str:
    """The sum of two numbers, or their difference with a `sign` of -1."""
    if left.isdigit() and right.isdigit():
        return number_text(str(int(left) + sign * int(right)))
    return number_text(str(_EXACT.add(Decimal(left), Decimal(right) * sign)))


def rank(value: Attribute) -> tuple[str, Any] | None:
    """What the ordered comparisons look at: type and place. None for a type that has no order."""
    ((kind, content),) = value.items()
    if kind == "N":
        return kind, Decimal(content)
    return (kind, content) if kind in ("S", "B") else None


def size(item: Item) -> int:
    """Bytes of an item: UTF-8 of names and values, half a byte a digit, three bytes and one an element for nesting."""
    return sum(_text(name) + _size(value) for name, value in item.items())


def _text(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode())


def _size(value: Attribute) -> int:
    ((kind, content),) = value.items()
    if kind in ("S", "B"):
        return _text(content)
    if kind == "N":
        return (len(content) + 1) // 2 + 1
    if kind == "M":
        return 3 + len(content) + size(content)
    if kind == "L":
        return 3 + len(content) + sum(_size(inner) for inner in content)
    return 1
