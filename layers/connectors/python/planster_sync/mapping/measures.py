"""Sizes in millimetres and weights in grams, exactly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from planster_sync.mapping.fields import Fields
from planster_sync.mapping.numbers import EXACT, amount_of, decimal_text
from planster_sync.model.vocabulary import Measurements

MILLIMETRES: Mapping[str, Decimal] = MappingProxyType(
    {"mm": Decimal(1), "cm": Decimal(10), "m": Decimal(1000), "in": Decimal("25.4"), "ft": Decimal("304.8")}
)
GRAMS: Mapping[str, Decimal] = MappingProxyType(
    {"g": Decimal(1), "kg": Decimal(1000), "oz": Decimal("28.349523125"), "lb": Decimal("453.59237")}
)
"""The international inch, foot, ounce and pound, which are exact by definition."""


@dataclass(frozen=True, slots=True)
class MeasureNames:
    """Which fields of a vendor's object hold what. A unit is read from its field or, where that is None, fixed."""

    length: str = "length"
    width: str = "width"
    height: str = "height"
    weight: str = "weight"
    length_unit: str = "unit"
    weight_unit: str = "weight_unit"


def measurements(source: Fields, names: MeasureNames, *, units: tuple[str, str] | None = None) -> Measurements | None:
    """Size and weight of the object; null where it says nothing.

    `units` are the size's and the weight's unit of a vendor that always uses the same. A value in a unit that is
    not known is left null; the unit is kept, so that it can be seen.
    """
    length_unit = units[0] if units else source.text(names.length_unit)
    weight_unit = units[1] if units else source.text(names.weight_unit)
    given = (names.length, names.width, names.height, names.weight)
    length, width, height, weight = [decimal_text(source, name) for name in given]
    if weight is length is width is height is None and not any(map(source.has, given)):
        return None
    size, mass = _factor(MILLIMETRES, length_unit), _factor(GRAMS, weight_unit)
    return Measurements(
        length_mm=_in(length, size),
        width_mm=_in(width, size),
        height_mm=_in(height, size),
        weight_g=_in(weight, mass),
        length_unit=length_unit,
        weight_unit=weight_unit,
    )


def _factor(factors: Mapping[str, Decimal], unit: str | None) -> Decimal | None:
    return factors.get(unit.strip().lower()) if unit else None


def _in(value: Decimal | None, factor: Decimal | None) -> str | None:
    return None if value is None or factor is None else amount_of(EXACT.multiply(value, factor))
