"""How the readings turn single values of the simulated vendor into expectations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from local_cloud.agreement import Cash, Fields, Moment, Placed, Roughly, Source, number

INCH, POUND = Decimal("25.4"), Decimal("453.59237")


def moment(text: str | None) -> Moment | None:
    """The vendor leaves the offset out and means UTC."""
    return None if text is None else Moment(f"{text}+00:00")


def latest(texts: Iterable[str | None]) -> Moment | None:
    return moment(max((text for text in texts if text is not None), default=None))


def cash(amount: object, currency: str | None = None) -> Cash | None:
    return None if amount is None else Cash(amount, currency)


def only(values: Iterable[object]) -> object:
    """The value on which all agree that tell one, or None."""
    told = [value for value in values if value is not None]
    return told[0] if told and all(value == told[0] for value in told) else None


def agreed_cash(rows: Sequence[Source], name: str) -> Cash | None:
    told = {(row[name], row["value_currency"]) for row in rows if row.get(name) is not None}
    if len(told) != 1:
        return None
    amount, currency = told.pop()
    return Cash(amount, currency)


def placed(text: str | None, words: Mapping[str, str]) -> Placed | None:
    if text is None:
        return None
    return Placed(words.get(text.lower(), "other"), frozenset({text}))


def _measured(value: object, factor: Decimal) -> Roughly | None:
    amount = number(value)
    return None if amount is None else Roughly(amount * factor)


def measurements(source: Source) -> Fields:
    """Inches and, where an account has not said otherwise, pounds."""
    told = source.get("dimensions") or {}
    sides: Fields = {f"{side}_mm": _measured(told.get(side), INCH) for side in ("length", "width", "height")}
    is_told = any(told.get(name) for name in ("length", "width", "height", "weight"))
    units = {"length_unit": "in" if is_told else None, "weight_unit": "lb" if is_told else None}
    return {**sides, "weight_g": _measured(told.get("weight"), POUND), **units}


def item(account: str, sku: str) -> str:
    """How stock is known: by owner and SKU, for the vendor's records name goods by SKU, in any case."""
    return f"{account}/{sku.strip().lower()}"


def method(carrier: str | None, name: str | None) -> str | None:
    return None if carrier is None and name is None else f"{carrier or ''}/{name or ''}"
