"""How the readings turn single values of the simulated vendor into expectations."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from local_cloud.agreement import AnyOf, Cash, Day, Fields, Moment, Placed, Roughly, Source, number

MILLIMETRES = {"cm": Decimal(10), "in": Decimal("25.4")}
GRAMS = {"kg": Decimal(1000), "oz": Decimal("28.349523125"), "lb": Decimal("453.59237")}


def moment(text: str | None) -> Moment | None:
    return None if text is None else Moment(text)


def cash(amount: object, currency: str | None = None) -> Cash | None:
    return None if amount is None else Cash(amount, currency)


def day(text: str | None) -> Day | None:
    return None if text is None else Day(text)


def common(source: Source) -> Fields:
    return {
        "warehouse_customer_id": source.get("warehouse_customer_id"),
        "created_at": moment(source.get("created_date")),
        "updated_at": moment(source.get("updated_date")),
    }


def word(source: Source, words: Mapping[str, str]) -> Placed:
    status = source["status"]
    vendor = frozenset(word for word in (status, source.get("raw_status")) if word is not None)
    return Placed(words.get(status, "other"), vendor)


def place(address: Source | None) -> Fields:
    told = address or {}
    return {"region": told.get("state"), "postal_code": told.get("postal_code"), "country": told.get("country")}


def _measured(value: object, factor: Decimal | None) -> object:
    amount = number(value)
    if amount is None or factor is None:
        return None
    exact = Roughly(amount * factor)
    return exact if amount else AnyOf((exact, None))


def measurements(told: Source | None) -> Fields:
    source = told or {}
    size, weight = MILLIMETRES.get(source.get("unit") or ""), GRAMS.get(source.get("weight_unit") or "")
    sides = {f"{side}_mm": _measured(source.get(side), size) for side in ("length", "width", "height")}
    return {**sides, "weight_g": _measured(source.get("weight"), weight)}
