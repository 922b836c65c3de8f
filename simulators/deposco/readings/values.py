"""How the readings turn single values of the simulated vendor into expectations."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from local_cloud.agreement import AnyOf, Cash, Fields, Moment, Placed, Roughly, Source, number

MILLIMETRES = {"cm": Decimal(10), "in": Decimal("25.4"), "m": Decimal(1000), "ft": Decimal("304.8")}
GRAMS = {"kg": Decimal(1000), "g": Decimal(1), "oz": Decimal("28.349523125"), "lb": Decimal("453.59237")}
ISO = {"CAN": "CAD"}


def moment(text: str | None) -> Moment | None:
    return None if text is None else Moment(text)


def cash(amount: object, code: str | None = None) -> Cash | None:
    return None if amount is None else Cash(amount, ISO.get(code or "", code))


def key(reference: Source | None, name: str) -> Any:
    """What a reference's business key says."""
    return ((reference or {}).get("businessKey") or {}).get(name)


def own(source: Source) -> str:
    return str(source["self"]["id"])


def stamped(source: Source) -> Fields:
    return {"created_at": moment(source.get("createdDate")), "updated_at": moment(source.get("updatedDate"))}


def common(source: Source) -> Fields:
    return {"warehouse_customer_id": key(source.get("businessUnit"), "code"), **stamped(source)}


def placed(text: str | None, words: Mapping[str, str]) -> Placed | None:
    return None if text is None else Placed(words.get(text, "other"), frozenset({text}))


def place(address: Source | None) -> Fields:
    told = address or {}
    return {
        "region": told.get("stateProvince"),
        "postal_code": told.get("postalCode"),
        "country": told.get("country"),
    }


def pieces(line: Source, name: str, pack: Source | None = None) -> object:
    """A number of packs in eaches, by the size that the pack's key tells."""
    packs = number(line.get(name))
    size = number(key(pack or line["pack"], "quantity"))
    return None if packs is None or size is None else packs * size


def sides(dimensions: Source | None) -> Fields:
    return {f"{side}_mm": _converted((dimensions or {}).get(side), "measurement", MILLIMETRES) for side in SIDES}


def grams(weight: Source | None) -> object:
    return _converted(weight, "weight", GRAMS)


SIDES = ("length", "width", "height")


def _converted(told: Source | None, name: str, factors: Mapping[str, Decimal]) -> object:
    amount = number((told or {}).get(name))
    factor = factors.get((told or {}).get("units") or "")
    if amount is None or factor is None:
        return None
    exact = Roughly(amount * factor)
    return exact if amount else AnyOf((exact, None))
