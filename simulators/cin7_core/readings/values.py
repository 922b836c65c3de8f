"""How the readings turn single values of the simulated vendor into expectations."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from local_cloud.agreement import AnyOf, Cash, Day, Fields, Moment, Roughly, Source, number

COMPANY_ZONE = ZoneInfo("Europe/Berlin")
BASE_CURRENCY = "EUR"
MILLIMETRES = {"cm": Decimal(10), "in": Decimal("25.4")}
GRAMS = {"kg": Decimal(1000), "oz": Decimal("28.349523125"), "lb": Decimal("453.59237")}


def changed(text: str) -> Moment:
    return Moment(text)


def midnight(text: str | None) -> Moment | None:
    """A calendar date of the company, as the moment at which it begins there."""
    if not text:
        return None
    local = datetime.fromisoformat(text[:10]).replace(tzinfo=COMPANY_ZONE)
    return Moment(local.astimezone(UTC).isoformat())


def cash(amount: object, currency: str | None) -> Cash | None:
    return None if amount is None else Cash(amount, currency)


def day(text: str | None) -> Day | None:
    return Day(text) if text else None


def place(address: Source) -> Fields:
    return {
        "region": address["State"] or None,
        "postal_code": address["Postcode"] or None,
        "country": address["Country"],
    }


def measured(row: Source) -> Fields | None:
    """0 says that nobody measured."""
    sides = {f"{side.lower()}_mm": _in(row.get(side), MILLIMETRES[row["DimensionsUnits"]]) for side in _SIDES}
    is_told = any(row.get(name) for name in (*_SIDES, "Weight"))
    units = {"length_unit": row["DimensionsUnits"], "weight_unit": row["WeightUnits"]} if is_told else {}
    return {**sides, "weight_g": _in(row.get("Weight"), GRAMS[row["WeightUnits"]]), **units}


_SIDES = ("Length", "Width", "Height")


def _in(value: object, factor: Decimal) -> object:
    amount = number(value)
    return Roughly(amount * factor) if amount else AnyOf((None,))
