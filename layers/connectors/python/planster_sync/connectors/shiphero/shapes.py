"""What many ShipHero records have in common: stamps in UTC, connections, sizes in inches, values that must agree."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC
from typing import TypeVar

from planster_sync.mapping.fields import Fields, invalid
from planster_sync.mapping.instants import instant
from planster_sync.mapping.measures import MeasureNames, measurements
from planster_sync.model.vocabulary import Measurements

Found = TypeVar("Found")

LENGTH_UNIT = "in"
"""Sizes are inches in every account (vendor's description of `dimensions`)."""

_NAMES = MeasureNames()


def moment(source: Fields, name: str) -> str | None:
    """A time; ShipHero's are UTC, with or without an offset."""
    return instant(source, name, UTC)


def item_id(account: str | None, sku: str | None) -> str | None:
    """The id of a stock item: its account's, a slash, its SKU as the vendor compares it; null without a SKU.

    SKUs are how ShipHero's records name goods to each other, kit components by nothing else (schema reference, LineItem
    and KitComponent).
    """
    folded = (sku or "").strip().lower()
    return f"{account or ''}/{folded}" if folded else None


def nodes(source: Fields, name: str) -> tuple[Fields, ...]:
    """The records of a nested connection, in its order.

    Raises:
        RecordInvalid: it goes on behind the page that is here, so that the record is not whole.
    """
    connection = source.child(name)
    if connection.flag("pageInfo.hasNextPage"):
        raise invalid(source.path(name), "holds only its first page")
    return tuple([edge.child("node") for edge in connection.children("edges")])


def measured(source: Fields, weight_unit: str) -> Measurements | None:
    """Size and weight; null where all are empty texts, which is how the vendor says that nobody measured."""
    told = source.child("dimensions")
    if all(told.value(name) in (None, "") for name in ("length", "width", "height", "weight")):
        return None
    return measurements(told, _NAMES, units=(LENGTH_UNIT, weight_unit))


def agreed(found: Iterable[Found | None]) -> Found | None:
    """The one value on which all agree that tell one; null where they differ or nobody does."""
    told = {each for each in found if each is not None}
    return told.pop() if len(told) == 1 else None


def latest(found: Iterable[str | None]) -> str | None:
    """The last of several moments; null where none is told."""
    return max((each for each in found if each is not None), key=lambda at: at[:-1], default=None)
