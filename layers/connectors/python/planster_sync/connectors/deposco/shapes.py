"""What nearly every Deposco record carries: references, stamps, collections in pages, quantities in packs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import tzinfo
from decimal import Decimal
from typing import TypedDict, TypeVar

from planster_sync.connectors.deposco.assumptions import CURRENCIES, PACK_SIZE
from planster_sync.mapping.fields import Fields, invalid
from planster_sync.mapping.instants import instant
from planster_sync.mapping.numbers import EXACT, amount_of, decimal_text, pieces, plain
from planster_sync.model.record import Money
from planster_sync.model.vocabulary import Place

Made = TypeVar("Made")
Count = int | Decimal


@dataclass(frozen=True, slots=True)
class Terms:
    """What mappings depend on beside the record: the integration's settings."""

    zone: tzinfo
    currency: str | None
    business_unit: str | None


class Stamps(TypedDict):
    created_at: str | None
    updated_at: str | None


class Owned(Stamps):
    id: str
    warehouse_customer_id: str | None


def stamps(source: Fields, terms: Terms) -> Stamps:
    return {
        "created_at": instant(source, "createdDate", terms.zone),
        "updated_at": instant(source, "updatedDate", terms.zone),
    }


def owned(source: Fields, terms: Terms) -> Owned:
    """Id, stamps and merchant of a record that counts for the merchant's stock.

    Raises:
        RecordInvalid: it is another merchant's: filters that the vendor does not know are ignored without a word.
    """
    owner = source.identifier("businessUnit.businessKey.code")
    if terms.business_unit is not None and owner not in (None, terms.business_unit):
        raise invalid(source.path("businessUnit.businessKey.code"), "names another business unit than the settings")
    return {"id": source.required_id("self.id"), "warehouse_customer_id": owner, **stamps(source, terms)}


def number_of(source: Fields, name: str) -> str | None:
    """The readable number of the item, facility or order that a reference leads to; null for a null reference."""
    return source.identifier(f"{name}.businessKey.number")


def code_of(source: Fields, name: str) -> str | None:
    """The code of the trading partner that a reference leads to."""
    return source.identifier(f"{name}.businessKey.code")


def rows(source: Fields, name: str) -> tuple[Fields, ...]:
    """The rows of a nested collection, all of them, or of a plain list.

    Raises:
        RecordInvalid: the collection is cut off; the vendor shows ten rows at most and says so by `complete`.
    """
    if not isinstance(source.value(name), dict):
        return source.children(name)
    held = source.child(name)
    if held.flag("complete") is False or (count(held, "pages") or 0) > 1:
        raise invalid(source.path(name), "holds only some of its rows")
    return held.children("data")


def each_row(source: Fields, name: str, make: Callable[[Fields], Made]) -> tuple[Made, ...]:
    return tuple([make(row) for row in rows(source, name)])


def count(source: Fields, name: str) -> Count | None:
    """A quantity; V1 writes `"240.0"`. Null where absent, which is not 0: a measure may not be set up."""
    found = decimal_text(source, name)
    return None if found is None else pieces(plain(found))


def pack_size(line: Fields, name: str = "pack") -> Count:
    """How many eaches are in the line's pack.

    Raises:
        RecordInvalid: nobody says; a case must not be taken for an each.
    """
    found = count(line, f"{name}.{PACK_SIZE}")
    if found is None or found <= 0:
        raise invalid(line.path(f"{name}.{PACK_SIZE}"), "does not say how many eaches the pack holds")
    return found


def times(packs: Count | None, size: Count) -> Count | None:
    """Packs as eaches; null stays null."""
    return None if packs is None else pieces(plain(EXACT.multiply(Decimal(packs), Decimal(size))))


def eaches(line: Fields, name: str) -> Count | None:
    """A number of packs as a number of eaches."""
    packs = count(line, name)
    return None if packs is None else times(packs, pack_size(line))


def less(whole: Count, part: Count | None) -> Count:
    """What is left of a quantity, never below nothing."""
    return whole if part is None else max(pieces(plain(EXACT.subtract(Decimal(whole), Decimal(part)))), 0)


def required_eaches(line: Fields, name: str) -> Count:
    found = eaches(line, name)
    if found is None:
        raise invalid(line.path(name), "is missing")
    return found


def currency_of(source: Fields, terms: Terms) -> str | None:
    """The record's currency as ISO 4217, or the setting's."""
    told = source.text("currencyCode")
    return CURRENCIES.get(told, told) if told else terms.currency


def place(source: Fields, name: str) -> Place | None:
    """Region, postal code and country of an address; nothing else of it is read."""
    address = source.child(name)
    region, postal_code, country = address.text("stateProvince"), address.text("postalCode"), address.text("country")
    return Place(region=region, postal_code=postal_code, country=country) if region or postal_code or country else None


def line_discount(source: Fields, ordered: Count, currency: str | None) -> Money | None:
    """The vendor gives the discount on one each, the record holds the line's."""
    each = decimal_text(source, "discountAmount")
    return None if each is None else Money(amount=amount_of(EXACT.multiply(each, Decimal(ordered))), currency=currency)
