"""How the readings turn single values of the simulated vendor into expectations."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from local_cloud.agreement import Cash, Day, Fields, Moment, Roughly, Source, number

ZONE = ZoneInfo("Europe/Stockholm")


def moment(text: str | None) -> Moment | None:
    """A moment in UTC, or a local day's first."""
    if not text:
        return None
    found = datetime.fromisoformat(text)
    placed = found if found.tzinfo else found.replace(tzinfo=ZONE)
    whole = placed.astimezone(UTC)
    return Moment(whole.isoformat(timespec="milliseconds"))


def day(text: str | None) -> Day | None:
    return Day(text) if text else None


def cash(amount: object, currency: str | None = None) -> Cash | None:
    return None if amount is None else Cash(amount, currency or None)


def named(text: str | None) -> str | None:
    """An empty text says nothing."""
    return text or None


def supplier_key(supplier: Source | None) -> str | None:
    told = supplier or {}
    if told.get("supplierNumber"):
        return str(told["supplierNumber"])
    return f"name:{' '.join(str(told['supplierName']).lower().split())}" if told.get("supplierName") else None


def measurements(source: Source) -> Fields | None:
    sides = {f"{side}_mm": _scaled(source.get(side)) for side in ("length", "width", "height")}
    weight = _scaled(source.get("weight"))
    if weight is None and not any(sides.values()):
        return None
    return {**sides, "weight_g": weight, "length_unit": "m", "weight_unit": "kg"}


def _scaled(value: object) -> Roughly | None:
    found = number(value)
    return None if found is None else Roughly(found * Decimal(1000))


def place(address: Source | None) -> Fields:
    told = address or {}
    return {
        "region": named(told.get("countryStateCode")),
        "postal_code": named(told.get("postCode")),
        "country": named(told.get("countryCode")),
    }
