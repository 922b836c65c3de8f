"""Warehouses, the places in them, and the merchants whose goods they hold."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, ClassVar

from planster_sync.model.data_types import DataType
from planster_sync.model.record import Record, Word, means
from planster_sync.model.vocabulary import Measurements


class LocationType(StrEnum):
    SHELF = "shelf"
    BIN = "bin"
    PALLET = "pallet"
    BULK = "bulk"
    RECEIVING = "receiving"
    STAGING = "staging"
    RETURNS = "returns"
    QUARANTINE = "quarantine"
    OTHER = "other"


class Warehouse(Record, frozen=True, kw_only=True):
    """One warehouse building or fulfilment centre."""

    data_type: ClassVar[DataType] = DataType.WAREHOUSES

    name: Annotated[str | None, means("The warehouse's name; or null.")] = None
    code: Annotated[str | None, means("Its short code; or null.")] = None
    active: Annotated[bool | None, means("Whether it is in use; null where not told.")] = None
    city: Annotated[str | None, means("Town of the building; or null.")] = None
    region: Annotated[str | None, means("State, province or region; or null.")] = None
    postal_code: Annotated[str | None, means("Postal code of the building; or null.")] = None
    country: Annotated[str | None, means("Country, as the source writes it; or null.")] = None
    zone: Annotated[str | None, means("IANA time zone of the building; or null.")] = None


class WarehouseLocation(Record, frozen=True, kw_only=True):
    """One place in a warehouse. Where ids repeat between warehouses, `id` is the warehouse's id, a slash, its own."""

    data_type: ClassVar[DataType] = DataType.WAREHOUSE_LOCATIONS

    location_id: Annotated[str | None, means("The source's own id of the place, as in stock; or null.")] = None
    warehouse_id: Annotated[str | None, means("Id of the warehouse; or null.")] = None
    name: Annotated[str | None, means("Name or address of the place in the warehouse; or null.")] = None
    type: Annotated[
        Word[LocationType] | None, means("A word of LocationType, with the source's own word; or null.")
    ] = None
    active: Annotated[bool | None, means("Whether it is in use; null where not told.")] = None
    pickable: Annotated[bool | None, means("Whether orders are picked from it; null where not told.")] = None
    sellable: Annotated[bool | None, means("Whether stock in it may be sold; null where not told.")] = None
    measurements: Annotated[Measurements | None, means("Size and greatest load of the place; or null.")] = None


class WarehouseCustomer(Record, frozen=True, kw_only=True):
    """One merchant whose goods a warehouse holds for it: a business, by name only."""

    data_type: ClassVar[DataType] = DataType.WAREHOUSE_CUSTOMERS

    name: Annotated[str | None, means("The merchant's business name; or null.")] = None
    code: Annotated[str | None, means("The source's short code of the merchant; or null.")] = None
    active: Annotated[bool | None, means("Whether the account is in use; null where not told.")] = None
