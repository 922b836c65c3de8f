"""How Ongoing spells things: decimals, UTC with a varying fraction, days without a time, empty texts."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from simulators.business.business import Business
from simulators.business.spec import Record

_METRES = {"cm": Decimal("0.01"), "in": Decimal("0.0254")}
_KILOGRAMS = {"kg": Decimal(1), "oz": Decimal("0.028349523125"), "lb": Decimal("0.45359237")}
_DIGITS = ("", ".3", ".53", ".127")


def decimal(value: float | None) -> float | None:
    """Quantities have a decimal point, whole or not."""
    return None if value is None else float(value)


def moment(text: str | None, number: int) -> str | None:
    """As many digits of a second as there happen to be."""
    return None if text is None else f"{text.removesuffix('Z')}{_DIGITS[number % len(_DIGITS)]}Z"


def day(text: str | None) -> str | None:
    return None if text is None else text[:10]


def sizes(told: Mapping[str, object] | None) -> Record:
    """Metres and kilograms, six digits; null where the warehouse measured nothing."""
    source = told or {}
    length, weight = _METRES.get(str(source.get("unit"))), _KILOGRAMS.get(str(source.get("weight_unit")))
    sides = {side: _in(source.get(side), length) for side in ("length", "width", "height")}
    return {"weight": _in(source.get("weight"), weight), **sides, "volume": None}


def _in(value: object, factor: Decimal | None) -> float | None:
    if value is None or factor is None:
        return None
    return float(round(Decimal(str(value)) * factor, 6))


def article_id(number: int) -> int:
    return 10_000 + 2 * number


def kit_id(number: int) -> int:
    """Kits are numbered among the products: an odd id keeps them apart from the article of the same number."""
    return 10_001 + 2 * number


def kind_of_kit(number: int) -> str:
    """Every third kit is made ahead and stored, the others are picked together."""
    return "Production" if number % 3 == 0 else "Structure"


def order_id(number: int) -> int:
    return 60_000 + number


def warehouse_of(business: Business, warehouse: str | None) -> Record | None:
    """`{id, code, name}` as other records name a warehouse."""
    found = business.get("warehouses", warehouse)
    return None if found is None else {"id": found["number"] + 1, "code": found["code"] or "", "name": found["name"]}


def supplier_of(business: Business, told: Mapping[str, str] | None) -> Record:
    """Number and name of a supplier; empty texts where there is none."""
    if told is None:
        return {"supplierNumber": "", "supplierName": ""}
    number = business.number("suppliers", told["supplier_id"])
    return {"supplierNumber": f"S-{number}", "supplierName": told["supplier_name"]}


def place(address: Mapping[str, str | None]) -> Record:
    return {
        "address1": address["address1"] or "",
        "address2": address["address2"] or "",
        "address3": address["address3"] or "",
        "postCode": address["postal_code"] or "",
        "city": address["city"] or "",
        "countryCode": address["country"],
        "countryStateCode": address["state"],
    }


def status(words: Mapping[str, tuple[int, str]], word: str) -> Record:
    """A status as the vendor tells it."""
    number, text = words[word]
    return {"number": number, "text": text}
