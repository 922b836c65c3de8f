"""Exact numbers: quantities, amounts, money."""

from __future__ import annotations

import re
from decimal import Context, Decimal, InvalidOperation
from typing import Any

from planster_sync.mapping.fields import Fields, invalid
from planster_sync.model.record import Money

MAX_DIGITS = 38
"""DynamoDB keeps 38 digits of a number; more could not be stored as they are."""

EXACT = Context(prec=4 * MAX_DIGITS)

_WORD = 2**63
_PLAIN = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?").fullmatch


def quantity(source: Fields, name: str) -> int | Decimal | None:
    """A number of pieces, as `pieces`; null where absent.

    Raises:
        RecordInvalid: not a number, or one too large to be a count.
    """
    given = source.values.get(name)
    if type(given) is int and -_WORD < given < _WORD:
        return given  # nearly every quantity: a Decimal on the way would cost ten times as much
    found = number(source, name)
    return None if found is None else pieces(found)


def pieces(value: int | Decimal) -> int | Decimal:
    """A quantity as records hold it: whole where it is whole; beyond 64 bits as a Decimal."""
    whole = int(value)
    if whole != value:
        return value
    return whole if -_WORD < whole < _WORD else Decimal(whole)


def required_quantity(source: Fields, name: str) -> int | Decimal:
    found = quantity(source, name)
    if found is None:
        raise invalid(source.path(name), "is missing")
    return found


def number(source: Fields, name: str) -> Decimal | None:
    """An exact decimal from a JSON number; null where absent. Equal numbers have equal text."""
    found = _checked(source, name, source.value(name))
    return None if found is None else plain(found)


def decimal_text(source: Fields, name: str) -> Decimal | None:
    """An exact decimal from a JSON number or from text such as `"230.00"`; null where absent or empty."""
    found = source.value(name)
    if isinstance(found, str):
        found = _told(source, name, found.strip())
    return _checked(source, name, found)


def money(source: Fields, name: str, currency: str | None) -> Money | None:
    """An amount (number or decimal text) in `currency`; null where the amount is absent."""
    given = source.value(name)
    if given is None:
        return None
    if type(given) is str and len(given) <= MAX_DIGITS and _PLAIN(given):
        return Money(amount=_trimmed(given), currency=currency)
    found = decimal_text(source, name)
    return None if found is None else Money(amount=amount_of(found), currency=currency)


def amount_of(value: Decimal) -> str:
    """A number as the `Amount` that records hold. Equal numbers have equal text."""
    text = str(value)
    return format(plain(value), "f") if "E" in text else _trimmed(text)


def plain(value: Decimal) -> Decimal:
    """The same number without trailing zeros or a signed zero."""
    if not value:
        return Decimal(0)
    return value.normalize(EXACT)


def _trimmed(text: str) -> str:
    if text[-1] == "0" and "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _told(source: Fields, name: str, text: str) -> Decimal | None:
    if not text:
        return None
    if "_" in text or not text.isascii():
        raise invalid(source.path(name), "is not a decimal number")
    try:
        return Decimal(text)
    except InvalidOperation:
        raise invalid(source.path(name), "is not a decimal number") from None


def _checked(source: Fields, name: str, given: Any) -> Decimal | None:
    """The number, if it is one that can be stored."""
    if given is None:
        return None
    if type(given) is int:
        found = Decimal(given)
    elif type(given) is Decimal:
        found = given
    else:
        raise invalid(source.path(name), "is not a number")
    if not found.is_finite():
        raise invalid(source.path(name), "is not a finite number")
    if abs(found.adjusted()) >= MAX_DIGITS or (
        len(str(found)) > MAX_DIGITS and len(found.as_tuple().digits) > MAX_DIGITS
    ):
        raise invalid(source.path(name), "has more digits than can be stored")
    return found
