"""How the readings turn single values of the vendor into expectations."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from local_cloud.agreement import Cash, Day, Fields, Moment, Roughly, Source

ZONE = ZoneInfo("America/New_York")
"""The zone of the simulated warehouse's clock."""

CURRENCY = "USD"


def at(source: Source, path: str) -> Any:
    """What lies at a dotted path."""
    found: Any = source
    for step in path.split("."):
        found = found.get(step) if isinstance(found, dict) else None
    return found


def moment(source: Source, path: str) -> Moment | None:
    text = at(source, path)
    if not isinstance(text, str):
        return None
    return Moment(datetime.fromisoformat(text[:19]).replace(tzinfo=ZONE).isoformat())


def cash(source: Source, path: str) -> Cash | None:
    amount = at(source, path)
    return None if amount is None else Cash(amount, CURRENCY)


def key(source: Source, path: str) -> str | None:
    """A number as the text that it is stored as."""
    found = at(source, path)
    return None if found is None else str(found)


def day(source: Source, path: str) -> Day | None:
    text = at(source, path)
    return Day(text) if isinstance(text, str) else None


def inches_and_pounds(source: Source | None) -> Fields | None:
    """Sizes in millimetres and weight in grams."""
    if not source or not any(name in source for name in ("length", "weight")):
        return None
    sizes: Fields = {f"{name}_mm": _scaled(source.get(name), "25.4") for name in ("length", "width", "height")}
    return {**sizes, "weight_g": _scaled(source.get("weight"), "453.59237"), "length_unit": "in", "weight_unit": "lb"}


def _scaled(value: float | None, factor: str) -> Roughly | None:
    return None if value is None else Roughly(Decimal(str(value)) * Decimal(factor))


def children(source: Source, rel: str) -> list[Source]:
    """What is embedded under the rel that ends so."""
    found: Iterable[tuple[str, list[Source]]] = source.get("_embedded", {}).items()
    return [child for name, each in found if name.endswith(f"/{rel}") for child in each]


def stock_item(line: Source) -> str:
    variant = line.get("qualifier")
    number = line["itemIdentifier"]["id"]
    return f"{number}:{variant}" if variant else f"{number}"


def common(source: Source) -> Fields:
    return {
        "warehouse_customer_id": key(source, "readOnly.customerIdentifier.id"),
        "created_at": moment(source, "readOnly.creationDate"),
        "updated_at": moment(source, "readOnly.lastModifiedDate"),
    }
