"""What several records share: the account's defaults, times, places, sizes in words or symbols."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any

from planster_sync.connectors.shipbob.statuses import UNITS
from planster_sync.mapping.fields import Fields
from planster_sync.mapping.measures import MeasureNames, measurements
from planster_sync.model.vocabulary import Measurements, Place


@dataclass(frozen=True, slots=True)
class Defaults:
    """What the settings say where the API says nothing."""

    zone: tzinfo
    currency: str


def latest(moments: Iterable[str | None]) -> str | None:
    """The last of some instants; None where there is none. Without its Z, a text sorts before one with milliseconds."""
    return max((each for each in moments if each is not None), key=lambda each: each[:-1], default=None)


def place(address: Fields) -> Place | None:
    """Region, postal code and country of an address; nothing else of it is read."""
    region, postal_code, country = address.text("state"), address.text("zip_code"), address.text("country")
    return Place(region=region, postal_code=postal_code, country=country) if region or postal_code or country else None


def measured(source: Fields, names: MeasureNames, units: tuple[str, str] | None = None) -> Measurements | None:
    """Size and weight below the objects that `names` lead into. A measure of 0 was never taken, and is null."""
    parts = {path.partition(".")[0] for path in (names.length, names.weight)}
    return measurements(Fields({part: _taken(source.child(part)) for part in parts}, above=source), names, units=units)


def _taken(part: Fields) -> dict[str, Any]:
    values = {name: value for name, value in part.values.items() if value != 0}
    unit = part.text("unit")
    return values if unit is None else {**values, "unit": UNITS.get(unit.strip().lower(), unit)}
