"""Warehouses, the places in them, and the merchants whose goods they hold."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from planster_sync.model.data_types import DataType
from planster_sync.model.record import Record, Word
from planster_sync.model.vocabulary import Measurements, within


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


class Warehouse(Record):
    """One warehouse building or fulfilment centre."""

    data_type: ClassVar[DataType] = DataType.WAREHOUSES

    name: str | None = Field(default=None, description="The warehouse's name; or null.")
    code: str | None = Field(default=None, description="Its short code; or null.")
    active: bool | None = Field(default=None, description="Whether it is in use; null where not told.")
    city: str | None = Field(default=None, description="Town of the building; or null.")
    region: str | None = Field(default=None, description="State, province or region; or null.")
    postal_code: str | None = Field(default=None, description="Postal code of the building; or null.")
    country: str | None = Field(default=None, description="Country, as the source writes it; or null.")
    zone: str | None = Field(default=None, description="IANA time zone of the building; or null.")


class WarehouseLocation(Record):
    """One place in a warehouse. Where ids repeat between warehouses, `id` is the warehouse's id, a slash, its own."""

    data_type: ClassVar[DataType] = DataType.WAREHOUSE_LOCATIONS

    location_id: str | None = Field(default=None, description="The source's own id of the place, as in stock; or null.")
    warehouse_id: str | None = Field(default=None, description="Id of the warehouse; or null.")
    name: str | None = Field(default=None, description="Name or address of the place in the warehouse; or null.")
    type: Annotated[Word, within(LocationType)] | None = Field(
        default=None, description="A word of LocationType, with the source's own word; or null."
    )
    active: bool | None = Field(default=None, description="Whether it is in use; null where not told.")
    pickable: bool | None = Field(default=None, description="Whether orders are picked from it; null where not told.")
    sellable: bool | None = Field(default=None, description="Whether stock in it may be sold; null where not told.")
    measurements: Measurements | None = Field(default=None, description="Size and greatest load of the place; or null.")


class WarehouseCustomer(Record):
    """One merchant whose goods a warehouse holds for it: a business, by name only."""

    data_type: ClassVar[DataType] = DataType.WAREHOUSE_CUSTOMERS

    name: str | None = Field(default=None, description="The merchant's business name; or null.")
    code: str | None = Field(default=None, description="The source's short code of the merchant; or null.")
    active: bool | None = Field(default=None, description="Whether the account is in use; null where not told.")
