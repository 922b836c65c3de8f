"""How the readings turn single values of the simulated vendor into expectations."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal

from local_cloud.agreement import Cash, Day, Fields, Moment, Roughly, Source, number

MILLIMETRES = {"inches": Decimal("25.4"), "inch": Decimal("25.4"), "in": Decimal("25.4"), "cm": Decimal(10)}
GRAMS = {
    "ounces": Decimal("28.349523125"),
    "oz": Decimal("28.349523125"),
    "pounds": Decimal("453.59237"),
    "kg": Decimal(1000),
}
_FINER = re.compile(r"(\.\d{3})\d+")


def moment(text: str | None) -> Moment | None:
    """A moment to the millisecond: what is finer is not stored."""
    return None if text is None else Moment(_FINER.sub(r"\1", text))


def latest(moments: Iterable[str | None]) -> Moment | None:
    """The last of some moments of one spelling."""
    return moment(max((each for each in moments if each), default=None))


def cash(amount: object, currency: str | None) -> Cash | None:
    return None if amount is None else Cash(amount, currency)


def day(text: str | None) -> Day | None:
    return None if text is None else Day(text)


def identity(value: object) -> str | None:
    return None if value is None else str(value)


def place(address: Source | None) -> Fields:
    told = address or {}
    return {"region": told.get("state"), "postal_code": told.get("zip_code"), "country": told.get("country")}


def converted(value: object, factors: Mapping[str, Decimal], unit: str | None) -> Roughly | None:
    """A measure in our unit; 0 was never measured."""
    amount = number(value)
    factor = factors.get(unit or "")
    return None if not amount or factor is None else Roughly(amount * factor)
