"""The parts that several records share."""

from __future__ import annotations

from typing import Annotated

from planster_sync.model.record import Amount, Value, means


class Place(Value, frozen=True, kw_only=True):
    """Where something goes to or comes from, as far as planning needs it: never a street, a town or a person."""

    region: Annotated[str | None, means("State, province or region as the source writes it; or null.")] = None
    postal_code: Annotated[str | None, means("Postal code as the source writes it; or null.")] = None
    country: Annotated[
        str | None, means("Country, ISO 3166 alpha-2 where the source uses it; otherwise its own word; or null.")
    ] = None


class Measurements(Value, frozen=True, kw_only=True):
    """Size in millimetres and weight in grams, exact; null where the source gives none or a unit nobody knows."""

    length_mm: Annotated[Amount | None, means("Length in millimetres; null where unknown.")] = None
    width_mm: Annotated[Amount | None, means("Width in millimetres; null where unknown.")] = None
    height_mm: Annotated[Amount | None, means("Height in millimetres; null where unknown.")] = None
    weight_g: Annotated[Amount | None, means("Weight in grams; null where unknown.")] = None
    length_unit: Annotated[str | None, means("The unit in which the source gave the size; or null.")] = None
    weight_unit: Annotated[str | None, means("The unit in which the source gave the weight; or null.")] = None
