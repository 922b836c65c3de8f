"""Exact numbers: quantities, amounts, money."""

from __future__ import annotations

from decimal import Context, Decimal, InvalidOperation
from typing import Any

from planster_sync.mapping.fields import Fields, invalid
from planster_sync.model.record import Money

MAX_DIGITS = 38
"""DynamoDB keeps 38 digits of a number; more could not be stored as they are."""

_LARGEST = 10**MAX_DIGITS
EXACT = Context(prec=4 * MAX_DIGITS)


def quantity(source: Fields, name: str) -> int | Decimal | None:
    """A number of pieces, whole where it is whole; null where absent.

    Raises:
        RecordInvalid: not a number, or one too large to be a count.
    """
    given = source.value(name)
    if type(given) is int and abs(given) < _LARGEST:
        return given  # nearly every quantity: a Decimal on the way would cost ten times as much
    found = number(source, name)
    if found is None:
        return None
    return int(found) if found == found.to_integral_value() else found


def required_quantity(source: Fields, name: str) -> int | Decimal:
    found = quantity(source, name)
    if found is None:
        raise invalid(source.path(name), "is missing")
    return found


def number(source: Fields, name: str) -> Decimal | None:
    """An exact decimal from a JSON number; null where absent."""
    found = source.value(name)
    if found is None:
        return None
    if isinstance(found, bool) or not isinstance(found, int | Decimal):
        raise invalid(source.path(name), "is not a number")
    return _bounded(found, source.path(name))


def decimal_text(source: Fields, name: str) -> Decimal | None:
    """An exact decimal from a JSON number or from text such as `"230.00"`; null where absent or empty."""
    found = source.value(name)
    if not isinstance(found, str):
        return number(source, name)
    if not found.strip():
        return None
    if "_" in found or not found.isascii():
        raise invalid(source.path(name), "is not a decimal number")
    try:
        return _bounded(Decimal(found.strip()), source.path(name))
    except InvalidOperation:
        raise invalid(source.path(name), "is not a decimal number") from None


def money(source: Fields, name: str, currency: str | None) -> Money | None:
    """An amount (number or decimal text) in `currency`; null where the amount is absent."""
    found = decimal_text(source, name)
    return None if found is None else Money(amount=found, currency=currency)


def plain(value: Decimal) -> Decimal:
    """The same number without trailing zeros or a signed zero, so that equal numbers have equal text."""
    if not value:
        return Decimal(0)
    return value.normalize(EXACT)


def _bounded(value: Any, path: str) -> Decimal:
    found = Decimal(value)
    if not found.is_finite():
        raise invalid(path, "is not a finite number")
    if abs(found.adjusted()) >= MAX_DIGITS or len(found.as_tuple().digits) > MAX_DIGITS:
        raise invalid(path, "has more digits than can be stored")
    return plain(found)
