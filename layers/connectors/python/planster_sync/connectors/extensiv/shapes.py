"""What nearly every record carries: stamps without a zone, identifier objects, children below `_embedded`.

Names are camelCase under HAL. The plain JSON form writes the same names in PascalCase and its children beside the
other fields; `camel` makes one of the other, and `embedded` looks in both places.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any, TypedDict

from planster_sync.mapping.fields import Fields
from planster_sync.mapping.instants import day, instant
from planster_sync.mapping.numbers import money
from planster_sync.model.record import Money

NO_DATE = "0001-01-01"
"""The least date of .NET stands for none (assumption)."""

CLOSED = frozenset({"1", "Closed"})
CANCELLED = frozenset({"2", "Canceled"})
"""`readOnly.status` of an order or receiver (WarehouseTransactionApiStatus): 0 open, 1 closed, 2 canceled."""


class Owned(TypedDict):
    id: str
    warehouse_customer_id: str | None
    created_at: str | None
    updated_at: str | None


@dataclass(frozen=True, slots=True)
class Terms:
    """What the integration's settings add to a record: the zone of its times, the currency of its amounts."""

    zone: tzinfo | None
    currency: str | None

    def at(self, source: Fields, name: str) -> str | None:
        """A moment (UTC); null where there is none, and where nobody said in which zone the warehouse's clock runs."""
        text = source.text(name)
        if text is None or self.zone is None or text.startswith(NO_DATE):
            return None
        return instant(source, name, self.zone)

    def money(self, source: Fields, name: str) -> Money | None:
        """An amount; no answer names a currency, the settings do."""
        return money(source, name, self.currency)

    def owned(self, source: Fields, identity: str) -> Owned:
        """Id, owner and stamps, as `readOnly` holds them."""
        return {
            "id": source.required_id(identity),
            "warehouse_customer_id": source.identifier("readOnly.customerIdentifier.id"),
            "created_at": self.at(source, "readOnly.creationDate"),
            "updated_at": self.at(source, "readOnly.lastModifiedDate"),
        }


def item_key(source: Fields) -> str | None:
    """The stock item that a line names: the item's id, and behind a colon the qualifier, where it has one."""
    item, qualifier = source.identifier("itemIdentifier.id"), source.text("qualifier")
    return f"{item}:{qualifier}" if item and qualifier else item


def embedded(source: Fields, rel: str, *plain: str) -> tuple[Fields, ...]:
    """The children under a rel such as `orders/item`; in plain JSON, those of the first of these fields.

    Rels are addresses that differ in case between answers, so that only their end counts.
    """
    inside = source.child("_embedded")
    for name in inside.values:
        if name.casefold().endswith(f"/{rel}"):
            return inside.children(name)
    return next((source.children(name) for name in plain if source.has(name)), ())


def happened(source: Fields, name: str) -> bool:
    """Whether a step was taken: its field is true, or a date."""
    found = source.value(name)
    return bool(found) and not str(found).startswith(NO_DATE)


def expiry(source: Fields) -> str | None:
    """The day on which a lot expires."""
    text = source.text("expirationDate")
    return None if text is None or text.startswith(NO_DATE) else day(source, "expirationDate")


def numbers_in(text: str | None) -> tuple[str, ...]:
    """Tracking numbers of a field that may hold several, separated by commas (assumption)."""
    return tuple([each.strip() for each in (text or "").split(",") if each.strip()])


def local(moment: datetime, zone: tzinfo) -> str:
    """A moment as filters and bodies carry it: on the warehouse's clock, without a zone."""
    return moment.astimezone(zone).strftime("%Y-%m-%dT%H:%M:%S")


def is_plain(names: Iterable[str]) -> bool:
    """Whether these are the names of plain JSON."""
    return any(name[:1].isupper() for name in names)


def camel(value: Any) -> Any:
    """The same document with its names in camelCase."""
    if isinstance(value, dict):
        return {f"{name[:1].lower()}{name[1:]}": camel(inner) for name, inner in value.items()}
    return [camel(inner) for inner in value] if isinstance(value, list) else value
