"""What Cin7 Core's records have in common: GUIDs in either case, numbers as text, parts that are one or a list."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, tzinfo
from decimal import Decimal

from planster_sync.mapping.fields import Fields, invalid
from planster_sync.mapping.instants import instant
from planster_sync.mapping.measures import MeasureNames, measurements
from planster_sync.mapping.numbers import EXACT, amount_of, decimal_text, pieces
from planster_sync.model.record import Money
from planster_sync.model.vocabulary import Measurements, Place

_NAMES = MeasureNames("Length", "Width", "Height", "Weight", "DimensionsUnits", "WeightUnits")
_DEFAULT_WEIGHT_UNIT = "kg"
"""The reference says kilograms, and has a field for the unit all the same (assumption: kg where that is empty)."""

_FLAGS = {"true": True, "false": False}
_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class House:
    """The company's own ways: the zone of its calendar dates, and the currency in which it keeps its books."""

    zone: tzinfo
    currency: str | None


def guid(source: Fields, name: str) -> str | None:
    """An id in lower case: the same one comes in capitals from other endpoints."""
    found = source.identifier(name)
    return found.lower() if found else None


def required_guid(source: Fields, name: str) -> str:
    return source.required_id(name).lower()


def stamp(source: Fields, name: str) -> str | None:
    """A moment that the vendor keeps in UTC, with or without a Z."""
    return instant(source, name, UTC)


def date(source: Fields, name: str, house: House) -> str | None:
    """A calendar date of the company, which begins at midnight in its own zone."""
    return instant(source, name, house.zone)


def count(source: Fields, name: str) -> int | Decimal | None:
    """A quantity from a number or its text; null where absent or empty."""
    found = decimal_text(source, name)
    return None if found is None else pieces(found)


def required_count(source: Fields, name: str) -> int | Decimal:
    found = count(source, name)
    if found is None:
        raise invalid(source.path(name), "is missing")
    return found


def summed(numbers: Iterable[int | Decimal | None]) -> int | Decimal | None:
    """The sum; null where any part of it is unknown."""
    found = list(numbers)
    known = [each for each in found if each is not None]
    return pieces(sum(known, start=0)) if known and len(known) == len(found) else None


def yes(source: Fields, name: str) -> bool | None:
    """A flag; some answers write it as text."""
    found = source.value(name)
    return _FLAGS.get(found.lower()) if isinstance(found, str) else source.flag(name)


def parts(source: Fields, name: str) -> tuple[Fields, ...]:
    """A part of a document that is one object in simple documents and a list of them in advanced ones."""
    found = source.value(name)
    return (source.child(name),) if isinstance(found, dict) else source.children(name)


def less_discount(source: Fields, name: str, currency: str | None) -> Money | None:
    """A line's price after its `Discount` in per cent."""
    price = decimal_text(source, name)
    if price is None:
        return None
    kept = _HUNDRED - (decimal_text(source, "Discount") or 0)
    return Money(amount=amount_of(EXACT.divide(EXACT.multiply(price, kept), _HUNDRED)), currency=currency)


def place(source: Fields, name: str) -> Place | None:
    """Region, postal code and country of an address; nothing else of it is read."""
    address = source.child(name)
    region, postal_code, country = address.text("State"), address.text("Postcode"), address.text("Country")
    return Place(region=region, postal_code=postal_code, country=country) if region or postal_code or country else None


def measured(source: Fields) -> Measurements | None:
    """Size and weight of a product; 0 is the vendor's default and says that nobody has measured."""
    given = {
        name: source.value(name)
        for name in (_NAMES.length, _NAMES.width, _NAMES.height, _NAMES.weight)
        if decimal_text(source, name)
    }
    units = {
        _NAMES.length_unit: source.text(_NAMES.length_unit),
        _NAMES.weight_unit: source.text(_NAMES.weight_unit) or _DEFAULT_WEIGHT_UNIT,
    }
    return measurements(Fields({**given, **units}), _NAMES)
