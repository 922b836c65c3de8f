"""What nearly every Trackstar record carries: id, owner, stamps; addresses without the personal part; measurements."""

from __future__ import annotations

from datetime import UTC
from typing import TypedDict

from planster_sync.mapping.fields import Fields
from planster_sync.mapping.instants import instant
from planster_sync.mapping.measures import MeasureNames, measurements
from planster_sync.model.vocabulary import Measurements, Place

_NAMES = MeasureNames()


class Stamps(TypedDict):
    id: str
    created_at: str | None
    updated_at: str | None


class Owned(Stamps):
    warehouse_customer_id: str | None


def stamps(source: Fields) -> Stamps:
    """Id and the source system's own stamps. All times are UTC (about-the-api, Filters), so that none lacks a zone."""
    return {
        "id": source.required_id("id"),
        "created_at": moment(source, "created_date"),
        "updated_at": moment(source, "updated_date"),
    }


def owned(source: Fields) -> Owned:
    """`stamps` with the merchant that owns the record."""
    return {
        "id": source.required_id("id"),
        "created_at": moment(source, "created_date"),
        "updated_at": moment(source, "updated_date"),
        "warehouse_customer_id": source.identifier("warehouse_customer_id"),
    }


def moment(source: Fields, name: str) -> str | None:
    """A time; guides show bare days in places where the specification has date-times."""
    return instant(source, name, UTC)


def place(source: Fields, name: str) -> Place | None:
    """Region, postal code and country of an address; nothing else of it is read."""
    address = source.child(name)
    region, postal_code, country = address.text("state"), address.text("postal_code"), address.text("country")
    return Place(region=region, postal_code=postal_code, country=country) if region or postal_code or country else None


def measured(source: Fields) -> Measurements | None:
    return measurements(source.child("measurements"), _NAMES)
